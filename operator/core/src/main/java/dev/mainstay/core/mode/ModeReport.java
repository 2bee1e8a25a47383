package dev.mainstay.core.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.mode.RedirectedService;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.StatusRoom;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** The whole status that follows from a decision: a pure function, never less than was observed. */
public final class ModeReport {

    private static final int LONGEST_COMMAND = 1024;
    private static final int LONGEST_WARNING = 512;
    private static final int WARNINGS = 16;
    private static final int SERVICES = 32;
    private static final String AND = " && ";
    private static final String MORE = " # status.services names more of them";

    private final MaintenanceMode mode;
    private final MaintenanceModeStatus before;
    private final Instant now;

    private ModeReport(MaintenanceMode mode, Instant now) {
        this.mode = mode;
        this.before = ModeState.status(mode);
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The status to be written; equal to the one observed when nothing has changed. */
    public static MaintenanceModeStatus of(MaintenanceMode mode, ModeDecision decision, Instant now) {
        return new ModeReport(mode, now).status(decision);
    }

    private MaintenanceModeStatus status(ModeDecision decision) {
        return switch (decision) {
            case ModeDecision.LeaveAlone ignored -> before;
            case ModeDecision.LookAgain ignored -> before;
            case ModeDecision.Mark ignored -> before;
            case ModeDecision.Wait wait -> with(phase(), before.services(), waiting(wait));
            case ModeDecision.ApplyPage apply ->
                with(
                        phase(),
                        before.services(),
                        phase() == ModePhase.ACTIVE
                                ? kept()
                                : entering("The page " + apply.page().name() + " is being started."));
            case ModeDecision.Save save ->
                with(phase(), save.services(), entering("The page serves; the Services are led to it."));
            case ModeDecision.Redirect redirect ->
                with(
                        phase(),
                        redirect.services(),
                        redirect.again() == null
                                ? entering("The Services have the page's selector; EndpointSlices are waited for.")
                                : conditions()
                                        .reconciling(Reason.REVERTED, redirect.again())
                                        .set("Active", ConditionStatus.FALSE, Reason.REVERTED, redirect.again()));
            case ModeDecision.Stay stay -> stays(stay);
            // Whoever has led a Service to the page since begins to count anew.
            case ModeDecision.Await await -> leaving(await.message(), null);
            case ModeDecision.LeadBack ignored -> leaving("The Services are being led back.", null);
            case ModeDecision.Drain ignored ->
                leaving(
                        "The Services lead to the application; the page stays a while for those who have not heard of it.",
                        before.backSince() == null ? now : before.backSince());
            case ModeDecision.RemovePage ignored -> leaving("The page is being removed.", before.backSince());
            case ModeDecision.End end -> ended(end);
        };
    }

    private Conditions waiting(ModeDecision.Wait wait) {
        Conditions conditions = wait.stuck()
                ? conditions().stalled(wait.reason(), wait.message())
                : conditions().reconciling(wait.reason(), wait.message());
        return conditions.set(
                "Active",
                phase() == ModePhase.ACTIVE ? ConditionStatus.UNKNOWN : ConditionStatus.FALSE,
                wait.reason(),
                wait.message());
    }

    private Conditions entering(String message) {
        return conditions()
                .reconciling(Reason.ENTERING_MAINTENANCE, message)
                .set("Active", ConditionStatus.FALSE, Reason.ENTERING_MAINTENANCE, message);
    }

    /** The page is served while it changes. */
    private Conditions kept() {
        return conditions().keep("Ready").keep("Stalled").keep("Reconciling").keep("Active");
    }

    private MaintenanceModeStatus stays(ModeDecision.Stay stay) {
        if (stay.reverted().isEmpty()) {
            String message = "Service "
                    + stay.services().stream().map(RedirectedService::name).collect(Collectors.joining(", "))
                    + " leads new connections to the maintenance page"
                    + ModeState.endsAt(mode).map(end -> ", until " + end).orElse(", until this object is deleted")
                    + ". Connections that were open before may go on.";
            return with(
                    ModePhase.ACTIVE,
                    stay.services(),
                    stay.warnings(),
                    conditions()
                            .ready(Reason.IN_MAINTENANCE, message)
                            .set("Active", ConditionStatus.TRUE, Reason.IN_MAINTENANCE, message));
        }
        String message = String.join("; ", stay.reverted())
                + ". It is left so: change it at its source, and delete this object.";
        return with(
                ModePhase.ACTIVE,
                stay.services(),
                stay.warnings(),
                conditions()
                        .stalled(Reason.REVERTED, message)
                        .set("Active", ConditionStatus.FALSE, Reason.REVERTED, message));
    }

    private MaintenanceModeStatus leaving(String message, Instant backSince) {
        return status(
                conditions()
                        .reconciling(Reason.LEAVING_MAINTENANCE, message)
                        .set("Active", ConditionStatus.FALSE, Reason.LEAVING_MAINTENANCE, message),
                ModePhase.LEAVING,
                before.services(),
                before.warnings(),
                before.activeSince(),
                before.leavingSince() == null ? now : before.leavingSince(),
                backSince,
                null);
    }

    private MaintenanceModeStatus ended(ModeDecision.End end) {
        return status(
                conditions()
                        .ready(Reason.MAINTENANCE_ENDED, end.message())
                        .set("Active", ConditionStatus.FALSE, Reason.MAINTENANCE_ENDED, end.message())
                        .set("Finished", ConditionStatus.TRUE, Reason.MAINTENANCE_ENDED, end.message())
                        .set("Succeeded", ConditionStatus.TRUE, Reason.MAINTENANCE_ENDED, end.message()),
                ModePhase.ENDED,
                before.services(),
                before.warnings(),
                before.activeSince(),
                before.leavingSince() == null ? now : before.leavingSince(),
                before.backSince(),
                now);
    }

    private MaintenanceModeStatus with(ModePhase phase, List<RedirectedService> services, Conditions conditions) {
        return with(phase, services, before.warnings(), conditions);
    }

    private MaintenanceModeStatus with(
            ModePhase phase, List<RedirectedService> services, List<String> warnings, Conditions conditions) {
        return status(
                conditions,
                phase,
                services,
                warnings.stream()
                        .limit(WARNINGS)
                        .map(warning -> StatusRoom.cut(warning, LONGEST_WARNING))
                        .toList(),
                before.activeSince() == null && phase == ModePhase.ACTIVE ? now : before.activeSince(),
                before.leavingSince(),
                before.backSince(),
                null);
    }

    private MaintenanceModeStatus status(
            Conditions conditions,
            ModePhase phase,
            List<RedirectedService> services,
            List<String> warnings,
            Instant activeSince,
            Instant leavingSince,
            Instant backSince,
            Instant endedAt) {
        List<RedirectedService> kept = services.stream().limit(SERVICES).toList();
        return new MaintenanceModeStatus(
                mode.getMetadata().getGeneration(),
                conditions.list(),
                phase,
                kept,
                kept.isEmpty() || mode.getSpec() == null
                        ? before.page()
                        : Names.page(mode.getSpec().applicationRef().name()),
                warnings,
                activeSince,
                mode.getSpec() == null
                        ? before.endsAt()
                        : ModeState.endsAt(mode).orElse(null),
                leavingSince,
                backSince,
                endedAt,
                endedAt == null ? undoCommand(kept) : null);
    }

    /** The selector of before takes the place of the page's, whatever else has happened. */
    private String undoCommand(List<RedirectedService> services) {
        StringBuilder commands = new StringBuilder();
        for (RedirectedService service : services) {
            String command = (commands.isEmpty() ? "" : AND) + "kubectl set selector service " + service.name() + " '"
                    + service.selector() + "' --namespace " + mode.getMetadata().getNamespace();
            if (commands.length() + command.length() > LONGEST_COMMAND - MORE.length()) {
                return commands + MORE;
            }
            commands.append(command);
        }
        return commands.isEmpty() ? null : commands.toString();
    }

    private ModePhase phase() {
        return ModeState.phase(mode);
    }

    private Conditions conditions() {
        return new Conditions(before.conditions(), mode.getMetadata().getGeneration(), now);
    }
}
