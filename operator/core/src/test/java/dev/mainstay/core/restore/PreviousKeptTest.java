package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.restore.RestoreDecision.LeaveAlone;
import dev.mainstay.core.restore.RestoreDecision.NotKept;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a restore that is over says of the database that it has kept. */
class PreviousKeptTest {

    private static final Instant NOW = Restores.NOW;
    private static final String KEPT = "ecommerce_before_1";

    private static RestoreRequest over() {
        return Restores.with(Restores.request("a", "{policyRef: {name: nightly}}", ""), """
                {phase: Finished, outcome: Succeeded, claim: {application: shop, database: main},
                 completedAt: "2026-03-29T12:00:00Z",
                 plan: {location: "s3://b/last/", server: "db:5432", database: ecommerce, copy: ecommerce_restore_1,
                        previous: ecommerce_before_1},
                 previous: {database: ecommerce_before_1, size: 46.0 MiB, since: "2026-03-29T11:59:00Z"},
                 undoCommand: put it back,
                 conditions: [{type: Finished, status: "True", reason: Succeeded, message: done},
                              {type: PreviousKept, status: "True", reason: Kept, message: kept},
                              {type: Ready, status: "True", reason: Succeeded, message: done},
                              {type: Succeeded, status: "True", reason: Succeeded, message: done}]}
                """);
    }

    /** One that puts a kept database back, and has come to that. */
    private static RestoreRequest undo(String application, String copy, String swap, String phase) {
        return Restores.with(
                Restores.request(application, "b", "{previousOf: {name: a}}", ""), """
                {phase: %s, plan: {database: ecommerce, copy: %s, previous: ecommerce_before_2},
                 previous: {database: ecommerce_before_2},
                 steps: [{name: Swap, state: %s, finishedAt: "2026-03-29T14:00:00Z"}]}
                """.formatted(phase, copy, swap));
    }

    /** The application as it was looked at, with what of it is not as usual. */
    private static ManagedApplication looked(String at, String kept, String host) {
        ManagedApplication application = Restores.application("host: " + host);
        application.getMetadata().setGeneration(3L);
        application.setStatus(Serialization.unmarshal(
                """
                restoreReadiness: [{database: main, key: %s, checkedAt: "%s", errors: 0, warnings: 0, %s}]
                """.formatted(Names.digest(3L, null), at, kept), ManagedApplicationStatus.class));
        return application;
    }

    private static RestoreDecision decide(ManagedApplication application, RestoreRequest... others) {
        return PreviousKept.afterwards(over(), List.of(others), application);
    }

    @Test
    void givenASwap_whenItIsReported_thenItSaysWhatIsKeptWhereSinceWhenAndHowItIsDropped() {
        RestoreRequest request = over();
        request.setStatus(Restores.with(Restores.request("a", "{policyRef: {name: nightly}}", ""), """
                {phase: Running, plan: {server: "db:5432", database: ecommerce, copy: "ecommerce_restore_1", previous: "ecommerce_before_1"},
                 steps: [{name: Swap, state: Running}]}
                """)
                .getStatus());

        RestoreRequestStatus status = RestoreStatusReport.of(
                request,
                new RestoreDecision.Swapped(
                        new RestoreReport.Swap(RestoreReport.State.SWAPPED, NOW, 12L, 2, true, 46L << 20)),
                NOW);

        assertThat(Conditions.find(status.conditions(), "PreviousKept").orElseThrow())
                .satisfies(kept -> assertThat(kept.status()).isEqualTo(ConditionStatus.TRUE))
                .satisfies(kept -> assertThat(kept.reason()).isEqualTo("Kept"))
                .extracting(Condition::message)
                .isEqualTo(
                        "Database ecommerce_before_1 (46.0 MiB) is the one that was in place until 2026-03-29T15:22:00Z. It"
                                + " is kept on server db:5432, takes up its disk, and is never dropped by itself. status.undoCommand"
                                + " puts it back. When nobody needs it any more, a step databaseMaintain with dropPrevious drops it;"
                                + " or run as its owner, connected to another database: DROP DATABASE \"ecommerce_before_1\";");
    }

