package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.core.task.DatabaseMaintainWork.Kept;
import dev.mainstay.core.task.DatabaseMaintainWork.Previous;
import dev.mainstay.core.task.DatabaseMaintainWork.Spared;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kept databases the operator has dropped: none that a restore has not kept, or may still need. */
class PreviousDropsTest {

    private static final Instant NOW = Restores.NOW;
    private static final Duration TWO_WEEKS = Duration.ofDays(14);
    private static final String OLD = "2026-03-01T02:00:00Z";

    private static final String SUCCEEDED = """
            phase: Finished, outcome: Succeeded, claim: {application: shop, database: main},
            completedAt: "2026-03-01T03:00:00Z",
            plan: {location: "s3://b/last/", server: "db:5432", database: ecommerce, copy: ecommerce_restore_1},
            previous: {database: %s, size: 46.0 MiB, since: "%s"}""";

    private static RestoreRequest kept(String name, String since) {
        return kept("shop", name, since, "", "");
    }

    /** One that has kept a database, but for what is replaced. */
    private static RestoreRequest kept(String application, String name, String since, String what, String by) {
        String status = SUCCEEDED.formatted(DatabaseNames.previous("ecommerce", "uid-" + name), since);
        assertThat(status).contains(what);
        return Restores.with(
                Restores.request(application, name, "{policyRef: {name: nightly}}", ""),
                "{" + status.replace(what, by) + "}");
    }

    private static Previous choose(RestoreRequest... restores) {
        return choose(Restores.application("host: db"), restores);
    }

    private static Previous choose(ManagedApplication application, RestoreRequest... restores) {
        return PreviousDrops.choose(
                List.of(restores),
                application,
                application.getSpec().databases().getFirst(),
                TWO_WEEKS,
                Set.of("others", DatabaseNames.previous("ecommerce", "uid-used")),
                NOW);
    }

    /** Somebody looks at it in an application of its own. */
    @Test
    void givenAKeptDatabaseThatAnotherApplicationNames_whenItIsOld_thenItStays() {
        Previous choice = choose(kept("used", OLD));

        assertThat(choice.drop()).isEmpty();
        assertThat(choice.spared())
                .singleElement()
                .satisfies(spared ->
                        assertThat(spared.why()).endsWith("spec.databases of a ManagedApplication names it."));
    }

    @Test
    void givenMany_whenSomebodyIsAskedToApproveIt_thenAFewAreNamedAndTheOthersCounted() {
        ManagedApplication application = Restores.application("host: db");
        RestoreRequest[] all = IntStream.range(0, 9)
                .mapToObj(number -> kept("r" + number, number < 5 ? OLD : "2026-03-15T15:22:01Z"))
                .toArray(RestoreRequest[]::new);

        String told = PreviousDrops.told(
                choose(application, all),
                application,
                application.getSpec().databases().getFirst(),
                NOW);

        assertThat(told).contains("; and 2 more.").endsWith("2 more stay.").hasSizeLessThan(800);
    }

    @Test
    void givenSeveral_whenOneIsTooYoung_thenTheOldOnesAreDroppedTheOldestFirst() {
        Previous choice =
                choose(kept("young", "2026-03-15T15:22:01Z"), kept("b", "2026-03-15T15:22:00Z"), kept("a", OLD));

        assertThat(choice.drop())
                .containsExactly(
                        new Kept(DatabaseNames.previous("ecommerce", "uid-a"), "a", "uid-a", Instant.parse(OLD)),
                        new Kept(
                                DatabaseNames.previous("ecommerce", "uid-b"),
                                "b",
                                "uid-b",
                                Instant.parse("2026-03-15T15:22:00Z")));
        String young = DatabaseNames.previous("ecommerce", "uid-young");
        assertThat(choice.spared())
                .containsExactly(new Spared(
                        young,
                        "Database " + young + ", kept by RestoreRequest young, stays: it is kept since"
                                + " 2026-03-15T15:22:01Z, not for 14d yet (dropPrevious.olderThan).",
                        false));
    }

