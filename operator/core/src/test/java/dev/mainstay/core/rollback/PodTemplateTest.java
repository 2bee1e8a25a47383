package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.json;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTemplateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'metadata': {'labels': {'a': 'b', 'pod-template-hash': '1'}}} | {'metadata': {'labels': {'a': 'b'}}} | true",
                "{'metadata': {'annotations': {'kubectl.kubernetes.io/restartedAt': 'now'}}} | {} | true",
                "{'metadata': {'annotations': {'a': 'b'}}} | {} | false",
                "{'metadata': {'creationTimestamp': null}, 'spec': {'a': []}} | {'spec': {'securityContext': {}}} | true",
                "{'spec': {'b': 1, 'a': 2}} | {'spec': {'a': 2, 'b': 1}} | true",
                "{'spec': {'args': ['a', 'b']}} | {'spec': {'args': ['b', 'a']}} | false",
                "{'spec': {'args': ['']}} | {'spec': {}} | false",
                "{'spec': {'a': '1'}} | {'spec': {'a': 1}} | false"
            })
    void givenTwoTemplates_whenCompared_thenWhatRunsCounts(String one, String other, boolean same) {
        PodTemplate first = new PodTemplate(json(unquoted(one)));
        PodTemplate second = new PodTemplate(json(unquoted(other)));

        assertThat(first.runsLike(second)).isEqualTo(same);
        assertThat(first.hash().equals(second.hash())).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({
        "registry:5000/web, ",
        "registry:5000/web:1.4.2, 1.4.2",
        "web:1.4.2@sha256:00, 1.4.2",
        "web@sha256:00, ",
        "web, "
    })
    void givenNoLabel_whenTheVersionIsAsked_thenTheTagTells(String image, String version) {
        PodTemplate template =
                new PodTemplate(json("{'spec': {'containers': [{'name': 'a', 'image': '%s'}]}}".formatted(image)));

        assertThat(template.version()).isEqualTo(version);
    }

    @Test
    void givenReferences_whenConfigMapsAndSecretsAreAsked_thenAllWaysToNameThemCount() {
        PodTemplate template = new PodTemplate(json("""
                {'spec': {
                  'initContainers': [{'name': 'i', 'envFrom': [{'configMapRef': {'name': 'm1'}}, {'secretRef': {'name': 's1'}}]}],
                  'containers': [{'name': 'c', 'env': [
                    {'name': 'A', 'valueFrom': {'configMapKeyRef': {'name': 'm2', 'key': 'a'}}},
                    {'name': 'B', 'valueFrom': {'secretKeyRef': {'name': 's2', 'key': 'a'}}}]}],
                  'volumes': [{'name': 'v', 'configMap': {'name': 'm3'}}, {'name': 'w', 'secret': {'secretName': 's3'}},
                    {'name': 'x', 'projected': {'sources': [{'configMap': {'name': 'm4'}}, {'secret': {'name': 's4'}}]}}]}}
                """));

        assertThat(template.configMaps()).containsExactly("m1", "m2", "m3", "m4");
        assertThat(template.secrets()).containsExactly("s1", "s2", "s3", "s4");
    }

    @Test
    void givenATemplateOfAReplicaSet_whenItsHashLabelIsTakenAway_thenTheOriginalStays() {
        PodTemplate original =
                new PodTemplate(json("{'metadata': {'labels': {'app': 'a', 'pod-template-hash': '1'}}}"));

        assertThat(original.withoutHashLabels().json()).isEqualTo(json("{'metadata': {'labels': {'app': 'a'}}}"));
        assertThat(original.json().at("/metadata/labels/pod-template-hash").asText())
                .isEqualTo("1");
    }

    @Test
    void givenTwoVersions_whenTheDifferenceIsTold_thenImagesComeFirstAndSecretsAreNotShown() {
        PodTemplate from = new PodTemplate(json("""
                {'metadata': {'labels': {'app.kubernetes.io/version': '1.5.0'}}, 'spec': {'containers': [{'name': 'web',
                  'env': [{'name': 'DB_PASSWORD', 'value': 'canary-1'}, {'name': 'MODE', 'value': 'fast'}, {'name': 'NEW_TOKEN', 'value': 'canary-3'}],
                  'image': 'web:1.5.0'}]}}
                """));
        PodTemplate to = new PodTemplate(json("""
                {'metadata': {'labels': {'app.kubernetes.io/version': '1.4.2'}}, 'spec': {'containers': [{'name': 'web',
                  'env': [{'name': 'DB_PASSWORD', 'value': 'canary-2'}, {'name': 'MODE', 'value': 'slow'}],
                  'image': 'web:1.4.2'}]}}
                """));

        assertThat(TemplateDiff.between(from, to, 4096))
                .containsExactly(
                        "spec.containers[web].image: web:1.5.0 → web:1.4.2",
                        "spec.containers[web].env[DB_PASSWORD].value: differs (a value that may be secret is not shown)",
                        "spec.containers[web].env[MODE].value: fast → slow",
                        "spec.containers[web].env[NEW_TOKEN]: differs (a value that may be secret is not shown)",
                        "metadata.labels.app.kubernetes.io/version: 1.5.0 → 1.4.2");
    }

    @Test
    void givenManyDifferences_whenTold_thenTheyFitIntoAStatus() {
        StringBuilder env = new StringBuilder();
        for (int number = 0; number < 40; number++) {
            env.append(number == 0 ? "" : ",")
                    .append("{'name': 'V%d', 'value': '%s'}".formatted(number, "x".repeat(300)));
        }
        PodTemplate from =
                new PodTemplate(json("{'spec': {'containers': [{'name': 'web', 'env': [%s]}]}}".formatted(env)));

        assertThat(TemplateDiff.between(from, template("web", "1.0"), 4096))
                .hasSize(TemplateDiff.LINES)
                .allMatch(line -> line.length() <= 256)
                .last()
                .asString()
                .endsWith("more");
    }

    private static String unquoted(String text) {
        return text.replace('\'', '"');
    }
}
