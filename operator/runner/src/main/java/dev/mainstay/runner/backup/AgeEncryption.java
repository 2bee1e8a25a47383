package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.DumpErrors;
import dev.mainstay.runner.postgres.Pipeline;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.postgres.Pipeline.Program;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * age around all that is stored of a database. Besides the policy's recipients there is one that only this attempt knows:
 * with it the backup is read back in full at once, by a Pod to which no secret key of people was ever given. It is a file
 * in the Pod's memory, readable to its user alone, and is gone when the attempt is.
 */
final class AgeEncryption implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AgeEncryption.class);

    private static final AgeEncryption NONE = new AgeEncryption(List.of(), null, null);

    private final List<String> recipients;
    private final Path identity;
    private final String own;

    private AgeEncryption(List<String> recipients, Path identity, String own) {
        this.recipients = recipients;
        this.identity = identity;
        this.own = own;
    }

    /** Nothing is encrypted, and nothing that is can be read. */
    static AgeEncryption none() {
        return NONE;
    }

    /** What the task asks for, with an identity where the backup is to be read back in full. */
    static AgeEncryption of(TaskContext context) {
        Task task = context.task();
        List<String> recipients = task.dump().recipients();
        if (recipients.isEmpty()) {
            return NONE;
        }
        if (task.verification() != VerificationLevel.FULL_READ) {
            return new AgeEncryption(recipients, null, null);
        }
        try {
            // Readable to this user alone from the start.
            Path identity = Files.createTempDirectory("mainstay-identity-").resolve("identity");
            AgeEncryption encryption = new AgeEncryption(recipients, identity, null);
            try {
                run(List.of("age-keygen", "--output", identity.toString()), context.stop());
                return new AgeEncryption(
                        recipients,
                        identity,
                        run(List.of("age-keygen", "-y", identity.toString()), context.stop())
                                .strip());
            } catch (RuntimeException e) {
                encryption.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The recipients who were asked for. */
    List<String> recipients() {
        return recipients;
    }

    /** Whether anything is encrypted. */
    boolean isOn() {
        return !recipients.isEmpty();
    }

    /** What encrypts a stream; empty when nothing is encrypted. */
    Optional<Program> encrypting() {
        if (!isOn()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of("age", "--encrypt"));
        Stream.concat(recipients.stream(), Stream.ofNullable(own))
                .forEach(recipient -> command.addAll(List.of("--recipient", recipient)));
        return Optional.of(Program.plain("age", command));
    }

    /** What decrypts a stream of this attempt; empty without an identity. */
    Optional<Program> decrypting() {
        return Optional.ofNullable(identity)
                .map(file -> Program.plain("age", List.of("age", "--decrypt", "--identity", file.toString())));
    }

    /** Encrypts a small file's content; the same content when nothing is encrypted. */
    byte[] encrypted(byte[] content, StopSignal stop) {
        Optional<Program> program = encrypting();
        if (program.isEmpty()) {
            return content;
        }
        try (Pipeline pipeline = Pipeline.start(List.of(program.get()), stop)) {
            // It writes while it reads, so somebody else must feed it.
            Thread.ofPlatform().daemon().name("age").start(() -> feed(pipeline.input(), content));
            byte[] result = pipeline.output().readAllBytes();
            refuse(pipeline.await());
            return result;
        } catch (IOException e) {
            stop.check();
            throw new UncheckedIOException(e);
        }
    }

    private static void feed(OutputStream program, byte[] content) {
        try (program) {
            program.write(content);
        } catch (IOException e) {
            // The program has ended; its exit code tells why.
        }
    }

    private static String run(List<String> command, StopSignal stop) throws IOException {
        try (Pipeline pipeline = Pipeline.start(List.of(Program.plain(command.getFirst(), command)), stop)) {
            String output = new String(pipeline.output().readAllBytes(), StandardCharsets.UTF_8);
            refuse(pipeline.await());
            return output;
        }
    }

    private static void refuse(List<Exit> exits) {
        DumpErrors.of(exits).ifPresent(failure -> {
            throw failure;
        });
    }

    /** Forgets the identity. */
    @Override
    public void close() {
        if (identity == null) {
            return;
        }
        try {
            Files.deleteIfExists(identity);
            Files.deleteIfExists(identity.getParent());
        } catch (IOException e) {
            LOG.warn("the one-time identity {} can't be removed; it goes with the Pod", identity, e);
        }
    }
}
