package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.core.audit.NpmCommand;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A step that runs npm audit: its Job has the image of the application's workload, in a namespace that takes restricted Pods alone,
 * and a step that names no workload of the application has none.
 */
@Tag("simulated")
class DependencyAuditSimulatedTest {

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenAWorkload_whenARunIsMade_thenItsJobRunsNpmInItsImageAndTellsWhatWasFound() {
        CheckedShop shop = shop("audited", "{directory: /app, failAt: High}");
        SHOPS.runner().steps("audited-1", StepReport.failed(Reason.STEP_FAILED, "7 packages.", Map.of("critical", 1L)));
        shop.run("audited-1", "");

        MaintenanceRunStatus status = shop.finished("audited-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FAILED);
        assertThat(status.steps().getFirst().message()).isEqualTo("7 packages.");
        assertThat(status.steps().getFirst().measured()).isEqualTo(Map.of("critical", 1L));
        assertThat(SHOPS.jobs("audited-1")).hasSize(1);
        PodSpec pod = SHOPS.jobs("audited-1").getFirst().getSpec().getTemplate().getSpec();
        assertThat(pod.getInitContainers()).hasSize(1);
        Container npm = pod.getInitContainers().getFirst();
        assertThat(npm.getImage()).isEqualTo("web:1.4.2");
        assertThat(npm.getCommand()).endsWith("npm-audit", "/app", "--include=dev");
        assertThat(npm.getVolumeMounts()).extracting(VolumeMount::getName).containsExactly("npm", "npm-tmp");
        assertThat(pod.getVolumes()).extracting(Volume::getName).containsExactly("tmp", "npm", "npm-tmp");
        assertThat(pod.getContainers().getFirst().getVolumeMounts())
                .filteredOn(mount -> mount.getMountPath().equals(NpmCommand.FOLDER))
                .singleElement()
                .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue());
    }

    @Test
    void givenAStepThatNamesNoWorkloadOfTheApplication_whenARunIsMade_thenItHasNoJobAndSaysWhy() {
        CheckedShop shop = shop("beyond", "{workload: other}");
        shop.run("beyond-1", "");

        MaintenanceRunStatus status = shop.finished("beyond-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.COULD_NOT_CHECK);
        assertThat(status.steps().getFirst().message())
                .contains("dependencyAudit.workload of the step names other, which is not among spec.workloads");
        assertThat(SHOPS.jobs("beyond-1")).isEmpty();
    }

    @Test
    void givenTheExample_whenItIsApplied_thenTheRunbookIsReady() throws IOException {
        SHOPS.example("dependency-audit", List.of("runbook.yaml", "run.yaml"), "dependency-audit");
    }

    private static CheckedShop shop(String name, String audit) {
        SHOPS.shop(name, task -> Behaviour.SUCCEED);
        return new CheckedShop(SHOPS.namespace(), name, "127.0.0.1", 1)
                .open()
                .runbook("{\"steps\": [{\"name\": \"look\", \"dependencyAudit\": "
                        + Serialization.asJson(Serialization.unmarshal("x: " + audit, Map.class)
                                .get("x"))
                        + "}], \"finally\": null}");
    }
}
