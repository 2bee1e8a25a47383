package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.ChannelFallback;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.NotificationState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What each channel was told and is to be told. Whoever took the message that an alert fires is told of its end, whatever became of
 * the rule, the channel or a mute meanwhile (prometheus/alertmanager issues 226, 2770 and 3371), and nobody else is (issue 878).
 *
 * <p>A message that is on its way when the alert ends may arrive: it is waited for, and the end is told once it
 * has. One that was not taken when it was tried is given up: nobody is to be woken by an alert that is over. Where no answer came back,
 * the receiver may have taken it (prometheus/alertmanager issue 2657), and is told the end. The messages on several
 * episodes to one receiver are sent one after the other: the next alert is told once the end of the one before was taken.
 */
final class AlertLedger {

    /** So many lines fit into a status. */
    private static final int MOST = 32;

    /** How long after a refusal the message is tried again: what was refused may be mended where the operator can't see it. */
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final AlertObservation seen;
    private final RuleView view;
    private final Standing standing;
    private final AlertMuting muting;
    private final boolean acknowledged;
    private final Instant now;
    private final AlertTexts texts;
    private final Optional<List<AlertTarget>> targets;
    private final List<AlertNotification> before;
    private final List<AlertNotification> lines = new ArrayList<>();
    private final List<AlertNotification> refusedEnds = new ArrayList<>();

    /** Brings the lines of the status to what they are to be. */
    AlertLedger(
            AlertObservation seen,
            RuleView view,
            Standing standing,
            AlertMuting muting,
            boolean acknowledged,
            Instant now) {
        this.seen = seen;
        this.view = view;
        this.standing = standing;
        this.muting = muting;
        this.acknowledged = acknowledged;
        this.now = now;
        this.texts = new AlertTexts(view);
        this.targets =
                AlertTarget.of(seen.rule(), seen.application(), seen.channels().keySet());
        this.before = view.status().notifications();
        keep();
        addTriggers();
        addFallbacks();
        addDigests();
        bound();
    }

    List<AlertNotification> lines() {
        return List.copyOf(lines);
    }

    /** The ends of alerts that a channel did not want to know, of this pass alone. */
    List<AlertNotification> refusedEnds() {
        return List.copyOf(refusedEnds);
    }

    /** Who is to be told; empty when that is not known now. */
    Optional<List<AlertTarget>> targets() {
        return targets;
    }

    /** All messages that are to be sent now. */
    List<AlertMessage> messages() {
        return IntStream.range(0, lines.size())
                .filter(index -> Lines.isUnderWay(lines.get(index)) && !Lines.isHeld(lines, index))
                .mapToObj(index -> texts.message(lines.get(index)))
                .toList();
    }

    /** What channels believe to fire. */
    List<AlertMessage> open() {
        return lines.stream()
                .filter(line -> line.triggeredAt() != null && Lines.tellsOfFiring(line))
                .map(texts::message)
                .toList();
    }

    /** When something is due by time alone. */
    Stream<Instant> due() {
        if (!standing.fires() || muting.isMuted()) {
            return muting.isMuted() ? Stream.ofNullable(muting.muted().until()) : Stream.empty();
        }
        return Stream.concat(
                targets.orElse(List.of()).stream()
                        .filter(target -> !acknowledged)
                        .map(target -> standing.firingSince().plus(target.after())),
                IntStream.range(0, lines.size())
                        .boxed()
                        .filter(index -> isCurrent(lines.get(index)))
                        .flatMap(index -> Stream.concat(again(lines.get(index)).stream(), fallbackAt(index).stream())));
    }

    private void keep() {
        Set<String> wanted = wanted();
        for (int index = 0; index < before.size(); index++) {
            boolean held = Lines.isHeld(before, index);
            AlertNotification line =
                    held ? before.get(index) : Lines.absorb(view.uid(), before.get(index), seen.deliveries());
            boolean ends = !Lines.tellsOfFiring(line);
            if (ends && !Lines.isUnderWay(line)) {
                if (line.state() == NotificationState.REFUSED) {
                    refusedEnds.add(line);
                }
                continue;
            }
            AlertNotification led = led(line);
            if (ends) {
                lines.add(led);
            } else if (isCurrent(led) && isWanted(led, wanted)) {
                lines.add(repeated(led));
            } else {
                closed(led, held).ifPresent(lines::add);
            }
        }
    }

