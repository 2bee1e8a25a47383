package dev.mainstay.core.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.api.application.RestoreReadiness;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.core.application.RestoreReady;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PodObservation;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.Facts;
import dev.mainstay.core.task.RestoreReport.Kept;
import dev.mainstay.core.task.RestoreReport.KeptDatabase;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessDeciderTest {

    private static final Instant START = Instant.parse("2026-03-29T15:00:00Z");
    private static final String MAIN = "{name: main, postgres: {host: shop-db, database: ecommerce,"
            + " credentialsSecretRef: {name: reader}, adminSecretRef: {name: keeper}}}";
    private static final String AUDIT = MAIN.replace("main", "audit").replace("ecommerce", "log");
    private static final String UNKEPT =
            "{name: archive, postgres: {host: old-db, database: archive," + " credentialsSecretRef: {name: reader}}}";
    private static final Finding RIGHTS =
            new Finding(Severity.ERROR, "rights", "PermissionDenied", "Run: ALTER ROLE \"keeper\" CREATEDB;");
    private static final Finding SLOTS = new Finding(Severity.WARNING, "replication slots", null, "They stay.");

    private ManagedApplication application = application(MAIN);
    private final Map<String, JobObservation> jobs = new HashMap<>();
    private List<BackupPolicy> policies = List.of();
    private ServiceAccountObservation account = ServiceAccountObservation.NOT_NAMED;
    private Kept kept;
    private boolean restoring;
    private Instant restored;
    private Instant dropped;
    private boolean idle = true;
    private Instant now = START;

    @Test
    void givenANewApplication_whenItIsDecided_thenItsJobIsMadeWithTheSecretForRestores() {
        ReadinessDecision decision = decide();

        assertThat(decision.make().name()).matches("shop-restore-ready-[0-9a-f]{8}");
        assertThat(decision.make().task().kind()).isEqualTo(TaskKind.RESTORE_READY);
        assertThat(decision.make().task().database().credentials().name()).isEqualTo("keeper");
        assertThat(decision.make().task().secrets()).hasSize(1);
        assertThat(decision.make().task().storage()).isNull();
        assertThat(decision.make().startBy()).isEqualTo(START.plusSeconds(600));
        assertThat(told(decision))
                .isEqualTo("UNKNOWN InProgress It has not been looked yet whether restores would succeed.");
        assertThat(decision.lookAgain()).isEqualTo(START.plusSeconds(30));
        assertThat(decide().make().name())
                .as("a name that lasts")
                .isEqualTo(decision.make().name());
    }

    @Test
    void givenAServerThatAsksForACertificate_whenItIsLookedAt_thenThatOfTheDatabasesPolicyIsShown() {
        policies = List.of(policy("other", "{}"), policy("nightly", "{name: shop-client}"));

        assertThat(decide().make().task().database().clientCertificate().name()).isEqualTo("shop-client");
    }

    @Test
    void givenNoDatabases_whenItIsDecided_thenThereIsNoCondition() {
        application = application("");

        assertThat(decide()).isEqualTo(new ReadinessDecision(RestoreReady.NONE, null, null, null));
    }

    @Test
    void givenADatabaseWithoutARole_whenItIsDecided_thenItSaysHowToAddOne() {
        application = application(UNKEPT);

        assertThat(decide().make()).isNull();
        assertThat(told(decide()))
                .isEqualTo(
                        "UNKNOWN NoRestoreRole Nothing can restore database archive: spec.databases[archive].postgres has"
                                + " no adminSecretRef. On server old-db run, with the owner of archive for OWNER: CREATE ROLE"
                                + " mainstay_restore LOGIN PASSWORD '…' CREATEDB; GRANT OWNER TO mainstay_restore; GRANT"
                                + " pg_signal_backend TO mainstay_restore; Then put username and password into a Secret of namespace"
                                + " webshop, and name it in adminSecretRef.");
    }

    @Test
    void givenOneWithAndOneWithoutARole_whenTheOneIsReady_thenItIsNotSaidOfBoth() {
        application = application(MAIN + ", " + UNKEPT);
        ended(RIGHTS);
        assertThat(told(stand())).startsWith("FALSE GapsFound 1 gap keeps");
        now = now.plus(Duration.ofMinutes(15));
        ended();
        assertThat(told(stand()))
                .startsWith("UNKNOWN NoRestoreRole Nothing can restore database archive:")
                .contains("A restore would find what it needs. Database main");
    }

    @Test
    void givenNoGaps_whenItWasLookedAt_thenItIsTrueAndDueADayLaterAtATimeOfItsOwn() {
        ended(SLOTS);
        ReadinessDecision decision = stand();

        assertThat(told(decision))
                .isEqualTo(
                        "TRUE Passed A restore would find what it needs. Database main, looked at 2026-03-29T15:00:00Z: a"
                                + " second copy takes up to 90.0 MiB of the server's disk, of which nothing tells how full it is."
                                + " Warning, replication slots: They stay.");
        Instant due = decision.lookAgain();
        assertThat(due).isAfter(START).isBeforeOrEqualTo(START.plus(Duration.ofDays(1)));
        now = due.minusSeconds(1);
        assertThat(decide().make()).isNull();
        assertThat(ReadinessDecider.due(application, null, now)).isFalse();
        now = due;
        assertThat(ReadinessDecider.due(application, null, now)).isTrue();
        assertThat(decide().make()).isNotNull();
        assertThat(told(decide())).as("what is known stands meanwhile").startsWith("TRUE Passed");
    }

    @Test
    void givenGaps_whenItWasLookedAt_thenEachIsToldWithItsStatementAndItIsLookedAtAgainInAQuarterOfAnHour() {
        Finding signal = new Finding(Severity.ERROR, "sessions of app", "PermissionDenied", "Run: GRANT it;");
        ended(RIGHTS, signal, SLOTS);
        ReadinessDecision decision = stand();

        assertThat(told(decision))
                .isEqualTo("FALSE GapsFound 2 gaps keep a restore from succeeding; status.restoreReadiness has what was"
                        + " found. Database main, looked at 2026-03-29T15:00:00Z: rights: Run: ALTER ROLE \"keeper\""
                        + " CREATEDB; sessions of app: Run: GRANT it;");
        assertThat(decision.ready().found()).singleElement().satisfies(entry -> {
            assertThat(entry.findings()).hasSize(3);
            assertThat(entry.warnings()).isEqualTo(1);
        });
        assertThat(decision.lookAgain()).isEqualTo(START.plus(Duration.ofMinutes(15)));
        String first = jobs.keySet().iterator().next();
        now = decision.lookAgain();
        assertThat(decide().make().name()).isNotEqualTo(first);
    }

    /** Whoever dropped none of them finds them on the disk that a second copy needs. */
    @Test
    void givenKeptDatabases_whenItIsLookedAt_thenTheyAreNamedUntilNobodyCanLook() {
        kept = new Kept(
                3,
                List.of(
                        new KeptDatabase("ecommerce_before_1", 46L << 20),
                        new KeptDatabase("ecommerce_before_2", null)));
        ended();
        ReadinessDecision decision = stand();

        assertThat(told(decision))
                .endsWith(
                        " Kept by restores, on that disk too, until somebody drops them: ecommerce_before_1 (46.0 MiB),"
                                + " ecommerce_before_2 and 1 more.");
        assertThat(decision.ready().found()).singleElement().satisfies(entry -> {
            assertThat(entry.keptCount()).isEqualTo(3);
            assertThat(entry.kept())
                    .containsExactly(
                            new dev.mainstay.api.application.KeptDatabase("ecommerce_before_1", "46.0 MiB"),
                            new dev.mainstay.api.application.KeptDatabase("ecommerce_before_2", null));
            assertThat(ReadinessDecider.isCurrent(application, entry)).isTrue();
        });
        now = decision.lookAgain();
        job(null, "OOMKilled (exit code 137)", true);
        assertThat(stand().ready().found())
                .singleElement()
                .satisfies(entry -> assertThat(entry.keptCount()).isNull());
    }

    /** What it lists is gone, and the restore that kept it says so by what a look finds. */
    @Test
    void givenItWasLookedAt_whenARunHasDroppedAKeptDatabase_thenItIsLookedAtAgainAndNotByALookFromBefore() {
        ended();
        stand();
        now = decide().lookAgain();
        String daily = decide().make().name();
        running();
        assertThat(decide().make()).isNull();
        dropped = now;

        assertThat(ReadinessDecider.due(application, dropped, now)).isTrue();
        assertThat(decide().make().name()).isNotEqualTo(daily);
        assertThat(told(decide())).as("what is known stands meanwhile").startsWith("TRUE Passed");
        idle = false;
        now = now.plus(Duration.ofHours(1));
        assertThat(told(decide())).as("not for ever").startsWith("UNKNOWN");

        idle = true;
        ended();
        stand();
        assertThat(ReadinessDecider.due(application, dropped, now)).isFalse();
        assertThat(decide().make()).isNull();
    }

    @Test
    void givenItWasLookedAt_whenTheSpecChangesOrSomebodyAsks_thenItIsLookedAtAgain() {
        ended();
        stand();
        assertThat(decide().make()).isNull();

        application.getMetadata().setGeneration(2L);
        assertThat(decide().make()).isNotNull();
        application.getMetadata().setGeneration(1L);
        assertThat(decide().make()).isNull();

        application.getMetadata().setAnnotations(Map.of(Annotations.RUN_NOW, "1"));
        assertThat(decide().make()).isNotNull();
    }

    @Test
    void givenTwoDatabases_whenTheyAreLookedAt_thenOneFollowsTheOther() {
        application = application(MAIN + ", " + AUDIT);
        assertThat(decide().make().task().database().database()).isEqualTo("ecommerce");
        running();
        assertThat(decide().make()).isNull();
        ended();

        ReadinessDecision next = stand();

        assertThat(next.make().task().database().database()).isEqualTo("log");
        assertThat(told(next)).startsWith("UNKNOWN InProgress");
        ended();
        assertThat(told(stand())).startsWith("TRUE Passed").contains("Database audit, looked at");
    }

    @Test
    void givenWhatStandsAgainstEveryJob_whenItIsDecided_thenThereIsNoneAndItSaysWhy() {
        restoring = true;
        assertThat(decide().make()).isNull();
        assertThat(told(decide())).endsWith("A restore works on the application.");

        restoring = false;
        account = ServiceAccountObservation.NOT_ALLOWED;
        assertThat(decide().make()).isNull();
        assertThat(told(decide())).startsWith("UNKNOWN ServiceAccountNotAllowed");

        account = ServiceAccountObservation.NOT_NAMED;
        application.getMetadata().setAnnotations(Map.of(Annotations.PAUSED, "move"));
        assertThat(decide().make()).isNull();
        assertThat(told(decide())).startsWith("UNKNOWN Paused");

        application.getMetadata().setAnnotations(null);
        idle = false;
        assertThat(decide().make()).isNull();
        assertThat(decide().lookAgain()).isEqualTo(START.plusSeconds(30));
    }

    @Test
    void givenAPodThatSaidNothing_whenGapsWereFoundBefore_thenItIsUnknownAndTheyStandBesideIt() {
        ended(RIGHTS);
        stand();
        now = now.plus(Duration.ofMinutes(15));
        job(null, "OOMKilled (exit code 137)", true);
        ReadinessDecision decision = stand();

        assertThat(told(decision))
                .startsWith(
                        "UNKNOWN PodFailed It could not be looked whether a restore of database main would succeed: Pod ")
                .contains("OOMKilled");
        assertThat(decision.ready().found().getFirst().findings()).hasSize(1);
        assertThat(decision.lookAgain()).isEqualTo(now.plus(Duration.ofMinutes(15)));
        now = decision.lookAgain();
        restoring = true;
        assertThat(told(decide()))
                .startsWith("UNKNOWN PodFailed")
                .endsWith("A restore works on the application.")
                .doesNotContain("quarter");
    }

    @Test
    void givenAJobThatTheApiServerRefuses_whenNothingIsKnown_thenItsWordsAreToldAndWhatIsKnownStands() {
        assertThat(told(ReadinessDecider.notMade(decide(), Reason.FORBIDDEN, "no.")))
                .startsWith(
                        "UNKNOWN Forbidden It has not been looked yet whether restores would succeed. Job shop-restore-ready-")
                .endsWith(" can't be made, which is tried again: no.");
        ended();
        now = stand().lookAgain();

        assertThat(told(ReadinessDecider.notMade(decide(), Reason.FORBIDDEN, "no.")))
                .startsWith("TRUE Passed");
        now = now.plus(Duration.ofHours(1));
        assertThat(told(ReadinessDecider.notMade(decide(), Reason.FORBIDDEN, "no.")))
                .startsWith("UNKNOWN Forbidden It is not known whether restores would still succeed")
                .endsWith(" can't be made, which is tried again: no.");
    }

    @Test
    void givenATaskThatFailed_whenItIsDecided_thenItsReasonIsTold() {
        job(
                TaskJson.write(new TaskResult(
                        1,
                        TaskKind.RESTORE_READY,
                        TaskResult.Outcome.FAILED,
                        "DeadlineExceeded",
                        "Too slow.",
                        null,
                        null)),
                null,
                true);

        assertThat(told(stand())).startsWith("UNKNOWN DeadlineExceeded").contains("Too slow. It is tried again");
    }

    /** Its Pod may wait for a Secret, and would hold a place until the Job's own time is over. */
    @ParameterizedTest
    @CsvSource({
        "600, false, false, InProgress",
        "610, false, false, InProgress",
        "611, false, true, QuotaExceeded",
        "611, true, false, QuotaExceeded"
    })
    void givenAJobThatGetsNoPod_whenItsTimeIsOver_thenItIsEndedAndItSaysWhy(
            int seconds, boolean ending, boolean ended, String reason) {
        running();
        jobs.replaceAll((name, job) -> observation(name, null, ending));
        now = START.plusSeconds(seconds);

        ReadinessDecision decision = stand();

        assertThat(told(decision)).startsWith("UNKNOWN " + reason);
        assertThat(decision.end()).isEqualTo(ended ? jobs.keySet().iterator().next() : null);
        assertThat(decide().end()).as("once").isEqualTo(null);
    }

    /** Its Pod started at 15:00:00: what it saw may have been swapped since. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none,                 TRUE Passed",
                "2026-03-29T14:59:59Z, TRUE Passed",
                "2026-03-29T15:00:00Z, TRUE Passed",
                "2026-03-29T15:00:01Z, UNKNOWN Claimed"
            })
    void givenARestoreThatEndedAfterALookBegan_whenItsResultIsRead_thenItIsNotBelieved(Instant end, String expected) {
        running();
        ended();
        restored = end;
        now = START.plusSeconds(60);

        ReadinessDecision decision = stand();

        assertThat(told(decision)).startsWith(expected);
        if (expected.startsWith("UNKNOWN")) {
            assertThat(told(decision))
                    .endsWith(
                            "a restore ended at 2026-03-29T15:00:01Z, after the look had begun. It is tried again within"
                                    + " a quarter of an hour.");
            now = decision.lookAgain();
            assertThat(decide().make()).isNotNull();
        }
    }

    /** What was found of another spec, or long ago, is no answer of today. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "paused     | key     |    0 | UNKNOWN Paused",
                "paused     | date    |   59 | TRUE Passed",
                "paused     | date    |   60 | UNKNOWN Paused",
                "restoring  | date    |   60 | UNKNOWN Claimed",
                "account    | date    |   60 | UNKNOWN ServiceAccountNotAllowed",
                "no place   | key     |    0 | UNKNOWN InProgress",
                "no place   | date    |   59 | TRUE Passed",
                "no place   | date    |   60 | UNKNOWN InProgress",
                "Job runs   | date    |   59 | TRUE Passed",
                "Job runs   | date    |   60 | UNKNOWN InProgress"
            })
    void givenItPassed_whenNobodyLooksAgainInTime_thenItIsUnknownAndSaysSinceWhenAndWhy(
            String obstacle, String old, int minutes, String expected) {
        ended();
        Instant due = stand().lookAgain();
        now = old.equals("key") ? START.plusSeconds(60) : due.plus(Duration.ofMinutes(minutes));
        application.getMetadata().setGeneration(old.equals("key") ? 2L : 1L);
        if (obstacle.equals("Job runs")) {
            running();
        }
        restoring = obstacle.equals("restoring");
        idle = !obstacle.equals("no place");
        if (obstacle.equals("account")) {
            account = ServiceAccountObservation.NOT_ALLOWED;
        }
        if (obstacle.equals("paused")) {
            application.getMetadata().setAnnotations(Map.of(Annotations.PAUSED, "move"));
        }

        ReadinessDecision decision = decide();

        assertThat(told(decision)).startsWith(expected);
        if (expected.startsWith("UNKNOWN")) {
            assertThat(decision.ready().message())
                    .startsWith("It is not known whether restores would still succeed: database main, last looked at"
                            + " 2026-03-29T15:00:00Z, is to be looked at again.");
            assertThat(decision.ready().found()).as("what was found").hasSize(1);
        } else {
            assertThat(decision.lookAgain()).isBeforeOrEqualTo(due.plus(Duration.ofHours(1)));
        }
    }

    private static String told(ReadinessDecision decision) {
        RestoreReady ready = decision.ready();
        return ready.status() + " " + ready.reason().text() + " " + ready.message();
    }

    private ReadinessDecision decide() {
        return ReadinessDecider.decide(
                new ReadinessObservation(
                        application,
                        account,
                        "cluster",
                        policies,
                        Map.copyOf(jobs),
                        restoring,
                        restored,
                        dropped,
                        idle),
                now);
    }

    /** What is decided, and written down. */
    private ReadinessDecision stand() {
        ReadinessDecision decision = decide();
        application.setStatus(new ManagedApplicationStatus(
                1L,
                List.of(),
                null,
                List.of(),
                List.of(),
                null,
                read(decision.ready().found()),
                null));
        return decision;
    }

    /** As the API server gives it back. */
    private static List<RestoreReadiness> read(List<RestoreReadiness> written) {
        return written.stream()
                .map(entry -> Serialization.unmarshal(Serialization.asJson(entry), RestoreReadiness.class))
                .toList();
    }

    private void running() {
        job(null, null, false);
    }

    private void ended(Finding... findings) {
        int errors = (int) List.of(findings).stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .count();
        job(
                TaskJson.write(TaskResult.of(
                        TaskKind.RESTORE_READY,
                        new RestoreReport(
                                new Facts(
                                        "17.6",
                                        true,
                                        90L << 20,
                                        3,
                                        null,
                                        null,
                                        null,
                                        null,
                                        errors,
                                        findings.length - errors,
                                        List.of(findings),
                                        kept),
                                null,
                                null))),
                "Completed (exit code 0)",
                true);
    }

    /** The Job that is waited for now, in this state. */
    private void job(String message, String exit, boolean ended) {
        ReadinessDecision decision = decide();
        String name = decision.make() == null ? waited() : decision.make().name();
        jobs.put(
                name,
                observation(
                        name,
                        new PodObservation(name + "-x", null, null, START, ended, message, exit, null, null, null)));
    }

    private String waited() {
        return jobs.values().stream()
                .filter(job -> !job.pod().ended())
                .map(JobObservation::name)
                .findFirst()
                .orElseThrow();
    }

    private static JobObservation observation(String name, PodObservation pod) {
        return observation(name, pod, false);
    }

    private static JobObservation observation(String name, PodObservation pod, boolean ending) {
        return new JobObservation(
                "webshop", name, true, false, ending, START.plusSeconds(600), null, false, null, false, List.of(), pod);
    }

    private static ManagedApplication application(String databases) {
        return Serialization.unmarshal("""
                metadata: {name: shop, namespace: webshop, uid: uid-shop, generation: 1}
                spec: {databases: [%s]}
                """.formatted(databases), ManagedApplication.class);
    }

    private static BackupPolicy policy(String name, String certificate) {
        return Serialization.unmarshal(
                """
                metadata: {name: %s, namespace: webshop, uid: uid-%s, generation: 1}
                spec:
                  applicationRef: {name: shop}
                  storage: {s3: {bucket: backups}}
                  %s
                """.formatted(name, name, certificate.equals("{}") ? "" : "clientCertSecretRef: " + certificate),
                BackupPolicy.class);
    }
}
