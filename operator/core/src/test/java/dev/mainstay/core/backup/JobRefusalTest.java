package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.BackupDecision.Stuck;
import dev.mainstay.core.status.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRefusalTest {

    private final BackupObservation observation = with(attempt(1)).observation();
    private final MakeJob make = (MakeJob) with(attempt(1)).decide();

    @Test
    void givenAJobOfThatName_thenTheMessageHasTheCommandThatDeletesIt() {
        Stuck stuck = JobRefusal.foreign(observation, make);

        assertThat(stuck.reason()).isEqualTo(Reason.FOREIGN_JOB);
        assertThat(stuck.message())
                .isEqualTo(
                        "Job %1$s exists and does not belong to this object. If nobody needs it, delete it:"
                                + " `kubectl delete job %1$s --namespace %2$s`.",
                        make.name(), observation.backup().getMetadata().getNamespace());
    }

    @Test
    void givenATemplateThatMakesNoJob_thenTheMessageNamesTheField() {
        Stuck stuck = JobRefusal.invalid(observation, "spec.template.spec.priorityClassName: no such class");

        assertThat(stuck.reason()).isEqualTo(Reason.INVALID_SPEC);
        assertThat(stuck.message())
                .isEqualTo(
                        "ManagedApplication shop, spec.jobTemplate: correct it; the API server takes no Job made of it:"
                                + " spec.template.spec.priorityClassName: no such class");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exceeded quota: jobs     | QUOTA_EXCEEDED | Raise the quota that it names, or delete what fills it
            jobs.batch is forbidden  | FORBIDDEN      | Install the chart's roles for this namespace, or mend the admission policy
            """)
    void givenARefusal_thenTheMessageSaysWhatToDoAndEndsWithTheApiServersWords(
            String said, Reason reason, String advice) {
        Stuck stuck = JobRefusal.refused(make, said);

        assertThat(stuck.reason()).isEqualTo(reason);
        assertThat(stuck.message())
                .isEqualTo(
                        "The API server refuses Job %s, which is tried again every 30 seconds. %s: %s",
                        make.name(), advice, said);
    }
}
