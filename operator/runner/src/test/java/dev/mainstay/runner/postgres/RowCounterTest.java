package dev.mainstay.runner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowCounterTest {

    private static final String ARCHIVE = """
            --
            -- PostgreSQL database dump
            --

            \\restrict 3fVtPgVc
            SET statement_timeout = 0;
            SELECT pg_catalog.set_config('search_path', '', false);

            --
            -- Data for Name: orders; Type: TABLE DATA; Schema: public; Owner: shop
            --

            COPY public.orders (id, note) FROM stdin;
            1\tfirst
            2\t\\\\.
            3\t\\N
            4\t\\\\.x
            5\tCOPY public.fake (id) FROM stdin;
            \\.


            COPY public.empty (id) FROM stdin;
            \\.


            COPY "Shop"."order ""x"" FROM stdin;" ("Id", "a b") FROM stdin;
            1\tx
            \\.


            COPY public."two
            lines" (id) FROM stdin;
            1
            2
            \\.


            COPY public.nothing  FROM stdin;


            \\.


            SELECT pg_catalog.lowrite(0, '\\x434f5059');
            SELECT pg_catalog.setval('public.orders_id_seq', 5, true);
            """;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1 << 16})
    void rowsAreCountedHoweverTheBytesCome(int step) {
        RowCounter counter = counted(ARCHIVE, step);

        assertThat(counter.rows())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "public.orders", 5L,
                        "public.empty", 0L,
                        "Shop.order \"x\" FROM stdin;", 1L,
                        "public.two\nlines", 2L,
                        "public.nothing", 2L));
        assertThat(counter.insideTable()).isFalse();
    }

    @Test
    void anEndInTheMiddleOfATableIsSeen() {
        RowCounter counter = counted("COPY public.orders (id) FROM stdin;\n1\n2\n", 5);

        assertThat(counter.insideTable()).isTrue();
        assertThat(counter.rows()).isEmpty();
    }

    @Test
    void carriageReturnsAreData() {
        RowCounter counter = counted("COPY public.orders (id) FROM stdin;\n\\.\r\n1\n\\.\n", 4);

        assertThat(counter.rows()).containsExactly(Map.entry("public.orders", 2L));
    }

    private static RowCounter counted(String text, int step) {
        RowCounter counter = new RowCounter();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += step) {
            int length = Math.min(step, bytes.length - at);
            byte[] buffer = new byte[step];
            System.arraycopy(bytes, at, buffer, 0, length);
            counter.take(buffer, length);
        }
        return counter;
    }
}
