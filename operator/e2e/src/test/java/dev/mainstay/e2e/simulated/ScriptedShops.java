package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.core.task.Task;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * A namespace with one operator, Pods that KWOK runs, and a runner that answers as each test says; each test has a shop of its
 * own. To be registered as a static field.
 */
final class ScriptedShops implements BeforeAllCallback, AfterAllCallback, TestExecutionExceptionHandler {

    static final Duration SOON = Duration.ofMinutes(2);

    private final TestNamespace namespace = new TestNamespace();
    private final Map<String, Function<Task, Behaviour>> scripts = new ConcurrentHashMap<>();
    private OperatorProcess operator;
    private FakeRunner runner;

    @Override
    public void beforeAll(ExtensionContext context) {
        namespace.beforeAll(context);
        runner = new FakeRunner(
                namespace.client(),
                namespace.name(),
                task -> scripts.get(shop(task)).apply(task));
        operator = OperatorProcess.started(namespace.name());
    }

    /** All objects of a shop have one name; steps of a run are no policy's. */
    private static String shop(Task task) {
        return task.origin().policy() == null
                ? task.origin().application()
                : task.origin().policy();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        try {
            if (operator != null) {
                operator.close();
            }
            if (runner != null) {
                runner.close();
            }
        } finally {
            namespace.afterAll(context);
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        namespace.handleTestExecutionException(context, failure);
    }

    TestNamespace namespace() {
        return namespace;
    }

    FakeRunner runner() {
        return runner;
    }

    /** A shop whose tasks go as the script says. */
    Shop shop(String name, Function<Task, Behaviour> script) {
        script(name, script);
        return new Shop(namespace, name);
    }

    /** Has the tasks of a shop go otherwise from now on. */
    void script(String name, Function<Task, Behaviour> script) {
        scripts.put(name, script);
    }

    /** The status of the shop's backup once it is finished. */
    static DatabaseBackupStatus end(Shop shop) {
        await().atMost(SOON).until(shop::finished);
        return shop.status().orElseThrow();
    }

    static void awaitRunning(Shop shop) {
        await().atMost(SOON)
                .until(() -> shop.status()
                        .filter(status -> status.phase() == BackupPhase.RUNNING)
                        .isPresent());
    }

    /** How many backups of the shop have succeeded. */
    static long succeeded(Shop shop) {
        return shop.backups().stream()
                .filter(backup ->
                        backup.getStatus() != null && backup.getStatus().phase() == BackupPhase.SUCCEEDED)
                .count();
    }

    /** What was made for a backup, or another object. */
    <T extends HasMetadata> List<T> of(HasMetadata owner, Class<T> kind) {
        return namespace
                .all(kind)
                .withLabel(Annotations.OWNER_UID, owner.getMetadata().getUid())
                .list()
                .getItems();
    }

    /** The Jobs of a run's steps. */
    List<Job> jobs(String run) {
        return of(namespace.find(MaintenanceRun.class, run), Job.class);
    }

    /** Applies files of an example, and waits until its Runbooks are ready. */
    void example(String folder, List<String> files, String... runbooks) throws IOException {
        for (String file : files) {
            namespace.create(Serialization.unmarshal(
                    Files.readString(ClusterClient.REPOSITORY
                            .resolve("examples")
                            .resolve(folder)
                            .resolve(file)),
                    GenericKubernetesResource.class));
        }
        for (String runbook : runbooks) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(namespace
                                    .find(Runbook.class, runbook)
                                    .getStatus()
                                    .conditions())
                            .anyMatch(condition -> condition.reason().equals("Ready")));
        }
    }
}
