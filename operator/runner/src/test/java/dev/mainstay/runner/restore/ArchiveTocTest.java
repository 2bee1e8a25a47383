package dev.mainstay.runner.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.restore.ArchiveToc.Entry;
import dev.mainstay.runner.task.TaskFailure;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTocTest {

    private static final Map<String, String> MAPPING = Map.of("old", "a new \"one\"", "other", "x");

    private static TocBytes archive(int minor) {
        return new TocBytes(minor)
                .entry(7, "TABLE", "orders", "app", "old", "CREATE TABLE app.orders (\"old\" int);\n")
                .entry(9, "ACL", "TABLE orders", "app", "old", "GRANT SELECT ON TABLE app.old TO other;\n", 7)
                .entry(11, "EXTENSION", "größe; x", null, "", "CREATE EXTENSION x;\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 13, 14, 15, 16})
    void everyVersionIsReadAndRewritten(int minor) {
        ArchiveToc toc = archive(minor).toc();

        assertThat(toc.entries()).extracting(Entry::id).containsExactly(7, 9, 11);
        assertThat(toc.entries())
                .extracting(Entry::text)
                .containsExactly("TABLE app.orders", "ACL app.TABLE orders", "EXTENSION größe; x");
        assertThat(toc.entries().get(0).owner()).isEqualTo("old");
        assertThat(toc.entries().get(1).dependencies()).containsExactly(7);
        assertThat(toc.entries().get(2).hasOwner()).isFalse();
        assertThat(toc.withRoles(role -> role, false)).isEqualTo(toc.bytes());

        byte[] renamed = toc.withRoles(role -> MAPPING.getOrDefault(role, role), false);
        byte[] expected = new TocBytes(minor)
                .entry(7, "TABLE", "orders", "app", "a new \"one\"", "CREATE TABLE app.orders (\"old\" int);\n")
                .entry(9, "ACL", "TABLE orders", "app", "a new \"one\"", "GRANT SELECT ON TABLE app.old TO \"x\";\n", 7)
                .entry(11, "EXTENSION", "größe; x", null, "", "CREATE EXTENSION x;\n")
                .bytes();
        assertThat(renamed).isEqualTo(expected);
    }

    @Test
    void aBeginningThatIsTooShortAsksForMore() {
        byte[] bytes = archive(16).bytes();
        int head = bytes.length - "rows and rows".length();

        for (int length = 0; length < head; length++) {
            assertThat(ArchiveToc.parse(bytes, length)).as("%d bytes", length).isEmpty();
        }
        assertThat(ArchiveToc.parse(bytes, head)).isPresent();
    }

    @Test
    void whatIsNoArchiveOrOfAnotherVersionIsSaid() {
        byte[] text = "-- PostgreSQL database dump".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> ArchiveToc.parse(text, text.length))
                .isInstanceOfSatisfying(
                        TaskFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.VERIFICATION_FAILED));

        byte[] newer = archive(17).bytes();
        assertThatThrownBy(() -> ArchiveToc.parse(newer, newer.length))
                .isInstanceOfSatisfying(
                        TaskFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.VERSION_UNSUPPORTED))
                .hasMessageContaining("version 1.17, and known are 1.12 to 1.16");
    }

    @Test
    void whatIsNotInUtf8IsNotRewritten() {
        byte[] bytes = new TocBytes(14)
                .entry(1, "ACL", "TABLE t", "a", "old", "GRANT SELECT ON TABLE a.gr?ss TO old;\n")
                .bytes();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '?' ? (byte) 0xF6 : bytes[i];
        }
        ArchiveToc toc = ArchiveToc.parse(bytes, bytes.length).orElseThrow();

        assertThat(toc.withRoles(role -> role, false)).isEqualTo(bytes);
        assertThatThrownBy(() -> toc.withRoles(role -> "x", false)).hasMessageContaining("not in UTF-8");
    }
}
