package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.ServedSchemas;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DefinitionMetricsTest {

    private static final String OPENAPI = "GET mainstay.dev/v1alpha1";

    private final AnsweringApi api = new AnsweringApi();
    private final DefinitionMetrics definitions =
            new DefinitionMetrics(List.of(BackupPolicy.class, Runbook.class), new ServedSchemas(api.client())::read);
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ObjectNode policies = schema("backuppolicies");
    private final ObjectNode runbooks = schema("runbooks");

    @BeforeEach
    void register() {
        registry.getPrometheusRegistry().register(definitions);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void givenTheDefinitionsOfThisRelease_whenTheyAreLookedAt_thenNoneIsOutdated() {
        look();

        assertThat(samples()).containsExactly("backuppolicies 0.0", "runbooks 0.0");
    }

    @Test
    void givenAnOlderDefinition_whenItIsLookedAt_thenItIsOutdatedUntilItIsUpgraded() {
        JsonNode field = ((ObjectNode) policies.at("/properties/status/properties")).remove("missedRuns");
        look();
        assertThat(samples()).containsExactly("backuppolicies 1.0", "runbooks 0.0");

        ((ObjectNode) policies.at("/properties/status/properties")).set("missedRuns", field);
        look();

        assertThat(samples()).containsExactly("backuppolicies 0.0", "runbooks 0.0");
    }

    /** As after a rollback of the operator: its definitions are left as the newer release made them. */
    @Test
    void givenANewerDefinition_whenItIsLookedAt_thenItIsNotOutdated() {
        ((ObjectNode) policies.at("/properties/spec/properties")).putObject("later");
        look();

        assertThat(samples()).containsExactly("backuppolicies 0.0", "runbooks 0.0");
    }

    @Test
    void givenAServerThatDoesNotTell_whenItIsAsked_thenWhatWasFoundStands() {
        ((ObjectNode) policies.at("/properties/spec/properties/storage/properties")).remove("s3");
        look();
        api.refuses(OPENAPI, 403, "no");

        definitions.look();

        assertThat(samples()).containsExactly("backuppolicies 1.0", "runbooks 0.0");
    }

    @Test
    void givenNothingYet_whenItIsScraped_thenThereIsNoSeries() {
        assertThat(samples()).isEmpty();
    }

    private void look() {
        api.says(OPENAPI, """
                {"components": {"schemas": {
                  "dev.mainstay.v1alpha1.BackupPolicy": %s,
                  "dev.mainstay.v1alpha1.BackupPolicyList": {"properties": {"items": {}}, %s},
                  "dev.mainstay.v1alpha1.Runbook": %s}}}
                """.formatted(
                        as("BackupPolicy", policies),
                        "\"x-kubernetes-group-version-kind\": [{\"group\": \"mainstay.dev\", \"kind\": \"BackupPolicyList\"}]",
                        as("Runbook", runbooks)));
        definitions.look();
    }

    private static String as(String kind, ObjectNode schema) {
        ObjectNode published = schema.deepCopy();
        published
                .putArray("x-kubernetes-group-version-kind")
                .addObject()
                .put("group", "mainstay.dev")
                .put("kind", kind);
        return published.toString();
    }

    private List<String> samples() {
        String start = DefinitionMetrics.NAME + "{definition=\"";
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).replace("\"}", ""))
                .sorted()
                .toList();
    }

    private static ObjectNode schema(String plural) {
        return (ObjectNode)
                Serialization.unmarshal(Shipped.read(Shipped.path("crds/" + plural + ".yaml")), JsonNode.class)
                        .at("/spec/versions/0/schema/openAPIV3Schema");
    }
}
