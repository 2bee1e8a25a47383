package dev.mainstay.controller;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.alert.Evaluations;
import dev.mainstay.core.alert.AlertObstacle;
import dev.mainstay.core.status.Reason;
import java.util.Optional;

/** Stands where nothing is measured, and says so of each rule. */
final class NoEvaluations implements Evaluations {

    private final boolean freeQueries;

    /** @param freeQueries whether rules may have queries of their own */
    NoEvaluations(boolean freeQueries) {
        this.freeQueries = freeQueries;
    }

    @Override
    public Known of(AlertRule rule, ManagedApplication application) {
        return new Known(
                Optional.empty(),
                Optional.of(new AlertObstacle(
                        Reason.INTERNAL_ERROR,
                        "This build of Mainstay measures nothing"
                                + (freeQueries ? ", queries of rules neither" : "")
                                + ": install a release.")),
                Optional.empty());
    }

    @Override
    public void forget(AlertRule rule) {
        // Nothing is kept of it.
    }
}
