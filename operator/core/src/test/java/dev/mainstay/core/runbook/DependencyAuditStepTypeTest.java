package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.audit.NpmCommand;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PodObservation;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.runbook.RunnerStepType.Order;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DependencyAuditWork;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which image npm audit is run, and as whom. */
class DependencyAuditStepTypeTest {

    private static final DependencyAuditStepType TYPE = new DependencyAuditStepType();
    private static final String WORKLOADS = "[{name: web}, {kind: StatefulSet, name: worker}]";
    private static final String POD = """
            securityContext: {runAsUser: 2000}
            imagePullSecrets: [{name: registry}]
            serviceAccountName: shop
            volumes: [{name: secret, secret: {secretName: shop-db}}]
            containers:
            - {name: web, image: "shop:1.4.2", imagePullPolicy: Always, workingDir: /srv/shop,
               env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: shop-db, key: password}}}],
               securityContext: {runAsUser: 1000}}
            - {name: proxy, image: "proxy:3"}""";

    private static StepTurn turn(String step) {
        return turn(WORKLOADS, step);
    }

    private static StepTurn turn(String workloads, String step) {
        RunWorld world = new RunWorld("steps:\n- {name: look, dependencyAudit: " + step + "}", "");
        return new StepTurn(
                world.run,
                Serialization.unmarshal(
                        "metadata: {name: shop, namespace: shop, uid: uid-shop}\nspec: {workloads: " + workloads + "}",
                        ManagedApplication.class),
                world.runbook.getSpec().steps().getFirst(),
                1);
    }

    private static PodTemplate template(String pod) {
        return new PodTemplate(TaskJson.mapper()
                .createObjectNode()
                .set("spec", TaskJson.mapper().valueToTree(Serialization.unmarshal(pod, JsonNode.class))));
    }

    private static DependencyAuditWork work(String step, String pod) {
        return (DependencyAuditWork) ((Order.Ready) TYPE.order(turn(step), List.of(), template(pod))).work();
    }

    @Test
    void givenAWorkload_whenTheTaskIsMade_thenItHasTheImageAndNoSecret() {
        Task task = RunnerSteps.task(TYPE, turn("{failAt: High}"), List.of(), template(POD), "cluster", RunWorld.START)
                .orElseThrow();

        DependencyAuditWork work = (DependencyAuditWork) task.step().work();
        assertThat(work.workload()).isEqualTo("Deployment web");
        assertThat(work.image()).isEqualTo("shop:1.4.2");
        assertThat(work.pullPolicy()).isEqualTo("Always");
        assertThat(work.pullSecrets()).containsExactly("registry");
        assertThat(work.runAsUser()).isEqualTo(1000L);
        assertThat(work.directory()).isEqualTo("/srv/shop");
        assertThat(task.secrets()).isEmpty();
        assertThat(task.timeoutSeconds()).isEqualTo(15 * 60);
        String json = TaskJson.write(task);
        assertThat(json).doesNotContain("shop-db", "PASSWORD");
        assertThat(TaskJson.write(TaskJson.readTask(json))).isEqualTo(json);
    }

    @Test
    void givenAContainerAndAFolder_whenTheTaskIsMade_thenTheyAreTaken() {
        DependencyAuditWork work = work("{container: proxy, directory: /opt/web}", POD);

        assertThat(work.image()).isEqualTo("proxy:3");
        assertThat(work.directory()).isEqualTo("/opt/web");
        assertThat(work.runAsUser()).as("the Pod's").isEqualTo(2000L);
        assertThat(work.pullPolicy()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "containers: [{name: web, image: a}]",
                "securityContext: {runAsUser: 0}\ncontainers: [{name: web, image: a}]",
                "securityContext: {runAsUser: 7}\ncontainers: [{name: web, image: a, securityContext: {runAsUser: 0}}]"
            })
    void givenAWorkloadThatRunsAsRootOrSaysNothing_whenTheTaskIsMade_thenItNamesNoUser(String pod) {
        assertThat(work("{}", pod).runAsUser()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | web",
                "{workload: worker} | worker",
            })
    void givenAStep_whenItsWorkloadIsLookedFor_thenItIsTheOneNamedOrTheFirst(String step, String name) {
        assertThat(TYPE.workload(turn(step)).orElseThrow().name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{workload: other} | dependencyAudit.workload of the step names other, which is not among spec.workloads",
                "{} | Deployment web does not exist",
                "{workload: worker} | StatefulSet worker does not exist"
            })
    void givenNoWorkload_whenItIsOrdered_thenItIsMissing(String step, String told) {
        assertThat(TYPE.order(turn(step), List.of(), null)).isInstanceOfSatisfying(Order.Missing.class, missing -> {
            assertThat(missing.reason()).isEqualTo(Reason.WORKLOAD_NOT_FOUND);
            assertThat(missing.message()).contains(told);
        });
    }

