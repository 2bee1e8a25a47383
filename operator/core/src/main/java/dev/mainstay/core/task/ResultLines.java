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
 */
public final class ResultLines {

    /** Most lines; so many are asked for, and some between them. */
    public static final int MOST = 20;

    private static final int LONGEST = 4_000;
    private static final Pattern LINE = Pattern.compile("result (\\d+)/(\\d+) (.*)");

    private ResultLines() {}

    /** The lines of a text in one line; its end is cut where it doesn't fit, so that it is not taken for whole. */
    public static List<String> cut(String text) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length() && pieces.size() < MOST; ) {
            int to = Math.min(text.length(), from + LONGEST);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            lines.add("result " + (i + 1) + "/" + pieces.size() + " " + pieces.get(i));
        }
        return lines;
    }

    /** The text in a log; empty when it is not all there. */
    public static Optional<String> join(List<String> log, String sha256) {
        TreeMap<Integer, String> pieces = new TreeMap<>();
        for (String line : log) {
            Matcher matcher = LINE.matcher(line);
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