    /** Whoever logs in another way is the same receiver. */
    private AlertNotification led(AlertNotification line) {
        return channel(line.channel())
                .map(channel -> channel.getSpec().destination())
                .filter(destination ->
                        Places.same(destination, line.destination()) && !Places.equal(destination, line.destination()))
                .map(destination -> Lines.led(line, destination, now))
                .orElse(line);
    }

    private boolean isCurrent(AlertNotification line) {
        return standing.fires() && Lines.tellsOfFiring(line) && line.episode() == standing.episode();
    }

    /** The channels that are to be told, and those that stand in for them. */
    private Set<String> wanted() {
        Set<String> wanted = targets.orElse(List.of()).stream()
                .map(AlertTarget::channel)
                .collect(Collectors.toCollection(TreeSet::new));
        boolean more = true;
        while (more) {
            more = before.stream()
                    .filter(line -> line.insteadOf() != null && isCurrent(line) && wanted.contains(line.insteadOf()))
                    .map(line -> wanted.add(line.channel()))
                    .reduce(false, Boolean::logicalOr);
        }
        return wanted;
    }

    /** A channel that is gone for now leads where it led; one that leads elsewhere is told there, and its end here. */
    private boolean isWanted(AlertNotification line, Set<String> wanted) {
        return targets.isEmpty()
                || wanted.contains(line.channel())
                        && channel(line.channel())
                                .map(channel -> Places.same(channel.getSpec().destination(), line.destination()))
                                .orElse(true);
    }

    private AlertNotification repeated(AlertNotification line) {
        if (isUnmeasured()
                || muting.isMuted()
                || again(line).filter(due -> !due.isAfter(now)).isEmpty()) {
            return line;
        }
        return line.state() == NotificationState.SENT
                ? Lines.next(line, NotificationKind.REPEAT, texts.repeats(standing), now)
                : Lines.next(line, line.kind(), line.facts(), now);
    }

    /** When a channel is told again; an Alertmanager repeats by itself. */
    private Optional<Instant> again(AlertNotification line) {
        boolean told = line.triggeredAt() != null;
        if (channel(line.channel()).isEmpty() || told && acknowledged) {
            return Optional.empty();
        }
        if (line.state() == NotificationState.REFUSED) {
            return Optional.of(Standing.notAfter(line.since(), now).plus(AGAIN));
        }
        return line.state() == NotificationState.SENT && !Places.isAlertmanager(line.destination())
                ? Optional.of(AlertClock.end(
                        Standing.notAfter(line.sentAt(), now), view.spec().repeatInterval()))
                : Optional.empty();
    }

    /** What becomes of a line whose alert, or whose channel, is not to be told any more. */
    private Optional<AlertNotification> closed(AlertNotification line, boolean held) {
        if (!tellsEnds(line)) {
            return Optional.empty();
        }
        if (Lines.mayKnow(line)) {
            return Optional.of(Lines.next(line, NotificationKind.RESOLVE, texts.ends(standing, line), now));
        }
        return Optional.of(line).filter(one -> !held && (one.state() == NotificationState.SENDING || isTried(one)));
    }

    /** Whether an attempt to tell it is under way, be it the first or not. */
    private boolean isTried(AlertNotification line) {
        return Lines.isUnderWay(line) && seen.deliveries().get(Lines.key(view.uid(), line)) instanceof Delivery.Waiting;
    }

    private boolean tellsEnds(AlertNotification line) {
        return Places.isAlertmanager(line.destination())
                || channel(line.channel())
                        .map(channel -> channel.getSpec().sendResolved())
                        .orElse(true);
    }

    /**
     * Whether this process has not measured it yet: what fired when the one before it ended may be over (prometheus/alertmanager issue 4064), and
     * nobody is told of it anew before that is known. Ends are told.
     */
    private boolean isUnmeasured() {
        return seen.evaluation() == null && view.obstacle().isEmpty();
    }

