package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.mainstay.core.task.PreflightReport.Stored;
import dev.mainstay.core.task.ResultLines;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.task.Results;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a preflight tells of the backups in a real bucket, in a new cluster say. */
@Tag("process")
class AttachProcessTest {

    @TempDir
    Path folder;

    @Test
    void aBackupIsToldAsItsOwnResultToldIt() {
        Attempt attempt = new Attempt(folder);
        TaskResult made = attempt.backup();

        Stored stored = look(attempt).preflight().stored();

        assertThat(stored.count()).isEqualTo(1);
        assertThat(stored.leftOut()).isZero();
        assertThat(stored.all()).singleElement().satisfies(told -> {
            assertThat(attempt.path).endsWith("/" + told.folder() + "/");
            assertThat(told.name()).isEqualTo("nightly-20260329t010002z");
            assertThat(told.madeBy()).isEqualTo(MadeBy.POLICY);
            assertThat(told.backup()).isEqualTo(made.backup());
        });
    }

    @Test
    void whereNobodyAsksNothingIsToldAndNothingTakenOver() {
        Attempt attempt = new Attempt(folder);
        attempt.backup();
        String owner = Peers.store().read(attempt.policyPath + "owner.json");
        Attempt elsewhere = new Attempt(folder, attempt.policyPath);
        elsewhere.clusterId = "cluster-2";
        elsewhere.adopt = "cluster-1";

        assertThat(elsewhere.run(TaskKind.PREFLIGHT).preflight().stored()).isNull();
        assertThat(Peers.store().read(attempt.policyPath + "owner.json")).isEqualTo(owner);
    }

    @Test
    void thePathOfALostClusterIsTakenOverWhereThatIsAskedFor() {
        Attempt lost = new Attempt(folder);
        lost.backup();
        String owner = Peers.store().read(lost.policyPath + "owner.json");
        Attempt found = new Attempt(folder, lost.policyPath);
        found.clusterId = "cluster-2";

        TaskResult refused = look(found);
        assertThat(refused.preflight().stored()).isNull();
        assertThat(refused.preflight().first())
                .singleElement()
                .satisfies(finding -> assertThat(finding.reason()).isEqualTo("OwnedByOther"));
        assertThat(Peers.store().read(lost.policyPath + "owner.json")).isEqualTo(owner);

        found.adopt = "cluster-1";
        TaskResult taken = look(found);
        assertThat(taken.preflight().errors()).isZero();
        assertThat(taken.preflight().stored().count()).isEqualTo(1);
        assertThat(Peers.store().read(lost.policyPath + "owner.json")).contains("cluster-2", "\"adopted\"");
    }

    @Test
    void manyAreToldInTheLog() throws JsonProcessingException {
        Attempt first = new Attempt(folder);
        for (Attempt attempt = first;
                attempt.number() < first.number() + 30;
                attempt = new Attempt(folder, first.policyPath)) {
            if (attempt == first) {
                attempt.backup();
            }
            // A copy counts where its manifest says that it was made there.
            Peers.store()
                    .put(
                            attempt.path + "manifest.json",
                            Peers.store()
                                    .read(first.path + "manifest.json")
                                    .replaceFirst("\"attempt\" : \\d+", "\"attempt\" : " + attempt.number()));
        }

        TaskResult result = look(first);

        Stored stored = result.preflight().stored();
        assertThat(stored.all()).isNull();
        assertThat(Results.bounded(result)).hasSizeLessThanOrEqualTo(Results.MOST_BYTES);
        String json = ResultLines.STORED
                .join(first.progress.toString(StandardCharsets.UTF_8).lines().toList(), stored.sha256())
                .orElseThrow();
        List<StoredManifest> told = TaskJson.mapper().readValue(json, new TypeReference<>() {});
        assertThat(told).hasSize(stored.count()).hasSize(30);
    }

    private static TaskResult look(Attempt attempt) {
        TaskResult result = attempt.run(attempt.task(TaskKind.PREFLIGHT).listingStored());
        assertThat(result.preflight()).as("%s", result).isNotNull();
        return result;
    }
}
