package dev.mainstay.core.runbook;

import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.NotifyStep;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A channel is told something, as it is told of alerts. */
public record NotifyStepType() implements StepType {

    @Override
    public String name() {
        return "notify";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.notifyStep() != null;
    }

    @Override
    public String does() {
        return "tells the NotificationChannel `channel` the `message`, with the names of the run and of the ManagedApplication";
    }

    @Override
    public String judgedBy() {
        return "the channel: Passed once it has taken the message; Failed when it refuses it, does not take it in time, or is not"
                + " there";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(5));
    }

    @Override
    public String plan(StepTurn turn) {
        NotifyStep step = turn.step().notifyStep();
        return "Tells NotificationChannel " + step.channel() + ": \"" + step.message() + "\".";
    }

    /** What the attempt hands over: the same however often it is made. */
    public static AlertMessage message(StepTurn turn, NotificationChannel channel) {
        MaintenanceRun run = turn.run();
        NotifyStep step = turn.step().notifyStep();
        String application = run.getSpec().applicationRef().name();
        return new AlertMessage(
                key(turn),
                run.getMetadata().getUid() + "/" + turn.step().name(),
                run.getMetadata().getUid(),
                run.getMetadata().getNamespace(),
                step.channel(),
                channel.getSpec().destination(),
                NotificationKind.INFORM,
                step.severity(),
                application + ": MaintenanceRun " + run.getMetadata().getName(),
                step.message(),
                null,
                Map.of(
                        "alertname",
                        "MainstayMaintenanceRun",
                        "namespace",
                        run.getMetadata().getNamespace(),
                        "application",
                        application,
                        "run",
                        run.getMetadata().getName(),
                        "step",
                        turn.step().name(),
                        "severity",
                        step.severity().name().toLowerCase(Locale.ROOT)),
                RunLines.of(turn).map(RunStep::attemptedAt).orElse(null),
                null);
    }

    /** Identifies the message of an attempt. */
    public static String key(StepTurn turn) {
        return turn.run().getMetadata().getUid() + "/" + turn.step().name() + "/" + turn.attempt();
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        if (!(seen instanceof StepSeen.OfNotify(NotificationChannel channel, Delivery delivery))) {
            return new StepProgress.Wait("The message is about to be sent.");
        }
        String self = "NotificationChannel " + turn.step().notifyStep().channel();
        return switch (delivery) {
            case null -> channel == null || channel.getSpec() == null ? missing(turn, self) : new StepProgress.Act();
            case Delivery.Waiting ignored -> new StepProgress.Wait("The message to " + self + " is on its way.");
            case Delivery.Failing failing ->
                new StepProgress.Wait(self + " has not taken the message yet; it is sent again. " + failing.message());
            case Delivery.Taken ignored -> new StepProgress.Ended(StepResult.passed(self + " has taken the message."));
            case Delivery.Refused refused ->
                new StepProgress.Ended(
                        StepResult.failed(refused.reason(), self + " does not take the message. " + refused.message()));
        };
    }

    private static StepProgress missing(StepTurn turn, String self) {
        return new StepProgress.Ended(StepResult.failed(
                Reason.STEP_FAILED,
                self + ", which the step names (notify.channel), does not exist in namespace "
                        + turn.run().getMetadata().getNamespace()
                        + ", or has a spec that this version of Mainstay can't read. Create it, or name another one."));
    }
}
