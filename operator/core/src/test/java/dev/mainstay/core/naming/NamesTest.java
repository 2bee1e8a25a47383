package dev.mainstay.core.naming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.TaskKind;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The names here hold for ever: the next release has to find the Jobs and folders of the last one. */
class NamesTest {

    private static final String UID = "b1c2d3e4-0000-4000-8000-000000000001";
    private static final String LONGEST = "shop-" + "a".repeat(247) + "z";

    @ParameterizedTest
    @CsvSource({
        "first, 1, BACKUP, 1, first-1-f3667903",
        "first, 2, BACKUP, 1, first-2-2120b9f8",
        "first, 1, SETTLE, 1, first-1-settle-1-939859ad",
        "first, 1, SETTLE, 2, first-1-settle-2-998fc619",
        "first, 1, VERIFY, 1, first-1-verify-1-8622ccaf",
        "first, 11, SETTLE, 6, first-11-settle-6-9f066a1c",
        "shop.nightly, 1, BACKUP, 1, shop-nightly-1-f3667903",
        "shop.example.org.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.c, 1, SETTLE, 1,"
                + " shop-example-org-b-b-b-b-b-b-b-b-b-058beb7c-1-settle-1-939859ad",
    })
    void givenATask_whenItsJobIsNamed_thenTheNameIsTheOneOfEveryRelease(
            String backup, int attempt, TaskKind kind, int sequence, String name) {
        assertThat(Names.job(backup, UID, attempt, kind, sequence)).isEqualTo(name);
    }

    @Test
    void givenAPolicyOrApplication_whenWhatBelongsToItIsNamed_thenTheNameIsTheOneOfEveryRelease() {
        assertThat(Names.preflight("shop.nightly", UID, "0a1b2c3d")).isEqualTo("shop-nightly-preflight-00772658");
        assertThat(Names.preflight(LONGEST, UID, "0a1b2c3d")).hasSize(63).endsWith("-preflight-00772658");
        assertThat(Names.findings("shop.nightly")).isEqualTo("shop.nightly-preflight");
        assertThat(Names.findings(LONGEST)).hasSize(253).endsWith("-preflight");
        assertThat(Names.claims("shop")).isEqualTo("shop.claims.mainstay.dev");
        assertThat(Names.claims(LONGEST)).hasSize(253).endsWith(".claims.mainstay.dev");
    }

    @Test
    void givenANameThatAPolicyGivesToItsSlots_whenItIsRead_thenTheSlotIsFoundAndInNoOther() {
        Instant slot = Instant.parse("2026-03-29T01:00:00Z");
        for (String policy : List.of("nightly", "shop.nightly", LONGEST)) {
            assertThat(Names.slotOf(policy, Names.slot(policy, slot))).hasValue(slot);
        }
        for (String name : List.of(
                "nightly", "nightly-", "nightly-20260329t0100", "weekly-20260329t0100z", "nightly-20261329t0100z")) {
            assertThat(Names.slotOf("nightly", name)).as(name).isEmpty();
        }
        assertThat(Names.attached("nightly", "20260329T010002Z-b1c2d3e4-1"))
                .isEqualTo("nightly-20260329t010002z-b1c2d3e4-1");
    }

    @Test
    void givenTheLongestName_whenItsJobsAreNamed_thenTheyFitWithAHashTail() {
        assertThat(LONGEST).hasSize(253);
        assertThat(Names.job(LONGEST, UID, 1, TaskKind.BACKUP, 1))
                .hasSize(63)
                .isEqualTo("shop-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-244cdb06-1-f3667903");
        assertThat(Names.job(LONGEST, UID, 11, TaskKind.VERIFY, 3))
                .hasSize(63)
                .isEqualTo("shop-aaaaaaaaaaaaaaaaaaaaaaaaaaaa-244cdb06-11-verify-3-95393f65");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void givenAnyObjectName_whenItsJobsAreNamed_thenEachIsALabelAndAllDiffer(long seed) {
        Random random = new Random(seed);
        Set<String> names = new HashSet<>();
        int made = 0;
        for (int i = 0; i < 300; i++) {
            String backup = objectName(random);
            String uid = new UUID(random.nextLong(), random.nextLong()).toString();
            for (TaskKind kind : TaskKind.values()) {
                for (int sequence = 1; sequence <= (kind == TaskKind.BACKUP ? 1 : 6); sequence++) {
                    String name = Names.job(backup, uid, 11, kind, sequence);
                    assertThat(name).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
                    names.add(name);
                    made++;
                }
            }
        }
        assertThat(names).hasSize(made);
    }

    @Test
    void givenABackupMadeAgainUnderItsName_whenItsJobIsNamed_thenItNeverFindsTheJobsOfTheFirst() {
        Random random = new Random(1);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            names.add(Names.job(
                    "first", new UUID(random.nextLong(), random.nextLong()).toString(), 1, TaskKind.BACKUP, 1));
        }
        assertThat(names).hasSize(2_000);
    }

