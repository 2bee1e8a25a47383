package dev.mainstay.runner.postgres;

import dev.mainstay.runner.postgres.DatabaseFacts.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads from what {@code pg_dump --verbose} says which table it is at, and so which tables the archive holds. A table's
 * dump has ended when the next one begins.
 */
public final class DumpProgress {

    private static final String MARK = "pg_dump: dumping contents of table \"";
    private static final int MOST_PERCENT = 99;

    private final Map<String, Table> known;
    private final long total;
    private final BiConsumer<String, Integer> news;
    private final List<Table> dumped = new ArrayList<>();
    private final StringBuilder unfinished = new StringBuilder();
    private long done;

    /**
     * @param tables what was known before
     * @param news takes the table that is being dumped and the percentage of bytes whose dump has ended
     */
    public DumpProgress(List<Table> tables, BiConsumer<String, Integer> news) {
        this.known = tables.stream().collect(Collectors.toMap(Table::name, Function.identity(), (a, b) -> a));
        this.total = tables.stream().mapToLong(Table::bytes).sum();
        this.news = news;
    }

    /** Takes a line of stderr. */
    public synchronized void line(String line) {
        if (!unfinished.isEmpty()) {
            // A name with a line break in it.
            take(unfinished.append('\n').append(line).toString());
        } else if (line.startsWith(MARK)) {
            take(line.substring(MARK.length()));
        }
    }

    /** The tables whose rows are in the archive, in its order. */
    public synchronized List<Table> dumped() {
        return List.copyOf(dumped);
    }

    private void take(String rest) {
        unfinished.setLength(0);
        if (!rest.endsWith("\"")) {
            unfinished.append(rest);
            return;
        }
        String name = rest.substring(0, rest.length() - 1);
        if (!dumped.isEmpty()) {
            done += dumped.getLast().bytes();
        }
        dumped.add(known.getOrDefault(name, new Table(name, 0, null)));
        news.accept(name, total == 0 ? 0 : (int) Math.min(MOST_PERCENT, done * 100 / total));
    }
}
