package dev.mainstay.runner.backup;

import dev.mainstay.runner.storage.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** A bucket in memory. */
class MemoryStore implements ObjectStore {

    final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    final Map<Upload, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    /** Until when the store keeps an object. */
    final Map<String, Instant> retained = new ConcurrentHashMap<>();
    /** Is told of each change before it is made, such as {@code delete a/data.000}; may throw. */
    Consumer<String> before = change -> {};
    /** What happens between a look and the write that relies on it, in a store without conditional writes. */
    Runnable unconditionally;

    private int ids;

    @Override
    public String describe(String key) {
        return "s3://bucket/" + key;
    }

    @Override
    public void checkReachable(String prefix) {}

    @Override
    public Optional<StoredObject> read(String key) {
        return Optional.ofNullable(objects.get(key))
                .map(body -> new StoredObject(body, Sha256.of(body), retained.get(key)));
    }

    @Override
    public PutOutcome putIfAbsent(String key, byte[] body) {
        before.accept("put " + key);
        return objects.putIfAbsent(key, body) == null ? PutOutcome.STORED : PutOutcome.REFUSED;
    }

    @Override
    public PutOutcome replace(String key, byte[] body, String etag) {
        before.accept("replace " + key);
        if (read(key).filter(o -> o.etag().equals(etag)).isEmpty()) {
            return PutOutcome.REFUSED;
        }
        if (unconditionally != null) {
            unconditionally.run();
        }
        objects.put(key, body);
        return PutOutcome.STORED;
    }

    @Override
    public void put(String key, byte[] body) {
        before.accept("put " + key);
        objects.put(key, body);
    }

    @Override
    public int readRange(String key, long offset, byte[] buffer, int length) {
        byte[] body = objects.get(key);
        if (body == null) {
            return -1;
        }
        int read = (int) Math.max(0, Math.min(length, body.length - offset));
        System.arraycopy(body, (int) offset, buffer, 0, read);
        return read;
    }

    @Override
    public List<Entry> list(String prefix) {
        List<Entry> found = new ArrayList<>();
        scan(prefix, found::add);
        return found;
    }

    @Override
    public void scan(String prefix, Consumer<Entry> found) {
        objects.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .map(e -> new Entry(e.getKey(), e.getValue().length))
                .forEach(found);
    }

    @Override
    public void delete(String key) {
        before.accept("delete " + key);
        objects.remove(key);
    }

    @Override
    public synchronized Upload startUpload(String key) {
        Upload upload = new Upload(key, "upload-" + ids++, null);
        uploads.put(upload, new ConcurrentHashMap<>());
        return upload;
    }

    @Override
    public UploadedPart uploadPart(Upload upload, int number, byte[] buffer, int length) {
        uploads.get(upload).put(number, Arrays.copyOf(buffer, length));
        return new UploadedPart(number, "etag-" + number, null);
    }

    @Override
    public void completeUpload(Upload upload, List<UploadedPart> parts) {
        Map<Integer, byte[]> taken = new TreeMap<>(uploads.remove(upload));
        if (!List.copyOf(taken.keySet())
                .equals(parts.stream().map(UploadedPart::number).toList())) {
            throw new AssertionError("parts are not named in order: " + parts);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        taken.values().forEach(body::writeBytes);
        objects.put(upload.key(), body.toByteArray());
    }

    @Override
    public void abortUpload(Upload upload) {
        uploads.remove(upload);
    }

    @Override
    public List<Upload> openUploads(String prefix) {
        return new ArrayList<>(uploads.keySet())
                .stream().filter(u -> u.key().startsWith(prefix)).toList();
    }
}
