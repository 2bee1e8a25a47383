package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.process.FaultyStore.Fault;
import dev.mainstay.runner.process.FaultyStore.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A real store behind a network and a front that misbehave, in the middle of a backup of several parts. */
@Tag("process")
class StoreFaultsProcessTest {

    private static final int ROWS = 9_000;

    @TempDir
    Path folder;

    private FaultyStore store;
    private Attempt attempt;

    @BeforeEach
    void anAttemptThroughTheProxy() {
        store = new FaultyStore(Peers.store().port());
        attempt = new Attempt(folder);
        attempt.database = Peers.BIG;
        attempt.partsPerSegment = 3;
        attempt.endpoint = store.endpoint();
        attempt.storeSilence = Duration.ofSeconds(2);
    }

    @AfterEach
    void end() throws IOException {
        store.close();
    }

    static Stream<Arguments> passing() {
        return Stream.of(
                fault(
                        "each part is answered SlowDown twice",
                        firstTimes(2, Request::uploadsAPart),
                        answer(503, "SlowDown")),
                fault(
                        "each part is answered 500 once",
                        firstTimes(1, Request::uploadsAPart),
                        answer(500, "InternalError")),
                fault(
                        "each completion is answered 500 once",
                        firstTimes(1, Request::completesAnUpload),
                        answer(500, "")),
                fault(
                        "each part's connection breaks once",
                        firstTimes(1, Request::uploadsAPart),
                        new Fault.BreakBefore()),
                fault(
                        "the answer to each part is lost once",
                        firstTimes(1, Request::uploadsAPart),
                        new Fault.BreakAfter()),
                fault(
                        "the answer to each completion is lost once",
                        firstTimes(1, Request::completesAnUpload),
                        new Fault.BreakAfter()),
                fault(
                        "the answer to the manifest is lost once",
                        firstTimes(1, request -> request.writes("manifest.json")),
                        new Fault.BreakAfter()),
                fault(
                        "the answer to the owner's note is lost once",
                        firstTimes(1, request -> request.writes("owner.json")),
                        new Fault.BreakAfter()),
                fault(
                        "half of each answer is lost once while it is read back",
                        firstTimes(1, request -> request.line().matches("GET .*/data[.]\\d+ .*")),
                        new Fault.BreakWithin()),
                fault("one part is not answered at all", nth(2, Request::uploadsAPart), new Fault.Silence()),
                fault(
                        "a range is not answered at all",
                        nth(2, request -> request.line().matches("GET .*/data[.]\\d+ .*")),
                        new Fault.Silence()),
                fault(
                        "the store has no conditional writes",
                        request -> request.has("If-None-Match") || request.has("If-Match"),
                        answer(501, "NotImplemented")));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatPassesIsOutlived(Map.Entry<Predicate<Request>, Fault> fault) {
        store.rule(request -> fault.getKey().test(request) ? fault.getValue() : Fault.NONE);

        TaskResult result = attempt.backup();

        assertThat(result.message()).isNull();
        assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.backup().verified()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(result.backup().rows()).isEqualTo(ROWS);
        attempt.assertNoUploadNorChild();
    }

    @Test
    void aStoreThatTakesNoMorePartsEndsTheAttemptAndNothingIsLeft() {
        AtomicInteger parts = new AtomicInteger();
        store.rule(request ->
                request.uploadsAPart() && parts.incrementAndGet() > 2 ? new Fault.Answer(503, "SlowDown") : Fault.NONE);

        TaskResult result = attempt.backup();

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.reason()).as(result.message()).isEqualTo("UploadFailed");
        assertThat(result.message())
                .startsWith("the store stopped taking data in the middle of the backup.")
                .contains("503 SlowDown");
        attempt.assertNothingIsLeft();
    }

