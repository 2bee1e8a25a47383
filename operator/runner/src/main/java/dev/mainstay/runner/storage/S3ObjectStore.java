package dev.mainstay.runner.storage;

import dev.mainstay.core.task.Task.StorageTarget;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** A bucket behind the AWS client. */
public final class S3ObjectStore implements ObjectStore {

    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_FOUND = 404;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int NOT_IMPLEMENTED = 501;
    private static final String BINARY = "application/octet-stream";
    private static final String JSON = "application/json";

    private final S3Client client;
    private final StorageTarget target;
    private final StorageErrors errors;
    private final Patience patience;
    private final Duration silence;
    private final StopSignal stop;

    /**
     * @param client the client, which doesn't try again by itself
     * @param target the bucket
     * @param errors what errors mean
     * @param patience how often calls are tried
     * @param silence how long the store may take nothing of a part
     * @param stop ends the tries
     */
    public S3ObjectStore(
            S3Client client,
            StorageTarget target,
            StorageErrors errors,
            Patience patience,
            Duration silence,
            StopSignal stop) {
        this.client = client;
        this.target = target;
        this.errors = errors;
        this.patience = patience;
        this.silence = silence;
        this.stop = stop;
    }

    @Override
    public String describe(String key) {
        return "s3://" + target.bucket() + "/" + key;
    }

    @Override
    public void checkReachable(String prefix) {
        call(
                StoreOperation.LIST,
                prefix,
                () -> client.listObjectsV2(
                        r -> r.bucket(target.bucket()).prefix(prefix).maxKeys(1)));
    }

