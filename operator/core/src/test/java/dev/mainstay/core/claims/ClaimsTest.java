package dev.mainstay.core.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimsTest {

    private static final Instant NOW = Instant.parse("2026-03-29T01:00:00Z");

    static Stream<Arguments> pairs() {
        return Stream.of(Operation.values())
                .flatMap(holder -> Stream.of(Operation.values()).map(asking -> Arguments.of(holder, asking)));
    }

    @ParameterizedTest(name = "{0}, then {1}")
    @MethodSource("pairs")
    void givenOneOperation_whenAnotherAsks_thenTheyMeetOnlyWhereBothRead(Operation holder, Operation asking) {
        Claims standing = Claims.NONE.decide(request(holder, "a"), NOW).after();

        Claims.Outcome outcome = standing.decide(request(asking, "b"), NOW.plusSeconds(60));

        boolean meet = !excludes(holder, asking);
        assertThat(outcome.answer())
                .isEqualTo(
                        meet
                                ? new ClaimAnswer.Granted(NOW.plusSeconds(60))
                                : new ClaimAnswer.Wait(holder("a"), NOW.plusSeconds(60)));
        Grant first = outcome.after().of(holder("a")).orElseThrow();
        assertThat(first.makeRoomFor())
                .as("only emergencies are made room for, and not by each other")
                .isEqualTo(!meet && asking.emergency() && !holder.emergency() ? holder("b") : null);
        assertThat(outcome.after()
                        .decide(request(asking, "b"), NOW.plusSeconds(90))
                        .after())
                .as("asked again, nothing changes")
                .isEqualTo(outcome.after());
        assertThat(outcome.after()
                        .without(ended -> ended.is(holder("a")))
                        .decide(request(asking, "b"), NOW.plusSeconds(120))
                        .answer())
                .as("once the first has ended")
                .isInstanceOf(ClaimAnswer.Granted.class);
    }

    private static boolean excludes(Operation one, Operation other) {
        return one.claims("main").stream()
                .anyMatch(claim -> other.claims("main").stream().anyMatch(claim::excludes));
    }

    @ParameterizedTest(name = "{0} makes {1}")
    @MethodSource("pairs")
    void givenAnOperation_whenOneThatItMadeAsks_thenItInheritsWhatItsMakerHasAndNoMore(
            Operation parent, Operation child) {
        Claims standing = Claims.NONE.decide(request(parent, "parent"), NOW).after();

        Claims.Outcome outcome = standing.decide(request(child, "child").madeBy("uid-parent"), NOW);

        boolean covered = child.claims("main").stream()
                .allMatch(want -> parent.claims("main").stream().anyMatch(claim -> claim.covers(want)));
        assertThat(outcome.answer())
                .isEqualTo(
                        covered
                                ? new ClaimAnswer.Inherited(holder("parent"))
                                : new ClaimAnswer.Exceeds(holder("parent")));
        assertThat(outcome.after()).isEqualTo(standing);
    }

    @ParameterizedTest
    @EnumSource
    void givenAnOperation_whenItsMakerHasNothing_thenItAsksForItself(Operation operation) {
        assertThat(Claims.NONE
                        .decide(request(operation, "a").madeBy("uid-of-a-run-that-waits"), NOW)
                        .answer())
                .isEqualTo(new ClaimAnswer.Granted(NOW));
    }

    @Test
    void givenADatabaseOfAnotherName_whenItIsAskedFor_thenNobodyIsInTheWay() {
        Claims standing = Claims.NONE
                .decide(ClaimRequest.of(Operation.STEP_DATABASE_MAINTAIN, holder("a"), "main"), NOW)
                .after();

        assertThat(standing.decide(ClaimRequest.of(Operation.BACKUP, holder("b"), "second"), NOW)
                        .answer())
                .isEqualTo(new ClaimAnswer.Granted(NOW));
    }

    @Test
    void givenTwoWhoWait_whenAThirdComesThatCouldGoBetween_thenItWaitsBehindThem() {
        Claims claims = after(Claims.NONE, Operation.BACKUP, "a", 0);
        claims = after(claims, Operation.STEP_DATABASE_MAINTAIN, "b", 1);

        Claims.Outcome third = claims.decide(request(Operation.BACKUP, "c"), NOW.plusSeconds(2));

        assertThat(third.answer())
                .as("a stream of backups would keep the exclusive one waiting for ever")
                .isEqualTo(new ClaimAnswer.Wait(holder("b"), NOW.plusSeconds(2), ClaimAnswer.Doing.WAITS_AHEAD));
        assertThat(third.after()
                        .without(ended -> ended.is(holder("a")))
                        .decide(request(Operation.STEP_DATABASE_MAINTAIN, "b"), NOW.plusSeconds(3))
                        .answer())
                .isEqualTo(new ClaimAnswer.Granted(NOW.plusSeconds(3)));
    }

    @ParameterizedTest
    @CsvSource({
        "WORKS, works on the workloads of ManagedApplication shop",
        "WAITS_AHEAD, 'waits for the workloads of ManagedApplication shop too, and came before this one'",
        "AWAITS_PERSON, 'has the workloads of ManagedApplication shop, and waits for a person: approve it, reject it or cancel it'"
    })
    void givenOneInTheWay_whenThatIsTold_thenItSaysWhatItDoesAndHowToLookAtIt(ClaimAnswer.Doing doing, String told) {
        ClaimAnswer.Wait wait = new ClaimAnswer.Wait(new Holder("MaintenanceRun", "tuesday", "u"), NOW, doing);

        assertThat(wait.told("the workloads of ManagedApplication shop", "prod"))
                .isEqualTo("MaintenanceRun tuesday " + told
                        + " (kubectl describe maintenancerun tuesday --namespace prod)");
    }

    @Test
    void givenOneThatWaits_whenAnEmergencyComes_thenItGoesFirst() {
        Claims claims = after(Claims.NONE, Operation.BACKUP, "a", 0);
        claims = after(claims, Operation.STEP_DATABASE_MAINTAIN, "b", 1);
        claims = after(claims, Operation.RESTORE_INTO_EMPTY, "c", 2).without(ended -> ended.is(holder("a")));

        assertThat(claims.decide(request(Operation.STEP_DATABASE_MAINTAIN, "b"), NOW)
                        .answer())
                .isEqualTo(new ClaimAnswer.Granted(NOW));
        assertThat(claims.decide(request(Operation.RESTORE_INTO_EMPTY, "c"), NOW)
                        .answer())
                .isEqualTo(new ClaimAnswer.Granted(NOW));
    }

    @Test
    void givenAnEmergencyThatIsGone_whenItsLinesAreTakenAway_thenNobodyIsAskedToEndForIt() {
        Claims claims = after(Claims.NONE, Operation.BACKUP, "a", 0);
        claims = after(claims, Operation.RESTORE_INTO_EMPTY, "b", 1);
        assertThat(claims.of(holder("a")).orElseThrow().makeRoomFor()).isEqualTo(holder("b"));

        claims = claims.without(ended -> ended.is(holder("b")));

        assertThat(claims.of(holder("a")).orElseThrow().makeRoomFor()).isNull();
        assertThat(claims.waiting()).isEmpty();
    }

    @Test
    void givenTheRecordIsLost_whenHoldersSayWhatTheyHave_thenItIsAsBefore() {
        Claims before = after(after(Claims.NONE, Operation.BACKUP, "a", 0), Operation.ROLLBACK, "b", 1);

        assertThat(Claims.NONE.with(before.grants())).isEqualTo(before);
        assertThat(before.with(before.grants())).isEqualTo(before);
    }

    @Test
    void givenOneThatNeedsMoreThanItHas_whenItAsks_thenItKeepsWhatItHasUntilItGetsTheRest() {
        Claims claims = after(after(Claims.NONE, Operation.RESTORE_ASIDE, "a", 0), Operation.ROLLBACK, "b", 1);
        claims = after(claims, Operation.RESTORE_SWAP, "a", 2);

        assertThat(claims.of(holder("a")).orElseThrow().claims()).isEqualTo(Operation.RESTORE_ASIDE.claims("main"));
        claims = claims.without(ended -> ended.is(holder("b")));
        claims = after(claims, Operation.RESTORE_SWAP, "a", 3);
        assertThat(claims.of(holder("a")).orElseThrow().claims()).isEqualTo(Operation.RESTORE_SWAP.claims("main"));
        assertThat(claims.waiting()).isEmpty();
    }

    /** Whatever comes in whatever order, nobody who excludes another works beside it, and everybody has a turn. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void givenManyOperations_whenTheyComeAndGo_thenNoTwoCollideAndNoneWaitsForEver(long seed) {
        Random random = new Random(seed);
        List<Operation> asking = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            asking.add(Operation.values()[random.nextInt(Operation.values().length)]);
        }
        boolean[] done = new boolean[asking.size()];
        Claims claims = Claims.NONE;
        for (int round = 0; round < 100_000; round++) {
            int i = random.nextInt(asking.size());
            if (done[i]) {
                continue;
            }
            // A restore first reads, then swaps.
            Operation wanted = asking.get(i);
            boolean began = claims.of(holder("" + i)).isPresent();
            Operation now = wanted == Operation.RESTORE_SWAP && !began ? Operation.RESTORE_ASIDE : wanted;
            Claims.Outcome outcome = claims.decide(request(now, "" + i), NOW.plusSeconds(round));
            claims = outcome.after();
            assertNoCollision(claims);
            if (outcome.answer() instanceof ClaimAnswer.Granted && now == wanted && random.nextBoolean()) {
                done[i] = true;
                String name = "" + i;
                claims = claims.without(ended -> ended.is(holder(name)));
            }
        }
        assertThat(done).as("%s", claims).doesNotContain(false);
        assertThat(claims).isEqualTo(Claims.NONE);
    }

    private static void assertNoCollision(Claims claims) {
        for (Grant one : claims.grants()) {
            for (Grant other : claims.grants()) {
                assertThat(one != other && one.excludes(other.claims()))
                        .as("%s beside %s", one, other)
                        .isFalse();
            }
        }
    }

    @Test
    void givenMoreThanFit_whenOneMoreAsks_thenItWaitsAndTheRecordStaysBounded() {
        Claims claims = Claims.NONE;
        for (int i = 0; i < 1_000; i++) {
            claims = after(claims, Operation.BACKUP, "" + i, i);
        }

        assertThat(claims.grants()).hasSize(200);
        assertThat(claims.waiting()).hasSize(200);
    }

    private static Claims after(Claims claims, Operation operation, String name, int seconds) {
        return claims.decide(request(operation, name), NOW.plusSeconds(seconds)).after();
    }

    private static ClaimRequest request(Operation operation, String name) {
        return ClaimRequest.of(operation, holder(name), "main");
    }

    private static Holder holder(String name) {
        return new Holder("Any", name, "uid-" + name);
    }

    @Test
    void everyEmergencyIsARestoreOrARollback() {
        assertThat(Arrays.stream(Operation.values()).filter(Operation::emergency))
                .allMatch(operation -> operation.name().matches("RESTORE_(?!TEST).*|ROLLBACK"));
    }
}
