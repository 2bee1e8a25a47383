package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.alert.AlertObstacle;
import dev.mainstay.core.alert.Evaluation;
import java.util.Optional;

/** What is measured for alert rules, on timers of its own; a rule is woken when what was measured may change its state. */
public interface Evaluations {

    /**
     * What is known for a rule. Asking has it measured from now on, as long as the rule is there.
     *
     * @param application the application that the rule names; null when there is none
     */
    Known of(AlertRule rule, ManagedApplication application);

    /** Stops measuring for a rule that is gone. */
    void forget(AlertRule rule);

    /**
     * What is known.
     *
     * @param query what is asked; empty when nothing can be
     * @param obstacle why nothing can be asked; empty when something is
     * @param newest the newest measurement of that query; empty when none was made yet
     */
    record Known(Optional<String> query, Optional<AlertObstacle> obstacle, Optional<Evaluation> newest) {}
}