    private void addTriggers() {
        if (isUnmeasured() || !standing.fires() || muting.isMuted()) {
            return;
        }
        for (AlertTarget target : targets.orElse(List.of())) {
            boolean due = target.isFirst()
                    || !acknowledged
                            && !standing.firingSince().plus(target.after()).isAfter(now);
            channel(target.channel())
                    .filter(channel -> due && !isTold(channel))
                    .ifPresent(
                            channel -> begin(channel, NotificationKind.TRIGGER, texts.fires(standing, muting), null));
        }
    }

    private boolean isTold(NotificationChannel channel) {
        return lines.stream()
                .anyMatch(line -> isCurrent(line)
                        && line.channel().equals(channel.getMetadata().getName())
                        && Places.same(line.destination(), channel.getSpec().destination()));
    }

    /** A channel stands in at most once for an episode, so that two that stand in for each other end. */
    private void addFallbacks() {
        if (isUnmeasured() || !standing.fires() || muting.isMuted() || targets.isEmpty()) {
            return;
        }
        for (int index = 0; index < lines.size(); index++) {
            AlertNotification line = lines.get(index);
            if (!isCurrent(line)
                    || fallbackAt(index).filter(due -> !due.isAfter(now)).isEmpty()) {
                continue;
            }
            channel(line.channel())
                    .map(channel -> channel.getSpec().fallback())
                    .flatMap(fallback -> channel(fallback.channel()))
                    .filter(other -> lines.stream()
                            .noneMatch(told -> isCurrent(told)
                                    && told.channel().equals(other.getMetadata().getName())))
                    .ifPresent(other ->
                            begin(other, NotificationKind.TRIGGER, texts.fires(standing, muting), line.channel()));
        }
    }

    /** When another channel is to be told instead; one whose message waits behind one that is not taken is in trouble too. */
    private Optional<Instant> fallbackAt(int index) {
        AlertNotification line = lines.get(index);
        Optional<ChannelFallback> fallback =
                channel(line.channel()).map(channel -> channel.getSpec().fallback());
        return fallback.flatMap(one ->
                troubleSince(index).map(since -> AlertClock.end(Standing.notAfter(since, now), one.after())));
    }

    private Optional<Instant> troubleSince(int index) {
        AlertNotification line = lines.get(index);
        if (line.failingSince() != null || !Lines.isHeld(lines, index)) {
            return Optional.ofNullable(line.failingSince());
        }
        return Optional.ofNullable(Lines.ahead(lines, index).failingSince())
                .map(since -> since.isBefore(line.since()) ? line.since() : since);
    }

    /** What fired and ended while nobody was told. An Alertmanager knows alerts only, and this is none. */
    private void addDigests() {
        if (muting.over() == null || muting.over().cameAndWent() == 0 || view.deleted()) {
            return;
        }
        targets.orElse(List.of()).stream()
                .filter(AlertTarget::isFirst)
                .flatMap(target -> channel(target.channel()).stream())
                .filter(channel -> !Places.isAlertmanager(channel.getSpec().destination()))
                .forEach(channel ->
                        begin(channel, NotificationKind.DIGEST, texts.digest(standing, muting.over(), now), null));
    }

    private void begin(NotificationChannel channel, NotificationKind kind, String facts, String insteadOf) {
        Instant since = kind == NotificationKind.DIGEST ? muting.over().since() : standing.firingSince();
        lines.add(Lines.begin(
                channel.getMetadata().getName(),
                channel.getSpec().destination(),
                standing.episode(),
                since,
                kind,
                facts,
                insteadOf,
                texts.labels(),
                now));
    }

    /** Receivers that take nothing for long, at ever other places, must not fill the status. */
    private void bound() {
        while (lines.size() > MOST) {
            lines.stream()
                    .filter(line ->
                            line.kind() == NotificationKind.RESOLVE && line.state() == NotificationState.FAILING)
                    .findFirst()
                    .ifPresentOrElse(lines::remove, lines::removeLast);
        }
    }

    private Optional<NotificationChannel> channel(String name) {
        return Optional.ofNullable(seen.channels().get(name)).filter(channel -> channel.getSpec() != null);
    }
}
