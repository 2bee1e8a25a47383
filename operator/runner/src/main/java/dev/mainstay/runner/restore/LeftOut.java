package dev.mainstay.runner.restore;

import dev.mainstay.core.Texts;
import dev.mainstay.core.task.TaskJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a copy lacks of its backup, as far as it fits into a termination message: one that is cut can't be read at all. */
final class LeftOut {

    private static final int MOST_ENTRIES = 16;
    private static final int MOST_CHARACTERS = 256;
    private static final int MOST_BYTES = 2048;

    private LeftOut() {}

    /** The first entries, each cut; how many there are in all is told beside them. */
    static List<String> fitting(List<String> entries) {
        List<String> first = new ArrayList<>(
                entries.stream().limit(MOST_ENTRIES).map(LeftOut::cut).toList());
        while (TaskJson.write(first).getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            first.removeLast();
        }
        return List.copyOf(first);
    }

    private static String cut(String entry) {
        return Texts.cut(entry, MOST_CHARACTERS, "…");
    }
}
