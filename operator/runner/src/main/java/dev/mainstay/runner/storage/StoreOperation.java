package dev.mainstay.runner.storage;

/** What is asked of a store, with the permission that it takes. */
public enum StoreOperation {
    LIST("list", "s3:ListBucket"),
    READ("read", "s3:GetObject"),
    WRITE("write", "s3:PutObject"),
    DELETE("delete", "s3:DeleteObject"),
    ABORT_UPLOAD("abort the upload of", "s3:AbortMultipartUpload"),
    LIST_UPLOADS("list the uploads of", "s3:ListBucketMultipartUploads");

    private final String verb;
    private final String permission;

    StoreOperation(String verb, String permission) {
        this.verb = verb;
        this.permission = permission;
    }

    /** The operation in words. */
    public String verb() {
        return verb;
    }

    /** The permission as policies of buckets spell it. */
    public String permission() {
        return permission;
    }
}
