package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.BackupDecision.Stuck;
import dev.mainstay.core.status.Reason;
import org.junit.jupiter.api.Test;

class JobRefusalTest {

    private final BackupObservation observation = with(attempt(1)).observation();
    private final MakeJob make = (MakeJob) with(attempt(1)).decide();

    @Test
    void givenAJobOfThatName_thenTheMessageHasTheCommandThatDeletesIt() {
        Stuck stuck = JobRefusal.foreign(observation, make);

        assertThat(stuck.reason()).isEqualTo(Reason.FOREIGN_JOB);
        assertThat(stuck.message())
                .isEqualTo(
                        "Job %1$s exists and does not belong to this backup. If nobody needs it, delete it:"
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

    @Test
    void givenAQuota_thenTheMessageIsTheApiServersOwn() {
        Stuck stuck = JobRefusal.refused(make, "exceeded quota: jobs");

        assertThat(stuck.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(stuck.message())
                .isEqualTo("Job %s was refused by the API server: exceeded quota: jobs", make.name());
    }
}