    @Test
    void givenAnApplicationWithoutWorkloads_whenItIsOrdered_thenItSaysSo() {
        assertThat(TYPE.order(turn("[]", "{}"), List.of(), null))
                .isInstanceOfSatisfying(
                        Order.Missing.class,
                        missing -> assertThat(missing.message())
                                .contains("ManagedApplication shop has no workload in spec.workloads"));
    }

    @Test
    void givenAContainerThatIsNotThere_whenItIsOrdered_thenItNamesThoseThatAre() {
        assertThat(TYPE.order(turn("{container: db}"), List.of(), template(POD)))
                .isInstanceOfSatisfying(Order.Missing.class, missing -> {
                    assertThat(missing.reason()).isEqualTo(Reason.WORKLOAD_UNSUITABLE);
                    assertThat(missing.message()).contains("names db, and Deployment web has web, proxy.");
                });
    }

    /** The Job is decided on with the template that was seen. */
    @Test
    void givenATemplate_whenTheAttemptIsJudged_thenItsJobIsMade() {
        StepSeen.OfRunner seen = new StepSeen.OfRunner(
                null, ServiceAccountObservation.NOT_NAMED, true, List.of(), template(POD), RunWorld.START);

        assertThat(RunnerSteps.judge(TYPE, turn("{}"), seen)).isInstanceOf(StepProgress.Act.class);
        assertThat(RunnerSteps.judge(
                        TYPE,
                        turn("{}"),
                        new StepSeen.OfRunner(
                                null, ServiceAccountObservation.NOT_NAMED, true, List.of(), RunWorld.START)))
                .isInstanceOfSatisfying(
                        StepProgress.Ended.class,
                        ended -> assertThat(ended.result().message()).contains("Deployment web does not exist"));
    }

    /** The workload may run as root; this Pod may not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CreateContainerConfigError | container has runAsNonRoot and image will run as root | Set spec.jobTemplate.runAsUser",
                "ErrImagePull | no such image | of a dependencyAudit's container npm: the workload's image"
            })
    void givenAnImageThatCantBeStarted_whenItIsLate_thenItSaysWhatToDo(String reason, String said, String told) {
        JobObservation job = new JobObservation(
                "shop",
                "j",
                true,
                false,
                false,
                RunWorld.START,
                null,
                false,
                null,
                true,
                List.of(),
                new PodObservation("p", null, "n", null, false, null, null, null, reason, said));

        assertThat(RunnerSteps.judge(
                        TYPE,
                        turn("{}"),
                        new StepSeen.OfRunner(
                                job,
                                ServiceAccountObservation.NOT_NAMED,
                                true,
                                List.of(),
                                RunWorld.START.plusSeconds(60))))
                .isInstanceOfSatisfying(StepProgress.Ended.class, ended -> {
                    assertThat(ended.result().outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
                    assertThat(ended.result().message()).contains(said, told);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | Runs npm audit for all dependencies in the image of Deployment web; a known vulnerability is a finding.",
                "{workload: worker, dependencies: Production, failAt: High} | Runs npm audit for the dependencies of production"
                        + " in the image of StatefulSet worker; fails on a known vulnerability of severity high or critical.",
                "{failAt: Critical, allow: [{advisory: GHSA-a, until: 2027-01-31, reason: none}]} | Runs npm audit for all"
                        + " dependencies in the image of Deployment web; fails on a known vulnerability of severity critical."
                        + " Allowed: GHSA-a until 2027-01-31.",
                "{workload: other} | Can't run npm audit: dependencyAudit.workload of the step names other, which is not among"
                        + " spec.workloads of ManagedApplication shop. Name it there, or correct the Runbook, and make another"
                        + " run."
            })
    void givenAStep_whenItIsPlanned_thenItSaysWhatItWouldDo(String step, String plan) {
        assertThat(TYPE.plan(turn(step))).isEqualTo(plan);
    }

    /** What a Runbook says can't be read as a script. */
    @ParameterizedTest
    @CsvSource({"All, --include=dev", "Production, --omit=dev"})
    void givenAStep_whenTheCommandIsMade_thenWhatItSaysIsAnArgument(String dependencies, String flag) {
        List<String> line = NpmCommand.line(work("{directory: /a, dependencies: " + dependencies + "}", POD));

        assertThat(line).startsWith("sh", "-c").endsWith("npm-audit", "/a", flag);
        assertThat(line.get(2))
                .isEqualTo(NpmCommand.line(work("{directory: /b}", POD)).get(2));
        assertThat(NpmCommand.line(work("{}", "containers: [{image: a}]"))).contains(".", "--include=dev");
    }
}