    @Override
    public Optional<StoredObject> read(String key) {
        return call(StoreOperation.READ, key, () -> {
            try {
                ResponseBytes<GetObjectResponse> object =
                        client.getObjectAsBytes(r -> r.bucket(target.bucket()).key(key));
                return Optional.of(new StoredObject(
                        object.asByteArrayUnsafe(), object.response().eTag(), retainedUntil(object.response())));
            } catch (AwsServiceException e) {
                if (isMissing(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /**
     * {@inheritDoc} Stores without conditional writes either pass over the header or refuse it as not implemented: so it
     * is looked for the object first in any case.
     */
    @Override
    public PutOutcome putIfAbsent(String key, byte[] body) {
        return read(key).isPresent() ? PutOutcome.REFUSED : putOn(key, body, r -> r.ifNoneMatch("*"));
    }

    @Override
    public PutOutcome replace(String key, byte[] body, String etag) {
        boolean asRead = read(key).filter(o -> o.etag().equals(etag)).isPresent();
        return asRead ? putOn(key, body, r -> r.ifMatch(etag)) : PutOutcome.REFUSED;
    }

    @Override
    public void put(String key, byte[] body) {
        call(StoreOperation.WRITE, key, () -> client.putObject(putRequest(key).build(), RequestBody.fromBytes(body)));
    }

    @Override
    public int readRange(String key, long offset, byte[] buffer, int length) {
        return call(StoreOperation.READ, key, () -> {
            try (ResponseInputStream<GetObjectResponse> in = client.getObject(
                    r -> r.bucket(target.bucket()).key(key).range("bytes=" + offset + "-" + (offset + length - 1)))) {
                int read = in.readNBytes(buffer, 0, length);
                Long announced = in.response().contentLength();
                if (announced != null && read < Math.min(announced, length)) {
                    throw new IOException("the object ended after " + read + " of " + announced + " bytes");
                }
                return read;
            } catch (AwsServiceException e) {
                if (isMissing(e)) {
                    return -1;
                }
                if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                    return 0;
                }
                throw e;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public List<Entry> list(String prefix) {
        List<Entry> found = new ArrayList<>();
        scan(prefix, found::add);
        return found;
    }

    @Override
    public void scan(String prefix, Consumer<Entry> found) {
        String token = null;
        do {
            String from = token;
            ListObjectsV2Response page = call(
                    StoreOperation.LIST,
                    prefix,
                    () -> client.listObjectsV2(
                            r -> r.bucket(target.bucket()).prefix(prefix).continuationToken(from)));
            page.contents().forEach(object -> found.accept(new Entry(object.key(), object.size())));
            token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (token != null);
    }

    @Override
    public void delete(String key) {
        call(StoreOperation.DELETE, key, () -> {
            try {
                return client.deleteObject(r -> r.bucket(target.bucket()).key(key));
            } catch (AwsServiceException e) {
                // S3 answers 204 for a key that is gone; stores on a file system can answer 404 when another was
                // faster.
                if (isMissing(e)) {
                    return null;
                }
                throw e;
            }
        });
    }

    @Override
    public Upload startUpload(String key) {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(target.bucket())
                .key(key)
                .contentType(BINARY)
                .storageClass(target.storageClass())
                .serverSideEncryption(target.serverSideEncryption())
                .ssekmsKeyId(target.kmsKeyId())
                .tagging(tagging())
                .checksumAlgorithm(checksumAlgorithm());
        return call(
                StoreOperation.WRITE,
                key,
                () -> new Upload(
                        key, client.createMultipartUpload(request.build()).uploadId(), null));
    }

    @Override
    public UploadedPart uploadPart(Upload upload, int number, byte[] buffer, int length) {
        // The part is sent out of the buffer itself: a copy would double the memory.
        Watchdog watchdog = new Watchdog(silence);
        RequestBody body = RequestBody.fromContentProvider(
                ContentStreamProvider.fromInputStreamSupplier(
                        () -> watchdog.watched(new ByteArrayInputStream(buffer, 0, length))),
                length,
                BINARY);
        return call(StoreOperation.WRITE, upload.key(), watchdog, () -> {
            UploadPartResponse response = client.uploadPart(
                    r -> r.bucket(target.bucket())
                            .key(upload.key())
                            .uploadId(upload.id())
                            .partNumber(number)
                            .contentLength((long) length)
                            .checksumAlgorithm(checksumAlgorithm()),
                    body);
            return new UploadedPart(
                    number, response.eTag(), checksumAlgorithm() == null ? null : response.checksumCRC32());
        });
    }

    @Override
    public void completeUpload(Upload upload, List<UploadedPart> parts) {
        List<CompletedPart> completed = parts.stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.number())
                        .eTag(part.etag())
                        .checksumCRC32(part.checksum())
                        .build())
                .toList();
        call(StoreOperation.WRITE, upload.key(), () -> {
            try {
                return client.completeMultipartUpload(r -> r.bucket(target.bucket())
                        .key(upload.key())
                        .uploadId(upload.id())
                        .multipartUpload(m -> m.parts(completed)));
            } catch (AwsServiceException e) {
                // An earlier try was carried out and its answer lost; what is there is read back later anyway.
                if (StorageErrors.code(e).equals("NoSuchUpload") && exists(upload.key())) {
                    return null;
                }
                throw e;
            }
        });
    }

    @Override
    public void abortUpload(Upload upload) {
        call(StoreOperation.ABORT_UPLOAD, upload.key(), () -> {
            try {
                return client.abortMultipartUpload(
                        r -> r.bucket(target.bucket()).key(upload.key()).uploadId(upload.id()));
            } catch (AwsServiceException e) {
                if (e.statusCode() == NOT_FOUND && !StorageErrors.code(e).equals("NoSuchBucket")) {
                    return null;
                }
                throw e;
            }
        });
    }

    @Override
    public List<Upload> openUploads(String prefix) {
        List<Upload> found = new ArrayList<>();
        ListMultipartUploadsRequest request = ListMultipartUploadsRequest.builder()
                .bucket(target.bucket())
                .prefix(prefix)
                .build();
        while (true) {
            ListMultipartUploadsRequest page = request;
            ListMultipartUploadsResponse response =
                    call(StoreOperation.LIST_UPLOADS, prefix, () -> client.listMultipartUploads(page));
            response.uploads().stream()
                    // Some stores pass over the prefix.
                    .filter(upload -> upload.key().startsWith(prefix))
                    .forEach(upload -> found.add(new Upload(upload.key(), upload.uploadId(), upload.initiated())));
            if (!Boolean.TRUE.equals(response.isTruncated())) {
                return found;
            }
            request = request.toBuilder()
                    .keyMarker(response.nextKeyMarker())
                    .uploadIdMarker(response.nextUploadIdMarker())
                    .build();
        }
    }

    private PutOutcome putOn(String key, byte[] body, Consumer<PutObjectRequest.Builder> condition) {
        return call(StoreOperation.WRITE, key, () -> {
            PutObjectRequest.Builder request = putRequest(key);
            condition.accept(request);
            try {
                client.putObject(request.build(), RequestBody.fromBytes(body));
                return PutOutcome.STORED;
            } catch (AwsServiceException e) {
                if (e.statusCode() == PRECONDITION_FAILED) {
                    // Ours, when an earlier try was carried out and its answer lost.
                    boolean ours = read(key)
                            .filter(object -> Arrays.equals(object.body(), body))
                            .isPresent();
                    return ours ? PutOutcome.STORED : PutOutcome.REFUSED;
                }
                if (e.statusCode() != NOT_IMPLEMENTED) {
                    throw e;
                }
                client.putObject(putRequest(key).build(), RequestBody.fromBytes(body));
                return PutOutcome.STORED;
            }
        });
    }

    private PutObjectRequest.Builder putRequest(String key) {
        return PutObjectRequest.builder()
                .bucket(target.bucket())
                .key(key)
                .contentType(key.endsWith(".json") ? JSON : BINARY)
                .serverSideEncryption(target.serverSideEncryption())
                .ssekmsKeyId(target.kmsKeyId())
                .tagging(tagging());
    }

    private Tagging tagging() {
        if (target.tags() == null || target.tags().isEmpty()) {
            return null;
        }
        return Tagging.builder()
                .tagSet(target.tags().entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    private ChecksumAlgorithm checksumAlgorithm() {
        return target.checksumsWhenRequiredOnly() ? null : ChecksumAlgorithm.CRC32;
    }

    private boolean exists(String key) {
        try {
            client.headObject(r -> r.bucket(target.bucket()).key(key));
            return true;
        } catch (AwsServiceException e) {
            return false;
        }
    }

    private static Instant retainedUntil(GetObjectResponse object) {
        return object.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON
                ? Instant.MAX
                : object.objectLockRetainUntilDate();
    }

    private static boolean isMissing(AwsServiceException e) {
        return e instanceof NoSuchKeyException || StorageErrors.code(e).equals("NoSuchKey");
    }

    private <T> T call(StoreOperation operation, String key, Supplier<T> call) {
        return call(operation, key, Watchdog.NONE, call);
    }

    private <T> T call(StoreOperation operation, String key, Watchdog watchdog, Supplier<T> call) {
        try {
            return patience.call(() -> watchdog.run(call), StorageErrors::isTransient, stop);
        } catch (SdkException | UncheckedIOException | TaskFailure e) {
            stop.check();
            throw errors.failure(operation, key, e);
        }
    }
}
