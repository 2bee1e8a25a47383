package dev.mainstay.e2e.harness;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints how many tests of each level ran and how long they took, such as {@code level api: 41 tests, 52 s}. */
public final class LevelTimes implements TestExecutionListener {

    private final Map<String, Level> levels = new TreeMap<>();

    private record Level(int tests, long from, long to) {

        Level plus(Level other) {
            return new Level(tests + other.tests, Math.min(from, other.from), Math.max(to, other.to));
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        add(test, 0);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        add(test, test.isTest() ? 1 : 0);
    }

    private synchronized void add(TestIdentifier test, int count) {
        long now = System.nanoTime();
        for (TestTag tag : test.getTags()) {
            levels.merge(tag.getName(), new Level(count, now, now), Level::plus);
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        levels.forEach((name, level) -> System.out.printf(
                "level %s: %d tests, %d s%n",
                name,
                level.tests(),
                Math.ceilDiv(Duration.ofNanos(level.to() - level.from()).toMillis(), 1000)));
    }
}
