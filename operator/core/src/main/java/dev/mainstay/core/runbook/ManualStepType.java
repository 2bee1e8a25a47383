package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.ManualStep;
import dev.mainstay.api.runbook.RunbookStep;
import java.time.Duration;
import java.util.Optional;

/** A person does something, and says so. */
public record ManualStepType() implements StepType {

    @Override
    public String name() {
        return "manual";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.manual() != null;
    }

    @Override
    public String does() {
        return "shows `text` and `link`, and waits for a person who says that it is done";
    }

    @Override
    public String judgedBy() {
        return "the person: approved is Passed, rejected or expired is Failed";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.empty();
    }

    @Override
    public String plan(StepTurn turn) {
        return "A person does this: " + text(turn.step().manual());
    }

    /** What is to be done, and where more is said. */
    static String text(ManualStep manual) {
        return "\"" + manual.text() + "\"" + (manual.link() == null ? "" : " (" + manual.link() + ")") + ".";
    }

    @Override
    public boolean byPerson() {
        return true;
    }

    /** It is done as soon as the person has said so, which is what goes before an attempt. */
    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        return new StepProgress.Ended(StepResult.passed("Done."));
    }
}
