package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.PreflightStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.PreflightReport.Stored;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreflightDeciderTest {

    private static final Finding RIGHTS =
            new Finding(Severity.ERROR, "rights in schema audit", "PermissionDenied", "Run: GRANT it.");
    private static final Finding STORE =
            new Finding(Severity.ERROR, "bucket: put", "StorageDenied", "Allow s3:PutObject.");
    private static final Finding STANDBY = new Finding(Severity.WARNING, "standby", null, "It is a standby.");

    private static final StoredManifest STORED = new StoredManifest(
            "20260328T010002Z-0000000a-1",
            "lost",
            "0000000a-0000-4000-8000-000000000001",
            1,
            MadeBy.PERSON,
            null,
            Shop.CREATED,
            TaskResults.facts(VerificationLevel.FULL_READ));

    private BackupPolicy policy = Shop.policy();
    private ManagedApplication application = Shop.application();
    private ServiceAccountObservation account = ServiceAccountObservation.NOT_NAMED;
    private final Map<String, JobObservation> jobs = new HashMap<>();
    private List<Finding> findings;
    private List<StoredManifest> stored;
    private final List<DatabaseBackup> backups = new ArrayList<>();
    private boolean idle = true;
    private Instant now = Shop.at("1m");

    @Test
    void givenANewPolicy_whenItIsDecided_thenItsJobIsMadeAndNamesNoBackup() {
        PreflightDecision.Make make = (PreflightDecision.Make) decide();

        assertThat(make.name()).isEqualTo(name()).matches("nightly-preflight-[0-9a-f]{8}");
        assertThat(make.task().kind()).isEqualTo(TaskKind.PREFLIGHT);
        assertThat(make.task().path()).isEqualTo("prod/webshop/nightly/preflight/");
        assertThat(make.task().origin().backup()).isNull();
        assertThat(make.task().database().host()).isEqualTo("db.shop.svc");
        assertThat(make.task().dump().lockWaitTimeoutSeconds()).isEqualTo(120);
        assertThat(make.startBy()).isEqualTo(Shop.at("11m"));
    }

    @Test
    void givenABusyHouse_whenItIsDecided_thenItWaits() {
        idle = false;

        assertThat(decide()).isInstanceOf(PreflightDecision.Wait.class);
    }

    @Test
    void givenWhatStandsAgainstEveryJob_whenItIsDecided_thenThereIsNone() {
        account = ServiceAccountObservation.NOT_ALLOWED;
        assertThat(decide()).isEqualTo(new PreflightDecision.Nothing(null));

        account = ServiceAccountObservation.NOT_NAMED;
        application = Shop.withRefusedTemplate(Shop.application());
        assertThat(decide()).isEqualTo(new PreflightDecision.Nothing(null));

        application = Shop.annotated(Shop.application(), Annotations.PAUSED, "move");
        assertThat(decide()).isEqualTo(new PreflightDecision.Nothing(null));

        application = null;
        assertThat(decide()).isEqualTo(new PreflightDecision.Nothing(null));
    }

    @Test
    void givenItWasMade_whenNothingHasChanged_thenItIsDueADayLaterAtATimeOfThePolicysOwn() {
        told(passed());

        Instant until = ((PreflightDecision.Nothing) decide()).until();

        assertThat(until).isAfter(now).isBeforeOrEqualTo(now.plus(Duration.ofDays(1)));
        now = until.minusSeconds(1);
        assertThat(decide()).isEqualTo(new PreflightDecision.Nothing(until));
        now = until;
        assertThat(decide()).isInstanceOf(PreflightDecision.Make.class);
    }

    @Test
    void givenGaps_whenNothingHasChanged_thenItIsMadeAgainInAQuarterOfAnHour() {
        told(new PreflightStatus(
                PreflightDecider.key(policy, application), Shop.CREATED, 1, 0, "nightly-preflight", null, null));

        assertThat(decide()).isEqualTo(new PreflightDecision.Nothing(Shop.at("15m")));
        now = Shop.at("15m");
        PreflightDecision.Make again = (PreflightDecision.Make) decide();
        now = Shop.at("16m");
        assertThat(((PreflightDecision.Make) decide()).name())
                .as("a name that lasts")
                .isEqualTo(again.name());
        told(new PreflightStatus(
                PreflightDecider.key(policy, application), Shop.at("16m"), 1, 0, "nightly-preflight", null, null));
        now = Shop.at("31m");
        assertThat(((PreflightDecision.Make) decide()).name()).isNotEqualTo(again.name());
    }

    @Test
    void givenItWasMade_whenPolicyOrApplicationChangesOrABackupIsAskedFor_thenItIsMadeAgain() {
        told(passed());
        assertThat(decide()).isInstanceOf(PreflightDecision.Nothing.class);

        policy.getMetadata().setGeneration(2L);
        assertThat(decide()).isInstanceOf(PreflightDecision.Make.class);
        policy.getMetadata().setGeneration(1L);
        assertThat(decide()).isInstanceOf(PreflightDecision.Nothing.class);

        application.getMetadata().setGeneration(2L);
        assertThat(decide()).isInstanceOf(PreflightDecision.Make.class);
        application.getMetadata().setGeneration(1L);

        policy.setStatus(Fields.with(policy.getStatus(), "{lastRunNow: 'monday'}"));
        assertThat(decide()).isInstanceOf(PreflightDecision.Make.class);
    }

    @Test
    void givenAJobThatRuns_whenItIsDecided_thenItIsWaitedFor() {
        job(job().running());

        assertThat(decide()).isEqualTo(new PreflightDecision.Wait(BackupDecision.Pace.RUNNING));
    }

    @Test
    void givenGaps_whenTheLogHasThemAll_thenTheyAreInTheConfigMapAndTheFirstIsInTheCondition() {
        findings = List.of(RIGHTS, STORE, STANDBY);
        job(job().result(result(2, 1, List.of(RIGHTS))));

        PreflightDecision.Tell tell = (PreflightDecision.Tell) decide();

        assertThat(tell.findings()).isEqualTo("""
                Looked at 2026-03-29T01:01:00Z. Looked at again within a quarter of an hour while there are errors.

                Error, rights in schema audit (PermissionDenied)
                  Run: GRANT it.

                Error, bucket: put (StorageDenied)
                  Allow s3:PutObject.

                Warning, standby
                  It is a standby.
                """);
        assertThat(tell.status().configMap()).isEqualTo("nightly-preflight");
        assertThat(conditions(tell.status()))
                .extracting(
                        Condition::type, condition -> condition.status().name(), Condition::reason, Condition::message)
                .contains(
                        tuple(
                                "PreflightPassed",
                                "FALSE",
                                "GapsFound",
                                "2 gaps, see ConfigMap nightly-preflight: rights in schema audit: Run: GRANT it."),
                        tuple("StorageReachable", "FALSE", "StorageDenied", "bucket: put: Allow s3:PutObject."));
    }

    @Test
    void givenALogThatCanNotBeRead_whenThereAreGaps_thenWhatTheTerminationMessageHoldsIsTold() {
        job(job().result(result(4, 0, List.of(RIGHTS))));

        PreflightDecision.Tell tell = (PreflightDecision.Tell) decide();

        assertThat(tell.findings()).contains("GRANT it.").contains("could not be read whole");
        assertThat(tell.status().errors()).isEqualTo(4);
    }

    @Test
    void givenNoGaps_whenThereNeverWereAny_thenThereIsNoConfigMap() {
        findings = List.of();
        job(job().result(result(0, 0, List.of())));

        PreflightDecision.Tell tell = (PreflightDecision.Tell) decide();

        assertThat(tell.findings()).isNull();
        assertThat(conditions(tell.status()))
                .filteredOn(condition -> condition.type().equals("PreflightPassed"))
                .singleElement()
                .satisfies(condition ->
                        assertThat(condition.message()).isEqualTo("Nothing keeps backups from succeeding."));
    }

    @Test
    void givenGapsThatAreClosed_whenItIsMadeAgain_thenTheConfigMapSaysSo() {
        told(new PreflightStatus("before", Shop.CREATED, 1, 0, "nightly-preflight", null, null));
        findings = List.of();
        job(job().result(result(0, 0, List.of())));

        assertThat(((PreflightDecision.Tell) decide()).findings())
                .isEqualTo("Looked at 2026-03-29T01:01:00Z. Nothing keeps backups from succeeding.\n");
    }

    @Test
    void givenWarningsOnly_whenItIsTold_thenItHasPassedAllTheSame() {
        findings = List.of(STANDBY);
        job(job().result(result(0, 1, List.of(STANDBY))));

        assertThat(conditions(((PreflightDecision.Tell) decide()).status()))
                .filteredOn(condition -> condition.type().equals("PreflightPassed"))
                .singleElement()
                .satisfies(condition -> assertThat(condition.message())
                        .isEqualTo("Nothing keeps backups from succeeding; 1 warning, see ConfigMap nightly-preflight:"
                                + " standby: It is a standby."));
    }

    @Test
    void givenAPodThatSaidNothing_whenItIsTold_thenItIsUnknownAndTriedAgainLater() {
        job(job().dead("OOMKilled"));

        PreflightDecision.Tell tell = (PreflightDecision.Tell) decide();

        assertThat(conditions(tell.status()))
                .filteredOn(condition -> condition.type().equals("PreflightPassed"))
                .singleElement()
                .satisfies(condition -> {
                    assertThat(condition.status().name()).isEqualTo("UNKNOWN");
                    assertThat(condition.message())
                            .startsWith("It could not be looked whether backups would succeed: Pod ")
                            .contains("OOMKilled");
                });
        told(tell.status());
        assertThat(decide()).isInstanceOf(PreflightDecision.Nothing.class);
    }

    @Test
    void givenAPodThatNoNodeTakes_whenItsTimeIsOver_thenItSaysWhy() {
        job(job().unschedulable("0/1 nodes are available."));
        now = Shop.at("12m");

        assertThat(((PreflightDecision.Tell) decide()).status().problem().reason())
                .isEqualTo(Reason.UNSCHEDULABLE.text());
    }

    /** It would hold its place for as long as it waits, and nobody would read what it finds. */
    @Test
    void givenAPodThatNeverCame_whenItsTimeIsOver_thenItsJobIsEndedOnce() {
        job(job());
        now = Shop.at("12m");

        assertThat(((PreflightDecision.Tell) decide()).end()).isEqualTo(name());

        job(job().ending());
        assertThat(((PreflightDecision.Tell) decide()).end()).isNull();
    }

    @Test
    void givenANewPolicy_whenItsJobIsMade_thenItAlsoTellsWhatIsInTheBucketAndNoLaterOneDoes() {
        assertThat(((PreflightDecision.Make) decide()).task().listStored()).isTrue();

        told(passed());
        now = Shop.at("2d");
        assertThat(((PreflightDecision.Make) decide()).task().listStored()).isNull();
    }

    @Test
    void givenBackupsInTheBucket_whenTheyAreTold_thenTheyAreAttachedBeforeAnythingIsWrittenDown() {
        findings = List.of();
        job(job().result(result(new Stored(1, 0, "", List.of(STORED)))));

        PreflightDecision.Attach attach = (PreflightDecision.Attach) decide();
        DatabaseBackup made = attach.next().getFirst().object();
        assertThat(made.getMetadata().getName()).isEqualTo("lost");
        made.getMetadata().setUid("made");
        backups.add(made);
        assertThat(((PreflightDecision.Attach) decide()).next())
                .singleElement()
                .satisfies(next -> assertThat(next.object()).isSameAs(made));
        made.setStatus(attach.next().getFirst().status());

        PreflightDecision.Tell tell = (PreflightDecision.Tell) decide();
        assertThat(tell.attached().made()).isEqualTo(1);
        assertThat(tell.attached().key()).isEqualTo(Attachment.key(policy));
        assertThat(tell.status().errors()).isZero();
    }

    @Test
    void givenABucketWithoutBackups_whenThatIsTold_thenItIsNotLookedThroughAgain() {
        findings = List.of();
        job(job().result(result(new Stored(0, 0, "", List.of()))));

        PreflightDecision.Tell tell = (PreflightDecision.Tell) decide();

        assertThat(tell.attached().message()).isEqualTo("No backup was found at s3://backups/prod/webshop/nightly/.");
        assertThat(tell.attached().key()).isEqualTo(Attachment.key(policy));
    }

    @Test
    void givenALongList_whenTheLogHasIt_thenItIsRead() {
        findings = List.of();
        stored = List.of(STORED);
        job(job().result(result(new Stored(1, 0, "", null))));

        assertThat(decide()).isInstanceOf(PreflightDecision.Attach.class);
    }

    @Test
    void givenALongList_whenTheLogCanNotBeRead_thenItIsTriedAgainInAQuarterOfAnHour() {
        findings = List.of();
        job(job().result(result(new Stored(1, 0, "", null))));

        PreflightDecision.Tell tell = (PreflightDecision.Tell) decide();

        assertThat(tell.attached().key()).isNull();
        assertThat(tell.attached().message()).contains("log of the preflight's Job", "quarter of an hour");
        policy.setStatus(Fields.of(
                BackupPolicyStatus.class,
                "{preflight: %s, attached: %s}"
                        .formatted(TaskJson.write(tell.status()), TaskJson.write(tell.attached()))));
        assertThat(decide())
                .isEqualTo(
                        new PreflightDecision.Nothing(tell.status().checkedAt().plus(Duration.ofMinutes(15))));
    }

    @Test
    void givenAnApiServerThatTakesNoObject_whenThatIsTold_thenItSaysWhy() {
        findings = List.of();
        job(job().result(result(new Stored(1, 0, "", List.of(STORED)))));

        PreflightDecision.Tell tell =
                ((PreflightDecision.Attach) decide()).otherwise().butNotAttached("exceeded quota: objects");

        assertThat(tell.attached().key()).isNull();
        assertThat(tell.attached().message()).contains("exceeded quota: objects");
        assertThat(tell.status().errors()).isZero();
    }

    @Test
    void givenAPersonWhoAsks_whenItIsDecided_thenTheBucketIsLookedThroughAgain() {
        told(passed());
        assertThat(decide()).isInstanceOf(PreflightDecision.Nothing.class);

        Shop.annotated(policy, Annotations.ATTACH, "again");

        assertThat(((PreflightDecision.Make) decide()).task().listStored()).isTrue();
    }

    private static TaskResult result(Stored stored) {
        return TaskResult.of(new PreflightReport(0, 0, "ab".repeat(32), List.of(), stored));
    }

    private String name() {
        return PreflightDecider.jobName(policy, application);
    }

    private JobBuilder job() {
        return JobBuilder.named(name());
    }

    private void job(JobBuilder job) {
        JobObservation built = job.build();
        jobs.put(built.name(), built);
    }

    private PreflightDecision decide() {
        return PreflightDecider.decide(
                new PreflightObservation(
                        policy, application, account, Shop.CLUSTER, jobs, findings, stored, backups, idle),
                now);
    }

    private PreflightStatus passed() {
        return new PreflightStatus(PreflightDecider.key(policy, application), Shop.CREATED, 0, 0, null, null, null);
    }

    private void told(PreflightStatus preflight) {
        policy.setStatus(Fields.of(
                BackupPolicyStatus.class,
                "{preflight: %s, attached: {key: '%s'}}".formatted(TaskJson.write(preflight), Attachment.key(policy))));
    }

    private List<Condition> conditions(PreflightStatus preflight) {
        Conditions conditions = new Conditions(List.of(), 1, now);
        new PolicyFindings(policy, new PolicyHistory(null, List.of()), preflight).tell(conditions);
        return conditions.list();
    }

    private static TaskResult result(int errors, int warnings, List<Finding> first) {
        return TaskResult.of(new PreflightReport(errors, warnings, "ab".repeat(32), first));
    }
}
