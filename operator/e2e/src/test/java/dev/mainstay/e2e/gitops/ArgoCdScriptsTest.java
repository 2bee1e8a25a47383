package dev.mainstay.e2e.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts that are shipped for Argo CD, run by Argo CD's own program. */
@Tag("gitops")
class ArgoCdScriptsTest {

    private static final Path STATES = ClusterClient.REPOSITORY.resolve("operator/e2e/src/test/resources/kstatus");
    private static final Map<String, String> HEALTH =
            Map.of("Current", "Healthy", "InProgress", "Progressing", "Failed", "Degraded");

    @TempDir
    private Path folder;

    static List<Path> states() throws IOException {
        try (Stream<Path> files = Files.list(STATES)) {
            return files.map(Path::getFileName).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("states")
    void givenAState_whenItIsJudged_thenItsHealthIsThatOfKstatus(Path file) {
        String verdict = file.toString().split("\\.")[1];

        assertThat(argocd("health", STATES.resolve(file))).contains("STATUS: " + HEALTH.get(verdict) + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BackupPolicy       |                          | back-up-now | >     mainstay.dev/run-now: \"2",
                "BackupPolicy       |                          | pause       | >     mainstay.dev/paused: by an action of Argo CD",
                "BackupPolicy       | mainstay.dev/paused: busy | resume      | <     mainstay.dev/paused:",
                "ManagedApplication |                          | pause       | >     mainstay.dev/paused: by an action of Argo CD",
                "ManagedApplication | mainstay.dev/paused: busy | resume      | <     mainstay.dev/paused:",
                "DatabaseBackup     |                          | cancel      | >     mainstay.dev/cancel: by an action of Argo CD",
                "RollbackRequest    |                          | cancel      | >     mainstay.dev/cancel: by an action of Argo CD",
                "MaintenanceMode    |                          | end         | >     mainstay.dev/cancel: by an action of Argo CD",
            })
    void givenAnObject_whenAnActionIsRun_thenItsAnnotationIsTheOneThatMainstayReads(
            String kind, String annotation, String action, String change) throws IOException {
        Path object = object(kind, annotation == null ? "other: annotation" : annotation, "");

        assertThat(argocd("list-actions", object)).containsPattern("(?m)^" + action + " +false$");
        assertThat(argocd("run-action", object, action)).contains(change);
    }

    @ParameterizedTest
    @CsvSource({"DatabaseBackup", "RollbackRequest"})
    void givenWhatIsFinished_whenItsActionsAreListed_thenItCantBeCancelled(String kind) throws IOException {
        Path object = object(kind, "other: annotation", """
                status:
                  conditions: [{type: Finished, status: "True"}]
                """);

        assertThat(argocd("list-actions", object)).containsPattern("(?m)^cancel +true$");
    }

    @ParameterizedTest
    @CsvSource({
        "Entering, other: annotation, false",
        "Active, other: annotation, false",
        "Active, 'mainstay.dev/cancel: done', true",
        "Leaving, other: annotation, true",
        "Ended, other: annotation, true"
    })
    void givenAMaintenanceMode_whenItsActionsAreListed_thenOnlyOneThatLastsCanBeEnded(
            String phase, String annotation, boolean disabled) throws IOException {
        Path object = object("MaintenanceMode", annotation, "status: {phase: " + phase + "}");

        assertThat(argocd("list-actions", object)).containsPattern("(?m)^end +" + disabled + "$");
    }

    private Path object(String kind, String annotation, String status) throws IOException {
        return Files.writeString(folder.resolve("object.yaml"), """
                apiVersion: mainstay.dev/v1alpha1
                kind: %s
                metadata:
                  name: shop
                  annotations:
                    %s
                """.formatted(kind, annotation) + status);
    }

    private static String argocd(String command, Path object, String... more) {
        List<String> words = new ArrayList<>(List.of(
                GitRepository.environment("MAINSTAY_ARGOCD"),
                "admin",
                "settings",
                "resource-overrides",
                command,
                object.toString()));
        words.addAll(List.of(more));
        words.add("--argocd-cm-path");
        words.add(ClusterClient.REPOSITORY
                .resolve("deploy/gitops/argocd/argocd-cm.yaml")
                .toString());
        return Programs.run(new ProcessBuilder(words), "");
    }
}
