package dev.mainstay.core.task;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A result that is too long for a termination message, as lines of a log: {@code result 1/3 …}. The runtime cuts a line at
 * 16 KiB and others may write between them, so each is short and the whole is known by its hash.
 *
 * @param word what its lines begin with
 * @param most most lines; so many are asked for, and some between them
 */
public record ResultLines(String word, int most) {

    /** What a preflight finds. */
    public static final ResultLines FINDINGS = new ResultLines("result", 20);

    /** What it finds in the bucket. */
    public static final ResultLines STORED = new ResultLines("stored", 120);

    private static final int LONGEST = 4_000;

    /** Most characters of a text that is not cut. */
    public int room() {
        return most * LONGEST;
    }

    /** The lines of a text in one line; its end is cut where it doesn't fit, so that it is not taken for whole. */
    public List<String> cut(String text) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length() && pieces.size() < most; ) {
            int to = Math.min(text.length(), from + LONGEST);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            lines.add(word + " " + (i + 1) + "/" + pieces.size() + " " + pieces.get(i));
        }
        return lines;
    }

    /** The text in a log; empty when it is not all there. */
    public Optional<String> join(List<String> log, String sha256) {
        Pattern pattern = Pattern.compile(word + " (\\d+)/(\\d+) (.*)");
        TreeMap<Integer, String> pieces = new TreeMap<>();
        for (String line : log) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.matches()) {
                pieces.put(Integer.valueOf(matcher.group(1)), matcher.group(3));
            }
        }
        return Optional.of(String.join("", pieces.values()))
                .filter(text -> sha256(text).equals(sha256));
    }

    /** The hash of a text, in hexadecimal. */
    public static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
