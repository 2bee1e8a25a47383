package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.RestoreReadiness;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is said of an application's restores long before there is one. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RestoreReadySimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @AutoClose
    private static FakeRunner runner;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
        runner = new FakeRunner(NAMESPACE.client(), NAMESPACE.name(), task -> Behaviour.SUCCEED);
    }

    @Test
    void givenARoleThatMayNotMakeDatabases_whenTheStatementWasRunAndSomebodyAsks_thenItIsReady() {
        runner.readiness(
                "gaps",
                new Finding(Severity.ERROR, "rights", "PermissionDenied", "Run: ALTER ROLE \"keeper\" CREATEDB;"));
        application("gaps", "main", ", adminSecretRef: {name: keeper}");

        awaitReady("gaps", "FALSE/GapsFound");
        assertThat(message("gaps"))
                .contains("Database main, looked at 20", "rights: Run: ALTER ROLE \"keeper\" CREATEDB;");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                NAMESPACE.all(Event.class).list().getItems())
                        .filteredOn(event -> event.getReason().equals("GapsFound"))
                        .singleElement()
                        .satisfies(event ->
                                assertThat(event.getRegarding().getName()).isEqualTo("gaps")));

        runner.readiness("gaps");
        NAMESPACE
                .all(ManagedApplication.class)
                .withName("gaps")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"1\"}}}".formatted(Annotations.RUN_NOW));
        awaitReady("gaps", "TRUE/Passed");
        assertThat(message("gaps")).contains("a second copy takes up to 90.0 MiB");
        assertThat(jobs("gaps")).hasSize(2);
    }

    @Test
    void givenTwoDatabases_whenTheyAreLookedAt_thenEachHasALineOfItsOwn() {
        application("both", "main", ", adminSecretRef: {name: keeper}", "audit", ", adminSecretRef: {name: keeper}");

        awaitReady("both", "TRUE/Passed");
        assertThat(find("both").getStatus().restoreReadiness())
                .extracting(RestoreReadiness::database)
                .containsExactly("main", "audit");
        assertThat(jobs("both")).hasSize(2);
    }

    @Test
    void givenNoRoleForRestores_thenItSaysHowToAddOneAndNoJobIsMade() {
        application("unkept", "main", "");
        awaitReady("unkept", "UNKNOWN/NoRestoreRole");
        assertThat(message("unkept")).contains("CREATE ROLE mainstay_restore", "adminSecretRef");

        application("without");
        await().atMost(SOON)
                .until(() -> find("without").getStatus() != null
                        && Shop.condition(find("without").getStatus().conditions(), "Ready")
                                .equals("TRUE/Ready"));
        assertThat(Shop.condition(find("without").getStatus().conditions(), "RestoreReady"))
                .isEmpty();
        assertThat(jobs("unkept")).isEmpty();
        assertThat(jobs("without")).isEmpty();
    }

    /** An application with databases: the name of each, and more of it. */
    private static void application(String name, String... databases) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < databases.length; i += 2) {
            text.append(i == 0 ? "" : ", ")
                    .append("{name: %s, postgres: {host: db, database: %s, credentialsSecretRef: {name: reader}%s}}"
                            .formatted(databases[i], name, databases[i + 1]));
        }
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %s}
                spec: {databases: [%s]}
                """.formatted(name, text), ManagedApplication.class));
    }

    private static ManagedApplication find(String name) {
        return NAMESPACE.find(ManagedApplication.class, name);
    }

    private static void awaitReady(String name, String told) {
        await(name)
                .atMost(SOON)
                .until(() -> find(name).getStatus() != null
                        && Shop.condition(find(name).getStatus().conditions(), "RestoreReady")
                                .equals(told));
    }

    private static String message(String name) {
        return Conditions.find(find(name).getStatus().conditions(), "RestoreReady")
                .orElseThrow()
                .message();
    }

    private static List<Job> jobs(String name) {
        String uid = find(name).getMetadata().getUid();
        return NAMESPACE
                .all(Job.class)
                .withLabel(Annotations.TASK, TaskKind.RESTORE_READY.text())
                .withLabel(Annotations.OWNER_UID, uid)
                .list()
                .getItems();
    }
}
