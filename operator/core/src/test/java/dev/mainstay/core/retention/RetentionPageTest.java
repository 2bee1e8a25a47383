package dev.mainstay.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.VerificationLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The plan in docs/retention.md is the planner's; {@code -Dgolden.update=true} writes it. */
class RetentionPageTest {

    private static final Path PAGE =
            Path.of(System.getProperty("repositoryRoot")).resolve("docs/retention.md");
    private static final String BEGIN = "<!-- plan: begin -->\n";
    private static final String END = "<!-- plan: end -->";

    @Test
    void givenTheExampleOfThePage_whenItIsPlanned_thenThePageShowsThePlan() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String wanted = "```text\n" + plan().lines().collect(Collectors.joining("\n")) + "\n```\n";
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page.substring(0, begin) + wanted + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as("%s does not show the planner's answer: run `make generate`", PAGE)
                .isEqualTo(wanted);
    }

    /** Berlin, around the change of the clock: each night at two, what a person made in between, and two oddities. */
    private static RetentionPlan plan() {
        List<StoredBackup> backups = new ArrayList<>();
        for (String night : List.of(
                "2026-04-01T00",
                "2026-03-31T00",
                "2026-03-30T00",
                "2026-03-29T01",
                "2026-03-28T01",
                "2026-03-27T01",
                "2026-03-01T01",
                "2026-02-28T01",
                "2026-01-31T01",
                "2025-12-31T01")) {
            boolean proven = !night.startsWith("2026-03-30");
            backups.add(backup(night, proven ? VerificationLevel.FULL_READ : VerificationLevel.NONE, null));
        }
        backups.add(backup("2026-03-29T14", VerificationLevel.FULL_READ, "2026-04-28T14:00:00Z"));
        backups.add(backup("2026-02-10T09", VerificationLevel.FULL_READ, "2026-03-12T09:00:00Z"));
        backups.add(backup("2031-01-01T00", VerificationLevel.FULL_READ, null));
        return RetentionPlanner.plan(new RetentionRequest(
                new RetentionRules(null, null, 3, 2, 3, null, null, 1),
                VerificationLevel.FULL_READ,
                backups,
                ZoneId.of("Europe/Berlin"),
                Instant.parse("2026-04-01T00:10:00Z"),
                false));
    }

    private static StoredBackup backup(String hour, VerificationLevel proven, String keepUntil) {
        Instant at = Instant.parse(hour + ":00:04Z");
        return new StoredBackup(
                at.toString().substring(0, 13).replaceAll("[-:]", "") + "0002Z-" + Integer.toHexString(at.hashCode())
                        + "-1",
                at,
                proven,
                keepUntil != null,
                keepUntil == null ? null : Instant.parse(keepUntil),
                1 << 30);
    }
}
