package dev.mainstay.runner.cache;

import dev.mainstay.core.cache.KeySample.Group;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts keys by their first word. Only words that many keys share are told: the rest of a key may name a person. */
final class KeyGroups {

    private static final Pattern WORD = Pattern.compile("^([A-Za-z][A-Za-z0-9_.-]{0,31}:)");
    private static final int MOST_WORDS = 10_000;
    private static final int MOST_TOLD = 3;
    private static final int FEWEST_KEYS = 10;

    private final String prefix;
    private final Map<String, Long> counts = new HashMap<>();

    /**
     * @param prefix what all of the keys begin with
     */
    KeyGroups(String prefix) {
        this.prefix = prefix;
    }

    void add(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        if (!text.startsWith(prefix)) {
            return;
        }
        Matcher word = WORD.matcher(text.substring(prefix.length()));
        if (word.find() && (counts.size() < MOST_WORDS || counts.containsKey(word.group(1)))) {
            counts.merge(word.group(1), 1L, Long::sum);
        }
    }

    List<Group> largest() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= FEWEST_KEYS)
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_TOLD)
                .map(entry -> new Group(entry.getKey(), entry.getValue()))
                .toList();
    }
}
