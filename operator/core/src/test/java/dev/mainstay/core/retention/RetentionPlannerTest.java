package dev.mainstay.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.Retention;
import dev.mainstay.api.backup.VerificationLevel;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules by hand: each case names its backups by their time, and says what becomes of them. */
class RetentionPlannerTest {

    private static final String FIELDS = "last|hourly|daily|weekly|monthly|yearly|within|minGood";

    /**
     * Backups: a time in UTC; {@code !} not proven, {@code *} made by hand and kept until the year 2030, {@code +} made
     * by hand, its time to be kept is over. In brackets, what keeps it; {@code -} when it goes.
     */
    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(
            delimiter = ';',
            value = {
                "last=2; UTC; 2026-03-29T12:00Z; 03-29T02:00[last 1 of 2] 03-28T02:00[last 2 of 2] 03-27T02:00-",
                // A day belongs to the policy's zone: 23:30 in UTC is the next day in Berlin.
                "daily=2; Europe/Berlin; 2026-03-29T12:00Z;"
                        + " 03-28T23:30[daily 2026-03-29] 03-28T22:30[daily 2026-03-28] 03-27T23:30- 03-27T22:30-",
                "daily=2; UTC; 2026-03-29T12:00Z; 03-28T23:30[daily 2026-03-28] 03-28T22:30- 03-27T23:30[daily 2026-03-27]"
                        + " 03-27T22:30-",
                // The 25-hour day of autumn, and its hour that comes twice.
                "daily=1; Europe/Berlin; 2026-10-26T12:00Z; 10-25T22:30[daily 2026-10-25] 10-24T22:30- 10-24T21:30-",
                "hourly=3; Europe/Berlin; 2026-10-25T12:00Z; 10-25T01:40[hourly 2026-10-25T02+01:00] 10-25T01:10-"
                        + " 10-25T00:10[hourly 2026-10-25T02+02:00] 10-24T23:10[hourly 2026-10-25T01+02:00]",
                // In spring the hour between 2 and 3 is not there.
                "hourly=2; Europe/Berlin; 2026-03-29T12:00Z; 03-29T01:10[hourly 2026-03-29T03+02:00]"
                        + " 03-29T00:50[hourly 2026-03-29T01+01:00]",
                // Days without a backup use nothing up.
                "daily=3; UTC; 2026-03-29T12:00Z; 03-29T02:00[daily 2026-03-29] 03-10T02:00[daily 2026-03-10]"
                        + " 02-01T02:00[daily 2026-02-01] 01-31T02:00-",
                // ISO weeks begin on Monday, and that of New Year is named by its Thursday.
                "weekly=2; UTC; 2027-01-05T12:00Z; 2027-01-04T02:00[weekly 2027-W01] 2027-01-03T02:00[weekly 2026-W53]"
                        + " 2026-12-28T02:00-",
                "monthly=2 yearly=2; UTC; 2026-03-29T12:00Z; 03-29T02:00[monthly 2026-03, yearly 2026] 03-01T02:00-"
                        + " 02-28T02:00[monthly 2026-02] 2025-12-31T02:00[yearly 2025]",
                "monthly=1; America/New_York; 2026-03-29T12:00Z; 03-01T03:00- 03-01T06:00[monthly 2026-03]",
                // Ages count from the newest good backup, also when it is long ago.
                "within=3d; UTC; 2026-06-01T00:00Z; 03-29T02:00[within 3d] 03-26T02:00[within 3d] 03-26T01:59-",
                "within=1d minGood=3; UTC; 2026-06-01T00:00Z; 03-29T02:00[within 1d] 03-20T02:00[good 2 of 3]"
                        + " 03-19T02:00[good 3 of 3] 03-18T02:00-",
                "last=1 minGood=2; UTC; 2026-03-29T12:00Z; 03-29T02:00[last 1 of 1] 03-28T02:00[good 2 of 2] 03-27T02:00-",
                // What is not proven takes no place, and goes when the rules are done with its age.
                "last=2; UTC; 2026-03-29T12:00Z; 03-29T02:00[last 1 of 2] 03-28T02:00![last 2 of 2 (not proven)]"
                        + " 03-27T02:00[last 2 of 2] 03-26T02:00!-",
                // A policy that asks for more than before doesn't lose what was made before.
                "daily=3; UTC; 2026-03-29T12:00Z; 03-29T02:00[daily 2026-03-29] 03-28T02:00![daily 2026-03-28 (not proven)]"
                        + " 03-27T02:00![daily 2026-03-27 (not proven)] 03-26T02:00!-",
                "last=1; UTC; 2026-03-29T12:00Z; 03-29T02:00![no backup is good] 03-28T02:00![no backup is good]",
                "last=1; UTC; 2026-03-29T12:00Z; 03-29T02:00*[kept until 2030-01-01T00:00:00Z] 03-28T02:00[last 1 of 1]"
                        + " 03-27T02:00*[kept until 2030-01-01T00:00:00Z] 03-26T02:00-",
                "last=1; UTC; 2026-03-29T12:00Z; 03-29T02:00+[last 1 of 1 (by hand)] 03-28T02:00[last 1 of 1] 03-27T02:00+-",
                // Who makes all backups by hand has them thinned when their time is over.
                "last=2; UTC; 2026-03-29T12:00Z; 03-29T02:00+[last 1 of 2 (by hand)]"
                        + " 03-28T02:00![last 2 of 2 (not proven)]"
                        + " 03-27T02:00+[last 2 of 2 (by hand)] 03-26T02:00+-",
                // A clock that was wrong for one backup harms no other.
                "last=1 within=1h; UTC; 2026-03-29T12:00Z; 2036-03-29T02:00[dated after now]"
                        + " 03-29T02:00[last 1 of 1, within 1h] 03-28T02:00-",
                "last=1; UTC; 2020-01-01T00:00Z; 03-29T02:00[no backup is good] 03-28T02:00[no backup is good]",
                "minGood=5; UTC; 2026-03-29T12:00Z; 03-29T02:00[no rule is set] 03-28T02:00![no rule is set]",
                "last=0 daily=0; UTC; 2026-03-29T12:00Z; 03-29T02:00[no rule is set] 03-28T02:00[no rule is set]",
            })
    void givenBackups_whenTheyAreThinned_thenThisBecomesOfEach(String rules, String zone, String now, String backups) {
        List<String> words = words(backups);
        List<StoredBackup> given =
                words.stream().map(RetentionPlannerTest::backup).toList();

        RetentionPlan plan = RetentionPlanner.plan(new RetentionRequest(
                rules(rules),
                VerificationLevel.FULL_READ,
                given,
                ZoneId.of(zone),
                Instant.parse(now.replace("Z", ":00Z")),
                false));

        assertThat(given.stream().map(backup -> outcome(plan, backup)).toList())
                .isEqualTo(words.stream()
                        .map(word -> word.endsWith("-") ? "-" : word.substring(word.indexOf('[')))
                        .toList());
    }

