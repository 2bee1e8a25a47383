package dev.mainstay.core.mode;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.mode.RedirectedService;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.StatusRoom;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.WorkloadReturn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The whole status that follows from a decision: a pure function, never less than was observed. */
public final class ModeReport {

    private static final int LONGEST_COMMAND = 1024;
    private static final int LONGEST_WARNING = 512;
    private static final int WARNINGS = 16;
    private static final int SERVICES = 32;
    private static final int WORKLOADS = 64;
    private static final String AND = " && ";
    private static final String MORE = " # status.services and status.workloads name more of them";

    private final MaintenanceMode mode;
    private final ModeDecision decision;
    private final MaintenanceModeStatus before;
    private final Instant now;

    private ModeReport(MaintenanceMode mode, ModeDecision decision, Instant now) {
        this.mode = mode;
        this.decision = decision;
        this.before = ModeState.status(mode);
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The status to be written; equal to the one observed when nothing has changed. */
    public static MaintenanceModeStatus of(MaintenanceMode mode, ModeDecision decision, Instant now) {
        return new ModeReport(mode, decision, now).status();
    }

    private MaintenanceModeStatus status() {
        return switch (decision) {
            case ModeDecision.LeaveAlone ignored -> before;
            case ModeDecision.LookAgain ignored -> before;
            case ModeDecision.Mark ignored -> before;
            case ModeDecision.TakeClaim ignored -> before;
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
                                : overruled(redirect.again()));
            case ModeDecision.AwaitClaim await -> claims(await.message());
            case ModeDecision.Claimed ignored ->
                claims("Nobody else works on the workloads: they are given back what they had.");
            case ModeDecision.SaveWorkloads ignored ->
                with(phase(), before.services(), entering("The workloads are being stopped."));
            case ModeDecision.StopWorkloads stop ->
                with(
                        phase(),
                        before.services(),
                        stop.again() == null ? entering("The workloads are being stopped.") : overruled(stop.again()));
            case ModeDecision.AwaitStop await -> with(phase(), before.services(), entering(await.message()));
            case ModeDecision.Stay stay -> stays(stay);
            // Whoever has led a Service to the page since begins to count anew.
            case ModeDecision.Await await -> leaving(await.message(), null);
            case ModeDecision.GiveBack ignored -> leaving("The workloads are given back what they had.", null);
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

    private Conditions overruled(String message) {
        return conditions()
                .reconciling(Reason.REVERTED, message)
                .set("Active", ConditionStatus.FALSE, Reason.REVERTED, message);
    }

    /** Others may work on the workloads: on its way in, and on its way out. */
    private MaintenanceModeStatus claims(String message) {
        if (decision instanceof ModeDecision.Claimed) {
            return ModeState.leaves(mode, now) ? leaving(message, null) : with(phase(), before.services(), kept());
        }
        Conditions conditions = conditions()
                .reconciling(Reason.CLAIMED, message)
                .set("Active", ConditionStatus.FALSE, Reason.CLAIMED, message);
        return ModeState.leaves(mode, now) ? leaving(conditions, null) : with(phase(), before.services(), conditions);
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
                    + (stay.workloads().isEmpty()
                            ? ". Connections that were open before may go on."
                            : ". Stopped: "
                                    + stay.workloads().stream()
                                            .map(StoppedWorkload::text)
                                            .collect(Collectors.joining(", "))
                                    + ".");
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
        return leaving(
                conditions()
                        .reconciling(Reason.LEAVING_MAINTENANCE, message)
                        .set("Active", ConditionStatus.FALSE, Reason.LEAVING_MAINTENANCE, message),
                backSince);
    }

    private MaintenanceModeStatus leaving(Conditions conditions, Instant backSince) {
        return status(
                conditions,
                ModePhase.LEAVING,
                before.services(),
                warnings(
                        decision instanceof ModeDecision.GiveBack back
                                ? Stream.concat(back.notes().stream(), before.warnings().stream())
                                        .toList()
                                : before.warnings()),
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
                warnings(warnings),
                before.activeSince() == null && phase == ModePhase.ACTIVE ? now : before.activeSince(),
                before.leavingSince(),
                before.backSince(),
                null);
    }

    private static List<String> warnings(List<String> warnings) {
        return warnings.stream()
                .limit(WARNINGS)
                .map(warning -> StatusRoom.cut(warning, LONGEST_WARNING))
                .toList();
    }

    private List<StoppedWorkload> workloads() {
        return switch (decision) {
            case ModeDecision.SaveWorkloads save -> save.workloads();
            case ModeDecision.StopWorkloads stop -> stop.workloads();
            case ModeDecision.AwaitStop await -> await.workloads();
            case ModeDecision.Stay stay -> stay.workloads();
            case ModeDecision.GiveBack back -> back.workloads();
            default -> before.workloads();
        };
    }

    private HeldClaim claim() {
        return switch (decision) {
            case ModeDecision.AwaitClaim await -> await.claim();
            case ModeDecision.Claimed claimed -> claimed.claim();
            default -> ModeClaims.keeps(decision) ? before.claim() : null;
        };
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
        List<StoppedWorkload> workloads = workloads().stream().limit(WORKLOADS).toList();
        return new MaintenanceModeStatus(
                mode.getMetadata().getGeneration(),
                conditions.list(),
                phase,
                kept,
                workloads,
                claim(),
                kept.isEmpty() || mode.getSpec() == null
                        ? before.page()
                        : Names.page(mode.getSpec().applicationRef().name()),
                warnings,
                activeSince,
                mode.getSpec() == null
                        ? before.endsAt()
                        : ModeState.endsAt(mode).orElse(null),
                leavingSince,
                decision instanceof ModeDecision.GiveBack ? now : before.workloadsBackSince(),
                backSince,
                endedAt,
                endedAt == null ? undoCommand(kept, workloads) : null);
    }

    /** The selector of before takes the place of the page's, whatever else has happened. */
    private String undoCommand(List<RedirectedService> services, List<StoppedWorkload> workloads) {
        String namespace = mode.getMetadata().getNamespace();
        List<String> all = Stream.concat(
                        WorkloadReturn.commands(workloads, namespace).stream(),
                        services.stream()
                                .map(service -> "kubectl set selector service " + service.name() + " '"
                                        + service.selector() + "' --namespace " + namespace))
                .toList();
        StringBuilder commands = new StringBuilder();
        for (String next : all) {
            String command = (commands.isEmpty() ? "" : AND) + next;
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
