package dev.mainstay.controller.runbook;

import dev.mainstay.controller.application.HttpLook;
import dev.mainstay.core.runbook.HttpQuestion;
import dev.mainstay.core.runbook.ServiceTarget;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;

/** Asks the application's own Pods, in the pass itself, once an attempt is under way. */
final class HttpCheckActor implements StepActor {

    private final HttpLook look;

    HttpCheckActor(HttpLook look) {
        this.look = look;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        return turn.attempt() == 0
                        || turn.application() == null
                        || turn.application().getSpec() == null
                ? new StepSeen.Nothing()
                : HttpQuestion.of(turn.application(), turn.step().httpCheck())
                        .filter(question -> mayBeAsked(turn, question))
                        .<StepSeen>map(question -> new StepSeen.OfHttp(look.of(turn.application(), question)))
                        .orElseGet(StepSeen.Nothing::new);
    }

    /** A Service that the application does not name is not even looked at. */
    private static boolean mayBeAsked(StepTurn turn, HttpQuestion question) {
        return question.service() == null
                || ServiceTarget.unnamed(turn.application(), question.service()).isEmpty();
    }
}
