package dev.mainstay.core.backup;

import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.RestoreReport;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is to be known of a restore test though it passed. */
final class RestoreTestRemarks {

    private RestoreTestRemarks() {}

    /**
     * Of a test that passed; null when there is nothing.
     *
     * @param message what its task said; null when it said nothing
     */
    static String of(RestoreReport.Copy copy, String message) {
        String remarks = Stream.of(
                        message,
                        copy.rowsCompared()
                                ? null
                                : "Rows were counted and compared with nothing: the backup was never read in full.",
                        copy.leftOutCount() == 0
                                ? null
                                : copy.leftOutCount() + " entries of the backup were left out or changed, the first: "
                                        + copy.leftOut().stream().findFirst().orElse("unknown") + ".")
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        return remarks.isEmpty() ? null : Conditions.cut(remarks);
    }
}
