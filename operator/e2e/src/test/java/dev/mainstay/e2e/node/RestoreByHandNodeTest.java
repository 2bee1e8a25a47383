package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The lines of docs/restore-by-hand.md restore a backup with aws and pg_restore alone, to the last row. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class RestoreByHandNodeTest {

    private static final List<String> TABLES =
            List.of("customers", "products", "orders", "order_items", "payments", "audit");

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void documentedLinesRestoreEveryRow() throws IOException {
        assertRestored(new NodeShop(namespace), documented("# Restore by hand"));
    }

    @Test
    void documentedLinesRestoreEveryRowOfAnEncryptedBackup() throws IOException {
        String identity = Programs.run(new ProcessBuilder("age-keygen"), "")
                .lines()
                .filter(line -> line.matches("(#|AGE-SECRET-KEY-).*"))
                .collect(Collectors.joining("\n"));
        NodeShop shop = new NodeShop(namespace);
        shop.policy = "encryption: {recipients: [" + publicKey(identity) + "]}";

        DatabaseBackupStatus backup = assertRestored(
                shop,
                "cat >key.txt <<'END'\n" + identity + "\nEND\ncreatedb ecommerce_restored\n"
                        + documented("### An encrypted one"));

        assertThat(backup.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(shop.stored())
                .as("nothing but the manifest and the proof is readable")
                .filteredOn(file -> file.contains("sql"))
                .allMatch(file -> file.endsWith(".sql.age"));
    }

    private static String publicKey(String identity) {
        return identity.lines()
                .filter(line -> line.startsWith("# public key: "))
                .map(line -> line.substring("# public key: ".length()))
                .findFirst()
                .orElseThrow();
    }

    private DatabaseBackupStatus assertRestored(NodeShop shop, String lines) {
        shop.open().backup();
        DatabaseBackupStatus backup = shop.finished();
        assertThat(backup.phase()).as("%s", backup.failure()).isEqualTo(BackupPhase.SUCCEEDED);

        String database = "restored_" + namespace.name().replace('-', '_');
        String script = "cd /tmp\nlocation=" + backup.location() + "\n" + lines.replace("ecommerce_restored", database)
                + counts(database);

        assertThat(new ShopShell(namespace, shop).run(script)).contains("rows are equal");
        return backup;
    }

    /** The first indented block below a heading of the page, less the line that asks kubectl: the location is given. */
    private static String documented(String heading) throws IOException {
        String page = Files.readString(ClusterClient.REPOSITORY.resolve("docs/restore-by-hand.md"));
        List<String> lines = page.lines()
                .dropWhile(line -> !line.equals(heading))
                .dropWhile(line -> !line.startsWith("    "))
                .takeWhile(line -> line.startsWith("    "))
                .map(String::strip)
                .filter(line -> !line.startsWith("location="))
                .toList();
        assertThat(lines).as("the lines below " + heading).hasSizeBetween(1, 3);
        return String.join("\n", lines) + "\n";
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
