package dev.mainstay.core.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/reference/claims.md is made of what the code decides. */
class ClaimsPageTest {

    private static final Path PAGE =
            Path.of(System.getProperty("repositoryRoot")).resolve("docs/reference/claims.md");

    @Test
    void pageTellsWhatTheCodeDecides() throws IOException {
        String wanted = render();
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(PAGE)
                .as("%s is not what Operation says: run `make generate`", PAGE)
                .hasContent(wanted);
    }

    private static String render() {
        StringBuilder page = new StringBuilder("""
                <!-- Generated from operator/core by `make generate`; do not edit. -->
                # Claims

                What each operation claims of its application while it works. Two that are shared go together; whatever else
                names the same thing waits for its turn, in the order of asking. A restore and a rollback are somebody's way
                out of an outage: all others are asked to make room for them. Today's release has backups, restores and rollbacks;
                the others are decided already, so that none of them will have to be fitted in.

                | operation | claims | others make room |
                | --- | --- | --- |
                """);
        for (Operation operation : Operation.values()) {
            page.append("| %s | %s | %s |%n"
                    .formatted(name(operation), claims(operation), operation.emergency() ? "yes" : ""));
        }
        page.append("%nBeside which other, of the same database or cache:%n%n| |".formatted());
        for (Operation asking : Operation.values()) {
            page.append(" %d |".formatted(asking.ordinal() + 1));
        }
        page.append("%n| --- |%s%n".formatted(" --- |".repeat(Operation.values().length)));
        for (Operation holder : Operation.values()) {
            page.append("| %d %s works |".formatted(holder.ordinal() + 1, name(holder)));
            for (Operation asking : Operation.values()) {
                page.append(" %s |".formatted(outcome(holder, asking)));
            }
            page.append("%n".formatted());
        }
        page.append("""

                A column is the operation that comes second: it goes *beside*, it *waits*, or the one that works is asked to
                make *room*.
                """);
        return page.toString();
    }

    private static String outcome(Operation holder, Operation asking) {
        Claims standing =
                Claims.NONE.decide(request(holder, "a"), Instant.EPOCH).after();
        Claims.Outcome outcome = standing.decide(request(asking, "b"), Instant.EPOCH);
        if (outcome.answer() instanceof ClaimAnswer.Granted) {
            return "beside";
        }
        return outcome.after().grants().getFirst().makeRoomFor() == null ? "waits" : "room";
    }

    private static ClaimRequest request(Operation operation, String uid) {
        return ClaimRequest.of(operation, new Holder("Any", uid, uid), "main");
    }

    private static String claims(Operation operation) {
        String claims = Arrays.stream(operation.claims("<name>").toArray())
                .map(claim -> "`" + claim + "`")
                .collect(Collectors.joining(", "));
        return claims.isEmpty() ? "nothing" : claims;
    }

    private static String name(Operation operation) {
        return operation.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
