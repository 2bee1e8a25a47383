package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.JobBuilder.backupJob;
import static dev.mainstay.core.backup.JobBuilder.verifyJob;
import static dev.mainstay.core.backup.Row.row;
import static dev.mainstay.core.backup.Situation.fresh;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Before a first attempt, and after the end. */
class BackupDeciderWaitingTest {

    static Stream<Row> beforeTheFirstAttempt() {
        return Stream.of(
                row("all is there", fresh(), "write down attempt 1"),
                row("no policy, just made", fresh().policy(null), "stuck: PolicyNotFound"),
                row("no policy for 59 minutes", fresh().policy(null).at("59m59s"), "stuck: PolicyNotFound"),
                row("no policy for an hour", fresh().policy(null).at("1h"), "fail: PolicyNotFound"),
                row("a policy that came late", fresh().at("10d"), "write down attempt 1"),
                row("no application", fresh().application(null), "stuck: ApplicationNotFound"),
                row("no application for a day", fresh().application(null).at("1d"), "stuck: ApplicationNotFound"),
                row(
                        "an application without databases",
                        fresh().application(Shop.application(List.of(), null)),
                        "stuck: DatabaseNotFound"),
                row(
                        "an sslMode of a newer version",
                        fresh().application(Shop.application(
                                List.of(Shop.database("ecommerce", SslMode.UNRECOGNIZED)), null)),
                        "stuck: InvalidSpec"),
                row("an unreadable policy", fresh().policy(unreadablePolicy()), "stuck: InvalidSpec"),
                row("an unreadable spec", fresh().unreadableSpec("spec.policyRef is a list"), "stuck: InvalidSpec"),
                row(
                        "a service account that nobody released",
                        fresh().application(Shop.application(
                                        List.of(Shop.database("ecommerce", SslMode.PREFER)), Shop.template("admin")))
                                .serviceAccount(ServiceAccountObservation.NOT_ALLOWED),
                        "stuck: ServiceAccountNotAllowed"),
                row(
                        "a service account that an administrator released",
                        fresh().serviceAccount(ServiceAccountObservation.ALLOWED),
                        "write down attempt 1"),
                row("a paused backup", fresh().paused("migration"), "wait: Paused"),
                row(
                        "a paused policy",
                        fresh().policy(Shop.annotated(Shop.policy(), Annotations.PAUSED, "")),
                        "wait: Paused"),
                row(
                        "a paused application",
                        fresh().application(Shop.annotated(Shop.application(), Annotations.PAUSED, "holidays")),
                        "wait: Paused"),
                row("one place left", fresh().places(19, 4), "write down attempt 1"),
                row("no place in the cluster", fresh().places(20, 0), "wait: ConcurrencyLimit"),
                row(
                        "one place left, and another has waited longer",
                        fresh().places(19, 0, 1),
                        "wait: ConcurrencyLimit"),
                row("two places left, and another has waited longer", fresh().places(18, 0, 1), "write down attempt 1"),
                row(
                        "no place, and a template of which no Job can be made",
                        fresh().places(20, 0).application(Shop.withRefusedTemplate(Shop.application())),
                        "stuck: InvalidSpec"),
                row("as many dumps of the server as may be", fresh().dumpsOnServer(5), "wait: ConcurrencyLimit"),
                row("no place in the namespace", fresh().places(5, 5), "wait: ConcurrencyLimit"),
                row(
                        "a paused backup and no policy: the first thing to mend",
                        fresh().policy(null).paused("migration"),
                        "stuck: PolicyNotFound"));
    }

    static Stream<Row> planned() {
        return Stream.of(
                row("an attempt in the status", with(attempt(1)), "make the backup Job of attempt 1"),
                row(
                        "its Job not seen again after an hour",
                        with(attempt(1)).at("1h"),
                        "make the backup Job of attempt 1"),
                row("a pause in between", with(attempt(1)).paused("migration"), "wait: Paused"),
                row("no place any more", with(attempt(1)).places(20, 0), "wait: ConcurrencyLimit"),
                row("the policy gone in between", with(attempt(1)).policy(null), "stuck: PolicyNotFound"),
                row(
                        "the policy gone for good",
                        with(attempt(1)).policy(null).at("1h"),
                        "give up attempt 1: PolicyNotFound"),
                row(
                        "its Job made by a pass whose status was lost",
                        with(attempt(1)).job(backupJob(1)).at("1m"),
                        "watch attempt 1: Starting"),
                row(
                        "that Job while the backup is paused",
                        with(attempt(1)).job(backupJob(1)).paused("migration").at("1m"),
                        "watch attempt 1: Starting"),
                row(
                        "a Job of that name with another owner",
                        with(attempt(1)).job(backupJob(1).foreign().running()),
                        "give up attempt 1: ForeignJob"));
    }

