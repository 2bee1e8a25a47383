package dev.mainstay.core.backup;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.FollowUps;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import java.time.Instant;

/** An attempt as it stands in a status; times are offsets from the backup's creation. */
final class AttemptBuilder {

    private final int number;
    private String job;
    private AttemptState state = AttemptState.ACTIVE;
    private Instant startedAt;
    private Instant endedAt;
    private FollowUps followUps;
    private String reason;
    private String message;

    private AttemptBuilder(int number) {
        this.number = number;
    }

    /** An attempt that is planned, and nothing more. */
    static AttemptBuilder attempt(int number) {
        return new AttemptBuilder(number);
    }

    AttemptBuilder seen() {
        job = Names.job("first", Shop.UID, number, TaskKind.BACKUP, 1);
        return this;
    }

    AttemptBuilder started(String at) {
        startedAt = Shop.at(at);
        return seen();
    }

    AttemptBuilder settling(int settles, String plannedAt) {
        state = AttemptState.SETTLING;
        followUps = new FollowUps(settles, 0, Shop.at(plannedAt));
        return because(Reason.POD_FAILED);
    }

    AttemptBuilder verifying(int verifications, String plannedAt) {
        state = AttemptState.VERIFYING;
        followUps = new FollowUps(1, verifications, Shop.at(plannedAt));
        return because(Reason.POD_FAILED);
    }

    AttemptBuilder failed(Reason why, String at) {
        state = AttemptState.FAILED;
        endedAt = Shop.at(at);
        return because(why);
    }

    AttemptBuilder succeeded(String at) {
        state = AttemptState.SUCCEEDED;
        endedAt = Shop.at(at);
        return this;
    }

    AttemptBuilder unrecognized() {
        state = AttemptState.UNRECOGNIZED;
        return this;
    }

    private AttemptBuilder because(Reason why) {
        reason = why.text();
        message = "It went wrong.";
        return this;
    }

    Attempt build() {
        return new Attempt(
                number,
                "s3://backups/prod/webshop/nightly/20260329T010000Z-b1c2d3e4-" + number + "/",
                job,
                state,
                Shop.CREATED,
                startedAt,
                endedAt,
                followUps,
                reason,
                message);
    }
}
