package dev.mainstay.core.rollback;

import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.Texts;
import dev.mainstay.core.task.TaskJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides what a status has room for. Each write of it goes to every watcher in full, so all of it stays below 32 KiB, however
 * large the templates and messages are; the plan holds everything.
 */
public final class StatusRoom {

    private static final int WORKLOADS = 13 * 1024;
    /** What a workload takes without its images, digests and differences. */
    private static final int WORKLOAD = 400;

    private static final int CHECKS = 10 * 1024;
    /** What a check takes without its message. */
    private static final int CHECK = 150;

    private static final int LEAST_MESSAGE = 24;
    private static final int LONGEST_MESSAGE = 512;
    private static final int WARNINGS = 1536;
    private static final int MOST_WARNINGS = 16;
    private static final int LONGEST_WARNING = 512;

    /** What the line that tells of a cut takes. */
    static final int CUT = 24;

    private StatusRoom() {}

    /** Bytes for images, digests and differences of one of so many workloads. */
    static int ofWorkload(int workloads) {
        return Math.max(0, WORKLOADS / workloads - WORKLOAD);
    }

    /** As many of these texts as there is room for, in JSON; what is left out is counted in the last one. */
    static List<String> fit(List<String> texts, int most, int longest, int room) {
        List<String> fitting = new ArrayList<>();
        int left = room;
        for (String text : texts) {
            boolean last = fitting.size() == texts.size() - 1;
            String cut = cut(text, longest);
            int size = size(cut);
            if (size > left - (last ? 0 : CUT) || fitting.size() == most - 1 && !last) {
                fitting.add("… and " + (texts.size() - fitting.size()) + " more");
                return fitting;
            }
            fitting.add(cut);
            left -= size;
        }
        return fitting;
    }

    /** Warnings, as many as there is room for. */
    static List<String> warnings(List<String> warnings) {
        return fit(warnings, MOST_WARNINGS, LONGEST_WARNING, WARNINGS);
    }

    /** The same checks, with messages that fit: all of them stay, since each is dated. */
    static List<VerificationCheck> checks(List<VerificationCheck> checks) {
        if (checks.isEmpty()) {
            return checks;
        }
        int longest = Math.clamp(CHECKS / checks.size() - CHECK, LEAST_MESSAGE, LONGEST_MESSAGE);
        return checks.stream()
                .map(check -> new VerificationCheck(
                        check.name(), check.verdict(), check.since(), cut(check.message(), longest)))
                .toList();
    }

    /** A text of at most so many characters, which says so when it was longer. */
    public static String cut(String text, int length) {
        return Texts.cut(text, length, " …");
    }

    private static int size(String text) {
        return TaskJson.write(text).getBytes(StandardCharsets.UTF_8).length + 1;
    }
}
