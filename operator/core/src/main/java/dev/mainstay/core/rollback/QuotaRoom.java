package dev.mainstay.core.rollback;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether the quotas of a namespace have room for the Pods that a rolling update makes before it removes others. What is not
 * known counts as room: a rollback that a quota stops later tells so, one that is held up by mistake helps nobody.
 */
final class QuotaRoom {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1024 * 1024);
    private static final String DEFAULT_SURGE = "25%";

    private QuotaRoom() {}

    /**
     * One Deployment's new Pods.
     *
     * @param deployment its name
     * @param pods how many come before others go
     * @param pod what each of them takes
     */
    record Surge(String deployment, int pods, PodDemand pod) {}

    /**
     * What a quota lacks.
     *
     * @param needed what the new Pods take
     * @param room what is left
     * @param hard what the quota would have to be at least
     */
    record Lack(
            QuotaState quota,
            String resource,
            List<Surge> surges,
            BigDecimal needed,
            BigDecimal room,
            BigDecimal hard) {

        /** For people, with the commands that help. */
        String message(String namespace) {
            return "ResourceQuota " + quota.name() + " has room for " + text(resource, room, RoundingMode.FLOOR)
                    + " of " + resource
                    + ", and the rolling update of Deployment "
                    + surges.stream().map(Surge::deployment).collect(Collectors.joining(", ")) + " needs "
                    + text(resource, needed, RoundingMode.CEILING) + " more for "
                    + surges.stream().mapToInt(Surge::pods).sum()
                    + " new Pods before it removes others (spec.strategy.rollingUpdate.maxSurge). Nothing was changed."
                    + " Raise the quota: kubectl patch resourcequota " + quota.name() + " --namespace " + namespace
                    + " --type merge --patch '{\"spec\":{\"hard\":{\"" + resource + "\":\""
                    + text(resource, hard, RoundingMode.CEILING)
                    + "\"}}}', or do without new Pods beside the old ones: kubectl patch deployment "
                    + surges.stream().map(Surge::deployment).collect(Collectors.joining(" "))
                    + " --namespace " + namespace
                    + " --patch '{\"spec\":{\"strategy\":{\"rollingUpdate\":{\"maxSurge\":0,\"maxUnavailable\":1}}}}'."
                    + " Then make another request.";
        }
    }

    /** How many Pods of the target come before any other goes. */
    static int surge(DeploymentState deployment, List<RevisionState> revisions, PodTemplate target) {
        if ("Recreate".equals(deployment.strategy())) {
            return 0;
        }
        int wanted = deployment.wanted();
        int present = revisions.stream().mapToInt(RevisionState::replicas).sum();
        int ofTarget = revisions.stream()
                .filter(revision -> revision.template().runsLike(target))
                .mapToInt(RevisionState::replicas)
                .sum();
        int beyond = Math.max(0, present - wanted);
        return Math.max(
                0, Math.min(most(deployment.maxSurge().orElse(DEFAULT_SURGE), wanted) - beyond, wanted - ofTarget));
    }

    private static int most(String surge, int wanted) {
        return surge.endsWith("%")
                ? new BigDecimal(surge.substring(0, surge.length() - 1))
                        .multiply(BigDecimal.valueOf(wanted))
                        .divide(HUNDRED, 0, RoundingMode.CEILING)
                        .intValue()
                : Integer.parseInt(surge);
    }

    /** The first quota that is too small. */
    static Optional<Lack> lack(List<QuotaState> quotas, List<Surge> surges) {
        return quotas.stream()
                .flatMap(
                        quota -> quota.resources().stream().flatMap(resource -> lack(quota, resource, surges).stream()))
                .findFirst();
    }

    private static Optional<Lack> lack(QuotaState quota, String resource, List<Surge> surges) {
        List<Surge> counted = surges.stream()
                .filter(surge -> quota.counts(surge.pod()).orElse(false))
                .filter(surge -> needed(resource, surge).signum() > 0)
                .toList();
        BigDecimal needed =
                counted.stream().map(surge -> needed(resource, surge)).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal room = quota.room(resource);
        return needed.signum() == 0 || needed.compareTo(room) <= 0
                ? Optional.empty()
                : Optional.of(new Lack(
                        quota,
                        resource,
                        counted,
                        needed,
                        room.max(BigDecimal.ZERO),
                        quota.hard(resource).subtract(room).add(needed)));
    }

    /** Quotas of whose room nothing can be said beforehand. */
    static List<String> warnings(List<QuotaState> quotas, List<Surge> surges) {
        return quotas.stream()
                .filter(quota -> surges.stream()
                        .filter(surge -> surge.pods() > 0)
                        .anyMatch(surge -> quota.counts(surge.pod()).isEmpty()
                                && quota.resources().stream()
                                        .anyMatch(resource ->
                                                needed(resource, surge).signum() > 0)))
                .map(quota ->
                        "Whether ResourceQuota " + quota.name() + " has room for the new Pods was not judged, since it"
                                + " is limited to " + String.join(", ", quota.scopes()) + ".")
                .toList();
    }

    private static BigDecimal needed(String resource, Surge surge) {
        return surge.pod().of(resource).multiply(BigDecimal.valueOf(surge.pods()));
    }

    /** As people write quantities. */
    private static String text(String resource, BigDecimal amount, RoundingMode rounding) {
        if (resource.endsWith("memory") || resource.endsWith("storage")) {
            return amount.divide(MEBIBYTE, 0, rounding).toPlainString() + "Mi";
        }
        BigDecimal whole = amount.setScale(0, rounding);
        return amount.compareTo(whole) == 0
                ? whole.toPlainString()
                : amount.movePointRight(3).setScale(0, rounding).toPlainString() + "m";
    }
}
