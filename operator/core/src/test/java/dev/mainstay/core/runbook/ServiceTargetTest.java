package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.runbook.HttpCheckService;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Pods a Service leads to, by itself alone. */
class ServiceTargetTest {

    private static final String TWO = "{name: http, port: 80, targetPort: web}, {name: admin, port: 9000}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {port: 80}                                    |       | 80
            {port: 80, targetPort: 8080}                  |       | 8080
            {port: 80, targetPort: 0}                     |       | 80
            {port: 80, targetPort: web}                   | 80    | web
            two                                           | http  | web
            two                                           | 9000  | 9000
            {port: 80}, {name: dns, port: 53, protocol: UDP} |    | 80
            """)
    void givenAPort_whenTheServiceIsRead_thenThePortOfThePodsIsKnown(String ports, String wanted, String port) {
        assertThat(target(wanted, "selector: {app: web}, ports: [%s]".formatted(ports.equals("two") ? TWO : ports)))
                .isEqualTo(new ServiceTarget.Found(Map.of("app", "web"), port));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            selector: {app: web}, ports: [%s]                      |      | SERVICE_UNSUITABLE | Service web has several ports of TCP, or none (found: http (80), admin (9000)). Say which in httpCheck.service.port of the step.
            selector: {app: web}, ports: [%s]                      | dns  | SERVICE_UNSUITABLE | Service web has no port dns of TCP (found: http (80), admin (9000)). Correct httpCheck.service.port of the step.
            selector: {app: web}, ports: [{port: 53, protocol: UDP}] | 53 | SERVICE_UNSUITABLE | Service web has no port 53 of TCP (found: none).
            ports: [{port: 80}]                                    |      | SERVICE_UNSUITABLE | Service web has no selector, so it leads to other addresses than those of Pods here
            type: ExternalName, externalName: metadata, selector: {app: web} | | SERVICE_UNSUITABLE | Service web has no selector
            """)
    void givenAServiceThatDoesNotFit_whenItIsRead_thenItSaysWhy(
            String spec, String port, Reason reason, String message) {
        assertThat(target(port, spec.replace("%s", TWO)))
                .isInstanceOfSatisfying(ServiceTarget.Unsuitable.class, unsuitable -> {
                    assertThat(unsuitable.reason()).isEqualTo(reason);
                    assertThat(unsuitable.message()).startsWith(message);
                });
    }

    /** Whoever may write EndpointSlices can name any address in one: they are not asked where the Service leads. */
    @Test
    void givenAForeignEndpointSlice_whenTheServiceIsRead_thenItChangesNothing() {
        JsonNode slice = json("endpoints: [{addresses: [169.254.169.254]}]\nports: [{port: 80}]");
        ServiceState state = new ServiceState(
                "web", json("spec: {selector: {app: web}, ports: [{port: 80}]}"), List.of(slice), null);

        assertThat(ServiceTarget.of(wanted(null), state))
                .isEqualTo(new ServiceTarget.Found(Map.of("app", "web"), "80"));
    }

    @Test
    void givenNoService_whenItIsRead_thenItSaysWhetherItIsNotThereOrMayNotBeRead() {
        assertThat(ServiceTarget.of(wanted(null), new ServiceState("web", null, List.of(), null)))
                .isEqualTo(new ServiceTarget.Unsuitable(
                        Reason.SERVICE_NOT_FOUND,
                        "Service web does not exist. Create it, or correct httpCheck.service.name of the step."));
        assertThat(ServiceTarget.of(wanted(null), new ServiceState("web", null, List.of(), "no right to get it")))
                .isEqualTo(new ServiceTarget.Unsuitable(
                        Reason.FORBIDDEN, "Service web can't be read: no right to get it."));
    }

    private static ServiceTarget target(String port, String spec) {
        return ServiceTarget.of(wanted(port), new ServiceState("web", json("spec: {" + spec + "}"), List.of(), null));
    }

    private static HttpCheckService wanted(String port) {
        return new HttpCheckService("web", port, null);
    }

    private static JsonNode json(String yaml) {
        return Serialization.unmarshal(yaml, JsonNode.class);
    }
}