    @ParameterizedTest
    @CsvSource({
        "shop, ecommerce_before_1, Done,    Running,    true",
        "shop, ecommerce_before_1, Done,    Finished,   true",
        "shop, ecommerce_before_1, Running, Running,    false",
        "shop, ecommerce_before_1, Failed,  GivingBack, false",
        "shop, ecommerce_before_3, Done,    Finished,   false",
        "blog, ecommerce_before_1, Done,    Finished,   false"
    })
    void givenALaterRestore_whenItHasSwapped_thenWhatItPutBackIsKeptNoMore(
            String application, String copy, String swap, String phase, boolean back) {
        RestoreDecision decision = decide(null, undo(application, copy, swap, phase));

        if (back) {
            assertThat(decision).asInstanceOf(type(NotKept.class)).satisfies(gone -> {
                assertThat(gone.reason()).isEqualTo(Reason.PUT_BACK);
                assertThat(gone.message())
                        .isEqualTo("Database ecommerce_before_1 has its former name again since 2026-03-29T14:00:00Z:"
                                + " RestoreRequest b has put it back, and keeps the one that this restore had made as"
                                + " ecommerce_before_2.");
            });
        } else {
            assertThat(decision).isInstanceOf(LeaveAlone.class);
        }
    }

    /** Only who has looked after the restore, at its server, and has seen all that are there, can say that one is not. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2026-03-29T13:00:00Z | keptCount: 0                                                      | db    | true
            2026-03-29T13:00:00Z | 'keptCount: 1, kept: [{name: ecommerce_before_2}]'                | db    | true
            2026-03-29T13:00:00Z | 'keptCount: 1, kept: [{name: ecommerce_before_1, size: 46 MiB}]'  | db    | false
            2026-03-29T13:00:00Z | 'keptCount: 9, kept: [{name: ecommerce_before_2}]'                | db    | false
            2026-03-29T13:00:00Z | problem: {reason: PodFailed}                                      | db    | false
            2026-03-29T12:00:00Z | keptCount: 0                                                      | db    | false
            2026-03-29T11:00:00Z | keptCount: 0                                                      | db    | false
            2026-03-29T13:00:00Z | keptCount: 0                                                      | newdb | false
            """)
    void givenALook_whenNothingHasItsName_thenItIsKeptNoMore(String at, String kept, String host, boolean gone) {
        RestoreDecision decision = decide(looked(at, kept, host));

        if (gone) {
            assertThat(decision).asInstanceOf(type(NotKept.class)).satisfies(told -> {
                assertThat(told.reason()).isEqualTo(Reason.GONE);
                assertThat(told.message())
                        .startsWith(
                                "Database ecommerce_before_1, kept since 2026-03-29T11:59:00Z, was not on server db:5432"
                                        + " any more at 2026-03-29T13:00:00Z:");
            });
        } else {
            assertThat(decision).isInstanceOf(LeaveAlone.class);
        }
    }

    @Test
    void givenALookForAnotherSpec_thenItSaysNothing() {
        ManagedApplication changed = looked("2026-03-29T13:00:00Z", "keptCount: 0", "db");
        changed.getMetadata().setGeneration(4L);

        assertThat(decide(changed)).isInstanceOf(LeaveAlone.class);
    }

    @Test
    void givenItIsGone_whenItIsReported_thenAllElseStandsAndNothingOffersToPutItBack() {
        RestoreRequest request = over();
        RestoreRequestStatus before = request.getStatus();

        RestoreRequestStatus status =
                RestoreStatusReport.of(request, decide(looked("2026-03-29T13:00:00Z", "keptCount: 0", "db")), NOW);

        assertThat(status.previous()).isNull();
        assertThat(status.undoCommand()).isNull();
        assertThat(status.outcome()).isEqualTo(before.outcome());
        assertThat(status.completedAt()).isEqualTo(before.completedAt());
        assertThat(status.conditions())
                .extracting(condition -> condition.type() + " " + condition.status() + " " + condition.reason())
                .containsExactly(
                        "Finished TRUE Succeeded",
                        "PreviousKept FALSE Gone",
                        "Ready TRUE Succeeded",
                        "Succeeded TRUE Succeeded");
        request.setStatus(status);
        assertThat(PreviousKept.afterwards(request, List.of(), null)).isInstanceOf(LeaveAlone.class);
    }

    @Test
    void givenItIsGone_whenItIsToBePutBack_thenItSaysThatAndSinceWhen() {
        RestoreRequest earlier = over();
        earlier.setStatus(
                RestoreStatusReport.of(earlier, decide(looked("2026-03-29T13:00:00Z", "keptCount: 0", "db")), NOW));
        RestoreRequest undo = Restores.request("b", "{previousOf: {name: a}}", "");

        assertThat(SourceChoice.of(new Restores(undo).other(earlier).observation(), "main"))
                .asInstanceOf(type(SourceChoice.Missing.class))
                .satisfies(missing -> assertThat(missing.message())
                        .contains("keeps none any more. Database " + KEPT + ", kept since"));
    }
}
