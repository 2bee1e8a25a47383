package dev.mainstay.core.application;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.application.HealthSample.Finding;
import java.util.stream.Collectors;

/** The application's health check as a check of a rollback: asked often, at the Pods of the target. */
public final class ProbedHealth {

    /** Name of the check. */
    public static final String NAME = "Health";

    private ProbedHealth() {}

    /** Before the Pods of the target are all there, there is nothing to ask. */
    public static VerificationCheck pending() {
        return new VerificationCheck(NAME, CheckVerdict.NO_DATA, null, "the target's Pods are waited for");
    }

    /** What the passes so far mean. */
    public static VerificationCheck check(HealthStreak streak, HealthCheck check) {
        Finding newest = streak.newest();
        if (newest == null) {
            return pending();
        }
        return switch (newest.outcome()) {
            case GOOD ->
                new VerificationCheck(
                        NAME,
                        CheckVerdict.PASS,
                        null,
                        "the Pods answer " + question(check) + " with " + check.expectStatus());
            case FAILED ->
                new VerificationCheck(
                        NAME,
                        streak.failed() >= check.failureThreshold() ? CheckVerdict.FAIL : CheckVerdict.NO_DATA,
                        null,
                        newest.ready() == 0 ? "no Pod is ready" : wrong(newest, check));
            case SILENT ->
                new VerificationCheck(
                        NAME, CheckVerdict.NO_DATA, null, "no Pod answers " + question(check) + ": " + newest.why());
        };
    }

    private static String wrong(Finding found, HealthCheck check) {
        String statuses = found.wrong().keySet().stream().map(String::valueOf).collect(Collectors.joining(" or "));
        return "Pods answer " + question(check) + " with " + statuses + " instead of " + check.expectStatus();
    }

    private static String question(HealthCheck check) {
        return "GET " + check.path() + " on port " + check.port();
    }
}
