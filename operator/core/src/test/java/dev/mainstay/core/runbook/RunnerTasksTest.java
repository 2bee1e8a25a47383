package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the runner is told to do in the Job of an attempt, and how that Job is named. */
class RunnerTasksTest {

    /** The address and the Secrets are those of the application, and the certificate is the one of its backups. */
    @Test
    void givenAStep_whenItsTaskIsMade_thenItHasWhatOpensTheDatabaseForBackups() {
        BackupPolicy policy = Serialization.unmarshal("""
                metadata: {name: nightly, namespace: shop}
                spec:
                  applicationRef: {name: shop}
                  clientCertSecretRef: {name: shown}
                  storage: {s3: {bucket: b}}
                """, BackupPolicy.class);
        StepTurn turn = RunnerStepsTest.turn(RunnerStepsTest.ONE, "{connectionsPercent: 70}, timeout: 3m");

        Task task = RunnerSteps.task(RunnerStepsTest.REVIEW, turn, List.of(policy), "cluster", RunnerStepsTest.NOW)
                .orElseThrow();

        assertThat(RunnerSteps.jobName(turn)).isEqualTo("tuesday-look-1-f0c1065d");
        assertThat(task.kind()).isEqualTo(TaskKind.STEP);
        assertThat(task.timeoutSeconds()).isEqualTo(180);
        assertThat(task.startBy()).isEqualTo(RunnerStepsTest.NOW.plus(RunnerSteps.STARTS_WITHIN));
        assertThat(task.step().run()).isEqualTo("tuesday");
        DatabaseReviewWork work = (DatabaseReviewWork) task.step().work();
        assertThat(work.connectionsPercent()).isEqualTo(70);
        assertThat(work.database().host()).isEqualTo("shop-db");
        assertThat(task.secrets()).extracting(Task.MountedSecret::name).containsExactly("reader", "shop-ca", "shown");
        assertThat(task.secrets())
                .extracting(Task.MountedSecret::namedBy)
                .containsExactly(
                        "spec.databases[main].postgres.credentialsSecretRef of ManagedApplication shop",
                        "spec.databases[main].postgres.caSecretRef of ManagedApplication shop",
                        null);
        assertThat(TaskJson.readTask(TaskJson.write(task))).isEqualTo(task);
    }

    @Test
    void givenNothingIsSaid_whenTheTaskIsMade_thenTheDefaultsAreThoseOfTheDefinition() {
        Task task = RunnerSteps.task(
                        RunnerStepsTest.REVIEW,
                        RunnerStepsTest.turn(RunnerStepsTest.TWO, "{database: other}"),
                        List.of(),
                        "cluster",
                        RunnerStepsTest.NOW)
                .orElseThrow();

        DatabaseReviewWork work = (DatabaseReviewWork) task.step().work();
        assertThat(work.database().port()).isEqualTo(6432);
        assertThat(work)
                .isEqualTo(new DatabaseReviewWork(
                        work.database(), 80, 900, 300, 1, 10L << 20, 604_800, 50, 100L << 20, 50, 1L << 30));
        assertThat(RunnerStepsTest.REVIEW.plan(RunnerStepsTest.turn(RunnerStepsTest.TWO, "{}")))
                .isEqualTo(
                        "Looks, and changes nothing, at a database that ManagedApplication" + " shop does not name.");
    }

    @Test
    void givenALongName_whenTheJobIsNamed_thenItFitsIntoALabelAndDiffers() {
        StepTurn turn = RunnerStepsTest.turn(RunnerStepsTest.ONE, "{}");
        turn.run().getMetadata().setName("a.very.".repeat(20) + "long-one");

        String first = RunnerSteps.jobName(turn);
        String second = RunnerSteps.jobName(new StepTurn(turn.run(), turn.application(), turn.step(), 2));

        assertThat(first).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
        assertThat(second).isNotEqualTo(first);
    }
}
