package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ServedShop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Records what kubectl says of a maintenance mode from its beginning to its end, for docs/maintenance-mode.md. */
@Tag("simulated")
@EnabledIfSystemProperty(named = "record", matches = "true")
class MaintenanceOutputSimulatedTest {

    private static final Path OUTPUT =
            Path.of(System.getProperty("repositoryRoot")).resolve("docs/maintenance-mode-output.txt");

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @AutoClose
    private OperatorProcess operator;

    private final List<String> lines = new ArrayList<>();

    @Test
    void recorded() throws IOException, InterruptedException {
        operator = OperatorProcess.started(namespace.name());
        ServedShop shop = new ServedShop(namespace, "shop").open();
        shop.enter("shop", "duration: 30s, page: {title: The shop is closed for a moment}");
        shop.awaitPhase("shop", ModePhase.ENTERING);
        kubectl("get", "maintenancemode", "shop");
        shop.awaitPhase("shop", ModePhase.ACTIVE);
        kubectl("get", "maintenancemode", "shop");
        kubectl("get", "managedapplication", "shop");
        kubectl("describe", "maintenancemode", "shop");
        shop.awaitPhase("shop", ModePhase.LEAVING);
        kubectl("get", "maintenancemode", "shop");
        shop.awaitPhase("shop", ModePhase.ENDED);
        kubectl("get", "maintenancemode", "shop");
        kubectl("get", "managedapplication", "shop");
        Files.writeString(OUTPUT, String.join("\n", lines).replace(namespace.name(), "shop") + "\n");
    }

    private void kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl", "--namespace", namespace.name()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        lines.add("$ " + String.join(" ", command));
        lines.add(said.strip());
        lines.add("");
    }
}
