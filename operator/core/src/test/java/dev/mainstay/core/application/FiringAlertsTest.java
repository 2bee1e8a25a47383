package dev.mainstay.core.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplicationStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiringAlertsTest {

    @Test
    void givenRules_whenSomeFire_thenThoseAreNamedTheGravestFirst() {
        AlertRule deleted = rule("deleted", "critical", "Firing");
        deleted.getMetadata().setDeletionTimestamp("2026-03-29T03:00:00Z");

        assertThat(FiringAlerts.names(List.of(
                        rule("a-note", "info", "Firing"),
                        rule("slow", "warning", "Firing"),
                        rule("errors", "critical", "Firing"),
                        rule("disk", "critical", "Firing"),
                        rule("cpu", "critical", "Pending"),
                        rule("memory", "critical", "Unknown"),
                        deleted)))
                .containsExactly("disk", "errors", "slow", "a-note");
    }

    @Test
    void givenARuleThatWasNeverLookedAt_whenItIsAsked_thenItDoesNotFire() {
        AlertRule fresh = rule("fresh", "critical", "Firing");
        fresh.setStatus(null);

        assertThat(FiringAlerts.names(List.of(fresh))).isEmpty();
    }

    @Test
    void givenMoreThanTheStatusNames_whenAllFire_thenTheFirstAreNamed() {
        assertThat(FiringAlerts.names(IntStream.range(0, 500)
                        .mapToObj(number -> rule("rule-" + (1000 + number), "warning", "Firing"))
                        .toList()))
                .hasSize(ManagedApplicationStatus.MOST_ALERTS)
                .startsWith("rule-1000");
    }

    private static AlertRule rule(String name, String severity, String state) {
        return Serialization.unmarshal("""
                metadata: {name: %s}
                spec: {severity: %s}
                status: {state: %s}
                """.formatted(name, severity, state), AlertRule.class);
    }
}