    @Test
    void whatCanNotBeRemovedAfterAFailureIsNamed() {
        store.rule(request -> request.uploadsAPart()
                ? new Fault.Answer(503, "SlowDown")
                : request.deletes() ? new Fault.Answer(403, "AccessDenied") : Fault.NONE);

        TaskResult result = attempt.backup();

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.message())
                .contains("What was uploaded could not be removed")
                .contains("s3:AbortMultipartUpload")
                .contains("s3://shop-backups/" + attempt.path);
        assertThat(Peers.store().openUploads(attempt.path)).isNotEmpty();
    }

    /** The window of parts is full, so nothing reads from pg_dump, so the server waits for its client. */
    @Test
    void aSlowStoreHoldsPgDumpBackAndMemoryStaysFlat() throws Exception {
        store.rule(request -> request.uploadsAPart() ? new Fault.Slow(2_000_000) : Fault.NONE);
        Path pod = Files.createDirectories(folder.resolve("pod"));
        attempt.partsPerSegment = 900;

        Process process = attempt.pod(TaskKind.BACKUP, pod.resolve("termination-log"), pod.resolve("log"), "-Xmx56m");
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> "ClientWrite"
                        .equals(Peers.postgres()
                                .query(
                                        "postgres",
                                        "SELECT wait_event FROM pg_stat_activity"
                                                + " WHERE query LIKE 'COPY %b_second%' AND wait_event IS NOT NULL")));

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(TaskJson.readResult(Files.readString(pod.resolve("termination-log"))))
                .as(Files.readString(pod.resolve("log")))
                .hasValueSatisfying(result -> assertThat(result.backup().rows()).isEqualTo(ROWS));
    }

    @Test
    void anAccessKeyThatIsRenewedInTheMiddleIsUsedFromThenOn() {
        attempt.secret("s3", "accessKeyId", StoreServer.KEEPER)
                .secret("s3", "secretAccessKey", StoreServer.KEEPER_SECRET);
        Peers.store().addKeeper();
        // The files are read again every few seconds.
        attempt.retries = 20;
        CompletableFuture<TaskResult> running = attempt.begin();
        long server = Peers.postgres().holdWhileCopying("b_second");
        try {
            store.rule(request -> request.head().contains("Credential=" + StoreServer.KEEPER + "/")
                    ? new Fault.Answer(400, "ExpiredToken")
                    : Fault.NONE);
            attempt.secret("s3", "accessKeyId", StoreServer.ACCESS_KEY)
                    .secret("s3", "secretAccessKey", StoreServer.SECRET_KEY);
        } finally {
            PostgresServer.release(server);
        }

        TaskResult result = running.join();

        assertThat(result.message()).isNull();
        assertThat(result.backup().rows()).isEqualTo(ROWS);
        assertThat(store.requests())
                .filteredOn(Request::uploadsAPart)
                .anyMatch(request -> request.head().contains("Credential=" + StoreServer.KEEPER + "/"))
                .anyMatch(request -> request.head().contains("Credential=" + StoreServer.ACCESS_KEY + "/"));
    }

    @Test
    void aSessionTokenEncryptionAndTagsReachTheStore() {
        attempt.secret("s3", "sessionToken", "token-of-an-hour\n");
        attempt.sessionToken = true;
        attempt.serverSideEncryption = "AES256";
        // The store itself knows no session tokens.
        store.rule(request -> request.line().matches("(PUT|POST) .*")
                ? new Fault.Answer(400, "ExpiredToken")
                : request.line().contains("list-type=2")
                        ? new Fault.Answer(200, "ListBucketResult")
                        : new Fault.Answer(404, "NoSuchKey"));
        attempt.retries = 2;

        TaskResult result = attempt.backup();

        assertThat(result.reason()).isEqualTo("StorageDenied");
        assertThat(result.message()).contains("renew key sessionToken in Secret shop/shop-s3");
        assertThat(store.requests())
                .allMatch(request -> request.head()
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains("x-amz-security-token: token-of-an-hour\r\n"))
                .filteredOn(request -> request.line().startsWith("PUT "))
                .isNotEmpty()
                .allMatch(request -> request.has("x-amz-server-side-encryption"))
                .allMatch(request -> request.has("x-amz-tagging"));
    }

    @Test
    void aBucketMayBePartOfTheHostsName() throws Exception {
        StoreServer own = new StoreServer(false, "store.example");
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 " + StoreServer.BUCKET + ".store.example\n");
        Path pod = Files.createDirectories(folder.resolve("pod"));
        attempt.endpoint = "http://store.example:" + own.port();
        attempt.pathStyle = false;
        attempt.database = Peers.SHOP;

        Process process = attempt.pod(
                TaskKind.BACKUP, pod.resolve("termination-log"), pod.resolve("log"), "-Djdk.net.hosts.file=" + hosts);

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(TaskJson.readResult(Files.readString(pod.resolve("termination-log"))))
                .as(Files.readString(pod.resolve("log")))
                .hasValueSatisfying(result -> assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED));
        assertThat(own.keys(attempt.path)).contains(attempt.path + "manifest.json");
        own.kill();
    }

    private static Arguments fault(String name, Predicate<Request> which, Fault fault) {
        return Arguments.of(Named.of(name, Map.entry(which, fault)));
    }

    private static Fault answer(int status, String code) {
        return new Fault.Answer(status, code);
    }

    /** Each of these requests, told apart by its first line, so many times. */
    private static Predicate<Request> firstTimes(int times, Predicate<Request> which) {
        Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
        Function<String, AtomicInteger> none = line -> new AtomicInteger();
        return request -> which.test(request)
                && seen.computeIfAbsent(range(request), none).incrementAndGet() <= times;
    }

    /** A range is part of what is asked for. */
    private static String range(Request request) {
        return request.line()
                + request.head()
                        .lines()
                        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("range:"))
                        .findFirst()
                        .orElse("");
    }

    private static Predicate<Request> nth(int number, Predicate<Request> which) {
        AtomicInteger seen = new AtomicInteger();
        return request -> which.test(request) && seen.incrementAndGet() == number;
    }
}
