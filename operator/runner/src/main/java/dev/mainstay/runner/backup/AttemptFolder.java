package dev.mainstay.runner.backup;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.ObjectStore.PutOutcome;
import dev.mainstay.runner.storage.ObjectStore.StoredObject;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** An attempt's folder in the bucket: its manifest and what was proven of it. */
final class AttemptFolder {

    static final String CHECKSUM_PROOF = "verified-checksum.json";
    static final String FULL_READ_PROOF = "verified-fullread.json";
    static final String RESTORE_TEST_PROOF = "verified-restoretest.json";

    private static final ObjectWriter PRETTY = TaskJson.mapper().writerWithDefaultPrettyPrinter();
    private static final Map<VerificationLevel, String> PROOFS = Map.of(
            VerificationLevel.CHECKSUM, CHECKSUM_PROOF,
            VerificationLevel.FULL_READ, FULL_READ_PROOF,
            VerificationLevel.RESTORE_TEST, RESTORE_TEST_PROOF);

    private final ObjectStore store;
    private final String path;

    /** The folder; the path ends with a slash. */
    AttemptFolder(ObjectStore store, String path) {
        this.store = store;
        this.path = path;
    }

    /** The folder or an object in it, in words. */
    String describe(String name) {
        return store.describe(path + name);
    }

    /** What stands there. */
    ManifestState manifest() {
        return manifestObject().map(AttemptFolder::parse).orElse(new ManifestState.Missing());
    }

    /** The manifest, or what stands in its place, as it is stored. */
    Optional<StoredObject> manifestObject() {
        return store.read(path + Manifest.NAME);
    }

    /** Writes the manifest unless there is one. */
    PutOutcome commit(byte[] manifest) {
        return store.putIfAbsent(path + Manifest.NAME, manifest);
    }

    /** Writes a proof. */
    void prove(Proof proof) {
        store.put(path + PROOFS.get(proof.level()), json(proof));
    }

    /** What was counted in the archive itself, or else its strongest proof; empty when there is none. */
    Optional<Proof> proof() {
        return proof(VerificationLevel.FULL_READ).or(() -> proof(VerificationLevel.CHECKSUM));
    }

    /** The strongest proof of the manifest that has this hash; empty when there is none. */
    Optional<Proof> strongestProof(String sha256) {
        return Stream.of(VerificationLevel.RESTORE_TEST, VerificationLevel.FULL_READ, VerificationLevel.CHECKSUM)
                .flatMap(level -> proof(level).stream())
                .filter(proof -> sha256.equals(proof.manifestSha256()))
                .findFirst();
    }

    /**
     * Takes the backup out of everything that counts backups; its data stays where it is.
     *
     * @param sha256 hash of the manifest that was found wrong
     * @return whether it still stood there: what is being removed is not damaged
     */
    boolean markDamaged(String sha256) {
        Optional<StoredObject> manifest = manifestObject();
        if (manifest.filter(object -> Sha256.of(object.body()).equals(sha256)).isEmpty()) {
            return false;
        }
        store.put(path + Manifest.DAMAGED_NAME, manifest.get().body());
        store.delete(path + Manifest.NAME);
        return true;
    }

    private Optional<Proof> proof(VerificationLevel level) {
        return store.read(path + PROOFS.get(level)).flatMap(object -> {
            try {
                return Optional.of(TaskJson.mapper().readValue(object.body(), Proof.class));
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    /** What a stored manifest says. */
    static ManifestState parse(StoredObject object) {
        try {
            JsonNode tree = TaskJson.mapper().readTree(object.body());
            if (tree.path("aborted").asBoolean()) {
                return new ManifestState.Aborted();
            }
            if (tree.path("removed").asBoolean()) {
                return new ManifestState.Removed();
            }
            Manifest manifest = TaskJson.mapper().treeToValue(tree, Manifest.class);
            if (manifest == null || manifest.archive() == null || manifest.database() == null) {
                return new ManifestState.Unreadable("it names no archive");
            }
            if (manifest.formatVersion() > Manifest.FORMAT_VERSION) {
                return new ManifestState.Unreadable("it is of format version " + manifest.formatVersion()
                        + ", this runner knows " + Manifest.FORMAT_VERSION);
            }
            return new ManifestState.Committed(manifest, Sha256.of(object.body()));
        } catch (JacksonException e) {
            return new ManifestState.Unreadable("it is no JSON that this runner knows: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A document as it is stored. */
    static byte[] json(Object document) {
        try {
            return PRETTY.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
