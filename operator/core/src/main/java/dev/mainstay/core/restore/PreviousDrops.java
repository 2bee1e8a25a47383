package dev.mainstay.core.restore;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.KeptDatabase;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.restore.PreviousDatabase;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.core.Durations;
import dev.mainstay.core.task.DatabaseMaintainWork.Kept;
import dev.mainstay.core.task.DatabaseMaintainWork.Previous;
import dev.mainstay.core.task.DatabaseMaintainWork.Spared;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of the databases that restores of one have kept may be dropped. Only what a RestoreRequest that has succeeded says it
 * keeps, under the name that it must have given, and that no other request is to put back. Whether it is that database, the
 * server is asked for later.
 */
public final class PreviousDrops {

    /** More than one server has; what is left is dropped the next time. */
    static final int MOST = 64;

    /** So many are named to who is asked to approve it: the message has to have room for how that is done. */
    private static final int MOST_TOLD = 3;

    private final List<RestoreRequest> restores;
    private final ManagedApplication application;
    private final Database database;
    private final Duration olderThan;
    private final Set<String> inUse;
    private final Instant now;

    private PreviousDrops(
            List<RestoreRequest> restores,
            ManagedApplication application,
            Database database,
            Duration olderThan,
            Set<String> inUse,
            Instant now) {
        this.restores = restores.stream()
                .filter(request -> application.getMetadata().getName().equals(RestoreClaims.application(request)))
                .toList();
        this.application = application;
        this.database = database;
        this.olderThan = olderThan;
        this.inUse = inUse;
        this.now = now;
    }

    /**
     * Chooses, the oldest first.
     *
     * @param restores the RestoreRequests of the application's namespace
     * @param database one of its databases
     * @param olderThan how long one must have been kept
     * @param inUse the names of databases that any ManagedApplication has in its spec, in whatever namespace
     */
    public static Previous choose(
            List<RestoreRequest> restores,
            ManagedApplication application,
            Database database,
            Duration olderThan,
            Set<String> inUse,
            Instant now) {
        return new PreviousDrops(restores, application, database, olderThan, inUse, now).choose();
    }

    /** What is dropped as things stand, and what stays, in sentences. */
    public static String told(Previous choice, ManagedApplication application, Database database, Instant now) {
        List<String> sentences = new ArrayList<>();
        sentences.add(
                choice.drop().isEmpty()
                        ? "As things stand, no kept database is dropped."
                        : "As things stand, it drops "
                                + choice.drop().stream()
                                        .limit(MOST_TOLD)
                                        .map(kept -> kept.name()
                                                + size(kept.name(), application, database)
                                                        .map(size -> " (" + size + ")")
                                                        .orElse("")
                                                + ", kept since " + kept.since() + " (" + age(kept.since(), now)
                                                + ") by RestoreRequest " + kept.request())
                                        .collect(Collectors.joining("; "))
                                + more(choice.drop().size())
                                + ".");
        choice.spared().stream().limit(MOST_TOLD - 1).forEach(spared -> sentences.add(spared.why()));
        if (choice.spared().size() >= MOST_TOLD) {
            sentences.add((choice.spared().size() - MOST_TOLD + 1) + " more stay.");
        }
        return String.join(" ", sentences);
    }

    /** Why nobody need be asked, and no server looked at: nothing is dropped, and nothing is odd; empty when it is not so. */
    public static Optional<String> needless(Previous choice, Database database) {
        if (!choice.drop().isEmpty() || choice.spared().stream().anyMatch(Spared::odd)) {
            return Optional.empty();
        }
        return Optional.of(
                choice.spared().isEmpty()
                        ? "No RestoreRequest says that it has kept a database of " + database.name() + "."
                        : choice.spared().stream().map(Spared::why).collect(Collectors.joining(" ")));
    }

    private static String more(int all) {
        return all > MOST_TOLD ? "; and " + (all - MOST_TOLD) + " more" : "";
    }

    private static String age(Instant since, Instant now) {
        return Durations.format(Duration.ofDays(Duration.between(since, now).toDays()));
    }

    /** As the daily look has seen it. */
    private static Optional<String> size(String name, ManagedApplication application, Database database) {
        return application.getStatus() == null
                ? Optional.empty()
                : application.getStatus().restoreReadiness().stream()
                        .filter(look -> database.name().equals(look.database()))
                        .flatMap(look -> look.kept().stream())
                        .filter(kept -> name.equals(kept.name()) && kept.size() != null)
                        .map(KeptDatabase::size)
                        .findFirst();
    }

