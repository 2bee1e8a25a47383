package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.e2e.harness.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The six alerts of the guide, by the rules of examples/alerts: what each watches for is caused in a real shop, somebody is told,
 * what caused it ends, and somebody is told that too.
 */
@Tag("node")
@Isolated("the shop's processor time is measured, and all of a core may be used")
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
        firesAndEnds("error-rate", () -> shop.deploy("1.5.0-bad"), () -> shop.deploy("1.4.2"));
    }

    @Test
    void givenAVersionThatIsSlow_whenItIsDeployedAndTakenBack_thenTheResponseTimeFiresAndEnds() {
        firesAndEnds("response-time", () -> shop.deploy("1.5.2-slow"), () -> shop.deploy("1.4.2"));
    }

    @Test
    void givenBusyPods_whenTheyRest_thenCpuFiresAndEnds() {
        firesAndEnds("cpu", () -> shop.fault(ALL, "cpu=1"), () -> shop.fault(ALL, "cpu=0"));
    }

    /** The limit is 320Mi; the rest is for the program that tells it so. */
    @Test
    void givenPodsThatHoldMemory_whenTheyGiveItBack_thenMemoryFiresAndEnds() {
        firesAndEnds("memory", () -> shop.fault(ALL, "memory=296"), () -> shop.fault(ALL, "memory=0"));
    }

    /** By the kubelet's figures, which are up to two minutes old. */
    @Test
    void givenAVolumeThatFills_whenItIsEmptied_thenDiskSpaceFiresAndEnds() {
        firesAndEnds("disk-space", () -> shop.faultOfOne("disk=95"), () -> shop.faultOfOne("disk=0"));
    }

    @Test
    void givenAHealthEndpointThatIsDead_whenItAnswersAgain_thenHealthFiresAndEnds() {
        firesAndEnds("health", () -> shop.fault(SERVERS, "health=failing"), () -> shop.fault(SERVERS, "health=ok"));
    }

    private static void firesAndEnds(String rule, Runnable cause, Runnable end) {
        shop.watch(rule);
        awaitState(rule, AlertState.INACTIVE);
        assertThat(shop.told(rule)).isEmpty();
        try {
            cause.run();
            AlertRuleStatus firing = awaitState(rule, AlertState.FIRING);
            assertThat(firing.episode()).as("%s", firing).isPositive();
            awaitTold(rule, "firing");
        } finally {
            // What the next test watches for is to be its own doing.
            end.run();
        }
        AlertRuleStatus over = awaitState(rule, AlertState.INACTIVE);
        assertThat(over.lastResolved()).as("%s", over).isNotNull();
        assertThat(over.lastResolved().reason()).as("%s", over).isEqualTo(ResolveReason.RECOVERED);
        awaitTold(rule, "resolved");
        assertThat(shop.told(rule)).as("each is told once").containsExactly("firing", "resolved");
        await("the ledger of " + rule + " is closed")
                .atMost(AlertedShop.PATIENCE)
                .untilAsserted(() -> assertThat(shop.status(rule).orElseThrow().notifications())
                        .isEmpty());
    }

    private static AlertRuleStatus awaitState(String rule, AlertState state) {
        await("rule " + rule + " is " + state)
                .atMost(AlertedShop.PATIENCE)
                .untilAsserted(() -> assertThat(shop.status(rule).orElse(AlertRuleStatus.NONE))
                        .satisfies(status ->
                                assertThat(status.state()).as("%s", status).isEqualTo(state)));
        return shop.status(rule).orElseThrow();
    }

    private static void awaitTold(String rule, String last) {
        await("somebody is told that " + rule + " is " + last)
                .atMost(AlertedShop.PATIENCE)
                .untilAsserted(() ->
                        assertThat(shop.told(rule)).as("%s", shop.status(rule)).endsWith(last));
    }
}
