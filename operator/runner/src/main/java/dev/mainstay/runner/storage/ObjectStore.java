package dev.mainstay.runner.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A bucket. Every method throws {@link dev.mainstay.runner.task.TaskFailure} of StorageDenied or StorageUnreachable when
 * the store refuses or can't be reached; transient answers have been tried again by then. Expected answers are values.
 */
public interface ObjectStore {

    /** What a conditional write came to. */
    enum PutOutcome {
        /** The object is as asked. */
        STORED,
        /** The condition did not hold; nothing was changed. */
        REFUSED
    }

    /**
     * A small object.
     *
     * @param body its content
     * @param etag its version, for {@link #replace}
     * @param retainedUntil until when the store lets nobody delete it, {@link Instant#MAX} under a legal hold; null when
     *     it does, or doesn't tell
     */
    record StoredObject(byte[] body, String etag, Instant retainedUntil) {}

    /** An object of a listing. */
    record Entry(String key, long bytes) {}

    /** An upload that is neither completed nor aborted; {@code startedAt} is null where the store doesn't tell. */
    record Upload(String key, String id, Instant startedAt) {}

    /** A part that the store has taken; {@code checksum} is its CRC32 in base 64, null where none was asked for. */
    record UploadedPart(int number, String etag, String checksum) {}

    /** The object in words, for messages: {@code s3://bucket/key}. */
    String describe(String key);

    /** Asks for a listing, to find out whether the store, the bucket and the access key are what they should be. */
    void checkReachable(String prefix);

    /** Reads a small object; empty when there is none. */
    Optional<StoredObject> read(String key);

    /** Writes a small object unless there is one of that key. */
    PutOutcome putIfAbsent(String key, byte[] body);

    /** Writes a small object over exactly the version that was read. */
    PutOutcome replace(String key, byte[] body, String etag);

    /** Writes a small object, whatever is there. */
    void put(String key, byte[] body);

    /**
     * Reads a part of an object into the buffer.
     *
     * @return bytes read, fewer than asked at the object's end only; -1 when there is no such object
     */
    int readRange(String key, long offset, byte[] buffer, int length);

    /** All objects whose keys start so. */
    List<Entry> list(String prefix);

    /** The same, handed over page by page: for folders that don't fit into memory. */
    void scan(String prefix, Consumer<Entry> found);

    /** Deletes an object; one that isn't there is fine. */
    void delete(String key);

    /** Begins a multipart upload. */
    Upload startUpload(String key);

    /** Uploads one part, numbered from 1, from the buffer's beginning. */
    UploadedPart uploadPart(Upload upload, int number, byte[] buffer, int length);

    /** Makes the object of its parts. */
    void completeUpload(Upload upload, List<UploadedPart> parts);

    /** Throws an upload away; one that isn't there is fine. */
    void abortUpload(Upload upload);

    /** Uploads under the prefix that are neither completed nor aborted. */
    List<Upload> openUploads(String prefix);
}
