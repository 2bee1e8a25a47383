package dev.mainstay.runner.backup;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mainstay.core.task.TaskJson;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What retention needs of a manifest. It stands before the list of tables, which may be megabytes long: so the first
 * kilobytes are enough.
 */
final class ManifestHead {

    private int formatVersion;
    private boolean aborted;
    private boolean removed;
    private Manifest.Origin origin;
    private Manifest.Backup backup;
    private Manifest.Database database;
    private Manifest.Archive archive;

    private ManifestHead() {}

    /**
     * Reads the beginning of a manifest.
     *
     * @param whole whether the bytes are all there are
     * @return empty when it takes more bytes to know
     */
    static Optional<ManifestHead> parse(byte[] bytes, int length, boolean whole) {
        ManifestHead head = new ManifestHead();
        try (JsonParser parser = TaskJson.mapper().createParser(bytes, 0, length)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (!head.isComplete() && parser.nextToken() == JsonToken.FIELD_NAME) {
                    head.take(parser);
                }
            }
            return Optional.of(head);
        } catch (JacksonException e) {
            // It is cut, or no manifest.
            return whole ? Optional.of(new ManifestHead()) : Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void take(JsonParser parser) throws IOException {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
            case "formatVersion" -> formatVersion = parser.getIntValue();
            case "aborted" -> aborted = parser.getBooleanValue();
            case "removed" -> removed = parser.getBooleanValue();
            case "origin" -> origin = parser.readValueAs(Manifest.Origin.class);
            case "backup" -> {
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    backup = parser.readValueAs(Manifest.Backup.class);
                }
            }
            case "database" -> database = parser.readValueAs(Manifest.Database.class);
            case "archive" -> archive = parser.readValueAs(Manifest.Archive.class);
            default -> parser.skipChildren();
        }
    }

    private boolean isComplete() {
        return aborted || removed || origin != null && backup != null && database != null && archive != null;
    }

    /** Whether the attempt was given up. */
    boolean isAborted() {
        return aborted;
    }

    /** Whether its backup was removed, and not to the end: the last thing to go would have been this. */
    boolean isRemoved() {
        return removed;
    }

    /** Whether it is the manifest of a backup of that owner, made in the folder of that name, which this code knows. */
    boolean isOwn(Owner owner, String folder) {
        return isComplete()
                && !aborted
                && !removed
                && formatVersion <= Manifest.FORMAT_VERSION
                && owner.owns(origin)
                && BackupObjects.isFolderOf(folder, backup)
                && snapshotAt() != null;
    }

    /** The object that asked for it. */
    Manifest.Backup backup() {
        return backup;
    }

    /** The moment whose data it holds. */
    Instant snapshotAt() {
        return database.snapshotAt();
    }

    /** Size of the data. */
    long bytes() {
        return archive.bytes();
    }
}
