package dev.mainstay.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a command line as a shell splits them, without the program's name. */
final class CommandWords {

    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private CommandWords() {}

    static String[] of(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        if (!words.removeFirst().equals("mainstay")) {
            throw new AssertionError("not a command of ours: " + line);
        }
        return words.toArray(String[]::new);
    }
}
