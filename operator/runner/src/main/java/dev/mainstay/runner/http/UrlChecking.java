package dev.mainstay.runner.http;

import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.http.HttpVerdict;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.UrlAnswer;
import dev.mainstay.core.task.UrlCheckWork;
import dev.mainstay.runner.task.Authorities;
import dev.mainstay.runner.task.TaskContext;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Asks a URL of the application. It is asked twice, each time over a connection of its own: the first time pays for what this
 * program loads and for the look-up of the name as well, so that only the time of the second counts.
 */
public final class UrlChecking {

    private UrlChecking() {}

    /** What was found. Throws a TaskFailure when it is told to end, or the authority that is named is not there. */
    public static StepReport run(TaskContext context, UrlCheckWork work) {
        TrustManager[] trusted = work.certificateAuthority() == null
                ? null
                : Authorities.of(work.certificateAuthority(), context.secrets());
        String described = work.certificateAuthority() == null
                ? "those that are publicly known (caSecretRef is not set)"
                : "those in " + context.secrets().describe(work.certificateAuthority()) + " (caSecretRef)";
        UrlRequest request = new UrlRequest(work, tls(trusted), described, context.stop());
        HttpReply first = request.ask();
        boolean again = first instanceof HttpReply.Late
                || HttpVerdict.of(work.wanted().atAnyTime(), first).kind() == HttpVerdict.Kind.GOOD;
        HttpReply reply = again ? request.ask() : first;
        return new UrlAnswer(work, context.task().origin().application(), reply).report();
    }

    private static SSLContext tls(TrustManager... trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not there", e);
        }
    }
}