    static Stream<Row> ended() {
        return Stream.of(
                row("success", succeeded().at("10d"), "nothing, for ever"),
                row("success and no policy any more", succeeded().policy(null), "nothing, for ever"),
                row(
                        "failure with tries left",
                        with(attempt(1).failed(Reason.DUMP_FAILED, "9m"))
                                .phase(BackupPhase.FAILED)
                                .at("10d"),
                        "nothing, for ever"),
                row(
                        "failure and an unreadable spec",
                        with(attempt(1).failed(Reason.DUMP_FAILED, "9m"))
                                .phase(BackupPhase.FAILED)
                                .unreadableSpec("?"),
                        "nothing, for ever"),
                row(
                        "failure before any attempt",
                        fresh().policy(null).phase(BackupPhase.FAILED).at("2h"),
                        "nothing, for ever"),
                row(
                        "success whose verification's Pod would wait for ever",
                        with(attempt(1).succeeded("11m"))
                                .phase(BackupPhase.SUCCEEDED)
                                .job(verifyJob(1, 2).unschedulable("0/3 nodes"))
                                .at("12m"),
                        "end the Job"),
                row(
                        "failure whose Pod would wait for ever",
                        with(attempt(1).seen().failed(Reason.UNSCHEDULABLE, "11m"))
                                .phase(BackupPhase.FAILED)
                                .job(backupJob(1).unschedulable("0/3 nodes"))
                                .at("12m"),
                        "end the Job"),
                row(
                        "a phase of a newer version",
                        with(attempt(1).started("1m").succeeded("9m"))
                                .phase(BackupPhase.UNRECOGNIZED)
                                .at("10d"),
                        "leave alone"),
                row("an attempt's state of a newer version", with(attempt(1).unrecognized()), "leave alone"));
    }

    @ParameterizedTest
    @MethodSource({"beforeTheFirstAttempt", "planned", "ended"})
    void givenASituation_whenItIsDecided_thenOneStepFollows(Row row) {
        row.check();
    }

    @Test
    void givenAMissingPolicy_whenItIsReported_thenTheMessageNamesItAndTheTimeLeft() {
        assertThat(fresh().policy(null).at("20m").report().conditions())
                .anySatisfy(condition -> assertThat(condition.message())
                        .isEqualTo(
                                "spec.policyRef names BackupPolicy nightly, which does not exist in namespace webshop."
                                        + " Create it before 2026-03-29T02:00:00Z."));
    }

    @Test
    void givenAPause_whenItIsReported_thenTheMessageSaysWhoIsPausedAndWhyAndHowToGoOn() {
        assertThat(fresh().paused("migration").report().conditions())
                .anySatisfy(condition -> assertThat(condition.message())
                        .isEqualTo("DatabaseBackup first is paused: \"migration\". Remove its annotation"
                                + " mainstay.dev/paused to go on."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7  | 5 | Mainstay runs as many Jobs in namespace webshop as its setting limits.jobsPerNamespace allows, 5
            20 | 1 | Mainstay runs as many Jobs as its setting limits.jobs allows, 20
            21 | 5 | Mainstay runs as many Jobs as its setting limits.jobs allows, 20
            """)
    void givenAFullHouse_whenItIsReported_thenTheMessageNamesTheLimit(int running, int here, String message) {
        assertThat(fresh().places(running, here).report().conditions())
                .anySatisfy(condition ->
                        assertThat(condition.message()).isEqualTo(message + ". This backup has the next place."));
    }

    @Test
    void givenAStatusOfANewerVersion_whenItIsReported_thenNotAWordOfItIsChanged() {
        Situation situation = with(attempt(1).unrecognized()).phase(BackupPhase.UNRECOGNIZED);

        assertThat(situation.report()).isEqualTo(situation.observed());
    }

    @Test
    void givenAFinishedBackup_whenItIsReported_thenTheStatusIsTheObservedOne() {
        Situation situation = succeeded();

        assertThat(situation.report()).isEqualTo(situation.observed());
    }

    private static Situation succeeded() {
        return with(attempt(1).started("1m").succeeded("9m")).phase(BackupPhase.SUCCEEDED);
    }

    private static BackupPolicy unreadablePolicy() {
        BackupPolicy policy = Shop.policy(Shop.s3("backups", ChecksumMode.AUTO), VerificationLevel.FULL_READ, 2);
        policy.setSpec(null);
        policy.markUnreadableSpec("spec.storage is a list");
        return policy;
    }

    @Test
    void givenAServerThatIsBusyWithDumps_whenItIsReported_thenTheMessageNamesItsLimit() {
        assertThat(fresh().dumpsOnServer(5).report().conditions())
                .anySatisfy(condition -> assertThat(condition.message())
                        .isEqualTo("Mainstay dumps as many databases of db.shop.svc:5432 at once as its setting"
                                + " limits.dumpsPerServer allows, 5. This backup has the next place."));
    }

    @ParameterizedTest
    @CsvSource({
        "0, This backup has the next place.",
        "1, One other waits before this backup.",
        "2, 2 others wait before this backup.",
        "10, 10 others wait before this backup.",
        "11, More than 10 others wait before this backup.",
        "20, More than 10 others wait before this backup.",
        "21, More than 20 others wait before this backup.",
        "101, More than 100 others wait before this backup.",
        "950, More than 900 others wait before this backup."
    })
    void givenOthersWhoWait_whenThereIsNoPlace_thenTheMessageSaysHowManyGoBefore(int ahead, String told) {
        assertThat(fresh().places(20, 0, ahead).report().conditions())
                .filteredOn(condition -> condition.type().equals("Reconciling"))
                .singleElement()
                .satisfies(condition -> assertThat(condition.message()).endsWith("allows, 20. " + told));
    }
}
