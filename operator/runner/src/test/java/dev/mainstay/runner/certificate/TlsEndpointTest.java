package dev.mainstay.runner.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Why an endpoint told no certificate, in words; what a server can bring about is in CertificateCheckProcessTest. */
class TlsEndpointTest {

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(
                        new UnknownHostException("shop-web: Name or service not known"), "its name can't be resolved."),
                Arguments.of(new SocketTimeoutException("Connect timed out"), "no connection within 10s."),
                Arguments.of(
                        new SocketTimeoutException(), "the connection was taken, and no certificate came within 10s."),
                Arguments.of(
                        new SocketTimeoutException("Read timed out"),
                        "the connection was taken, and no certificate came within 10s."),
                Arguments.of(
                        new ConnectException("Connection refused"), "no certificate was told: Connection refused."),
                Arguments.of(
                        new NoRouteToHostException("No route to host"), "no certificate was told: No route to host."),
                Arguments.of(
                        new SSLException("Unsupported or unrecognized SSL message"),
                        "it answers, and does not speak TLS."),
                Arguments.of(
                        new SSLHandshakeException("(unrecognized_name) Received fatal alert: unrecognized_name"),
                        "no certificate was told: (unrecognized_name) Received fatal alert: unrecognized_name."),
                Arguments.of(
                        new SSLException("ended", new EOFException()),
                        "the server ended the connection before it told a certificate."),
                Arguments.of(new CertificateException("odd\n\u001b[1m."), "no certificate was told: odd??[1m."),
                Arguments.of(new IllegalArgumentException(), "no certificate was told: IllegalArgumentException."));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void givenACause_whenItIsTold_thenItSaysWhatStandsInTheWay(Throwable why, String told) {
        assertThat(TlsEndpoint.told(why, Duration.ofSeconds(10))).isEqualTo(told);
    }
}
