package dev.mainstay.e2e.node;

import dev.mainstay.e2e.harness.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** The alert of examples/alerts on busy processors, as the others in AlertsNodeTest. */
@Tag("node")
@Isolated("the shop's processor time is measured, and all of a core may be used")
class ProcessorAlertNodeTest {

    private static final List<String> ALL = List.of("web", "worker");

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private AlertedShop shop;

    @BeforeEach
    void open() {
        shop = new AlertedShop(namespace).open();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void givenBusyPods_whenTheyRest_thenCpuFiresAndEnds() {
        shop.firesAndEnds("cpu", () -> shop.fault(ALL, "cpu=1"), () -> shop.fault(ALL, "cpu=0"));
    }
}
