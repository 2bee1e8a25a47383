package dev.mainstay.core.status;

import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which changes of conditions are worth an Event. */
public final class Transitions {

    /** Beside Ready: what an application or a policy promises, which may break while the object itself is in order. */
    private static final List<String> PROMISES = List.of("Healthy", "BackupFresh", "RestoreTested");

    /** What was looked for and found missing, or came too late; that it is in order needs no Event. */
    private static final List<String> FINDINGS = List.of("PreflightPassed", "RestoreReady", "Cancelled", "WindowsKept");

    private Transitions() {}

    /** The conditions that are to be told of, as they are now. */
    public static List<Condition> between(List<Condition> before, List<Condition> after) {
        return Stream.of(
                        ready(before, after).stream(),
                        PROMISES.stream().flatMap(type -> promise(type, before, after).stream()),
                        FINDINGS.stream().flatMap(type -> finding(type, before, after).stream()))
                .flatMap(Function.identity())
                .toList();
    }

    private static Optional<Condition> ready(List<Condition> before, List<Condition> after) {
        boolean ended = Conditions.find(before, "Finished").isEmpty()
                && Conditions.find(after, "Finished").isPresent();
        String was = Conditions.find(before, "Ready").map(Condition::reason).orElse(null);
        return Conditions.find(after, "Ready").filter(is -> ended || !Objects.equals(was, is.reason()));
    }

    /** What was never known before is no change. */
    private static Optional<Condition> promise(String type, List<Condition> before, List<Condition> after) {
        return Conditions.find(before, type)
                .flatMap(was -> Conditions.find(after, type).filter(is -> is.status() != was.status()));
    }

    private static Optional<Condition> finding(String type, List<Condition> before, List<Condition> after) {
        return isFalse(before, type).isPresent() ? Optional.empty() : isFalse(after, type);
    }

    private static Optional<Condition> isFalse(List<Condition> conditions, String type) {
        return Conditions.find(conditions, type).filter(condition -> condition.status() == ConditionStatus.FALSE);
    }
}
