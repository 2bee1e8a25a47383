package dev.mainstay.controller.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.KillSwitches;
import dev.mainstay.controller.kube.MaintenanceRuns;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertDecision;
import dev.mainstay.core.alert.AlertObservation;
import dev.mainstay.core.alert.Evaluation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of the API server, and when, to do something about an alert. */
class RemediationsTest {

    private static final Instant NOW = Instant.parse("2026-03-29T03:00:00Z");
    private static final String MAKES = "POST shop/maintenanceruns";
    private static final String SWITCH = "GET configmaps/mainstay-remediation";

    private final AnsweringApi api = new AnsweringApi()
            .says(
                    "POST v1/selfsubjectreviews",
                    "{\"status\": {\"userInfo\": {\"username\": \"system:serviceaccount:mainstay:mainstay\"}}}");
    private final Map<String, MaintenanceRun> runs = new TreeMap<>();
    private final ManagedApplication application = Serialization.unmarshal(
            "kind: ManagedApplication\nmetadata: {name: shop, namespace: shop}\nspec: {}", ManagedApplication.class);
    private Remediations remediations;
    private AlertRule rule = rule("slow", "dryRun: false, approval: None");

    @BeforeEach
    void compose() {
        Wakeups wakeups = new Wakeups();
        wakeups.runs()
                .runbooks(cache(Map.of(
                        "performance",
                        Serialization.unmarshal(
                                "metadata: {name: performance, namespace: shop}\nspec: {steps: [{name: a, restart: {}}]}",
                                Runbook.class))));
        wakeups.runs().runs(cache(runs));
        remediations = new Remediations(
                new MaintenanceRuns(api.client()),
                new OwnUser(api.client()),
                new ExecutionMarks(api.client()),
                new KillSwitches(api.client(), "mainstay"),
                found -> Optional.empty(),
                () -> List.of(rule),
                wakeups.runs(),
                new EventRecorder(api.client(), "operator-1", Clock.systemUTC()));
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void givenAnAlertThatFires_whenItIsLookedAtTwice_thenTheRunIsMadeOnceTheIntentIsWritten() {
        pass();
        assertThat(made()).isEmpty();

        pass();
        assertThat(made()).hasSize(1);
        assertThat(made().getFirst().getSpec().requestedBy()).isEqualTo("system:serviceaccount:mainstay:mainstay");
        assertThat(made().getFirst().getMetadata().getName())
                .isEqualTo(attempt().run());
    }

    @Test
    void givenTheRuleHasChangedSince_whenItsRunIsToBeMade_thenItIsNot() {
        pass();
        AlertRule newer = Serialization.clone(rule);
        newer.getMetadata().setResourceVersion("77");
        api.says("GET alertrules/slow", Serialization.asJson(newer));
        look();
        assertThat(made()).isEmpty();
    }

    @Test
    void givenTheKillSwitch_whenItIsSetAfterTheIntent_thenNoRunIsMade() {
        pass();
        api.says(SWITCH, """
                {"kind": "ConfigMap", "metadata": {"name": "mainstay-remediation"}, "data": {"disabled": "since 3 pm"}}""");
        pass();
        assertThat(made()).isEmpty();
        assertThat(rule.getStatus().remediation().blockedReason()).isEqualTo("RemediationDisabled");
        assertThat(rule.getStatus().remediation().blockedMessage()).contains("since 3 pm");
    }

    @Test
    void givenTheKillSwitchCanNotBeRead_whenTheAlertFires_thenNothingIsDone() {
        api.refuses(SWITCH, 403, "configmaps is forbidden");
        pass();
        assertThat(rule.getStatus().remediation().attempts()).isEmpty();
        assertThat(rule.getStatus().remediation().blockedMessage()).contains("configmaps is forbidden");
    }

    @Test
    void givenTheApiServerRefusesTheRun_whenItIsMade_thenTheAttemptSaysSo() {
        pass();
        api.refuses(MAKES, 422, "spec.parameters: Invalid value");
        pass();
        assertThat(attempt().outcome()).isNotNull();
        assertThat(attempt().message()).contains("spec.parameters: Invalid value");
    }

    @Test
    void givenTwoRulesOfAnApplication_whenBothDecideAtOnce_thenOneWaitsForTheOther() {
        AlertRule first = rule;
        pass();
        AlertRule afterFirst = rule;
        rule = rule("failing", "dryRun: false, approval: None");
        pass();
        AlertRule afterSecond = rule;

        rule = afterFirst;
        pass();
        assertThat(made()).hasSize(1);
        api.says(
                "GET maintenanceruns/" + made().getFirst().getMetadata().getName(),
                Serialization.asJson(made().getFirst()));
        rule = afterSecond;
        pass();
        assertThat(made()).as("no cache has the first one's run yet").hasSize(1);
        assertThat(rule.getStatus().remediation().blockedReason()).isEqualTo("Claimed");
        assertThat(first.getStatus()).isNull();
    }

    @Test
    void givenTheAlertEnds_whenItsRunWaits_thenTheRunIsCancelled() {
        rule = rule("slow", "dryRun: false");
        pass();
        pass();
        MaintenanceRun run = made().getFirst();
        runs.put(run.getMetadata().getName(), run);
        api.says("GET maintenanceruns/" + run.getMetadata().getName(), Serialization.asJson(run));
        pass();
        state = "Inactive";
        pass();
        assertThat(api.sent()).anySatisfy(sent -> {
            assertThat(sent.what())
                    .isEqualTo("PATCH maintenanceruns/" + run.getMetadata().getName());
            assertThat(sent.body()).contains("mainstay.dev/cancel").contains("the alert has ended");
        });
    }

    @Test
    void givenAnAttempt_whenItIsWritten_thenAnEventTellsOfIt() {
        AlertRule before = rule;
        pass();
        remediations.told(before, rule.getStatus());
        assertThat(api.events("Remediating")).hasSize(1);
        remediations.told(rule, rule.getStatus());
        assertThat(api.events("Remediating")).hasSize(1);
    }

    @Test
    void givenARuleThatOnlyTells_whenItIsLookedAt_thenNothingIsAskedForIt() {
        rule.setSpec(
                Serialization.unmarshal("spec: {applicationRef: {name: shop}, metric: HealthCheck}", AlertRule.class)
                        .getSpec());
        pass();
        assertThat(rule.getStatus().remediation()).isNull();
        assertThat(api.sent()).isEmpty();
    }

    private String state = "Firing";

    private RemediationAttempt attempt() {
        return rule.getStatus().remediation().attempts().getLast();
    }

    private List<MaintenanceRun> made() {
        return api.sent().stream()
                .filter(sent -> sent.what().equals(MAKES) && !api.refuses(MAKES))
                .map(sent -> Serialization.unmarshal(sent.body(), MaintenanceRun.class))
                .toList();
    }

    /** A pass whose status is written. */
    private void pass() {
        api.says("GET alertrules/" + rule.getMetadata().getName(), Serialization.asJson(rule));
        AlertDecision decision = look();
        rule = Serialization.clone(rule);
        rule.setStatus(decision.status());
        rule.getMetadata()
                .setResourceVersion("" + (Integer.parseInt(rule.getMetadata().getResourceVersion()) + 1));
    }

    private AlertDecision look() {
        AlertRuleStatus alert = Serialization.unmarshal("""
                status: {state: %s, episode: 1, activeSince: "%s", firingSince: "%s"}
                """.formatted(state, NOW, NOW), AlertRule.class)
                .getStatus();
        AlertObservation seen = new AlertObservation(
                rule,
                application,
                Map.of(),
                null,
                null,
                new Evaluation.Measured(0.9, "900 ms", null, NOW),
                null,
                Map.of());
        List<String> before = List.of(Serialization.asJson(rule), Serialization.asJson(application));
        AlertDecision decision =
                remediations.remediate(seen, new AlertDecision(alert, List.of(), List.of(), false, null), NOW);
        assertThat(List.of(Serialization.asJson(rule), Serialization.asJson(application)))
                .as("they are a cache's")
                .isEqualTo(before);
        return decision;
    }

    private static AlertRule rule(String name, String remediation) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {name: %s, namespace: shop, uid: uid-%s, resourceVersion: "1"}
                spec:
                  applicationRef: {name: shop}
                  metric: HealthCheck
                  remediation: {runbookRef: {name: performance}, %s}
                """.formatted(name, name, remediation), AlertRule.class);
    }

    /** A cache of that; an index of it has all. */
    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> IndexerResourceCache<T> cache(Map<String, T> objects) {
        return (IndexerResourceCache<T>) Proxy.newProxyInstance(
                RemediationsTest.class.getClassLoader(),
                new Class<?>[] {IndexerResourceCache.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "get" -> Optional.ofNullable(objects.get(((ResourceID) arguments[0]).getName()));
                    case "byIndex" -> List.copyOf(objects.values());
                    default -> null;
                });
    }
}
