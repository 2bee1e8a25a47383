package dev.mainstay.runner.backup;

import dev.mainstay.runner.storage.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A bucket in memory. */
class MemoryStore implements ObjectStore {

    final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    final Map<Upload, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    private int ids;

    @Override
    public String describe(String key) {
        return "s3://bucket/" + key;
    }

    @Override
    public void checkReachable(String prefix) {}

    @Override
    public Optional<StoredObject> read(String key) {
        return Optional.ofNullable(objects.get(key)).map(body -> new StoredObject(body, Sha256.of(body)));
    }

    @Override
    public PutOutcome putIfAbsent(String key, byte[] body) {
        return objects.putIfAbsent(key, body) == null ? PutOutcome.STORED : PutOutcome.REFUSED;
    }

    @Override
    public PutOutcome replace(String key, byte[] body, String etag) {
        if (read(key).filter(o -> o.etag().equals(etag)).isEmpty()) {
            return PutOutcome.REFUSED;
        }
        objects.put(key, body);
        return PutOutcome.STORED;
    }

    @Override
    public void put(String key, byte[] body) {
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
        return objects.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .map(e -> new Entry(e.getKey(), e.getValue().length))
                .toList();
    }

    @Override
    public void delete(String key) {
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
