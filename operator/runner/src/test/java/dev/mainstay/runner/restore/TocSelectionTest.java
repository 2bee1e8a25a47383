package dev.mainstay.runner.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.restore.TocSelection.Extensions;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TocSelectionTest {

    @Test
    void anExtensionThatTheImageLacksIsToldWithTheOtherTarget() {
        assertThat(ArchiveCheck.missingInPod("postgis", "BackupPolicy shop/nightly"))
                .hasMessageContaining("the extension postgis")
                .hasMessageContaining("BackupPolicy shop/nightly spec.verification.restoreTest.target.server")
                .extracting("reason")
                .isEqualTo(Reason.EXTENSION_MISSING);
    }

    private static final Extensions EXTENSIONS = new Extensions(Set.of("trusted", "untrusted"), Set.of("untrusted"));

    private static TocSelection selection(TocBytes toc, boolean superuser) {
        return new TocSelection(toc.toc().entries(), superuser, EXTENSIONS, "loaded"::equals);
    }

    @Test
    void aSuperuserRestoresAllButSubscriptions() {
        TocBytes toc = new TocBytes(16)
                .entry(1, "EXTENSION", "untrusted", null, "", "x")
                .entry(2, "EVENT TRIGGER", "e", null, "a", "x")
                .entry(3, "SUBSCRIPTION", "s", null, "a", "x")
                .entry(4, "COMMENT", "SUBSCRIPTION s", null, "a", "x", 3);

        assertThat(selection(toc, true).restored()).containsExactly(1, 2);
        assertThat(selection(toc, true).obstacles()).isEmpty();
        assertThat(selection(toc, true).leftOut())
                .containsExactly(
                        "SUBSCRIPTION s: it would replicate into the copy; CREATE SUBSCRIPTION by hand if it is wanted",
                        "COMMENT SUBSCRIPTION s: it goes with one that is left out");
    }

    @Test
    void labelsOfProvidersThatAreNotLoadedAreLeftOut() {
        TocBytes toc = new TocBytes(16)
                .entry(1, "TABLE", "t", "public", "a", "x")
                .entry(
                        2,
                        "SECURITY LABEL",
                        "TABLE t",
                        "public",
                        "a",
                        "SECURITY LABEL FOR loaded ON TABLE t IS 'FOR b';",
                        1)
                .entry(
                        3,
                        "SECURITY LABEL",
                        "TABLE u",
                        "public",
                        "a",
                        "SECURITY LABEL FOR loaded ON TABLE u IS 'a;b';\nSECURITY LABEL FOR \"Gone\" ON COLUMN u.c IS 'x';",
                        1);

        assertThat(selection(toc, true).restored()).containsExactly(1, 2);
        assertThat(selection(toc, true).leftOut()).singleElement().asString().contains("TABLE u", "not loaded Gone");
        assertThat(selection(toc, false).restored()).containsExactly(1);
    }

    @Test
    void othersLeaveOutWhatNothingNeeds() {
        TocBytes toc = new TocBytes(16)
                .entry(1, "EXTENSION", "untrusted", null, "", "x")
                .entry(2, "COMMENT", "EXTENSION untrusted", null, "", "x", 1)
                .entry(3, "EXTENSION", "trusted", null, "", "x")
                .entry(4, "COMMENT", "EXTENSION trusted", null, "", "x", 3)
                .entry(5, "COMMENT", "EXTENSION plpgsql", null, "", "x")
                .entry(6, "PUBLICATION", "p", null, "a", "x")
                .entry(7, "PUBLICATION TABLE", "p t", "public", "a", "x", 6)
                .entry(8, "ACL", "FUNCTION f()", "pg_catalog", "a", "x")
                .entry(9, "TABLE", "t", "public", "a", "x", 3);

        assertThat(selection(toc, false).restored()).containsExactly(3, 4, 9);
        assertThat(selection(toc, false).obstacles()).isEmpty();
    }

    @Test
    void whatIsNeededOrMissingStandsInTheWay() {
        TocBytes toc = new TocBytes(16)
                .entry(1, "EXTENSION", "untrusted", null, "", "x")
                .entry(2, "TABLE", "t", "public", "a", "x", 1)
                .entry(3, "EXTENSION", "unknown", null, "", "x")
                .entry(4, "OPERATOR CLASS", "o", "public", "a", "x");

        assertThat(selection(toc, false).obstacles())
                .extracting(obstacle -> obstacle.entry().id())
                .containsExactly(1, 3, 4);
        assertThat(selection(toc, true).obstacles()).singleElement().satisfies(obstacle -> {
            assertThat(obstacle.missing()).isTrue();
            assertThat(ArchiveCheck.failure(obstacle, "admin").getMessage())
                    .contains("needs the extension unknown", "Install it on the server");
        });
    }

    @Test
    void rolesAreOwnersAndThoseWhoAreNamed() {
        TocBytes toc = new TocBytes(16)
                .entry(1, "SCHEMA", "app", null, "owner", "CREATE SCHEMA app;")
                .entry(2, "TABLE", "t", "app", "guest", "CREATE TABLE app.t ();")
                .entry(
                        3,
                        "ACL",
                        "TABLE t",
                        "app",
                        "guest",
                        "SET SESSION AUTHORIZATION granter;\nGRANT SELECT ON TABLE app.t TO reader;\n",
                        2)
                .entry(4, "SUBSCRIPTION", "s", null, "nobody", "x");

        TocSelection selection = selection(toc, false);

        assertThat(selection.roles().keySet()).containsExactly("granter", "guest", "owner", "reader");
        assertThat(selection.actingRoles()).containsExactlyInAnyOrder("owner", "guest", "granter");
        assertThat(selection.guests().values())
                .extracting(entry -> entry.owner())
                .containsExactly("guest");
    }
}
