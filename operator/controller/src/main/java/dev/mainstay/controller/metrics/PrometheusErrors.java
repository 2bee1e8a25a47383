package dev.mainstay.controller.metrics;

import dev.mainstay.api.metrics.Prometheus;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** What an error on the way to a Prometheus means for a person. */
final class PrometheusErrors {

    private static final int DEEPEST = 20;

    private PrometheusErrors() {}

    /** Begins a message: whom it was about. */
    static String at(Prometheus source) {
        return "Prometheus at " + source.url() + ": ";
    }

    /** The message for an error. */
    static String found(Prometheus source, Throwable error) {
        return at(source) + found(error);
    }

    private static String found(Throwable error) {
        if (is(error, UnknownHostException.class)) {
            return "no address is known for the host. Correct spec.metrics.prometheus.url; a Service of another"
                    + " namespace is named service.namespace.";
        }
        if (is(error, CertificateException.class)) {
            return "its certificate is not signed by an authority that the operator's image knows, or not made"
                    + " out to this host. Use one that is, or http within the cluster.";
        }
        if (is(error, SSLException.class)) {
            return "no TLS connection came about: " + root(error)
                    + ". Check whether spec.metrics.prometheus.url should begin with http or https.";
        }
        // Its message holds the first line that came, which is nobody's business.
        if (is(error, ProtocolException.class)) {
            return "what answers does not speak HTTP as it should. Check host and port of"
                    + " spec.metrics.prometheus.url.";
        }
        if (is(error, ConnectException.class) || is(error, NoRouteToHostException.class)) {
            return "the connection was refused. Check host and port of spec.metrics.prometheus.url, the"
                    + " Prometheus, and network policies.";
        }
        return "the connection broke: " + root(error) + ". Look at the Prometheus, and at what stands before it.";
    }

    private static boolean is(Throwable error, Class<? extends Throwable> type) {
        return causes(error).anyMatch(type::isInstance);
    }

    private static String root(Throwable error) {
        Throwable root = causes(error).reduce((first, second) -> second).orElse(error);
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private static Stream<Throwable> causes(Throwable error) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST);
    }
}
