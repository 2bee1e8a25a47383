package dev.mainstay.e2e.node;

import dev.mainstay.e2e.harness.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The six alerts of the guide, by the rules of examples/alerts: what each watches for is caused in a real shop, somebody is told,
 * what caused it ends, and somebody is told that too. That of the processor is in a class of its own.
 */
@Tag("node")
class AlertsNodeTest {

    private static final List<String> SERVERS = List.of("web");
    private static final List<String> ALL = List.of("web", "worker");

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static AlertedShop shop;

    @BeforeAll
    static void open() {
        shop = new AlertedShop(NAMESPACE);
        shop.open();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void givenAVersionThatFails_whenItIsDeployedAndTakenBack_thenErrorsFireAndEnd() {
        shop.firesAndEnds("error-rate", () -> shop.deploy("1.5.0-bad"), () -> shop.deploy("1.4.2"));
    }

    @Test
    void givenAVersionThatIsSlow_whenItIsDeployedAndTakenBack_thenTheResponseTimeFiresAndEnds() {
        shop.firesAndEnds("response-time", () -> shop.deploy("1.5.2-slow"), () -> shop.deploy("1.4.2"));
    }

    /** The limit is 320Mi; the rest is for the program that tells it so. */
    @Test
    void givenPodsThatHoldMemory_whenTheyGiveItBack_thenMemoryFiresAndEnds() {
        shop.firesAndEnds("memory", () -> shop.fault(ALL, "memory=296"), () -> shop.fault(ALL, "memory=0"));
    }

    /** By the kubelet's figures, which are up to two minutes old. */
    @Test
    void givenAVolumeThatFills_whenItIsEmptied_thenDiskSpaceFiresAndEnds() {
        shop.firesAndEnds("disk-space", () -> shop.faultOfOne("disk=95"), () -> shop.faultOfOne("disk=0"));
    }

    @Test
    void givenAHealthEndpointThatIsDead_whenItAnswersAgain_thenHealthFiresAndEnds() {
        shop.firesAndEnds(
                "health", () -> shop.fault(SERVERS, "health=failing"), () -> shop.fault(SERVERS, "health=ok"));
    }
}
