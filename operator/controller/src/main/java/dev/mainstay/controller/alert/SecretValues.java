package dev.mainstay.controller.alert;

import dev.mainstay.api.SecretKeyReference;

/** Reads what Secrets hold, at the moment it is needed: one that was rotated is the new one at once. */
public interface SecretValues {

    /**
     * What is under a key.
     *
     * @throws RuntimeException when the API server could not be asked
     */
    Answer read(String namespace, SecretKeyReference key);

    /** What was found. */
    sealed interface Answer {}

    /**
     * A value.
     *
     * @param text without the spaces and line breaks around it; not empty
     */
    record Value(String text) implements Answer {

        /** Tells nothing of it. */
        @Override
        public String toString() {
            return "Value";
        }
    }

    /** There is no Secret of that name. */
    record NotFound() implements Answer {}

    /** The Secret has no such key. */
    record KeyMissing() implements Answer {}

    /** The operator may not read it. */
    record Forbidden() implements Answer {}

    /** There is nothing under the key but spaces and line breaks. */
    record Empty() implements Answer {}
}
