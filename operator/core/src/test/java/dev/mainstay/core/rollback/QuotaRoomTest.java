package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.json;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.core.rollback.QuotaRoom.Surge;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaRoomTest {

    private static final String MODEST =
            "{'containers': [{'name': 'web', 'resources': {'requests': {'cpu': '250m', 'memory': '64Mi'}, 'limits': {'memory': '128Mi'}}}]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'RollingUpdate', 'rollingUpdate': {'maxSurge': '25%'}} | 4 | 1",
                "{'type': 'RollingUpdate', 'rollingUpdate': {'maxSurge': '25%'}} | 5 | 2",
                "{'type': 'RollingUpdate', 'rollingUpdate': {'maxSurge': '0%'}}  | 5 | 0",
                "{'type': 'RollingUpdate', 'rollingUpdate': {'maxSurge': 0}}     | 5 | 0",
                "{'type': 'RollingUpdate', 'rollingUpdate': {'maxSurge': 3}}     | 5 | 3",
                "{'type': 'RollingUpdate', 'rollingUpdate': {'maxSurge': 9}}     | 5 | 5",
                "{'type': 'RollingUpdate', 'rollingUpdate': {'maxSurge': 1}}     | 0 | 0",
                "{'type': 'RollingUpdate'}                                       | 1 | 1",
                "{'type': 'Recreate'}                                            | 5 | 0"
            })
    void givenAStrategy_whenTheTargetHasNoPod_thenItsSurgeIsWhatComesBeforeOthersGo(
            String strategy, int replicas, int surge) {
        assertThat(surge(strategy, replicas, revision(replicas, "1.5.0"), revision(0, "1.4.2")))
                .isEqualTo(surge);
    }

    /** A bad release that the quota itself keeps from coming up must not keep anybody from going back. */
    @ParameterizedTest
    @CsvSource({"4, 4, 0, 1", "4, 3, 1, 1", "4, 4, 1, 0", "4, 1, 4, 0", "4, 0, 4, 0", "4, 2, 2, 1", "4, 1, 3, 1"})
    void givenARolloutUnderWay_whenItIsTakenBack_thenThePodsThatAreThereCount(
            int replicas, int ofThePresent, int ofTheTarget, int surge) {
        assertThat(surge(
                        "{'rollingUpdate': {'maxSurge': 1}}",
                        replicas,
                        revision(ofThePresent, "1.5.0"),
                        revision(ofTheTarget, "1.4.2")))
                .isEqualTo(surge);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pods                       | 10    | 9     | 2 | true",
                "pods                       | 10    | 8     | 2 | false",
                "pods                       | 10    | 12    | 0 | false",
                "count/pods                 | 10    | 9     | 2 | true",
                "requests.cpu               | 1     | 600m  | 2 | true",
                "requests.cpu               | 1     | 500m  | 2 | false",
                "cpu                        | 1     | 0.6   | 2 | true",
                "memory                     | 1Gi   | 897Mi | 2 | true",
                "memory                     | 1Gi   | 896Mi | 2 | false",
                "requests.memory            | 1Gi   | 897Mi | 2 | true",
                "limits.memory              | 1Gi   | 896Mi | 2 | true",
                "limits.memory              | 1Gi   | 768Mi | 2 | false",
                "limits.cpu                 | 1     | 1     | 2 | false",
                "requests.ephemeral-storage | 1Gi   | 1Gi   | 2 | false",
                "count/deployments.apps     | 1     | 1     | 2 | false",
                "services                   | 1     | 1     | 2 | false"
            })
    void givenAQuota_whenTheSurgeIsMoreThanItsRoom_thenItLacksThat(
            String resource, String hard, String used, int pods, boolean lacks) {
        assertThat(QuotaRoom.lack(
                        List.of(quota("{}", resource, hard, used)), List.of(new Surge("web", pods, demand(MODEST)))))
                .matches(lack -> lack.isPresent() == lacks);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                                        | true  | true  | ",
                "{'scopes': ['BestEffort']}                                                                | false | true  | ",
                "{'scopes': ['NotBestEffort']}                                                             | true  | false | ",
                "{'scopeSelector': {'matchExpressions': [{'scopeName': 'BestEffort', 'operator': 'Exists'}]}} | false | true  | ",
                "{'scopes': ['NotTerminating']}                                                            | false | false | NotTerminating",
                "{'scopes': ['NotBestEffort', 'NotTerminating']}                                           | false | false | NotBestEffort, NotTerminating",
                "{'scopeSelector': {'matchExpressions': [{'scopeName': 'PriorityClass', 'operator': 'In', 'values': ['high']}]}} | false | false | PriorityClass In"
            })
    void givenAQuotaWithAScope_whenItIsFull_thenItIsJudgedOnlyIfTheTemplateTells(
            String spec, boolean ofOneThatAsks, boolean ofBestEffort, String warned) {
        List<QuotaState> quotas = List.of(quota(spec, "pods", "1", "1"));
        List<Surge> asking = List.of(new Surge("web", 1, demand(MODEST)));
        List<Surge> bestEffort = List.of(new Surge("web", 1, demand("{'containers': [{'name': 'web'}]}")));

        assertThat(QuotaRoom.lack(quotas, asking).isPresent()).isEqualTo(ofOneThatAsks);
        assertThat(QuotaRoom.lack(quotas, bestEffort).isPresent()).isEqualTo(ofBestEffort);
        assertThat(QuotaRoom.warnings(quotas, asking))
                .containsExactlyElementsOf(
                        warned == null
                                ? List.of()
                                : List.of(
                                        "Whether ResourceQuota full has room for the new Pods was not judged, since it is"
                                                + " limited to " + warned + "."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'containers': [{'resources': {'limits': {'cpu': '1'}}}]}                                            | 1",
                "{'containers': [{'resources': {'requests': {'cpu': '1'}}}, {'resources': {'requests': {'cpu': 2}}}]} | 3",
                "{'initContainers': [{'resources': {'requests': {'cpu': '5'}}}], 'containers': [{'resources': {'requests': {'cpu': '1'}}}]} | 5",
                "{'initContainers': [{'restartPolicy': 'Always', 'resources': {'requests': {'cpu': '2'}}}, {'resources': {'requests': {'cpu': '1'}}}], 'containers': [{'resources': {'requests': {'cpu': '4'}}}]} | 6",
                "{'initContainers': [{'restartPolicy': 'Always', 'resources': {'requests': {'cpu': '2'}}}, {'resources': {'requests': {'cpu': '3'}}}], 'containers': [{'resources': {'requests': {'cpu': '1'}}}]} | 5",
                "{'resources': {'requests': {'cpu': '7'}}, 'containers': [{'resources': {'requests': {'cpu': '1'}}}]} | 7",
                "{'containers': [{}]}                                                                                 | 0"
            })
    void givenContainers_whenCounted_thenAPodTakesWhatTheyNeedAtTheMost(String spec, String cpu) {
        assertThat(demand(spec).of("requests.cpu")).isEqualByComparingTo(cpu);
    }

    @Test
    void givenTwoDeployments_whenTheirSurgesTogetherAreTooMuch_thenTheMessageHasTheNumbersAndTheCommands() {
        String message = QuotaRoom.lack(
                        List.of(quota("{}", "limits.memory", "1Gi", "800Mi")),
                        List.of(new Surge("web", 1, demand(MODEST)), new Surge("worker", 1, demand(MODEST))))
                .orElseThrow()
                .message("shop");

        assertThat(message)
                .startsWith(
                        "ResourceQuota full has room for 224Mi of limits.memory, and the rolling update of Deployment web,"
                                + " worker needs 256Mi more for 2 new Pods")
                .contains("kubectl patch resourcequota full --namespace shop --type merge --patch"
                        + " '{\"spec\":{\"hard\":{\"limits.memory\":\"1056Mi\"}}}'")
                .contains("kubectl patch deployment web worker --namespace shop --patch")
                .hasSizeLessThan(1024);
    }

    @Test
    void givenAQuotaThatNobodyCountedYet_whenJudged_thenItIsNoReason() {
        QuotaState fresh = new QuotaState(json("{'metadata': {'name': 'new'}, 'spec': {'hard': {'pods': '0'}}}"));

        assertThat(QuotaRoom.lack(List.of(fresh), List.of(new Surge("web", 1, demand(MODEST)))))
                .isEmpty();
    }

    private static int surge(String strategy, int replicas, RevisionState... revisions) {
        DeploymentState web = deployment(
                "web",
                template("web", "1.5.0"),
                "{}",
                "{'replicas': " + replicas + ", 'strategy': " + strategy + "}",
                "{}");
        return QuotaRoom.surge(web, new ArrayList<>(List.of(revisions)), template("web", "1.4.2"));
    }

    private static RevisionState revision(int replicas, String version) {
        return new RevisionState(1, Set.of(1L), replicas, template("web", version));
    }

    private static QuotaState quota(String spec, String resource, String hard, String used) {
        ObjectNode quota = (ObjectNode) json("{'metadata': {'name': 'full'}, 'status': {'hard': {'" + resource + "': '"
                + hard + "'}, 'used': {'" + resource + "': '" + used + "'}}}");
        quota.set("spec", json(spec));
        return new QuotaState(quota);
    }

    private static PodDemand demand(String spec) {
        return new PodDemand(new PodTemplate(json("{'spec': " + spec + "}")));
    }
}
