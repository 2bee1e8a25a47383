package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lines of docs/restore-by-hand.md restore a backup with aws and pg_restore alone, to the last row. */
@Tag("node")
class RestoreByHandNodeTest {

    private static final List<String> TABLES =
            List.of("customers", "products", "orders", "order_items", "payments", "audit");

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void documentedLinesRestoreEveryRow() throws IOException {
        NodeShop shop = new NodeShop(namespace);
        shop.open().backup();
        DatabaseBackupStatus backup = shop.finished();
        assertThat(backup.phase()).as("%s", backup.failure()).isEqualTo(BackupPhase.SUCCEEDED);

        String database = "restored_" + namespace.name().replace('-', '_');
        String script = "location=" + backup.location() + "\n" + documented(database) + counts(database);

        assertThat(new ShopShell(namespace, shop).run(script)).contains("rows are equal");
    }

    /** The indented block of the page, less the line that asks kubectl: the location is given. */
    private static String documented(String database) throws IOException {
        String page = Files.readString(ClusterClient.REPOSITORY.resolve("docs/restore-by-hand.md"));
        List<String> lines = page.lines()
                .dropWhile(line -> !line.startsWith("    location="))
                .takeWhile(line -> line.startsWith("    "))
                .skip(1)
                .map(String::strip)
                .toList();
        assertThat(lines).as("the lines of the page").hasSizeBetween(2, 3);
        return String.join("\n", lines).replace("ecommerce_restored", database) + "\n";
    }

    private static String counts(String database) {
        String query = String.join(
                        " UNION ALL ",
                        TABLES.stream()
                                .map(table -> "SELECT '" + table + "', count(*) FROM " + table)
                                .toList())
                + " ORDER BY 1";
        return """
                psql --no-psqlrc --tuples-only --dbname ecommerce --command "%s" >/tmp/before
                psql --no-psqlrc --tuples-only --dbname %s --command "%s" >/tmp/after
                cat /tmp/after
                dropdb %s
                diff /tmp/before /tmp/after && echo rows are equal
                """.formatted(query, database, query, database);
    }
}
