package dev.mainstay.core.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.rollback.CheckVerdict;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CriticalAlertsTest {

    @ParameterizedTest
    @CsvSource({
        "critical, Firing,   true",
        "critical, Pending,  false",
        "critical, Inactive, false",
        "critical, Unknown,  false",
        "warning,  Firing,   false",
        "info,     Firing,   false"
    })
    void givenARule_whenItFires_thenACriticalOneCountsAndNoOther(String severity, String state, boolean fires) {
        AlertRule rule = rule("errors", severity, state);

        assertThat(CriticalAlerts.fires(rule)).isEqualTo(fires);
        assertThat(CriticalAlerts.firing(List.of(rule))).hasSize(fires ? 1 : 0);
    }

    @Test
    void givenNoCriticalRule_whenARollbackIsVerified_thenThereIsNoCheck() {
        assertThat(CriticalAlerts.check(List.of(rule("slow", "warning", "Firing"))))
                .isEmpty();
    }

    @Test
    void givenCriticalRules_whenNoneFires_thenTheCheckPasses() {
        assertThat(CriticalAlerts.check(List.of(rule("errors", "critical", "Inactive"))))
                .hasValueSatisfying(check -> assertThat(check.verdict()).isEqualTo(CheckVerdict.PASS));
    }

    @Test
    void givenOneThatFires_whenARollbackIsVerified_thenThereIsNothingToJudgeByYet() {
        assertThat(CriticalAlerts.check(
                        List.of(rule("slow", "critical", "Firing"), rule("errors", "critical", "Firing"))))
                .hasValueSatisfying(check -> {
                    assertThat(check.name()).isEqualTo("Alerts");
                    assertThat(check.verdict()).isEqualTo(CheckVerdict.NO_DATA);
                    assertThat(check.message())
                            .isEqualTo("AlertRule errors, severity critical, fires since 2026-03-29T03:00:00Z, and is"
                                    + " waited for; what it measures: kubectl describe alertrule errors");
                });
    }

    private static AlertRule rule(String name, String severity, String state) {
        return Serialization.unmarshal("""
                metadata: {name: %s}
                spec: {severity: %s}
                status: {state: %s, firingSince: "2026-03-29T03:00:00Z"}
                """.formatted(name, severity, state), AlertRule.class);
    }
}
