package dev.mainstay.e2e.runner;

import java.util.Map;
import java.util.TreeMap;

/** What stands at the attempts' paths: the first of a manifest and an abort mark wins, as with If-None-Match. */
public final class FakeBucket {

    /** What can stand at a path. */
    public enum Mark {
        MANIFEST,
        ABORTED
    }

    private final Map<String, Mark> marks = new TreeMap<>();

    /** Puts the mark unless there is one; what stands there then. */
    public synchronized Mark put(String path, Mark mark) {
        marks.putIfAbsent(path, mark);
        return marks.get(path);
    }

    /** All paths and their marks. */
    public synchronized Map<String, Mark> contents() {
        return Map.copyOf(marks);
    }
}
