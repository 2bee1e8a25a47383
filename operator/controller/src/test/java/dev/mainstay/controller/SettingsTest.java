package dev.mainstay.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final Map<String, String> LEAST = Map.of(
            "MAINSTAY_NAMESPACE", "mainstay-system",
            "MAINSTAY_POD_NAME", "mainstay-6c7d",
            "MAINSTAY_RUNNER_IMAGE", "runner:1");

    @Test
    void givenOnlyWhatIsRequired_whenItIsRead_thenTheRestHasItsDefaults() {
        assertThat(Settings.from(LEAST))
                .isEqualTo(new Settings(
                        "mainstay-system",
                        "mainstay-6c7d",
                        "mainstay",
                        Set.of(),
                        "runner:1",
                        "runner:1",
                        "IfNotPresent",
                        Map.of(),
                        "",
                        true,
                        "mainstay",
                        Duration.ofSeconds(30),
                        20,
                        5,
                        5,
                        false,
                        "",
                        8080));
    }

    @Test
    void givenEverything_whenItIsRead_thenItIsTaken() {
        Map<String, String> all = new HashMap<>(LEAST);
        all.put("MAINSTAY_RELEASE", "second");
        all.put("MAINSTAY_WATCH_NAMESPACES", " shop, , blog ");
        all.put("MAINSTAY_RUNNER_POSTGRES_IMAGE", "runner-postgres:1");
        all.put("MAINSTAY_RUNNER_IMAGE_PULL_POLICY", "Always");
        all.put("MAINSTAY_CLUSTER_ID", "prod");
        all.put("MAINSTAY_LEADER_ELECTION", "false");
        all.put("MAINSTAY_LEASE_NAME", "second");
        all.put("MAINSTAY_LEASE_SECONDS", "3");
        all.put("MAINSTAY_LIMIT_JOBS", "2");
        all.put("MAINSTAY_LIMIT_JOBS_PER_NAMESPACE", " 1 ");
        all.put("MAINSTAY_LIMIT_DUMPS_PER_SERVER", "3");
        all.put("MAINSTAY_ALLOW_FREE_QUERIES", "true");
        all.put("MAINSTAY_ARGOCD_NAMESPACE", "gitops");
        all.put("MAINSTAY_JOBS_HTTP_PROXY", "");
        all.put("MAINSTAY_JOBS_HTTPS_PROXY", "http://proxy:3128");
        all.put("MAINSTAY_JOBS_NO_PROXY", ".svc");
        all.put("MAINSTAY_HTTP_PORT", "0");

        assertThat(Settings.from(all))
                .isEqualTo(new Settings(
                        "mainstay-system",
                        "mainstay-6c7d",
                        "second",
                        Set.of("shop", "blog"),
                        "runner:1",
                        "runner-postgres:1",
                        "Always",
                        Map.of("HTTPS_PROXY", "http://proxy:3128", "NO_PROXY", ".svc"),
                        "prod",
                        false,
                        "second",
                        Duration.ofSeconds(3),
                        2,
                        1,
                        3,
                        true,
                        "gitops",
                        0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAINSTAY_NAMESPACE", "MAINSTAY_POD_NAME", "MAINSTAY_RUNNER_IMAGE"})
    void givenAMissingVariable_whenItIsRead_thenTheMessageNamesIt(String name) {
        Map<String, String> missing = new HashMap<>(LEAST);
        missing.remove(name);
        Map<String, String> blank = new HashMap<>(LEAST);
        blank.put(name, " ");

        assertThatThrownBy(() -> Settings.from(missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("environment variable " + name + " is not set; the chart's Deployment sets it");
        assertThatThrownBy(() -> Settings.from(blank)).hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({
        "MAINSTAY_LEASE_SECONDS, soon",
        "MAINSTAY_LIMIT_JOBS, -1",
        "MAINSTAY_LIMIT_JOBS_PER_NAMESPACE, 1.5",
        "MAINSTAY_HTTP_PORT, 99999999999"
    })
    void givenANumberThatIsNone_whenItIsRead_thenTheMessageShowsIt(String name, String value) {
        Map<String, String> wrong = new HashMap<>(LEAST);
        wrong.put(name, value);

        assertThatThrownBy(() -> Settings.from(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "environment variable " + name + " is '" + value + "': a whole number, 0 or more, is wanted");
    }
}
