package dev.mainstay.core.status;

import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.Texts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The conditions of one object while its next status is put together. The trio that kstatus reads is set as one: an
 * object is done ({@code Ready}), at work ({@code Reconciling}) or stuck ({@code Stalled}), never two of them.
 */
public final class Conditions {

    /** Longest message; a longer one is cut, and says so. */
    public static final int MESSAGE_LENGTH = 1024;

    private static final Set<String> TRIO = Set.of("Ready", "Reconciling", "Stalled");
    private static final String CUT = " … (cut)";

    private final List<Condition> before;
    private final long generation;
    private final Instant now;
    private final List<Condition> after = new ArrayList<>();

    /**
     * Starts from what stands in the status.
     *
     * @param before the conditions that were observed
     * @param generation the generation that is decided for
     * @param now the time of a transition
     */
    public Conditions(List<Condition> before, long generation, Instant now) {
        this.before = List.copyOf(before);
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The object is as it should be, or the operation succeeded. */
    public Conditions ready(Reason reason, String message) {
        return add("Ready", ConditionStatus.TRUE, reason, message);
    }

    /** The object is at work, or waits for something that will come by itself. */
    public Conditions reconciling(Reason reason, String message) {
        return add("Ready", ConditionStatus.FALSE, reason, message)
                .add("Reconciling", ConditionStatus.TRUE, reason, message);
    }

    /** The object can't go on until somebody does something, or the operation failed. */
    public Conditions stalled(Reason reason, String message) {
        return add("Ready", ConditionStatus.FALSE, reason, message)
                .add("Stalled", ConditionStatus.TRUE, reason, message);
    }

    /** Sets a condition beside the trio; its transition time stays while its status stays. */
    public Conditions set(String type, ConditionStatus status, Reason reason, String message) {
        if (TRIO.contains(type)) {
            throw new IllegalArgumentException(type + " is set by ready, reconciling or stalled");
        }
        return add(type, status, reason, message);
    }

    private Conditions add(String type, ConditionStatus status, Reason reason, String message) {
        Instant since = find(before, type)
                .filter(condition -> condition.status() == status)
                .map(Condition::lastTransitionTime)
                .orElse(now);
        after.add(new Condition(type, status, generation, since, reason.text(), cut(message)));
        return this;
    }

    /** Leaves the condition of a type as it stands. */
    public Conditions keep(String type) {
        find(before, type)
                .map(condition -> new Condition(
                        type,
                        condition.status(),
                        generation,
                        condition.lastTransitionTime(),
                        condition.reason(),
                        condition.message()))
                .ifPresent(after::add);
        return this;
    }

    /** The conditions, sorted by type so that the same facts always make the same list. */
    public List<Condition> list() {
        return after.stream()
                .sorted((one, other) -> one.type().compareTo(other.type()))
                .toList();
    }

    /** The condition of a type. */
    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.type()))
                .findFirst();
    }

    /** A message that fits into a status. */
    public static String cut(String message) {
        return Texts.cut(message, MESSAGE_LENGTH, CUT);
    }
}