    private Previous choose() {
        List<Kept> drop = new ArrayList<>();
        List<Spared> spared = new ArrayList<>();
        restores.stream()
                .filter(this::keepsOneOfThis)
                .sorted(Comparator.comparing(
                        request -> previous(request).since(), Comparator.nullsLast(Comparator.naturalOrder())))
                .limit(MOST)
                .forEach(request -> spared(request)
                        .ifPresentOrElse(
                                spared::add,
                                () -> drop.add(new Kept(
                                        previous(request).database(),
                                        request.getMetadata().getName(),
                                        request.getMetadata().getUid(),
                                        previous(request).since()))));
        return new Previous(List.copyOf(drop), List.copyOf(spared));
    }

    private boolean keepsOneOfThis(RestoreRequest request) {
        RestoreRequestStatus status = RestoreClaims.status(request);
        return status.previous() != null
                && status.previous().database() != null
                && status.claim() != null
                && database.name().equals(status.claim().database());
    }

    private static PreviousDatabase previous(RestoreRequest request) {
        return RestoreClaims.status(request).previous();
    }

    /** Why it stays; empty when it may be dropped. */
    private Optional<Spared> spared(RestoreRequest request) {
        String self = "Database " + previous(request).database() + ", kept by RestoreRequest "
                + request.getMetadata().getName() + ", stays: ";
        return unproven(request, self).or(() -> needed(request, self)).or(() -> young(request, self));
    }

    /** Nothing tells that it is the one that this restore has kept of this database. */
    private Optional<Spared> unproven(RestoreRequest request, String self) {
        RestorePlan plan = RestoreClaims.status(request).plan();
        String name = previous(request).database();
        if (plan == null || !PreviousKept.isSameServer(plan, application, database.name())) {
            return stays(
                    name,
                    self + "it was kept of "
                            + (plan == null ? "one that is not known" : plan.database() + " on server " + plan.server())
                            + ", and spec.databases[" + database.name()
                            + "] of the ManagedApplication is another one by now.",
                    false);
        }
        return name.equals(DatabaseNames.previous(
                                plan.database(), request.getMetadata().getUid()))
                        && previous(request).since() != null
                ? Optional.empty()
                : stays(
                        name,
                        self
                                + "it does not have the name that this restore gives. Find out whose it is, and drop it by hand.",
                        true);
    }

    /** Somebody may still want it. */
    private Optional<Spared> needed(RestoreRequest request, String self) {
        RestoreRequestStatus status = RestoreClaims.status(request);
        String name = previous(request).database();
        if (isNamed(name)) {
            return stays(name, self + "spec.databases of a ManagedApplication names it.", true);
        }
        if (!RestoreClaims.ended(request)) {
            return stays(name, self + "that restore has not ended.", false);
        }
        if (status.outcome() != RestoreOutcome.SUCCEEDED) {
            return stays(
                    name,
                    self + "that restore has not succeeded"
                            + (status.outcome() == null
                                    ? ""
                                    : " (" + status.outcome().text() + ")")
                            + ", and may have to be undone. When nobody needs it, drop it by hand.",
                    true);
        }
        return wantedBy(request)
                .flatMap(other -> stays(name, self + "RestoreRequest " + other + " is to put it back.", false));
    }

    private Optional<Spared> young(RestoreRequest request, String self) {
        Instant since = previous(request).since();
        return now.isBefore(since.plus(olderThan))
                ? stays(
                        previous(request).database(),
                        self + "it is kept since " + since + ", not for " + Durations.format(olderThan)
                                + " yet (dropPrevious.olderThan).",
                        false)
                : Optional.empty();
    }

    private static Optional<Spared> stays(String name, String why, boolean odd) {
        return Optional.of(new Spared(name, why, odd));
    }

    /** By its name alone: those that restores give are given once, and one too many that stays does no harm. */
    private boolean isNamed(String name) {
        return inUse.contains(name)
                || application.getSpec().databases().stream()
                        .anyMatch(entry -> name.equals(entry.postgres().database()));
    }

    /** A dry run looks, and puts nothing back. */
    private Optional<String> wantedBy(RestoreRequest request) {
        String name = previous(request).database();
        return restores.stream()
                .filter(other -> other != request && !RestoreClaims.ended(other))
                .filter(other -> other.getSpec() == null || !other.getSpec().dryRun())
                .filter(other -> isOfPrevious(other, request.getMetadata().getName())
                        || RestoreClaims.status(other).plan() != null
                                && name.equals(
                                        RestoreClaims.status(other).plan().copy()))
                .map(other -> other.getMetadata().getName())
                .sorted()
                .findFirst();
    }

    private static boolean isOfPrevious(RestoreRequest other, String name) {
        return other.getSpec() != null
                && other.getSpec().source().previousOf() != null
                && name.equals(other.getSpec().source().previousOf().name());
    }
}
