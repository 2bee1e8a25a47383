package dev.mainstay.core.retention;

import dev.mainstay.api.backup.VerificationLevel;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** Requests of every kind, the same for a seed each time. */
final class RandomRetention {

    static final List<VerificationLevel> LEVELS =
            List.of(VerificationLevel.NONE, VerificationLevel.CHECKSUM, VerificationLevel.FULL_READ);

    /** Among them clocks that change by half an hour, at midnight, and over the date line. */
    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "America/Sao_Paulo",
            "America/St_Johns",
            "Pacific/Apia",
            "Asia/Kathmandu");

    /** Changes of clocks, the end of a year of 53 weeks, a leap day. */
    private static final List<Instant> MOMENTS = List.of(
            Instant.parse("2026-03-29T01:00:00Z"),
            Instant.parse("2026-10-25T01:00:00Z"),
            Instant.parse("2006-10-29T02:31:00Z"),
            Instant.parse("2018-02-18T02:00:00Z"),
            Instant.parse("2011-12-30T10:00:00Z"),
            Instant.parse("2026-04-04T15:00:00Z"),
            Instant.parse("2027-01-03T12:00:00Z"),
            Instant.parse("2028-02-29T00:00:00Z"));

    private final Random random;

    RandomRetention(long seed) {
        random = new Random(seed);
    }

    RetentionRequest request() {
        Instant now = pick(MOMENTS).plusSeconds(random.nextInt(172_800) - 86_400);
        List<StoredBackup> backups = new ArrayList<>();
        int number = random.nextInt(60);
        long step = pick(List.of(600L, 3600L, 20_000L, 86_400L, 1_000_000L));
        double oddities = pick(List.of(0.0, 0.1, 0.5));
        for (int i = 0; i < number; i++) {
            backups.add(backup(i, now, step, number, oddities));
        }
        Collections.shuffle(backups, random);
        return new RetentionRequest(
                rules(), pick(LEVELS), backups, ZoneId.of(pick(ZONES)), now, random.nextInt(20) == 0);
    }

    private StoredBackup backup(int i, Instant now, long step, int number, double oddities) {
        long age = (long) (random.nextDouble() * step * number);
        boolean ahead = random.nextDouble() < oddities / 5;
        boolean byHand = random.nextDouble() < oddities;
        // Whole steps make several of the same time.
        Instant at = now.minusSeconds(random.nextBoolean() ? age : age / step * step);
        return new StoredBackup(
                "b" + random.nextInt(1000) + "-" + i + "/",
                ahead ? now.plusSeconds(1 + age) : at,
                random.nextDouble() < oddities ? pick(LEVELS) : VerificationLevel.FULL_READ,
                byHand,
                byHand && random.nextInt(4) > 0 || random.nextInt(30) == 0
                        ? at.plus(Duration.ofDays(random.nextInt(60)))
                        : null,
                random.nextInt(1000));
    }

    RetentionRules rules() {
        IntSupplier number = () -> random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(12);
        return new RetentionRules(
                orNull(number.getAsInt()),
                orNull(number.getAsInt()),
                orNull(number.getAsInt()),
                orNull(number.getAsInt()),
                orNull(number.getAsInt()),
                orNull(number.getAsInt()),
                random.nextInt(3) > 0 ? null : Long.valueOf(random.nextInt(5_000_000)),
                orNull(random.nextInt(5)));
    }

    private Integer orNull(int number) {
        return number == 0 && random.nextBoolean() ? null : Integer.valueOf(number);
    }

    <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
