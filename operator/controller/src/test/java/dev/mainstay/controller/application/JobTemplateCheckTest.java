package dev.mainstay.controller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.task.RunnerPods;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobTemplateCheckTest {

    private int asked;
    private Optional<String> answer = Optional.empty();
    private Instant now = Instant.parse("2026-03-29T01:00:00Z");

    private final JobTemplateCheck check = new JobTemplateCheck(
            new RunnerPods("runner", "runner-postgres", "IfNotPresent", Map.of()),
            job -> {
                asked++;
                return answer;
            },
            new TestClock());

    @Test
    void givenATemplateThatIsTaken_whenManyPassesCome_thenItIsAskedOnce() {
        for (int pass = 0; pass < 100; pass++) {
            assertThat(check.refusal(application(1))).isEmpty();
        }
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void givenATemplateThatIsTaken_whenItsSpecChanges_thenItIsAskedAgain() {
        check.refusal(application(1));
        answer = Optional.of("must be less than or equal to memory limit of 1Gi");

        assertThat(check.refusal(application(2))).isEqualTo(answer);
    }

    @Test
    void givenATemplateThatIsRefused_whenTheNextPassComes_thenItIsAskedAgain() {
        answer = Optional.of("a webhook does not want it");
        assertThat(check.refusal(application(1))).isEqualTo(answer);
        assertThat(check.refusal(application(1))).isEqualTo(answer);
        answer = Optional.empty();

        assertThat(check.refusal(application(1))).isEmpty();
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void givenATemplateThatIsTaken_whenAnHourHasPassed_thenWhatTheClusterWantsByNowIsAsked() {
        check.refusal(application(1));
        now = now.plus(Duration.ofHours(1));
        answer = Optional.of("a webhook does not want it any more");

        assertThat(check.refusal(application(1))).isEqualTo(answer);
    }

    @Test
    void givenAnApplicationThatIsGone_whenOneOfItsUidComes_thenItIsAskedAgain() {
        check.refusal(application(1));
        check.forget(application(1));
        check.refusal(application(1));

        assertThat(asked).isEqualTo(2);
    }

    @Test
    void givenNoTemplate_whenItIsChecked_thenNobodyIsAsked() {
        assertThat(check.refusal(new ManagedApplication())).isEmpty();
        assertThat(asked).isZero();
    }

    private static ManagedApplication application(long generation) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop, namespace: shop, uid: 7f3e, generation: %d}
                spec: {jobTemplate: {resources: {limits: {memory: 1Gi}}}}
                """.formatted(generation), ManagedApplication.class);
    }

    private final class TestClock extends Clock {

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
