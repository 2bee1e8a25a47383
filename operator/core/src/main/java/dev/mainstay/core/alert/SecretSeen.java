package dev.mainstay.core.alert;

/** What was found of a key of a Secret. It holds nothing of the Secret's content. */
public sealed interface SecretSeen {

    /** It has a value. */
    record Present() implements SecretSeen {}

    /** There is no Secret of that name. */
    record NotFound() implements SecretSeen {}

    /** The Secret has no such key. */
    record KeyMissing() implements SecretSeen {}

    /** There is nothing under the key, or nothing but spaces and line breaks. */
    record Blank() implements SecretSeen {}

    /**
     * The operator may not read it.
     *
     * @param said what the API server said
     */
    record Forbidden(String said) implements SecretSeen {}
}
