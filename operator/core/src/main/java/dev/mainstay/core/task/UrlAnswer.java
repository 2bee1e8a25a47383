package dev.mainstay.core.task;

import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.http.HttpReply.Answered;
import dev.mainstay.core.http.HttpVerdict;
import dev.mainstay.core.status.Reason;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What follows from the answer of a URL of the application.
 *
 * @param work what was asked
 * @param application the ManagedApplication's name
 * @param reply what came
 */
public record UrlAnswer(UrlCheckWork work, String application, HttpReply reply) {

    /** What it comes to. */
    public StepReport report() {
        HttpVerdict verdict = HttpVerdict.of(work.wanted(), reply);
        String asked = "URL " + work.name() + " (GET " + UrlCheckWork.shown(work.url()) + ")";
        return switch (verdict.kind()) {
            case GOOD -> StepReport.passed(asked + " answered with " + verdict.text() + ".", facts());
            case WRONG ->
                StepReport.failed(
                        reply instanceof HttpReply.Refused ? Reason.CERTIFICATE_REFUSED : Reason.ANSWER_WRONG,
                        asked + ": " + verdict.text() + "." + advice(),
                        facts());
            case UNKNOWN ->
                StepReport.couldNotCheck(
                        reply instanceof Answered ? Reason.COULD_NOT_CHECK : Reason.ENDPOINT_UNREACHABLE,
                        asked + ": " + verdict.text() + "." + advice(),
                        facts());
        };
    }

    private String advice() {
        String field = "spec.urls[" + work.name() + "] of ManagedApplication " + application;
        return switch (reply) {
            case Answered answered
            when answered.elsewhere() != null ->
                " Name the URL that it leads to in " + field + ", or add the status to expectStatuses of the step.";
            case Answered answered
            when answered.body() == HttpReply.BodyFound.CUT ->
                " Name a page that is shorter, or a text that stands earlier in it.";
            case Answered ignored -> " Look at what serves it, or correct the step or " + field + ".";
            case HttpReply.Late ignored ->
                " Look at what serves it, let NetworkPolicies let the Job's Pod out, or give it more time with"
                        + " httpCheck.requestTimeout of the step.";
            case HttpReply.Refused ignored -> " Mend what serves it, or correct url or caSecretRef in " + field + ".";
            case HttpReply.Silent ignored ->
                " Mend what stands in the way, let NetworkPolicies let the Job's Pod out, or correct " + field + ".";
        };
    }

    private Map<String, Long> facts() {
        Map<String, Long> facts = new LinkedHashMap<>();
        if (reply instanceof Answered answered) {
            facts.put("status", (long) answered.status());
            facts.put("latencyMilliseconds", answered.millis());
        }
        return facts;
    }
}
