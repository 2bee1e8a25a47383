package dev.mainstay.e2e.runner;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What stands at the attempts' paths: the first of a manifest and an abort mark wins, as with If-None-Match. */
public final class FakeBucket {

    /** What can stand at a path. */
    public enum Mark {
        MANIFEST,
        ABORTED,
        REMOVED
    }

    private final Map<String, Mark> marks = new TreeMap<>();

    /** Puts the mark unless there is one; what stands there then. */
    public synchronized Mark put(String path, Mark mark) {
        marks.putIfAbsent(path, mark);
        return marks.get(path);
    }

    /**
     * Leaves the newest so many manifests below a folder, as retention does; their names sort by time. Older ones are there
     * for ever as removed.
     */
    public synchronized int thin(String folder, int keep) {
        List<String> manifests = marks.keySet().stream()
                .filter(path -> path.startsWith(folder) && marks.get(path) == Mark.MANIFEST)
                .toList();
        List<String> surplus = manifests.subList(0, Math.max(0, manifests.size() - keep));
        surplus.forEach(path -> marks.put(path, Mark.REMOVED));
        return surplus.size();
    }

    /** Removes what is at a path. */
    public synchronized void remove(String path) {
        marks.put(path, Mark.REMOVED);
    }

    /** How many manifests there are below a folder. */
    public synchronized int manifests(String folder) {
        return (int) marks.entrySet().stream()
                .filter(mark -> mark.getKey().startsWith(folder) && mark.getValue() == Mark.MANIFEST)
                .count();
    }

    /** All paths and their marks. */
    public synchronized Map<String, Mark> contents() {
        return Map.copyOf(marks);
    }
}
