package dev.mainstay.controller.alert;

import dev.mainstay.api.SecretKeyReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets of a test: what is not put there is not there. */
final class TestSecrets implements SecretValues {

    private final Map<SecretKeyReference, Answer> answers = new ConcurrentHashMap<>();

    TestSecrets put(SecretKeyReference key, String value) {
        return put(key, new Value(value));
    }

    TestSecrets put(SecretKeyReference key, Answer answer) {
        answers.put(key, answer);
        return this;
    }

    @Override
    public Answer read(String namespace, SecretKeyReference key) {
        return answers.getOrDefault(key, new NotFound());
    }
}
