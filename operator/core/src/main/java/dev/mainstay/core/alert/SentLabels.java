package dev.mainstay.core.alert;

import dev.mainstay.api.alert.NotificationKind;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The labels of a message in the form that every Alertmanager takes. */
final class SentLabels {

    static final String ALERT_NAME = "alertname";
    private static final Pattern WRONG = Pattern.compile("[^a-zA-Z0-9_]");

    /** Of the 64-bit FNV-1a hash, with which Alertmanager makes a fingerprint. */
    private static final long OFFSET = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;
    private static final byte SEPARATOR = (byte) 0xff;

    private SentLabels() {}

    /** By name. A name that a label can't have is made one; a label without a value is none. */
    static SortedMap<String, String> of(AlertMessage message) {
        SortedMap<String, String> labels = new TreeMap<>();
        new TreeMap<>(message.labels()).forEach((name, value) -> {
            if (!value.isEmpty()) {
                labels.put(valid(name), SentTexts.plain(value));
            }
        });
        if (message.kind() == NotificationKind.TEST) {
            labels.put(ALERT_NAME, "MainstayTest");
            labels.put("severity", "info");
        }
        labels.putIfAbsent(ALERT_NAME, message.kind() == NotificationKind.DIGEST ? "MainstayDigest" : "MainstayAlert");
        return labels;
    }

    /** What all have in common. */
    static SortedMap<String, String> common(List<? extends Map<String, String>> all) {
        SortedMap<String, String> common = new TreeMap<>(all.isEmpty() ? Map.of() : all.getFirst());
        all.forEach(one -> common.entrySet().retainAll(one.entrySet()));
        return Collections.unmodifiableSortedMap(common);
    }

    /** The fingerprint that an Alertmanager makes of these labels: the same alert has the same one. */
    static String fingerprint(SortedMap<String, String> labels) {
        long hash = OFFSET;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            hash = add(add(hash, label.getKey()), label.getValue());
        }
        return "%016x".formatted(hash);
    }

    private static long add(long hash, String text) {
        long sum = hash;
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            sum = add(sum, one);
        }
        return add(sum, SEPARATOR);
    }

    private static long add(long hash, byte one) {
        return (hash ^ Byte.toUnsignedLong(one)) * PRIME;
    }

    private static String valid(String name) {
        String clean = WRONG.matcher(name).replaceAll("_");
        return clean.isEmpty() || Character.isDigit(clean.charAt(0)) ? "_" + clean : clean;
    }
}
