package dev.mainstay.runner.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.query.ExpectationOperator;
import dev.mainstay.api.query.RestoreQuery.Expectation;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.Kept;
import dev.mainstay.core.task.RestoreReport.KeptDatabase;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.postgres.RestoreErrors;
import dev.mainstay.runner.task.Results;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreTextsTest {

    @Test
    void aMarkIsKnownAndNothingElseIsTakenForOne() {
        assertThat(DatabaseMark.in("Mainstay restore 4f-uid: kept by RestoreRequest shop/x"))
                .contains("4f-uid");
        assertThat(DatabaseMark.in(null)).isEmpty();
        assertThat(DatabaseMark.in("the Mainstay restore 4f-uid: x")).isEmpty();
        assertThat(DatabaseMark.in("Mainstay restore 4f-uid")).isEmpty();
    }

    @Test
    void findingsFitIntoATerminationMessage() {
        List<Finding> findings = IntStream.range(0, 40)
                .mapToObj(i -> new Finding(Severity.ERROR, "check " + i, "PermissionDenied", "ü\"".repeat(500)))
                .toList();

        List<Finding> fitting = RestorePlanTask.fitting(findings);

        assertThat(fitting).hasSizeGreaterThan(2);
        RestoreReport.Facts facts = new RestoreReport.Facts("17.6", true, 1L, 1, null, "17.6", 1L, 1L, 40, 0, fitting);
        byte[] message = Results.bounded(TaskResult.of(TaskKind.RESTORE_PLAN, new RestoreReport(facts, null, null)));
        assertThat(message.length).isLessThanOrEqualTo(Results.MOST_BYTES);
    }

    @Test
    void findingsAndKeptDatabasesFitIntoATerminationMessage() {
        List<Finding> findings = IntStream.range(0, 40)
                .mapToObj(i -> new Finding(Severity.ERROR, "check " + i, "PermissionDenied", "ü\"".repeat(500)))
                .toList();
        Kept kept = new Kept(
                1000,
                IntStream.range(0, Kept.MOST)
                        .mapToObj(i -> new KeptDatabase("\"".repeat(63), Long.MAX_VALUE))
                        .toList());

        List<Finding> fitting = RestoreReadyTask.fitting(findings, kept);

        assertThat(fitting).isNotEmpty();
        RestoreReport.Facts facts =
                new RestoreReport.Facts("17.6", true, Long.MAX_VALUE, 1, null, null, null, null, 40, 0, fitting, kept);
        byte[] message = Results.bounded(TaskResult.of(TaskKind.RESTORE_READY, new RestoreReport(facts, null, null)));
        assertThat(message.length).isLessThanOrEqualTo(Results.MOST_BYTES);
        assertThat(TaskJson.readResult(new String(message, StandardCharsets.UTF_8))
                        .orElseThrow()
                        .restore()
                        .facts()
                        .kept())
                .isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource({
        "could not extend file: No space left on device, DISK_FULL",
        "role \"x\" does not exist, ROLE_MISSING",
        "extension \"x\" is not available, EXTENSION_MISSING",
        "permission denied to create extension \"x\", PERMISSION_DENIED",
        "must be member of role \"x\", PERMISSION_DENIED",
        "permission denied for schema public, PERMISSION_DENIED",
        "server closed the connection unexpectedly, CONNECTION_FAILED",
        "duplicate key value violates unique constraint, RESTORE_FAILED"
    })
    void whatPgRestoreSaysIsToldByItsObject(String said, Reason reason) {
        Exit exit = new Exit(
                "pg_restore",
                1,
                List.of(
                        "pg_restore: while PROCESSING TOC:",
                        "pg_restore: from TOC entry 210; 1259 16386 TABLE orders app",
                        "pg_restore: error: could not execute query: ERROR:  " + said));

        assertThat(RestoreErrors.of(exit)).hasValueSatisfying(failure -> {
            assertThat(failure.reason()).isEqualTo(reason);
            assertThat(failure.getMessage()).contains("TABLE orders app: could not execute query: ERROR:  " + said);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            customer jane@example.org not found                                    | RESTORE_FAILED    | may hold data
            invalid input syntax for type integer: "jane@example.org"              | RESTORE_FAILED    | no value of its type
            new row for relation "jane" violates check constraint "jane"           | RESTORE_FAILED    | violates a constraint
            could not create unique index "jane"                                   | RESTORE_FAILED    | violates a constraint
            function jane(text) does not exist                                     | RESTORE_FAILED    | search_path
            could not extend file "base/jane": No space left on device             | DISK_FULL         | Make room
            permission denied for function jane                                    | PERMISSION_DENIED | lacks a right
            """)
    void ofWhatTheServerSaysOverRowsOnlyTheMeaningIsTold(String said, Reason reason, String meaning) {
        for (String kind : List.of("TABLE DATA", "INDEX", "FK CONSTRAINT", "MATERIALIZED VIEW DATA", "NEW KIND")) {
            Exit exit = new Exit(
                    "pg_restore",
                    1,
                    List.of(
                            "pg_restore: creating TABLE \"disk full\"",
                            "pg_restore: WARNING:  jane@example.org",
                            "pg_restore: from TOC entry 210; 0 16386 " + kind + " orders app",
                            "pg_restore: error: COPY failed for table \"orders\": ERROR:  " + said));

            assertThat(RestoreErrors.of(exit)).hasValueSatisfying(failure -> {
                assertThat(failure.reason()).isEqualTo(reason);
                assertThat(failure.getMessage())
                        .contains(meaning, kind + " orders app: COPY failed for table \"orders\"")
                        .doesNotContain("jane");
                assertThat(failure.logTail()).hasSize(4).noneMatch(line -> line.contains("jane"));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "error: COPY failed for table \"orders\": FEHLER:  jane@example.org",
                "error: could not execute query: ERROR:  jane@example.org",
                "error: error returned by PQputCopyData: ERROR:  jane@example.org"
            })
    void withoutAnObjectNothingThatTheServerSaysIsTold(String line) {
        assertThat(RestoreErrors.of(new Exit("pg_restore", 1, List.of("pg_restore: " + line))))
                .hasValueSatisfying(failure -> {
                    assertThat(failure.getMessage()).contains("may hold data").doesNotContain("jane");
                    assertThat(failure.logTail()).noneMatch(told -> told.contains("jane"));
                });
    }

    @Test
    void whyASessionEndedIsToldWhereverItWas() {
        Exit exit = new Exit(
                "pg_restore",
                1,
                List.of(
                        "pg_restore: from TOC entry 210; 0 16386 TABLE DATA orders app",
                        "pg_restore: error: COPY failed for table \"orders\": FATAL:  terminating connection due to"
                                + " administrator command"));

        assertThat(RestoreErrors.of(exit)).hasValueSatisfying(failure -> {
            assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_FAILED);
            assertThat(failure.getMessage()).contains("due to administrator command");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "10, EQUALS, 10.0, true",
        "10, GREATER_THAN, 9, true",
        "10, GREATER_THAN, 10, false",
        "-1, LESS_THAN, 0, true",
        "a, EQUALS, a, true",
        "a, EQUALS, A, false",
        "b, GREATER_THAN, a, false",
        "1, UNRECOGNIZED, 1, false"
    })
    void answersAreNumbersWhereBothAre(String found, ExpectationOperator operator, String value, boolean holds) {
        assertThat(CopyProof.holds(found, new Expectation(operator, value))).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10",
        "-1.50, -1.50",
        "' 7 ', 7",
        "1e3, 1e3",
        "ada@example.org, a text of 15 characters",
        "x, a text of 1 character",
        "'', a text of 0 characters",
        "11111111112222222222333333333344444444445, a text of 41 characters",
        ", nothing (null)"
    })
    void ofAnAnswerOnlyNumbersAreTold(String answer, String told) {
        assertThat(QueryWords.of(Optional.ofNullable(answer))).isEqualTo(told);
    }

    @Test
    void errorsThatQuoteValuesAreTheirStateAlone() {
        assertThat(QueryWords.of(new SQLException("ERROR: relation \"x\" does not exist\n  Position: 1", "42P01")))
                .isEqualTo("ERROR: relation \"x\" does not exist.");
        assertThat(QueryWords.of(new SQLException("it must be exactly one statement")))
                .isEqualTo("it must be exactly one statement.");
        assertThat(QueryWords.of(new SQLException("ERROR: invalid input syntax: \"ada@example.org\"", "22P02")))
                .contains("SQLSTATE 22P02")
                .doesNotContain("ada@");
    }

    @Test
    void theOwnerIsReadFromTheSettings() {
        assertThat(new CopySettings(
                                "ALTER DATABASE \"a;b\" OWNER TO \"the \"\"owner\";\nALTER DATABASE x SET y TO 'z';")
                        .owner())
                .contains("the \"owner");
        assertThat(new CopySettings("").owner()).isEmpty();
    }
}
