package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.SecretKeyReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** A bucket on any store that speaks S3. */
public record S3Storage(
        @JsonPropertyDescription("Name of the bucket. It must exist.")
        @Required
        @Size(min = 3, max = 63)
        @ValidationRule(
                value = "self.matches('^[a-z0-9][-a-z0-9.]*[a-z0-9]$')",
                message =
                        "must be the name of a bucket: lower-case letters, digits, - and ., with a letter or a digit at"
                                + " both ends")
        String bucket,

        @JsonPropertyDescription(
                "Path in the bucket under which everything is kept, without a slash at either end and without . or .. as a part.")
        @Size(max = 256)
        @ValidationRule(
                value = "self.matches(r\"^(" + SEGMENT + "(/" + SEGMENT + ")*)?$\")",
                message =
                        "must be parts of letters, digits and !_.*'()- with one slash between two of them, none at the"
                                + " ends, and no part that is . or ..")
        String prefix,

        @JsonPropertyDescription("Region of the bucket.") @Default("us-east-1") @Size(min = 1, max = 63)
        String region,

        @JsonPropertyDescription("URL of the store when it is not AWS, such as https://s3.example.org:9000.")
        @Size(max = 512)
        @ValidationRule(
                value = "self.matches('^https?://[^/?#@ ]+/?$') && isURL(self)"
                        + " && (url(self).getPort() == '' || int(url(self).getPort()) <= 65535)",
                message =
                        "must be a URL with nothing but http or https, a host and maybe a port up to 65535, such as"
                                + " https://s3.example.org:9000: the bucket goes into bucket, a path into prefix, keys into a Secret")
        String endpoint,

        @JsonPropertyDescription("Whether the bucket's name goes into the path of the URL instead of its host name; "
                + "most stores that are not AWS want true.")
        @Default("false")
        Boolean pathStyle,

        @JsonPropertyDescription("Certificate authority that signed the store's certificate, when it is a private one.")
        SecretKeyReference caSecretRef,

        @JsonPropertyDescription("Whether requests carry the checksums that newer S3 clients add: Auto means "
                + "WhenRequired for an endpoint of one's own and WhenSupported for AWS.")
        @Default("Auto")
        ChecksumMode checksums,

        @JsonPropertyDescription(
                "Access key for the bucket; left out where the Pod's ServiceAccount carries a web " + "identity.")
        S3Credentials credentialsSecretRef,

        @JsonPropertyDescription("Encryption that the store is asked for.")
        ServerSideEncryption serverSideEncryption,

        @JsonPropertyDescription("Storage class of the data objects; the bucket's own when left out.")
        @Size(min = 1, max = 64)
        @ValidationRule(
                value = "self.matches('^[A-Z0-9_]+$')",
                message = "must be a storage class as the store spells it, such as STANDARD_IA")
        String storageClass,

        @JsonPropertyDescription("Tags put on every object.") @Size(max = 10)
        Map<String, String> tags) {

    private static final String SEGMENT = FieldRules.PATH_SEGMENT;

    /** The prefix; empty when none is given. */
    @Override
    public String prefix() {
        return prefix == null ? "" : prefix;
    }

    /** The region; {@code us-east-1} when none is given. */
    @Override
    public String region() {
        return region == null ? "us-east-1" : region;
    }

    /** Whether addresses are path style; {@code false} when nothing is given. */
    @Override
    public Boolean pathStyle() {
        return pathStyle != null && pathStyle;
    }

    /** The checksum mode; {@code Auto} when none is given. */
    @Override
    public ChecksumMode checksums() {
        return checksums == null ? ChecksumMode.AUTO : checksums;
    }

    /** The tags; empty when none are given. */
    @Override
    public Map<String, String> tags() {
        return tags == null ? Map.of() : tags;
    }
}
