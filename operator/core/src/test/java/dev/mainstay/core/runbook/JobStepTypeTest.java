package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.core.runbook.CustomJobSeen.Exit;
import dev.mainstay.core.runbook.CustomJobSeen.Made;
import dev.mainstay.core.runbook.CustomJobSeen.Pod;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be in the template of a step's own Job, and what becomes of the Job. */
class JobStepTypeTest {

    private static final Instant MADE = Instant.parse("2026-03-29T03:00:00Z");

    private static final String STEP = "job: {template: {spec: {%s containers: [{name: main, image: audit, %s}]}},"
            + " exitCodes: {findings: [1, 2], couldNotCheck: [3]}}";

    private final JobStepType type = new JobStepType();
    private final StepTurn turn = turn("", "");
    private final String name = JobStepType.jobName(turn);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "hostNetwork: true                                               | spec.hostNetwork is not among",
                "hostPID: true                                                   | spec.hostPID is not among",
                "nodeName: node-1                                                | spec.nodeName is not among",
                "ephemeralContainers: []                                         | spec.ephemeralContainers is not among",
                "priorityClassName: system-node-critical                         | spec.priorityClassName is not among",
                "restartPolicy: OnFailure                                        | spec.restartPolicy may only be Never",
                "volumes: [{name: a, hostPath: {path: /}}]                       | spec.volumes[0].hostPath is not among",
                "volumes: [{name: a, emptyDir: {}}, {name: b, csi: {driver: x}}] | spec.volumes[1].csi is not among",
                "securityContext: {runAsUser: 0}                                 | spec.securityContext.runAsUser is 0",
                "securityContext: {runAsNonRoot: false}                          | spec.securityContext.runAsNonRoot may only be true",
                "securityContext: {sysctls: []}                                  | spec.securityContext.sysctls is not among",
                "securityContext: {seccompProfile: {type: Unconfined}}           | seccompProfile.type is Unconfined",
                "securityContext: strict                                         | spec.securityContext has to be an object",
                "initContainers: [text]                                          | spec.initContainers[] has to be an object",
                "initContainers: [{name: i, securityContext: {privileged: true}}] | spec.initContainers[0].securityContext.privileged"
            })
    void givenAPodThatAsksForPower_whenItsTemplateIsLookedAt_thenItIsRefusedByField(String pod, String message) {
        refused(turn(pod + ",", ""), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "securityContext: {privileged: true}                       | containers[0].securityContext.privileged may only be false",
                "securityContext: {allowPrivilegeEscalation: true}         | allowPrivilegeEscalation may only be false",
                "securityContext: {capabilities: {add: [SYS_ADMIN]}}       | capabilities.add has SYS_ADMIN",
                "securityContext: {capabilities: all}                      | capabilities has to be an object",
                "securityContext: {procMount: Unmasked}                    | securityContext.procMount is not among",
                "securityContext: {runAsUser: 0}                           | securityContext.runAsUser is 0",
                "securityContext: {runAsNonRoot: false}                    | runAsNonRoot may only be true",
                "securityContext: {seccompProfile: {type: Unconfined}}     | seccompProfile.type is Unconfined",
                "ports: [{containerPort: 80, hostPort: 80}]                | containers[0].ports is not among",
                "lifecycle: {}                                             | containers[0].lifecycle is not among",
                "env: [text]                                               | env[] has to be an object",
                "env: [{name: A, value: \"before $(params.day)\"}]         | env[].value has a parameter within a text",
                "args: [\"--day=$(params.day)\"]                           | args[] has a parameter within a text",
                "command: [$(params.day)]                                  | command[] has a parameter within a text, or in a place",
                "workingDir: $(params.day)                                 | workingDir has a parameter",
                "env: [{name: $(params.day), value: a}]                    | env[].name has a parameter",
                "args: [$(params.night)]                                   | names the parameter night"
            })
    void givenAContainer_whenItAsksForPowerOrSplicesAParameter_thenItIsRefusedByField(
            String container, String message) {
        refused(turn("", container), message);
    }

    private void refused(StepTurn refused, String message) {
        assertThat(result(refused, unmade(false, true, true, null)))
                .as("whether it is allowed there is asked first")
                .startsWith("CouldNotCheck CustomJobsNotAllowed");
        assertThat(result(refused, unmade(true, true, true, null)))
                .startsWith("Failed InvalidSpec job.template.")
                .contains(message);
        assertThat(type.plan(refused)).startsWith("Can't make a Job: ").contains(message);
        assertThat(JobStepType.template(refused)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\": {\"labels\": {\"mainstay.dev/maintenance-page\": \"shop\"}}, \"spec\": {\"containers\": []}}",
                "{\"spec\": {}}",
                "[]",
                "\"text\""
            })
    void givenATemplateThatIsNone_orTakesMainstaysLabels_whenItIsLookedAt_thenItIsRefused(String template)
            throws IOException {
        assertThat(CustomPods.fault(TaskJson.mapper().readTree(template), Set.of()))
                .isPresent();
    }

    @Test
    void givenALongTemplate_whenItIsLookedAt_thenItIsRefused() {
        assertThat(CustomPods.fault(template("args: [" + "x".repeat(32_768) + "]"), Set.of()))
                .hasValueSatisfying(fault -> assertThat(fault).contains("longer than 32768 characters"));
    }

    @Test
    void givenATemplateThatSaysLittle_whenItsPodIsMade_thenItIsRestricted() {
        ObjectNode pod = JobStepType.template(turn).orElseThrow();

        assertThat(pod.path("spec").toString())
                .isEqualTo(
                        "{\"containers\":[{\"name\":\"main\",\"image\":\"audit\",\"securityContext\":"
                                + "{\"allowPrivilegeEscalation\":false,\"capabilities\":{\"drop\":[\"ALL\"]}}}],"
                                + "\"restartPolicy\":\"Never\",\"automountServiceAccountToken\":false,\"enableServiceLinks\":false,"
                                + "\"securityContext\":{\"runAsNonRoot\":true,\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}}");
        assertThat(turn.step().job().template().path("spec").has("restartPolicy"))
                .as("the Runbook's own stays as it is")
                .isFalse();
    }

    @Test
    void givenParameters_whenThePodIsMade_thenTheyAreWholeAndKubernetesPutsNothingIntoThem() {
        ObjectNode pod = JobStepType.template(turn(
                        "",
                        "env: [{name: DAY, value: $(params.day)}, {name: PLAIN, value: a$b}],"
                                + " args: [--day, $(params.day), $(DAY)]"))
                .orElseThrow();
        JsonNode container = pod.path("spec").path("containers").path(0);

        assertThat(container.path("env").path(0).path("value").asText()).isEqualTo("Tue; rm -rf / $$(SECRET) $$$$x");
        assertThat(expanded(container.path("args").path(1).asText())).isEqualTo("Tue; rm -rf / $(SECRET) $$x");
        assertThat(container.path("env").path(1).path("value").asText()).isEqualTo("a$b");
        assertThat(container.path("args").path(2).asText()).isEqualTo("$(DAY)");
    }

    /** As Kubernetes does it: $$ is a dollar sign, and $(NAME) the variable. */
    private static String expanded(String text) {
        StringBuilder out = new StringBuilder();
        for (int index = 0; index < text.length(); index++) {
            if (text.charAt(index) == '$' && index + 1 < text.length()) {
                if (text.charAt(index + 1) == '$') {
                    index++;
                } else if (text.charAt(index + 1) == '(') {
                    return "EXPANDED";
                }
            }
            out.append(text.charAt(index));
        }
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | true  |      | true  | CouldNotCheck CustomJobsNotAllowed Namespace shop does not allow steps of type job. An administrator",
                "true  | false |      | true  | CouldNotCheck ServiceAccountNotAllowed job.template.spec.serviceAccountName is auditor: it does not exist",
                "true  | true  | bad. | true  | Failed Rejected The API server does not take the Job of job.template: bad.",
                "true  | true  |      | false | Wait Its Job waits for a place",
                "true  | true  |      | true  | Act"
            })
    void givenNoJob_whenItIsLookedAt_thenWhatStandsAgainstItIsTold(
            boolean allowed, boolean account, String invalid, boolean place, String wanted) {
        StepTurn named = turn("serviceAccountName: auditor,", "");

        assertThat(result(named, unmade(allowed, account, place, invalid))).startsWith(wanted);
    }

    @Test
    void givenTheNamespaceOfTheOperator_whenAJobIsToBeMade_thenItIsNot() {
        assertThat(result(turn, new CustomJobSeen(true, true, true, true, null, null)))
                .startsWith("CouldNotCheck CustomJobsNotAllowed Namespace shop is that of the operator");
    }

    @Test
    void givenTheServiceAccountOfTheApplicationsOwnJobs_whenTheTemplateNamesIt_thenItIsRefused() {
        ManagedApplication application = Serialization.unmarshal(
                "metadata: {name: shop}\nspec: {jobTemplate: {serviceAccountName: bucket}}", ManagedApplication.class);
        StepTurn named = turn("serviceAccountName: bucket,", "");
        StepTurn runners = new StepTurn(named.run(), application, named.step(), 1, named.parameters());

        assertThat(result(runners, unmade(true, true, true, null)))
                .startsWith("CouldNotCheck ServiceAccountNotAllowed")
                .contains("under which the application's own Jobs run");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1   |        | Findings",
                "2   | Error  | Findings",
                "3   |        | CouldNotCheck CouldNotCheck",
                "4   |        | Failed StepFailed",
                "137 | OOMKilled | Failed StepFailed"
            })
    void givenAnExitCode_whenTheJobHasFailed_thenTheStepIsWhatTheCodeMeans(int code, String reason, String wanted) {
        String result = result(
                turn, made(false, "BackoffLimitExceeded: Job has reached the limit", new Exit("main", code, reason)));

        assertThat(result)
                .startsWith(wanted)
                .contains("container main ended with exit code " + code)
                .contains("kubectl logs --namespace shop pod-1 --container main");
        assertThat(result.contains("(OOMKilled)")).isEqualTo(code == 137);
    }

    @Test
    void givenAProgramThatCannotBeStarted_whenTheJobHasFailed_thenItIsPointedToWhatTellsWhy() {
        assertThat(result(turn, made(false, "BackoffLimitExceeded: no", new Exit("main", 128, "StartError"))))
                .startsWith("Failed StepFailed")
                .endsWith("(StartError). Look why: kubectl describe pod --namespace shop pod-1");
    }

    @Test
    void givenAJob_whenItEndsOtherwise_thenThatIsTold() {
        assertThat(result(turn, made(true, null)))
                .startsWith("Passed Succeeded Job " + name
                        + " ended with exit code 0. Read its log: kubectl logs --namespace" + " shop job/" + name
                        + " --all-containers");
        assertThat(result(turn, made(false, "DeadlineExceeded: Job was active longer")))
                .startsWith("Failed DeadlineExceeded")
                .contains("within 1h (timeout)");
        assertThat(result(turn, made(false, "BackoffLimitExceeded: no Pod")))
                .startsWith("CouldNotCheck PodFailed")
                .contains("What it did is not known");
        assertThat(result(turn, made(false, null))).isEqualTo("Wait Job " + name + ": Pod pod-1 is at work.");
        assertThat(result(
                        turn,
                        CustomJobSeen.of(new Made(
                                name, MADE, true, false, null, new Pod("pod-1", "ImagePullBackOff: no.", List.of())))))
                .isEqualTo("Wait Job " + name + ": Pod pod-1 does not start: ImagePullBackOff: no.");
        assertThat(result(turn, CustomJobSeen.of(new Made(name, MADE, true, false, null, null))))
                .contains("it has no Pod yet");
        assertThat(result(turn, CustomJobSeen.of(new Made(name, MADE, false, false, null, null))))
                .startsWith("CouldNotCheck ForeignJob");
    }

    @Test
    void givenSomebodyHasDeletedTheJob_whenTheStepLooksForIt_thenItIsNotMadeAgain() {
        StepTurn told = StepTurns.of(STEP.formatted("", ""), "Job " + name + ": Pod pod-1 is at work.");

        assertThat(result(told, unmade(true, true, true, null)))
                .startsWith("CouldNotCheck PodFailed")
                .contains("it is not made again");
    }

    @Test
    void givenNoPlaceForAJob_whenTheTimeOfAnAttemptIsCounted_thenItBeginsWithTheJob() {
        RunStep line = RunLines.of(turn).orElseThrow();

        assertThat(type.begunAt(line, new StepSeen.OfJob(unmade(true, true, false, null))))
                .isEmpty();
        assertThat(type.begunAt(line, new StepSeen.OfJob(unmade(true, true, true, null))))
                .contains(line.attemptedAt());
        Instant late = line.attemptedAt().plusSeconds(3600);
        assertThat(type.begunAt(
                        line, new StepSeen.OfJob(CustomJobSeen.of(new Made(name, late, true, false, null, null)))))
                .contains(late);
    }

    private String result(StepTurn of, CustomJobSeen seen) {
        return switch (type.judge(of, new StepSeen.OfJob(seen))) {
            case StepProgress.Act ignored -> "Act";
            case StepProgress.Save ignored -> "Save";
            case StepProgress.Remember ignored -> "Remember";
            case StepProgress.Change ignored -> "Change";
            case StepProgress.Wait(String message) -> "Wait " + message;
            case StepProgress.Ended(StepResult result, boolean ignored) ->
                result.outcome().text() + " " + result.reason().text() + " " + result.message();
        };
    }

    private CustomJobSeen made(boolean complete, String failed, Exit... exits) {
        return CustomJobSeen.of(new Made(name, MADE, true, complete, failed, new Pod("pod-1", null, List.of(exits))));
    }

    private static CustomJobSeen unmade(boolean allowed, boolean account, boolean place, String invalid) {
        return new CustomJobSeen(false, allowed, account, place, invalid, null);
    }

    private static JsonNode template(String container) {
        return StepTurns.step(STEP.formatted("", container)).job().template();
    }

    private static StepTurn turn(String pod, String container) {
        StepTurn made = StepTurns.of(STEP.formatted(pod, container));
        return new StepTurn(
                made.run(), made.application(), made.step(), 1, Map.of("day", "Tue; rm -rf / $(SECRET) $$x"));
    }
}
