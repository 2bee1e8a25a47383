package dev.mainstay.core.workload;

import static dev.mainstay.core.workload.Workloads.deployment;
import static dev.mainstay.core.workload.Workloads.json;
import static dev.mainstay.core.workload.Workloads.statefulSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopRefusalTest {

    private static final AutoscalerState ORDINARY = new AutoscalerState(
            json("{'metadata': {'name': 'hpa'}, 'spec': {'scaleTargetRef': {'kind': 'Deployment', 'name': 'web'}}}"));
    private static final AutoscalerState OF_KEDA = Workloads.scaledByKeda("web");

    @Test
    void givenNothingSpecial_thenItMayBeStopped() {
        assertThat(StopRefusal.of(deployment("web", 3), "shop", List.of(ORDINARY)))
                .isEmpty();
        assertThat(StopRefusal.of(deployment("worker", 3), "shop", List.of(OF_KEDA)))
                .isEmpty();
    }

    @Test
    void givenKeda_thenTheCommandThatPausesItIsTold() {
        assertThat(StopRefusal.of(deployment("web", 3), "shop", List.of(ORDINARY, OF_KEDA)))
                .contains(new StopRefusal(
                        Reason.WORKLOAD_UNSUITABLE,
                        "Deployment web is scaled by KEDA's ScaledObject web-so, which would start it again. Have KEDA stop it:"
                                + " kubectl annotate scaledobject web-so --namespace shop"
                                + " autoscaling.keda.sh/paused-replicas=0, and take the annotation away afterwards."));
    }

    @Test
    void givenAStatefulSetThatDeletesItsVolumesAtZero_thenItIsNotStopped() {
        assertThat(StopRefusal.of(
                        statefulSet(
                                "db",
                                1,
                                "'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Retain', 'whenScaled': 'Delete'}"),
                        "shop",
                        List.of()))
                .hasValueSatisfying(refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Reason.WORKLOAD_UNSUITABLE);
                    assertThat(refusal.message()).contains("would delete its volumes");
                });
        assertThat(StopRefusal.of(
                        statefulSet(
                                "db",
                                1,
                                "'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Delete', 'whenScaled': 'Retain'}"),
                        "shop",
                        List.of()))
                .isEmpty();
    }

    @Test
    void givenOneThatIsMissingOrCantBeRead_thenThatIsTold() {
        assertThat(StopRefusal.of(WorkloadSeen.missing(StoppableKind.CRON_JOB, "nightly"), "shop", List.of()))
                .contains(new StopRefusal(
                        Reason.WORKLOAD_NOT_FOUND,
                        "CronJob nightly is to be stopped and does not exist. Create it, or take it out of spec.cronJobs of the"
                                + " ManagedApplication."));
        assertThat(StopRefusal.of(WorkloadSeen.unreadable(StoppableKind.DEPLOYMENT, "web", "no"), "shop", List.of())
                        .map(StopRefusal::reason))
                .contains(Reason.FORBIDDEN);
        assertThat(StopRefusal.of(WorkloadSeen.unanswered(StoppableKind.DEPLOYMENT, "web", "slow"), "shop", List.of())
                        .map(StopRefusal::reason))
                .contains(Reason.REJECTED);
    }

    @Test
    void targetsAreAllOrThoseNamedInTheOrderOfTheirStart() {
        ManagedApplication application = Serialization.unmarshal("""
                metadata: {name: shop}
                spec:
                  workloads: [{kind: StatefulSet, name: db}, {name: web}, {name: worker}, {name: web}]
                  cronJobs: [nightly, nightly]
                """, ManagedApplication.class);
        assertThat(StopTarget.of(application.getSpec(), List.of()))
                .containsExactly(
                        new StopTarget(StoppableKind.STATEFUL_SET, "db"),
                        new StopTarget(StoppableKind.DEPLOYMENT, "web"),
                        new StopTarget(StoppableKind.DEPLOYMENT, "worker"),
                        new StopTarget(StoppableKind.CRON_JOB, "nightly"));
        assertThat(StopTarget.of(application.getSpec(), List.of("nightly", "web")))
                .containsExactly(
                        new StopTarget(StoppableKind.DEPLOYMENT, "web"),
                        new StopTarget(StoppableKind.CRON_JOB, "nightly"));
        assertThat(StopTarget.unknown(application.getSpec(), List.of("web", "weekly")))
                .containsExactly("weekly");
    }
}
