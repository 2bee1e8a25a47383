package dev.mainstay.runner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.task.TaskFailure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DumpErrorsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pg_dump: detail: Error message from server: ERROR:  canceling statement due to lock timeout | LOCK_TIMEOUT
            pg_dump: error: query failed: ERROR:  permission denied for table orders | PERMISSION_DENIED
            pg_dump: error: query failed: ERROR:  permission denied for large object 16500 | PERMISSION_DENIED
            ERROR:  query would be affected by row-level security policy for table "t" | PERMISSION_DENIED
            pg_dump: error: aborting because of server version mismatch | VERSION_UNSUPPORTED
            pg_dump: error: connection to server at "h", port 5432 failed: FATAL:  password authentication failed | AUTHENTICATION_FAILED
            pg_dump: error: could not translate host name "h" to address | CONNECTION_FAILED
            pg_dump: error: connection to server at "h", port 5 failed: Connection refused | CONNECTION_FAILED
            pg_dump: detail: Error message from server: server closed the connection unexpectedly | DUMP_FAILED
            pg_dump: error: query failed: FATAL:  terminating connection due to administrator command | DUMP_FAILED
            ERROR:  canceling statement due to conflict with recovery | DUMP_FAILED
            pg_dump: error: query failed: ERROR:  out of shared memory | DUMP_FAILED
            FATAL:  too many connections for role "r" | CONNECTION_FAILED
            FATAL:  sorry, too many clients already | CONNECTION_FAILED
            FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute | CONNECTION_FAILED
            pg_dump: error: something new | DUMP_FAILED
            """)
    void whatPgDumpSaysTellsTheReason(String line, Reason reason) {
        assertThat(failure(new Exit("pg_dump", 1, List.of("pg_dump: reading schemas", line)))
                        .reason())
                .isEqualTo(reason);
    }

    @Test
    void onlyExitCodesAreTheVerdict() {
        assertThat(DumpErrors.of(List.of(
                        new Exit("pg_dump", 0, List.of("pg_dump: warning: there are circular foreign-key constraints")),
                        new Exit("zstd", 0, List.of()))))
                .isEmpty();
    }

    @Test
    void theProgramThatFailedFirstIsToBlame() {
        TaskFailure failure =
                failure(new Exit("pg_dump", 141, List.of()), new Exit("zstd", 1, List.of("zstd: no memory")));

        assertThat(failure)
                .hasMessageStartingWith("zstd ended with exit code 1: zstd: no memory. ")
                .hasMessageContaining("jobTemplate.resources");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pg_dump    | pg_dump: error: something new                     | run pg_dump by hand with the same role
            pg_dumpall | pg_dumpall: error: something new                  | run pg_dumpall by hand with the same role
            age        | age: error: malformed recipient                   | spec.encryption.recipients of the BackupPolicy
            age-keygen | age-keygen: error: failed to open output file: permission denied | /tmp
            """)
    void whatNobodyHasSeenBeforeComesWithAdviceToo(String program, String line, String advice) {
        TaskFailure failure = failure(new Exit(program, 1, List.of(line)));

        assertThat(failure.reason()).isEqualTo(Reason.DUMP_FAILED);
        assertThat(failure)
                .hasMessageStartingWith(program + " ended with exit code 1: " + line + ". ")
                .hasMessageContaining(advice);
    }

    @Test
    void aKilledProgramIsSaidToBe() {
        assertThat(failure(new Exit("pg_dump", 137, List.of()))).hasMessageContaining("pg_dump was ended by signal 9");
    }

    @Test
    void theTailHoldsNoRows() {
        LogTail tail = new LogTail();
        List.of(
                        "pg_dump: error: Dumping the contents of table \"orders\" failed: PQgetResult() failed.",
                        "pg_dump: detail: Error message from server: ERROR:  invalid byte sequence",
                        "DETAIL:  Key (mail)=(canary@example.org) already exists.",
                        "canary@example.org, second line of it",
                        "CONTEXT:  COPY orders, line 17: \"canary@example.org\"",
                        "ERROR canary@example.org, third line of it",
                        "zstd canary@example.org, fourth line of it",
                        "  pg_dump: canary@example.org, fifth line of it",
                        "HINT:  Look elsewhere, canary@example.org.",
                        "STATEMENT:  SELECT 'canary@example.org'",
                        "pg_dump: detail: Command was: COPY public.orders (id) TO stdout;")
                .forEach(tail::add);

        assertThat(tail.lines()).hasSize(3).noneMatch(line -> line.contains("canary"));
    }

    @Test
    void theTailHoldsTheFirstLineOfAServersMessage() {
        LogTail tail = new LogTail();
        List.of(
                        "pg_restore: error: COPY failed for table \"orders\": ERROR:  a line",
                        "canary@example.org, second line of it",
                        "pg_restore: error: connection to server at \"h\" failed: FATAL:  too many clients",
                        "connection to server at \"i\" failed: FATAL:  too many clients")
                .forEach(tail::add);

        assertThat(tail.lines()).hasSize(3).noneMatch(line -> line.contains("canary"));
    }

    private static TaskFailure failure(Exit... exits) {
        return DumpErrors.of(List.of(exits)).orElseThrow();
    }
}
