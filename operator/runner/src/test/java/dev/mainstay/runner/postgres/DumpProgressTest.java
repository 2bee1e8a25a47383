package dev.mainstay.runner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.runner.postgres.DatabaseFacts.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DumpProgressTest {

    private final List<String> news = new ArrayList<>();

    @Test
    void percentIsOfTablesThatHaveEnded() {
        DumpProgress progress = progress(
                new Table("public.small", 100, 10L),
                new Table("public.big", 800, null),
                new Table("Shop.Odd", 100, 0L));

        progress.line("pg_dump: last built-in OID is 16383");
        progress.line("pg_dump: dumping contents of table \"public.small\"");
        progress.line("pg_dump: dumping contents of table \"public.big\"");
        progress.line("pg_dump: dumping contents of table \"Shop.Odd\"");

        assertThat(news).containsExactly("public.small 0", "public.big 10", "Shop.Odd 90");
        assertThat(progress.dumped())
                .containsExactly(
                        new Table("public.small", 100, 10L),
                        new Table("public.big", 800, null),
                        new Table("Shop.Odd", 100, 0L));
    }

    @Test
    void itIsNeverAHundred() {
        DumpProgress progress = progress(new Table("public.a", 100, null));

        progress.line("pg_dump: dumping contents of table \"public.a\"");
        progress.line("pg_dump: dumping contents of table \"public.new\"");

        assertThat(news).containsExactly("public.a 0", "public.new 99");
    }

    @Test
    void anEmptyDatabaseDividesByNothing() {
        DumpProgress progress = progress();

        progress.line("pg_dump: dumping contents of table \"public.new\"");

        assertThat(news).containsExactly("public.new 0");
        assertThat(progress.dumped()).containsExactly(new Table("public.new", 0, null));
    }

    @Test
    void namesMayHoldQuotesAndLineBreaks() {
        DumpProgress progress =
                progress(new Table("public.say \"hi\"", 50, null), new Table("public.two\nlines", 50, null));

        progress.line("pg_dump: dumping contents of table \"public.say \"hi\"\"");
        progress.line("pg_dump: dumping contents of table \"public.two");
        progress.line("lines\"");

        assertThat(news).containsExactly("public.say \"hi\" 0", "public.two\nlines 50");
    }

    private DumpProgress progress(Table... tables) {
        return new DumpProgress(List.of(tables), (table, percent) -> news.add(table + " " + percent));
    }
}
