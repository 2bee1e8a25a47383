package dev.mainstay.controller.alert;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** What an error on the way to a receiver means for a person. Its own words are left out: they may hold a URL. */
final class SendErrors {

    private static final int DEEPEST = 20;

    private SendErrors() {}

    /**
     * After the name of the receiver and a colon.
     *
     * @param deadline how long an answer was waited for
     */
    static String found(Throwable error, Duration deadline) {
        if (error instanceof InterruptedException) {
            return "the operator stops";
        }
        if (error instanceof TimeoutException) {
            return "there was no whole answer within " + deadline.toSeconds()
                    + " s. Check host and port, network policies and the receiver";
        }
        if (is(error, UnknownHostException.class)) {
            return "no address is known for its host. Correct the URL; a Service of another namespace is named"
                    + " service.namespace";
        }
        if (is(error, CertificateException.class)) {
            return "its certificate is not signed by an authority that is known here, or not made out to this host. Where an"
                    + " authority of your own signs it, name that in caSecretRef";
        }
        if (is(error, SSLException.class)) {
            return "no TLS connection came about. Check whether the URL should begin with http or https";
        }
        if (is(error, ProtocolException.class)) {
            return "what answers does not speak HTTP as it should. Check host and port of the URL";
        }
        if (is(error, ConnectException.class) || is(error, NoRouteToHostException.class)) {
            return "the connection was refused. Check host and port of the URL, the receiver, and network policies";
        }
        return "the connection broke (" + error.getClass().getSimpleName()
                + "). Look at the receiver, and at what stands before it";
    }

    /** Whether the receiver may have got the request: a connection came about, and broke or brought no answer. */
    static boolean mayHaveArrived(Throwable error) {
        return Stream.of(
                        UnknownHostException.class,
                        CertificateException.class,
                        SSLException.class,
                        ConnectException.class,
                        NoRouteToHostException.class)
                .noneMatch(type -> is(error, type));
    }

    private static boolean is(Throwable error, Class<? extends Throwable> type) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST)
                .anyMatch(type::isInstance);
    }
}
