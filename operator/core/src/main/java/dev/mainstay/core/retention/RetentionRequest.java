package dev.mainstay.core.retention;

import dev.mainstay.api.backup.VerificationLevel;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * All that a plan is made from.
 *
 * @param rules what is kept
 * @param level the policy's own level: a backup proven so far is good
 * @param backups own committed backups, in any order
 * @param zone zone of the policy, in which days, weeks, months and years begin
 * @param now the time
 * @param newestFailed whether the newest attempt failed
 */
public record RetentionRequest(
        RetentionRules rules,
        VerificationLevel level,
        List<StoredBackup> backups,
        ZoneId zone,
        Instant now,
        boolean newestFailed) {}
