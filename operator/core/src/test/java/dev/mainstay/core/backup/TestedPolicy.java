package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.RestoreTestStatus.Running;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A policy whose backups are tested, through time: made at 01:00 in UTC, a test is due at each full hour. */
final class TestedPolicy {

    private static final String ADMIN = "{adminSecretRef: {name: 'shop-db-admin'}}";
    static final String SAME_SERVER = "{sameServer: {maxDatabaseBytes: 1073741824}}";

    final List<DatabaseBackup> backups = new ArrayList<>();
    final Map<String, JobObservation> jobs = new HashMap<>();
    BackupPolicy policy = Shop.policy();
    ManagedApplication application = Shop.application();
    ServiceAccountObservation account = ServiceAccountObservation.NOT_NAMED;
    String restoring;
    boolean room = true;

    TestedPolicy() {
        var database = application.getSpec().databases().getFirst();
        application.setSpec(Fields.with(
                application.getSpec(),
                "{databases: [%s]}"
                        .formatted(TaskJson.write(Fields.with(
                                database,
                                "{postgres: %s}"
                                        .formatted(TaskJson.write(Fields.with(database.postgres(), ADMIN))))))));
        tests(SAME_SERVER);
        backups.add(Backups.succeeded("first", "30m", VerificationLevel.FULL_READ));
        look("0s");
    }

    void change(String fields) {
        policy = Shop.with(policy, fields);
    }

    void tests(String target) {
        change("{verification: {restoreTest: {schedule: '0 * * * *', target: %s}}}".formatted(target));
    }

    RestoreTestDecision decide(String offset) {
        return RestoreTestDecider.decide(
                new RestoreTestObservation(
                        policy, application, List.copyOf(backups), account, Shop.CLUSTER, jobs, restoring, room),
                Shop.at(offset));
    }

    /** A pass, as the reconciler makes it. */
    RestoreTestDecision look(String offset) {
        RestoreTestDecision decision = decide(offset);
        BackupPolicyStatus status = PolicyDecider.decide(
                        new PolicyObservation(policy, application, List.copyOf(backups), null, decision),
                        Shop.at(offset))
                .status();
        policy.setStatus(status);
        return decision;
    }

    Running running() {
        return policy.getStatus().restoreTest().running();
    }

    Condition condition() {
        return Conditions.find(policy.getStatus().conditions(), "RestoreTested").orElseThrow();
    }

    void assertTested(ConditionStatus status, Reason reason, String... words) {
        assertThat(condition().status()).as(condition().message()).isEqualTo(status);
        assertThat(condition().reason()).isEqualTo(reason.text());
        for (String word : words) {
            assertThat(condition().message()).contains(word);
        }
    }

    /** Begins the test of two o'clock, and answers the name of its Job. */
    String begun() {
        look("1h");
        return look("1h").make().name();
    }

    void job(JobBuilder job) {
        JobObservation built = job.startBy("90m").build();
        jobs.put(built.name(), built);
    }

    void ended(String name, TaskResult result) {
        job(JobBuilder.named(name).result(result));
    }

    static TaskResult passed() {
        return TaskResult.of(
                TaskKind.RESTORE_TEST,
                new RestoreReport(null, new RestoreReport.Copy(90, 3, 1000, true, List.of(), 0, 42), null));
    }

    static TaskResult failed(Reason reason) {
        return new TaskResult(
                Task.CONTRACT_VERSION,
                TaskKind.RESTORE_TEST,
                Outcome.FAILED,
                reason.text(),
                "It went wrong.",
                List.of(),
                null);
    }

    /** A pass whose Job the API server refuses. */
    void refused(String offset) {
        RestoreTestDecision decision = decide(offset);
        RestoreTestDecision told = decision.make() == null
                ? decision
                : RestoreTestRefused.refused(decision, "pods is forbidden: exceeded quota: compute");
        policy.setStatus(PolicyDecider.decide(
                        new PolicyObservation(policy, application, List.copyOf(backups), null, told), Shop.at(offset))
                .status());
    }
}
