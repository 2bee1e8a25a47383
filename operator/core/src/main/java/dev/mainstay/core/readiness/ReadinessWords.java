package dev.mainstay.core.readiness;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.RestoreReadiness;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.application.RestoreReady;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The condition RestoreReady, in the words of what was found. What stands in the way comes before what is not known. */
final class ReadinessWords {

    private static final String ROLE = "CREATE ROLE mainstay_restore LOGIN PASSWORD '…' CREATEDB; GRANT %s TO"
            + " mainstay_restore; GRANT pg_signal_backend TO mainstay_restore;";

    private final ManagedApplication application;
    private final List<RestoreReadiness> found;
    private final Set<String> overdue;
    private final Failure obstacle;

    /**
     * @param overdue the databases of which what was found is no answer any more
     * @param obstacle what keeps everybody from looking; null when nothing does
     */
    ReadinessWords(
            ManagedApplication application, List<RestoreReadiness> found, Set<String> overdue, Failure obstacle) {
        this.application = application;
        this.found = found;
        this.overdue = overdue;
        this.obstacle = obstacle;
    }

    RestoreReady ready() {
        List<Database> databases = application.getSpec().databases();
        if (databases.isEmpty()) {
            return RestoreReady.NONE;
        }
        int errors = found.stream().mapToInt(ReadinessWords::errors).sum();
        if (errors > 0) {
            return is(ConditionStatus.FALSE, Reason.GAPS_FOUND, gaps(errors));
        }
        List<RestoreReadiness> notLooked =
                found.stream().filter(entry -> entry.errors() == null).toList();
        if (!notLooked.isEmpty()) {
            RestoreReadiness first = notLooked.getFirst();
            return is(
                    ConditionStatus.UNKNOWN,
                    Reason.of(first.problem().reason()).orElse(Reason.INTERNAL_ERROR),
                    "It could not be looked whether a restore of database " + first.database() + " would succeed: "
                            + first.problem().message()
                            + (obstacle == null ? " It is tried again within a quarter of an hour." : obstacle()));
        }
        List<Database> without = databases.stream()
                .filter(database -> database.postgres().adminSecretRef() == null)
                .toList();
        if (found.size() + without.size() < databases.size()) {
            return notKnown("It has not been looked yet whether restores would succeed.");
        }
        List<String> old = found.stream()
                .filter(entry -> overdue.contains(entry.database()))
                .map(entry -> "database " + entry.database() + ", last looked at " + entry.checkedAt()
                        + ", is to be looked at again")
                .toList();
        if (!old.isEmpty()) {
            return notKnown("It is not known whether restores would still succeed: " + String.join("; ", old) + ".");
        }
        if (!without.isEmpty()) {
            return is(ConditionStatus.UNKNOWN, Reason.NO_RESTORE_ROLE, withoutRole(without));
        }
        return is(ConditionStatus.TRUE, Reason.PASSED, passed());
    }

    private RestoreReady notKnown(String message) {
        return is(
                ConditionStatus.UNKNOWN,
                obstacle == null
                        ? Reason.IN_PROGRESS
                        : Reason.of(obstacle.reason()).orElse(Reason.INTERNAL_ERROR),
                message + obstacle());
    }

    private String obstacle() {
        return obstacle == null ? "" : " " + obstacle.message();
    }

    private RestoreReady is(ConditionStatus status, Reason reason, String message) {
        return new RestoreReady(found, status, reason, message);
    }

    private static int errors(RestoreReadiness entry) {
        return entry.errors() == null ? 0 : entry.errors();
    }

    private String gaps(int errors) {
        return count(errors, "gap") + (errors == 1 ? " keeps" : " keep")
                + " a restore from succeeding; status.restoreReadiness has what was found. "
                + found.stream()
                        .filter(entry -> errors(entry) > 0)
                        .map(entry -> "Database " + entry.database() + ", looked at " + entry.checkedAt() + ": "
                                + entry.findings().stream().limit(errors(entry)).collect(Collectors.joining(" ")))
                        .collect(Collectors.joining(" "));
    }

    private String withoutRole(List<Database> without) {
        Database first = without.getFirst();
        return "Nothing can restore "
                + (without.size() == 1 ? "database " : "databases ")
                + without.stream().map(Database::name).collect(Collectors.joining(", "))
                + ": spec.databases[" + first.name() + "].postgres has no adminSecretRef. On server "
                + first.postgres().sessionHost() + " run, with the owner of "
                + first.postgres().database() + " for OWNER: " + ROLE.formatted("OWNER")
                + " Then put username and password into a Secret of namespace "
                + application.getMetadata().getNamespace() + ", and name it in adminSecretRef."
                + (found.isEmpty() ? "" : " " + passed());
    }

    private String passed() {
        return "A restore would find what it needs. "
                + found.stream().map(ReadinessWords::passed).collect(Collectors.joining(" "));
    }

    private static String passed(RestoreReadiness entry) {
        return "Database " + entry.database() + ", looked at " + entry.checkedAt() + ": "
                + (entry.databaseSize() == null
                        ? "a second copy must fit on the server's disk, of which nothing tells how full it is."
                        : "a second copy takes up to " + entry.databaseSize()
                                + " of the server's disk, of which nothing tells how full it is.")
                + kept(entry)
                + entry.findings().stream()
                        .map(finding -> " Warning, " + finding)
                        .collect(Collectors.joining());
    }

    /** They stay until a person drops them, long after the restore is forgotten. */
    private static String kept(RestoreReadiness entry) {
        if (entry.keptCount() == null || entry.keptCount() == 0) {
            return "";
        }
        int more = entry.keptCount() - entry.kept().size();
        return " Kept by restores, on that disk too, until somebody drops "
                + (entry.keptCount() == 1 ? "it: " : "them: ")
                + entry.kept().stream()
                        .map(kept -> kept.name() + (kept.size() == null ? "" : " (" + kept.size() + ")"))
                        .collect(Collectors.joining(", "))
                + (more == 0 ? "" : " and " + more + " more") + ".";
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
