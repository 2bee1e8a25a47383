package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.CacheReviewStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys are removed from a real Redis: those that were meant, and no others. */
@Tag("process")
class CacheClearProcessTest {

    @TempDir
    Path folder;

    private RedisServer server;
    private CacheStep step;

    @BeforeEach
    void start() {
        server = new RedisServer();
        step = new CacheStep(folder, server.port());
    }

    @AfterEach
    void end() {
        server.close();
    }

    /** 100,000 keys, of which those with the prefix go; the server is never stopped by KEYS. */
    @Test
    void givenManyKeys_whenAPrefixIsCleared_thenAllOthersStay() {
        server.fill("page:", 60_000, 0);
        server.fill("cart:", 30_000, 3600);
        server.fill("pageant:", 10_000, 0);
        long flushes = server.calls("flushdb");

        StepReport report = step.clear("page:");

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message())
                .startsWith("60,000 keys begin with \"page:\", and 60,000 were removed."
                        + " Database 0 had 100,000 keys, and has 40,000; the server's memory in use went from ");
        assertThat(report.facts().get("usedMemoryAfter"))
                .isLessThan(report.facts().get("usedMemoryBefore"));
        assertThat(server.calls("keys")).isZero();
        assertThat(server.calls("del")).isZero();
        assertThat(server.calls("flushdb")).isEqualTo(flushes);
        assertThat(server.calls("unlink")).isGreaterThan(60);
        assertThat(server.count("page:")).isZero();
        assertThat(server.count("cart:")).isEqualTo(30_000);
        assertThat(server.count("pageant:")).isEqualTo(10_000);
    }

    @Test
    void givenADryRun_whenItIsDone_thenTheKeysAreCountedAndStay() {
        server.fill("page:", 3_000, 0);
        server.fill("cart:", 2_000, 0);

        StepReport report = step.count("page:", "none:");

        assertThat(report.outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message())
                .startsWith(
                        "3,000 keys begin with \"page:\". 0 keys begin with \"none:\". Nothing was removed (dryRun).");
        assertThat(server.count("")).isEqualTo(5_000);
        assertThat(server.calls("unlink")).isZero();
        assertThat(step.count().message()).startsWith("The whole database would be emptied of 5,000 keys.");
        assertThat(server.count("")).isEqualTo(5_000);
    }

    /** What Redis would read as a pattern is what the key begins with. */
    @ParameterizedTest
    @CsvSource({"a*:", "a?:", "[ab]:", "a\\:", "a[^x]:", "ü:"})
    void givenAPrefixWithCharactersOfPatterns_whenItIsCleared_thenTheyStandForThemselves(String prefix) {
        server.fill(prefix, 20, 0);
        server.fill("ab:", 20, 0);
        server.fill("a:", 20, 0);
        server.fill("abc:", 20, 0);

        StepReport report = step.clear(prefix);

        assertThat(report.facts()).containsEntry("removed", 20L);
        assertThat(server.count(prefix)).isZero();
        assertThat(server.count("")).isEqualTo(60);
    }

    @Test
    void givenSeveralDatabases_whenOneIsEmptied_thenTheOtherStays() {
        server.fill("page:", 1_000, 0);
        step.database = 3;
        assertThat(step.clear("page:").facts()).containsEntry("removed", 0L);
        assertThat(server.count("page:")).isEqualTo(1_000);

        StepReport other = step.clear();
        assertThat(other.message()).startsWith("The whole database was emptied of 0 keys (FLUSHDB ASYNC).");
        assertThat(server.count("page:")).isEqualTo(1_000);

        step.database = 0;
        StepReport report = step.clear();
        assertThat(report.outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message()).contains("was emptied of 1,000 keys", "Database 0 had 1,000 keys, and has 0;");
        assertThat(server.count("")).isZero();
        assertThat(server.calls("flushall")).isZero();
    }

    @Test
    void givenTooLittleTime_whenItIsUp_thenWhatWasRemovedIsToldAndAnotherRunGoesOn() {
        server.fill("page:", 100_000, 0);
        step.timeoutSeconds = 2;
        CompletableFuture<StepReport> running = CompletableFuture.supplyAsync(() -> step.clear("page:"));
        awaitRemovals();
        // The next removal waits for longer than there is time.
        server.ask("CLIENT", "PAUSE", "4000", "WRITE");

        StepReport report = running.join();

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FAILED);
        assertThat(report.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED.text());
        assertThat(report.message())
                .contains("timeout of 2s (timeout of the step)")
                .containsPattern("Until then: [0-9,]+ keys begin with \"page:\", and [0-9,]+ were removed");
        long removed = report.facts().get("removed");
        assertThat(removed).isBetween(1_000L, 99_999L);

        CacheStep again = new CacheStep(folder, server.port());
        StepReport rest = again.clear("page:");
        assertThat(rest.outcome()).as("%s", rest).isEqualTo(StepOutcome.PASSED);
        assertThat(server.count("")).isZero();
    }

    @Test
    void givenAServerThatBecomesAReplica_whenItIsUnderWay_thenItEndsWithWhatWasRemoved() {
        server.fill("page:", 100_000, 0);
        CompletableFuture<StepReport> running = CompletableFuture.supplyAsync(() -> step.clear("page:"));
        awaitRemovals();
        server.ask("REPLICAOF", "127.0.0.1", "1");

        StepReport report = running.join();

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FAILED);
        assertThat(report.message()).contains("is a replica, or has become one", "Until then:");
        assertThat(report.facts().get("removed")).isPositive();
    }

    @Test
    void givenAServerThatDies_whenItIsUnderWay_thenItEndsWithWhatWasRemoved() {
        server.fill("page:", 100_000, 0);
        CompletableFuture<StepReport> running = CompletableFuture.supplyAsync(() -> step.clear("page:"));
        awaitRemovals();
        server.close();

        StepReport report = running.join();

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FAILED);
        assertThat(report.reason()).isEqualTo(Reason.CONNECTION_FAILED.text());
        assertThat(report.message()).contains("Until then:");
    }

    /** Looked for often: a fast server has removed everything within a tenth of a second. */
    private void awaitRemovals() {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> server.calls("unlink") > 3);
    }

    /** Keys that a live application writes meanwhile are told, and no reason to go on for ever. */
    @Test
    void givenAnApplicationThatWritesOn_whenItIsCleared_thenItEndsAndTellsWhatIsThere() throws InterruptedException {
        server.fill("page:", 20_000, 0);
        Thread writer = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                server.fill("page:new:" + i + ":", 10, 0);
            }
        });

        StepReport report = step.clear("page:");
        writer.interrupt();
        writer.join(Duration.ofSeconds(30));

        assertThat(report.outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message()).containsPattern("[0-9,]+ written meanwhile are there now");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "+ping +info +scan ~*                 | ACL SETUSER bob +unlink",
                "+ping +info +unlink ~*               | ACL SETUSER bob +scan",
                "+ping +scan +unlink ~*               | ACL SETUSER bob +info",
                "+ping +info +scan +unlink ~cart:*    | ACL SETUSER bob '~*'"
            })
    void givenAnAclThatRefuses_whenItIsCleared_thenTheCommandToGrantIsNamedAndNothingIsRemoved(
            String rights, String grant) {
        server.fill("page:", 100, 0);
        server.ask("ACL", ("SETUSER bob on >secret-pw " + rights).split(" "));

        StepReport report = step.with("bob", "secret-pw").clear("page:");

        assertThat(report.message()).contains(grant).doesNotContain("secret-pw");
        assertThat(report.reason()).isEqualTo(Reason.PERMISSION_DENIED.text());
        assertThat(server.count("page:")).isEqualTo(100);
    }

    /** The rights that docs/steps/cache.md names are enough, in another database than the first too. */
    @Test
    void givenTheRightsOfTheDocs_whenACacheIsReviewedClearedAndEmptied_thenTheyAreEnough() {
        server.ask(
                "ACL",
                ("SETUSER mainstay on >secret-pw resetkeys ~shop:* -@all +info +select +scan +pttl +unlink")
                        .split(" "));
        server.fill("shop:page:", 100, 3600);
        step.with("mainstay", "secret-pw").keyPrefix = "shop:";

        assertThat(step.review(new CacheReviewStep(null, "1s", null, null, null, null, null, null, null))
                        .outcome())
                .isEqualTo(StepOutcome.PASSED);
        assertThat(step.clear("shop:page:").outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(server.count("shop:")).isZero();
        step.database = 1;
        assertThat(step.clear().message()).contains("Run: ACL SETUSER mainstay +flushdb");
        server.ask("ACL", "SETUSER", "mainstay", "+flushdb");
        assertThat(step.clear().outcome()).isEqualTo(StepOutcome.PASSED);
    }

    /** The program as it runs in a Pod, with no more of Java than its image has: nothing that it says has the password. */
    @Test
    void givenAPassword_whenTheProgramRuns_thenNeitherItsLogNorItsResultHasIt() throws Exception {
        server.ask("ACL", ("SETUSER mainstay on >canary-pw ~* +info +scan +unlink").split(" "));
        server.fill("page:", 10, 0);

        for (String password : List.of("canary-pw", "wrong-canary-pw")) {
            Path message = folder.resolve("message-" + password);
            Path log = folder.resolve("log-" + password);
            Process process = step.with("mainstay", password).pod(message, log, "page:");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(process.exitValue()).as("%s", Files.readString(log)).isEqualTo(password.startsWith("w") ? 1 : 0);
            assertThat(Files.readString(message))
                    .contains(password.startsWith("w") ? "refused user mainstay" : "10 were removed")
                    .doesNotContain("canary");
            assertThat(Files.readString(log)).isNotEmpty().doesNotContain("canary");
        }
    }
}
