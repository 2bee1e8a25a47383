package dev.mainstay.core.mode;

import static dev.mainstay.core.mode.Modes.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceRefusalTest {

    private static final String SELECTOR = "{'app': 'web'}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'port': 80}",
                "{'port': 80, 'targetPort': 8080, 'protocol': 'TCP'}",
                "{'port': 8080, 'name': 'web'}",
                "{'port': 8443, 'name': 'http-admin'}",
                "{'port': 443, 'appProtocol': 'http'}",
                "{'port': 80, 'name': 'tcp-x', 'appProtocol': 'HTTP'}",
                "{'port': 80, 'appProtocol': 'kubernetes.io/ws'}"
            })
    void givenAPortThatMayBeHttp_whenItIsLookedAt_thenItIsTaken(String port) {
        assertThat(refusal(SELECTOR, "{'ports': [" + port + "]}", false)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'port': 443} | the usual port of HTTPS",
                "{'port': 5432, 'name': 'db'} | the usual port of PostgreSQL",
                "{'port': 80, 'name': 'https'} | name: https",
                "{'port': 9000, 'name': 'grpc-api'} | name: grpc-api",
                "{'port': 80, 'name': 'http', 'appProtocol': 'kubernetes.io/h2c'} | appProtocol: kubernetes.io/h2c",
                "{'port': 80, 'protocol': 'UDP'} | protocol: UDP"
            })
    void givenAPortThatIsNotHttp_whenItIsLookedAt_thenItIsRefusedUnlessThatIsWanted(String port, String why) {
        String ports = "{'ports': [{'port': 80}, " + port + "]}";

        ServiceRefusal refusal = refusal(SELECTOR, ports, false);

        assertThat(refusal.reason()).isEqualTo(Reason.SERVICE_UNSUITABLE);
        assertThat(refusal.message()).contains("Service web", "(" + why + ")", "spec.allowNonHttp");
        assertThat(refusal(SELECTOR, ports, true)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'ExternalName'} | is of type ExternalName",
                "{'clusterIP': 'None'} | is headless",
            })
    void givenAServiceThatLeadsByOtherMeans_whenItIsLookedAt_thenItIsRefusedInAnyCase(String spec, String why) {
        assertThat(refusal(SELECTOR, spec, true).message()).contains(why);
    }

    @Test
    void givenNoSelector_whenItIsLookedAt_thenItIsRefused() {
        assertThat(refusal("{}", "", true).message()).contains("has no spec.selector");
    }

    @Test
    void givenNoService_whenItIsLookedAt_thenItIsMissing() {
        assertThat(ServiceRefusal.of(new ServiceState("web", null, List.of(), null), "shop", true))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.SERVICE_NOT_FOUND));
    }

    @Test
    void givenAServiceThatMayNotBeRead_whenItIsLookedAt_thenThatIsTold() {
        assertThat(ServiceRefusal.of(new ServiceState("web", null, List.of(), "no right"), "shop", true))
                .hasValueSatisfying(refusal -> assertThat(refusal.message()).endsWith("can't be read: no right"));
    }

    private static ServiceRefusal refusal(String selector, String spec, boolean allow) {
        return ServiceRefusal.of(service(selector, spec), "shop", allow).orElse(null);
    }
}
