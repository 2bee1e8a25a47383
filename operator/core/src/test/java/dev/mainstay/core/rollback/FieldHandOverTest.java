package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.json;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldHandOverTest {

    private static final String OURS = """
            {'manager': 'mainstay-rollback', 'operation': 'Update', 'time': '2026-03-29T03:00:00Z', 'fieldsV1': {
              'f:metadata': {'f:annotations': {'f:mainstay.dev/rolled-back-by': {}}},
              'f:spec': {'f:template': {'f:spec': {'f:containers': {'k:{\\"name\\":\\"web\\"}': {'f:image': {}}}}}}}}
            """;
    private static final String HELM = """
            {'manager': 'helm', 'operation': 'Apply', 'time': '2026-03-29T02:00:00Z', 'fieldsV1': {
              'f:spec': {'f:replicas': {}, 'f:template': {'f:spec': {'f:containers': {'k:{\\"name\\":\\"web\\"}': {'.': {}, 'f:name': {}}}}}}}}
            """;
    private static final String KUBECTL = """
            {'manager': 'kubectl-edit', 'operation': 'Update', 'time': '2026-03-29T02:30:00Z', 'fieldsV1': {'f:spec': {'f:template': {'f:spec': {'f:hostNetwork': {}}}}}}
            """;
    private static final String CONTROLLER = """
            {'manager': 'kube-controller-manager', 'operation': 'Update', 'subresource': 'status', 'time': '2026-03-29T03:00:01Z', 'fieldsV1': {'f:status': {}}}
            """;

    @Test
    void givenFieldsOfOurs_whenHandedOver_thenTheOneWhoAppliesGetsThemAndOurEntryGoes() {
        JsonNode patch = patch(CONTROLLER, KUBECTL, HELM, OURS);

        assertThat(patch)
                .extracting(operation -> operation.path("op").asText() + " "
                        + operation.path("path").asText())
                .containsExactly(
                        "test /metadata/managedFields/2",
                        "replace /metadata/managedFields/2/fieldsV1",
                        "test /metadata/managedFields/3",
                        "remove /metadata/managedFields/3");
        JsonNode given = patch.get(1).path("value");
        JsonNode container = given.path("f:spec")
                .path("f:template")
                .path("f:spec")
                .path("f:containers")
                .path("k:{\"name\":\"web\"}");
        assertThat(container.has("f:image")).isTrue();
        assertThat(container.has("f:name")).isTrue();
        assertThat(given.path("f:spec").has("f:replicas")).isTrue();
        assertThat(given.has("f:metadata")).as("our annotation").isFalse();
    }

    @Test
    void givenNobodyWhoApplies_whenHandedOver_thenWhoWroteTheTemplateLastGetsThem() {
        assertThat(patch(OURS, KUBECTL))
                .extracting(operation -> operation.path("path").asText())
                .containsExactly(
                        "/metadata/managedFields/1",
                        "/metadata/managedFields/1/fieldsV1",
                        "/metadata/managedFields/0",
                        "/metadata/managedFields/0");
    }

    @Test
    void givenNobodyElse_whenHandedOver_thenOurEntryJustGoes() {
        assertThat(patch(CONTROLLER, OURS))
                .extracting(operation -> operation.path("op").asText())
                .containsExactly("test", "remove");
    }

    @Test
    void givenNothingOfOurs_whenHandedOver_thenThereIsNothingToDo() {
        assertThat(FieldHandOver.patch(managed(HELM, CONTROLLER).json())).isEmpty();
    }

    private static JsonNode patch(String... entries) {
        return FieldHandOver.patch(managed(entries).json()).orElseThrow();
    }

    private static DeploymentState managed(String... entries) {
        return deployment(
                "web", template("web", "1.4.2"), "{'managedFields': [" + String.join(",", entries) + "]}", "{}", "{}");
    }

    @Test
    void givenATemplate_whenItIsWritten_thenWhatWasSeenIsTestedAndOnlyOurAnnotationIsSet() {
        DeploymentState seen = deployment("web", "1.5.0");
        PodTemplate target = new PodTemplate(json("""
                {'metadata': {'labels': {'app': 'web', 'pod-template-hash': '12'}}, 'spec': {'containers': []}}
                """));

        JsonNode patch = TemplatePatch.of(seen, target, Map.of("mainstay.dev/rolled-back-by", "shop-1"));

        assertThat(patch).isEqualTo(json("""
                [{'op': 'test', 'path': '/metadata/uid', 'value': '%s-web'},
                 {'op': 'test', 'path': '/metadata/generation', 'value': 3},
                 {'op': 'test', 'path': '/spec/template', 'value': %s},
                 {'op': 'replace', 'path': '/spec/template', 'value': {'metadata': {'labels': {'app': 'web'}}, 'spec': {'containers': []}}},
                 {'op': 'add', 'path': '/metadata/annotations/mainstay.dev~1rolled-back-by', 'value': 'shop-1'}]
                """.formatted(
                        Deploys.UID, template("web", "1.5.0").json())));
    }
}
