package dev.mainstay.runner.http;

import dev.mainstay.core.Texts;
import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.http.HttpReply.Late;
import dev.mainstay.core.http.HttpReply.Refused;
import dev.mainstay.core.http.HttpReply.Silent;
import dev.mainstay.core.http.HttpWanted;
import dev.mainstay.core.task.UrlCheckWork;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why there was no answer, in words. */
final class RequestErrors {

    private static final int LONGEST_SAID = 160;

    private RequestErrors() {}

    /**
     * What a failure of a request says.
     *
     * @param authorities whose certificates are trusted, for people
     */
    static HttpReply told(IOException why, UrlCheckWork work, String authorities) {
        String limit = HttpWanted.time(work.timeoutMillis());
        return switch (why) {
            case HttpConnectTimeoutException _ ->
                new Silent("there was no connection, or none of TLS, within " + limit);
            case HttpTimeoutException _ -> new Late(work.timeoutMillis());
            case UnknownHostException _ -> new Silent("its name can't be resolved");
            case ConnectException e
            when causes(e).anyMatch(UnknownHostException.class::isInstance) -> new Silent("its name can't be resolved");
            case ConnectException _ -> new Silent("its port takes no connection");
            case SSLException e -> ofTls(e, URI.create(work.url()).getHost(), authorities);
            default -> new Silent("the connection ended without an answer of HTTP (" + said(why) + ")");
        };
    }

    private static HttpReply ofTls(SSLException why, String host, String authorities) {
        List<Throwable> causes = causes(why).toList();
        if (causes.stream().anyMatch(CertificateExpiredException.class::isInstance)) {
            return new Refused("TLS failed, since its certificate, or that of an issuer, has ended");
        }
        if (causes.stream().anyMatch(CertificateNotYetValidException.class::isInstance)) {
            return new Refused("TLS failed, since its certificate, or that of an issuer, is not valid yet");
        }
        if (causes.stream().anyMatch(CertPathBuilderException.class::isInstance)) {
            return new Refused(
                    "TLS failed, since its certificate is signed by none of the authorities that are trusted: "
                            + authorities);
        }
        if (causes.stream().anyMatch(RequestErrors::ofAnotherName)) {
            return new Refused("TLS failed, since its certificate is not made out to " + host);
        }
        if (causes.stream().anyMatch(CertificateException.class::isInstance)) {
            return new Refused("TLS failed, since its certificate is refused (" + said(why) + ")");
        }
        return new Silent(
                causes.stream()
                                .map(Throwable::getMessage)
                                .filter(Objects::nonNull)
                                .anyMatch(message -> message.contains("nrecognized SSL message"))
                        ? "it answers, and does not speak TLS"
                        : "TLS failed (" + said(why) + ")");
    }

    private static boolean ofAnotherName(Throwable cause) {
        return cause instanceof CertificateException
                && cause.getMessage() != null
                && (cause.getMessage().startsWith("No subject alternative")
                        || cause.getMessage().startsWith("No name matching"));
    }

    private static Stream<Throwable> causes(Throwable why) {
        return Stream.iterate(why, Objects::nonNull, Throwable::getCause);
    }

    private static String said(Throwable why) {
        return why.getMessage() == null
                ? why.getClass().getSimpleName()
                : Texts.cut(why.getMessage().replaceAll("\\p{C}", "?"), LONGEST_SAID, "…");
    }
}
