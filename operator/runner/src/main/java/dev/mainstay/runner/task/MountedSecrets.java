package dev.mainstay.runner.task;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task.MountedSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Secrets mounted into the Job. They are mounted as optional volumes, so that a missing one is told in words instead
 * of a Pod that never starts. Values are taken exactly as they are; only names of Secrets and keys are ever shown.
 */
public final class MountedSecrets {

    private final Path root;
    private final String namespace;

    /**
     * @param root folder in which each Secret has a folder
     * @param namespace namespace of the Secrets, for messages
     */
    public MountedSecrets(Path root, String namespace) {
        this.root = root;
        this.namespace = namespace;
    }

    /** The file that holds a value. Throws a {@link TaskFailure} of CredentialsMissing when it isn't there. */
    public Path file(MountedSecret secret, String purpose) {
        Path folder = root.resolve(secret.folder());
        String key = key(secret, purpose);
        Path file = folder.resolve(key);
        if (Files.isRegularFile(file)) {
            return file;
        }
        List<String> found = keysIn(folder);
        throw new TaskFailure(
                Reason.CREDENTIALS_MISSING,
                found.isEmpty()
                        ? named(secret) + " does not exist or is empty. Create it with "
                                + (secret.keys().size() < 2 ? "the key " + key : "the keys " + keys(secret)) + "."
                        : named(secret) + " has no key " + key + " (keys found: " + String.join(", ", found)
                                + "). Add it to the Secret, or name another key beside the Secret's name.");
    }

    /** The value. Throws a {@link TaskFailure} of CredentialsMissing when it isn't there, or has no content. */
    public String value(MountedSecret secret, String purpose) {
        Path file = file(secret, purpose);
        try {
            String value = Files.readString(file, StandardCharsets.UTF_8);
            if (value.isEmpty()) {
                throw new TaskFailure(
                        Reason.CREDENTIALS_MISSING,
                        named(secret) + " has nothing under the key " + file.getFileName() + ". Give it a value.");
            }
            return value;
        } catch (IOException e) {
            throw new TaskFailure(
                    Reason.CREDENTIALS_MISSING,
                    describe(secret) + ": the key " + file.getFileName() + " can't be read as text");
        }
    }

    /** The same, with the field that names it, where that is known. */
    private String named(MountedSecret secret) {
        return describe(secret) + (secret.namedBy() == null ? "" : ", which " + secret.namedBy() + " names,");
    }

    /** The Secret in words: {@code Secret shop/shop-db-backup}. */
    public String describe(MountedSecret secret) {
        return "Secret " + namespace + "/" + secret.name();
    }

    /** Name of the key that serves the purpose. */
    public static String key(MountedSecret secret, String purpose) {
        return secret.keys().getOrDefault(purpose, purpose);
    }

    private static String keys(MountedSecret secret) {
        return secret.keys().values().stream().sorted().collect(Collectors.joining(", "));
    }

    private static List<String> keysIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            // The kubelet keeps its own bookkeeping beside the keys, in names that start with two dots.
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