    /** What is not as after a restore that has succeeded, and what is said then. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            phase: Finished     | phase: Running      | false | that restore has not ended.
            phase: Finished     | phase: GivingBack   | false | that restore has not ended.
            outcome: Succeeded  | outcome: Unhealthy  | true  | that restore has not succeeded (Unhealthy), and may have to be undone.
            'outcome: Succeeded,' | ''                | true  | that restore has not succeeded, and may have to be undone.
            server: "db:5432"   | server: "old:5432"  | false | it was kept of ecommerce on server old:5432,
            database: ecommerce, | database: orders,  | false | it was kept of orders on server db:5432,
            'database: %s'      | database: accounts  | true  | it does not have the name that this restore gives.
            'since: "%s"'       | since: null         | true  | it does not have the name that this restore gives.
            database: main      | database: other     | -     | -
            application: shop   | application: shop   | drop  | -
            """)
    void givenOneRestore_whenItIsNotProvenOrNeeded_thenItsDatabaseStays(
            String what, String by, String odd, String why) {
        String name = DatabaseNames.previous("ecommerce", "uid-a");
        RestoreRequest request = kept(
                "shop",
                "a",
                OLD,
                what.replace("database: %s", "database: " + name).replace("since: \"%s\"", "since: \"" + OLD + "\""),
                by);

        Previous choice = choose(request);

        assertThat(choice.drop()).hasSize("drop".equals(odd) ? 1 : 0);
        if (why == null) {
            assertThat(choice.spared()).isEmpty();
        } else {
            assertThat(choice.spared()).singleElement().satisfies(spared -> {
                assertThat(spared.odd()).isEqualTo(Boolean.valueOf(odd));
                assertThat(spared.why()).contains(", kept by RestoreRequest a, stays: " + why);
            });
        }
    }

    /** Who puts it back needs it, from when the request is made. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shop | previousOf: {name: a}    |               | {phase: Pending}                                     | true
            shop | previousOf: {name: a}    |               | {phase: Running}                                     | true
            shop | policyRef: {name: night} |               | {phase: Running, plan: {copy: PREVIOUS}}             | true
            shop | previousOf: {name: a}    |               | {phase: Finished, outcome: Failed}                   | false
            shop | previousOf: {name: a}    | dryRun: true  | {phase: Pending}                                     | false
            shop | previousOf: {name: c}    |               | {phase: Pending}                                     | false
            shop | policyRef: {name: night} |               | {phase: Running, plan: {copy: ecommerce_restore_2}}  | false
            blog | previousOf: {name: a}    |               | {phase: Pending}                                     | false
            """)
    void givenAnotherRestore_whenItIsToPutItBack_thenItStays(
            String application, String source, String more, String status, boolean needed) {
        String name = DatabaseNames.previous("ecommerce", "uid-a");
        RestoreRequest other = Restores.with(
                Restores.request(application, "b", "{" + source + "}", more == null ? "" : more),
                status.replace("PREVIOUS", name));

        Previous choice = choose(kept("a", OLD), other);

        assertThat(choice.drop()).hasSize(needed ? 0 : 1);
        assertThat(choice.spared().stream().map(Spared::why))
                .isEqualTo(
                        needed
                                ? List.of("Database " + name
                                        + ", kept by RestoreRequest a, stays: RestoreRequest b is to put it back.")
                                : List.of());
    }

    @Test
    void givenARestoreOfAnotherApplication_orOneThatKeepsNone_thenNothingIsSaidOfIt() {
        RestoreRequest none = kept("none", OLD);
        none.setStatus(null);

        assertThat(choose(kept("blog", "a", OLD, "", ""), none)).isEqualTo(new Previous(List.of(), List.of()));
    }

    @Test
    void givenAKeptDatabaseThatTheApplicationUses_thenItStays() {
        ManagedApplication application = Restores.application("host: db");
        String name = DatabaseNames.previous("ecommerce", "uid-a");
        ManagedApplication uses = Serialization.unmarshal(
                Serialization.asYaml(application)
                        .replace(
                                "databases:",
                                "databases:\n  - {name: old, postgres: {host: db, database: " + name + "}}"),
                ManagedApplication.class);

        Previous choice = PreviousDrops.choose(
                List.of(kept("a", OLD)), uses, uses.getSpec().databases().getLast(), TWO_WEEKS, Set.of(), NOW);

        assertThat(choice.drop()).isEmpty();
        assertThat(choice.spared())
                .singleElement()
                .satisfies(spared ->
                        assertThat(spared.why()).endsWith("stays: spec.databases of a ManagedApplication names it."));
    }

    @Test
    void givenMoreThanATaskHolds_thenTheOldestAreDroppedAndTheRestTheNextTime() {
        List<RestoreRequest> many = new ArrayList<>(IntStream.range(0, PreviousDrops.MOST + 5)
                .mapToObj(i -> kept("r" + i, Instant.parse(OLD).minusSeconds(i).toString()))
                .toList());

        Previous choice = choose(many.toArray(RestoreRequest[]::new));

        assertThat(choice.drop()).hasSize(PreviousDrops.MOST);
        assertThat(choice.drop().getFirst().request()).isEqualTo("r" + (PreviousDrops.MOST + 4));
    }

    @Test
    void whatIsDroppedIsToldWithItsAgeItsSizeAndWhatStays() {
        ManagedApplication application = Restores.application("host: db");
        String first = DatabaseNames.previous("ecommerce", "uid-a");
        String second = DatabaseNames.previous("ecommerce", "uid-b");
        application.setStatus(Serialization.unmarshal("""
                restoreReadiness: [{database: main, kept: [{name: %s, size: 48.0 MiB}, {name: %s}]}]
                """.formatted(first, second), ManagedApplicationStatus.class));
        Previous choice = choose(
                application, kept("a", OLD), kept("b", "2026-03-02T02:00:00Z"), kept("c", "2026-03-29T02:00:00Z"));

        assertThat(PreviousDrops.told(
                        choice, application, application.getSpec().databases().getFirst(), NOW))
                .isEqualTo("As things stand, it drops " + first
                        + " (48.0 MiB), kept since 2026-03-01T02:00:00Z (28d) by RestoreRequest a; "
                        + second
                        + ", kept since 2026-03-02T02:00:00Z (27d) by RestoreRequest b. Database "
                        + DatabaseNames.previous("ecommerce", "uid-c")
                        + ", kept by RestoreRequest c, stays: it is kept since 2026-03-29T02:00:00Z, not for 14d yet"
                        + " (dropPrevious.olderThan).");
        assertThat(PreviousDrops.told(
                        new Previous(List.of(), List.of()),
                        application,
                        application.getSpec().databases().getFirst(),
                        NOW))
                .isEqualTo("As things stand, no kept database is dropped.");
    }
}
