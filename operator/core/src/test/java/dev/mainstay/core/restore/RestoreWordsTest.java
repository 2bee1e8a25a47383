package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.api.restore.RestoreRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreWordsTest {

    private static final String BACKUP =
            "plan: {backup: last, database: ecommerce, copy: ecommerce_restore_1, previous: ecommerce_before_1,"
                    + " goesBackTo: \"2026-03-29T02:00:00Z\", writesLost: 13h22m";
    private static final String LOCATED =
            "plan: {policy: nightly, location: \"s3://b/shop/1/\", database: ecommerce, copy: ecommerce_restore_1,"
                    + " previous: ecommerce_before_1, goesBackTo: \"2026-03-29T02:00:00Z\", writesLost: 13h22m";
    private static final String KEPT =
            "plan: {database: ecommerce, copy: ecommerce_before_0, previous: ecommerce_before_1,"
                    + " goesBackTo: \"2026-03-29T14:00:00Z\", writesLost: 1h22m, databaseSize: 46.0 MiB";
    private static final String BESIDE =
            "plan: {backup: last, database: ecommerce, copy: look," + " goesBackTo: \"2026-03-29T02:00:00Z\"";

    private static final String INTO = "plan: {backup: last, database: ecommerce, goesBackTo: \"2026-03-29T02:00:00Z\"";

    private static RestoreRequest request(String status) {
        return Restores.with(Restores.request("a", "{policyRef: {name: nightly}}", ""), "{" + status + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                LOCATED
                        + "} | Database ecommerce goes back to 2026-03-29T02:00:00Z, by the backup in s3://b/shop/1/; 13h22m of"
                        + " writes will not be in it. The database of now stays as ecommerce_before_1.",
                BACKUP
                        + "} | Database ecommerce goes back to 2026-03-29T02:00:00Z, by DatabaseBackup last; 13h22m of writes"
                        + " will not be in it. The database of now stays as ecommerce_before_1.",
                KEPT
                        + "} | Database ecommerce goes back to 2026-03-29T14:00:00Z, by the kept database ecommerce_before_0; 1h22m"
                        + " of writes will not be in it. The database of now (46.0 MiB) stays as ecommerce_before_1.",
                BESIDE
                        + "} | Restores DatabaseBackup last, which holds the data of 2026-03-29T02:00:00Z, into the new database"
                        + " look. Database ecommerce is not touched.",
                INTO
                        + "} | Restores DatabaseBackup last, which holds the data of 2026-03-29T02:00:00Z, into database ecommerce"
                        + " itself, which is empty. No database is kept, as there is nothing to keep."
            })
    void givenAPlan_whenItIsTold_thenItSaysWhatItCosts(String status, String told) {
        RestoreRequest request = request(status);

        assertThat(RestoreWords.plan(request, request.getStatus().plan())).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                BACKUP
                        + "}, restored: {tables: 2, rows: 9, rowsCompared: true}, previous: {database: ecommerce_before_1}"
                        + " | Database ecommerce is the one of 2026-03-29T02:00:00Z. It has 9 rows in 2 tables, as many as the"
                        + " backup. The one before it is kept as ecommerce_before_1.",
                BACKUP + "}, restored: {tables: 2, rows: 9, rowsCompared: false}"
                        + " | Database ecommerce is the one of 2026-03-29T02:00:00Z. It has 9 rows in 2 tables.",
                KEPT + "}, previous: {database: ecommerce_before_1}"
                        + " | Database ecommerce is the one of 2026-03-29T14:00:00Z. The one before it is kept as"
                        + " ecommerce_before_1.",
                BESIDE + "}, restored: {tables: 2, rows: 9, rowsCompared: true}"
                        + " | Database look holds the data of 2026-03-29T02:00:00Z. It has 9 rows in 2 tables, as many as the"
                        + " backup.",
                INTO + "}, restored: {tables: 2, rows: 9, rowsCompared: true}"
                        + " | Database ecommerce holds the data of 2026-03-29T02:00:00Z. It has 9 rows in 2 tables, as many as"
                        + " the backup. It was empty before, so that no database is kept."
            })
    void givenWhatWasDone_whenItIsTold_thenItPromisesNothingElse(String status, String told) {
        RestoreRequest request = request(status);

        assertThat(RestoreWords.restored(request, request.getStatus())).isEqualTo(told);
    }

    /** It is pasted into a shell as it is, so it is run by one here. */
    @ParameterizedTest
    @ValueSource(strings = {"", "database: main"})
    void givenARestore_whenItsUndoCommandIsPasted_thenItMakesARequestThatPutsTheKeptDatabaseBack(String database)
            throws IOException, InterruptedException {
        RestoreRequest request = Restores.request("shop-x7k2p", "{policyRef: {name: nightly}}", database);

        JsonNode made = pasted(RestoreWords.undo(request));

        assertThat(made.at("/apiVersion").asText()).isEqualTo("mainstay.dev/v1alpha1");
        assertThat(made.at("/kind").asText()).isEqualTo("RestoreRequest");
        assertThat(made.at("/metadata/generateName").asText()).isEqualTo("shop-x7k2p-undo-");
        assertThat(made.at("/metadata/namespace").asText()).isEqualTo("shop");
        assertThat(made.at("/spec/applicationRef/name").asText()).isEqualTo("shop");
        assertThat(made.at("/spec/database").asText()).isEqualTo(database.isEmpty() ? "" : "main");
        assertThat(made.at("/spec/source/previousOf/name").asText()).isEqualTo("shop-x7k2p");
        assertThat(made.at("/spec/reason").asText()).isEqualTo("undo shop-x7k2p");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 239, 240, 241, 253})
    void givenALongName_whenItIsUndone_thenTheCommandFitsAndTheNamesAndReasonAreTaken(int length)
            throws IOException, InterruptedException {
        String name = "x".repeat(length);

        String command = RestoreWords.undo(Restores.request(name, "{policyRef: {name: nightly}}", ""));

        JsonNode made = pasted(command);
        assertThat(command.length()).isLessThanOrEqualTo(2048);
        assertThat(made.at("/metadata/generateName").asText())
                .hasSizeLessThanOrEqualTo(253)
                .endsWith("-undo-");
        assertThat(made.at("/spec/source/previousOf/name").asText()).isEqualTo(name);
        assertThat(made.at("/spec/reason").asText()).hasSizeLessThanOrEqualTo(256);
    }

    @Test
    void givenNothingReplaced_whenTold_thenTheDatabaseIsNamed() {
        assertThat(RestoreWords.untouched(request(BESIDE + "}").getStatus().plan()))
                .isEqualTo("Database ecommerce was not touched.");
        assertThat(RestoreWords.untouched(request(BACKUP + "}").getStatus().plan()))
                .isEqualTo("Database ecommerce is the one that was there before.");
    }

    private static JsonNode pasted(String command) throws IOException, InterruptedException {
        String end = " | kubectl create --filename -";
        assertThat(command).endsWith(end).doesNotContain("\n");
        Process shell = new ProcessBuilder("sh", "-c", command.substring(0, command.length() - end.length())).start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        return new ObjectMapper().readTree(said);
    }
}