    @Test
    void givenTwoLongNamesOfTheSameBeginning_whenTheyAreCut_thenTheyDiffer() {
        assertThat(Names.label("a".repeat(80) + "x")).isNotEqualTo(Names.label("a".repeat(80) + "y"));
    }

    @ParameterizedTest
    @CsvSource({
        "nightly, 2026-03-29, nightly-run-7bf18e6f",
        "nightly, 1, nightly-run-6b86b273",
        "night.ly, x, night.ly-run-2d711642",
        "ppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp, 1,"
                + " ppppppppppppppppppppppppppppppppppppppp-ca6d4758-run-6b86b273",
        "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq, 1,"
                + " qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq-run-6b86b273",
    })
    void givenAValueOfRunNow_whenItsBackupIsNamed_thenTheNameIsTheOneOfEveryRelease(
            String policy, String value, String name) {
        assertThat(Names.runNow(policy, value)).isEqualTo(name).hasSizeLessThanOrEqualTo(63);
    }

    @ParameterizedTest
    @CsvSource({
        "nightly, 2026-03-29T01:00:00Z, nightly-20260329t0100z",
        "nightly, 2026-10-25T00:00:00Z, nightly-20261025t0000z",
        "nightly, 2026-10-25T01:00:00Z, nightly-20261025t0100z",
        "night.ly, 2026-12-31T23:59:00Z, night.ly-20261231t2359z",
        "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq, 2026-03-29T01:00:00Z, qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq-20260329t0100z",
        "ppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp, 2026-03-29T01:00:00Z,"
                + " ppppppppppppppppppppppppppppppppppppppp-ca6d4758-20260329t0100z",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbb, 2026-03-29T01:00:00Z,"
                + " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-a078eeed-20260329t0100z",
    })
    void givenASlot_whenItsBackupIsNamed_thenTheNameIsTheOneOfEveryRelease(String policy, Instant slot, String name) {
        assertThat(Names.slot(policy, slot)).isEqualTo(name).hasSizeLessThanOrEqualTo(63);
    }

    @Test
    void givenAName_whenItBecomesALabel_thenItStaysAsItIsUpTo63Characters() {
        String fits = "p".repeat(63);

        assertThat(Names.label("shop.nightly")).isEqualTo("shop.nightly");
        assertThat(Names.label(fits)).isEqualTo(fits);
        assertThat(Names.label(fits + "p")).hasSize(63).isEqualTo("p".repeat(54) + "-153ac90a");
        assertThat(Names.label(LONGEST)).hasSize(63).endsWith("-244cdb06");
    }

    @Test
    void givenACutRightAfterADot_whenItBecomesALabel_thenTheDotIsLeftOut() {
        assertThat(Names.label("a".repeat(53) + "." + "b".repeat(20))).isEqualTo("a".repeat(53) + "-faf921a0");
    }

    @ParameterizedTest
    @CsvSource({
        "'', webshop/nightly/20260329T010002Z-b1c2d3e4-1/",
        "prod, prod/webshop/nightly/20260329T010002Z-b1c2d3e4-1/",
        "eu/prod, eu/prod/webshop/nightly/20260329T010002Z-b1c2d3e4-1/"
    })
    void givenAPrefix_whenAnAttemptsFolderIsNamed_thenItSortsByTimeBelowItsPolicy(String prefix, String folder) {
        assertThat(Names.attemptFolder(
                        Names.policyFolder(prefix, "webshop", "nightly"),
                        Instant.parse("2026-03-29T01:00:02Z"),
                        UID,
                        1))
                .isEqualTo(folder);
    }

    private static String objectName(Random random) {
        int length = 1 + random.nextInt(253);
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < length; i++) {
            boolean edge = i == 0 || i == length - 1;
            name.append("abcxyz0189-.".charAt(random.nextInt(edge ? 10 : 12)));
        }
        return name.toString();
    }
}
