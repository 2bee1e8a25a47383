package dev.mainstay.core.rollback;

/** References of container images. */
public final class Images {

    private Images() {}

    /** The tag of a reference; null when it has none. A colon before the last slash is a registry's port. */
    public static String tag(String image) {
        if (image == null) {
            return null;
        }
        String withoutDigest = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
        int colon = withoutDigest.lastIndexOf(':');
        return colon > withoutDigest.lastIndexOf('/') ? withoutDigest.substring(colon + 1) : null;
    }

    /** The digest of a Pod's {@code imageID}, such as {@code sha256:…}; null when the runtime tells none. */
    public static String digest(String imageId) {
        if (imageId == null) {
            return null;
        }
        int at = imageId.indexOf("sha256:");
        return at < 0 ? null : imageId.substring(at);
    }
}
