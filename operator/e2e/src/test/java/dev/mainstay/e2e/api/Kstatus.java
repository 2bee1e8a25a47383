package dev.mainstay.e2e.api;

import dev.mainstay.e2e.harness.GoProgram;
import java.util.List;

/** The real kstatus. */
final class Kstatus {

    private Kstatus() {}

    /** The verdict on an object, given as YAML or JSON: {@code InProgress}, {@code Current} or {@code Failed}. */
    static String verdict(String object) {
        return verdicts(object).getFirst();
    }

    /** The verdict on each of several JSON documents. */
    static List<String> verdicts(String objects) {
        return Holder.PROGRAM
                .run(objects)
                .lines()
                .map(line -> line.split("\t", 2)[0])
                .toList();
    }

    private static final class Holder {
        static final GoProgram PROGRAM = new GoProgram("kstatus");
    }
}
