package dev.mainstay.core.mode;

import static dev.mainstay.core.mode.Modes.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.rollback.ServiceState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PagePortsTest {

    @Test
    void givenPortsByNumberAndByName_whenThePageIsMade_thenItListensAtAllOfThem() {
        PagePorts ports = PagePorts.of(List.of(
                ports("{'port': 80, 'targetPort': 8080}", "{'port': 81, 'targetPort': 'http'}", "{'port': 82}"),
                ports("{'port': 80, 'targetPort': 'http'}", "{'port': 9, 'targetPort': 'admin'}")));

        assertThat(ports.names()).isEqualTo(Map.of("admin", 18080, "http", 18081));
        assertThat(ports.numbers()).containsExactlyInAnyOrder(82, 8080, 18080, 18081);
        assertThat(ports.probe()).isEqualTo(18000);
        assertThat(ports.privileged()).isTrue();
    }

    @Test
    void givenNumbersThatThePageWouldChoose_whenItIsMade_thenItChoosesOthers() {
        PagePorts ports = PagePorts.of(List.of(ports(
                "{'port': 1, 'targetPort': 18080}",
                "{'port': 2, 'targetPort': 18000}",
                "{'port': 3, 'targetPort': 'http'}")));

        assertThat(ports.names()).isEqualTo(Map.of("http", 18081));
        assertThat(ports.probe()).isEqualTo(18001);
        assertThat(ports.privileged()).isFalse();
    }

    @Test
    void givenAPortThatIsNotTcp_whenThePageIsMade_thenItIsLeftOut() {
        assertThat(PagePorts.of(List.of(ports("{'port': 53, 'protocol': 'UDP'}", "{'port': 80, 'targetPort': 0}")))
                        .numbers())
                .containsExactly(80);
    }

    private static ServiceState ports(String... ports) {
        return service("{'app': 'web'}", "{'ports': [" + String.join(", ", ports) + "]}");
    }
}