    @Test
    void givenThatTheNewestAttemptFailed_whenItIsPlanned_thenNothingGoes() {
        RetentionPlan plan = RetentionPlanner.plan(new RetentionRequest(
                rules("last=1"),
                VerificationLevel.NONE,
                List.of(backup("03-29T02:00"), backup("03-28T02:00")),
                ZoneId.of("UTC"),
                Instant.parse("2026-03-29T12:00:00Z"),
                true));

        assertThat(plan.removed()).isEmpty();
        assertThat(plan.kept()).allMatch(kept -> kept.because().equals(List.of("the newest attempt failed")));
    }

    @ParameterizedTest
    @CsvSource({"NONE, 4", "CHECKSUM, 3", "FULL_READ, 2", "RESTORE_TEST, 1"})
    void givenALevel_whenTheFloorIsKept_thenGoodIsWhatIsProvenSoFar(VerificationLevel level, int good) {
        List<StoredBackup> backups = Arrays.stream(VerificationLevel.values())
                .filter(proven -> proven != VerificationLevel.UNRECOGNIZED)
                .map(proven ->
                        new StoredBackup(proven.text(), Instant.parse("2026-03-29T02:00:00Z"), proven, false, null, 1))
                .toList();

        assertThat(backups.stream().filter(backup -> backup.isGood(level))).hasSize(good);
    }

    @Test
    void givenALevelOfANewerVersion_whenItIsPlanned_thenNothingGoes() {
        RetentionPlan plan = RetentionPlanner.plan(new RetentionRequest(
                rules("last=1"),
                VerificationLevel.UNRECOGNIZED,
                List.of(backup("03-29T02:00"), backup("03-28T02:00")),
                ZoneId.of("UTC"),
                Instant.parse("2026-03-29T12:00:00Z"),
                false));

        assertThat(plan.removed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void givenAFloorBelowOne_whenItIsAsked_thenItIsOne(int minGood) {
        assertThat(new RetentionRules(1, null, null, null, null, null, null, minGood).floor())
                .isEqualTo(1);
    }

    @Test
    void givenTheRulesOfAPolicy_whenTheyAreRead_thenTheDurationIsInSeconds() {
        assertThat(RetentionRules.of(new Retention(1, 2, 3, 4, 5, 6, "1d12h", null, null)))
                .isEqualTo(new RetentionRules(1, 2, 3, 4, 5, 6, 129_600L, 1));
        assertThat(RetentionRules.of(null).none()).isTrue();
    }

    private static List<String> words(String backups) {
        return Arrays.stream(backups.strip().split("(?<=[]-]) ")).toList();
    }

    static StoredBackup backup(String word) {
        String time = word.replaceFirst("(T\\d\\d:\\d\\d).*", "$1");
        String mark = word.substring(time.length());
        boolean byHand = mark.startsWith("*") || mark.startsWith("+");
        return new StoredBackup(
                word + "/",
                Instant.parse((time.length() < 15 ? "2026-" : "") + time + ":00Z"),
                mark.startsWith("!") ? VerificationLevel.CHECKSUM : VerificationLevel.FULL_READ,
                byHand,
                mark.startsWith("*")
                        ? Instant.parse("2030-01-01T00:00:00Z")
                        : byHand ? Instant.parse("2026-01-01T00:00:00Z") : null,
                1000);
    }

    private static String outcome(RetentionPlan plan, StoredBackup backup) {
        return plan.kept().stream()
                .filter(kept -> kept.backup().equals(backup))
                .map(kept -> kept.because().toString())
                .findFirst()
                .orElse("-");
    }

    static RetentionRules rules(String text) {
        List<String> names = List.of(FIELDS.split("\\|"));
        Long[] values = new Long[names.size()];
        for (String rule : text.split(" ")) {
            String[] parts = rule.split("=");
            boolean age = parts[0].equals("within");
            values[names.indexOf(parts[0])] =
                    age ? Duration.parse(duration(parts[1])).toSeconds() : Long.valueOf(parts[1]);
        }
        return new RetentionRules(
                number(values[0]),
                number(values[1]),
                number(values[2]),
                number(values[3]),
                number(values[4]),
                number(values[5]),
                values[6],
                number(values[7]));
    }

    private static String duration(String text) {
        return text.endsWith("d") ? "P" + text : "PT" + text;
    }

    private static Integer number(Long value) {
        return value == null ? null : Integer.valueOf(value.intValue());
    }
}
