package dev.mainstay.core.alert;

import dev.mainstay.api.alert.FailingSource;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.NotificationState;
import dev.mainstay.core.Texts;
import dev.mainstay.core.alert.ChannelObservation.SourceTrouble;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sources that a channel is told of: five hundred rules that ask a Prometheus which is away are one message (grafana/grafana
 * issue 6601).
 */
final class ChannelSources {

    /** How long a source does not answer before that is told. */
    static final Duration FAILS_FOR = Duration.ofMinutes(2);

    /** How long it answers before that is told; an operator that has just started knows of no trouble before it has asked. */
    static final Duration ANSWERS_FOR = Duration.ofMinutes(1);

    private static final int MOST = 32;
    private static final int LONGEST_SOURCE = 512;

    private final ChannelObservation seen;
    private final ChannelTexts texts;
    private final Instant now;
    private final List<FailingSource> lines = new ArrayList<>();

    ChannelSources(ChannelObservation seen, List<FailingSource> before, ChannelTexts texts, Instant now) {
        this.seen = seen;
        this.texts = texts;
        this.now = now;
        before.stream().flatMap(line -> next(line).stream()).forEach(lines::add);
        seen.failing().stream()
                .filter(trouble -> !isTold(trouble) && !beginsAt(trouble).isAfter(now))
                .limit(Math.max(0, MOST - lines.size()))
                .forEach(trouble -> lines.add(begin(trouble)));
    }

    List<FailingSource> lines() {
        return List.copyOf(lines);
    }

    List<AlertMessage> messages() {
        return lines.stream()
                .filter(ChannelSources::isUnderWay)
                .map(line -> texts.source(line, trouble(line)))
                .toList();
    }

    List<AlertMessage> open() {
        return lines.stream()
                .filter(line -> line.kind() == NotificationKind.TRIGGER && line.triggeredAt() != null)
                .map(line -> texts.source(line, trouble(line)))
                .toList();
    }

    Instant wakeUp() {
        return Stream.concat(
                        seen.failing().stream()
                                .filter(trouble -> !isTold(trouble))
                                .map(ChannelSources::beginsAt),
                        lines.stream()
                                .filter(line -> line.answersSince() != null)
                                .map(line -> line.answersSince().plus(ANSWERS_FOR)))
                .filter(moment -> moment.isAfter(now))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private Optional<FailingSource> next(FailingSource before) {
        FailingSource line = absorb(before);
        if (line.kind() == NotificationKind.RESOLVE) {
            return Optional.of(line).filter(ChannelSources::isUnderWay);
        }
        if (trouble(line).isPresent()) {
            return Optional.of(answering(line, null));
        }
        Instant since = line.answersSince() == null ? now : Standing.notAfter(line.answersSince(), now);
        FailingSource answering = answering(line, since);
        return since.plus(ANSWERS_FOR).isAfter(now) ? Optional.of(answering) : ended(answering);
    }

    /** As with an alert: what is being sent may arrive, and what was not taken is given up. */
    private Optional<FailingSource> ended(FailingSource line) {
        boolean told = Places.isAlertmanager(line.destination())
                || seen.channel().getSpec().sendResolved();
        if (line.triggeredAt() != null || line.unansweredAt() != null) {
            return Optional.of(with(line, NotificationKind.RESOLVE, NotificationState.SENDING))
                    .filter(ignored -> told);
        }
        return Optional.of(line).filter(one -> told && one.state() == NotificationState.SENDING);
    }

    private FailingSource absorb(FailingSource line) {
        if (!isUnderWay(line)) {
            return line;
        }
        return switch (seen.deliveries().get(texts.key(line))) {
            case null -> line;
            case Delivery.Waiting ignored -> line;
            case Delivery.Taken taken ->
                with(
                        line,
                        line.kind(),
                        NotificationState.SENT,
                        first(line.triggeredAt(), taken.at()),
                        line.unansweredAt());
            case Delivery.Failing failing ->
                with(
                        line,
                        line.kind(),
                        NotificationState.FAILING,
                        line.triggeredAt(),
                        failing.unanswered() ? first(line.unansweredAt(), failing.since()) : line.unansweredAt());
            case Delivery.Refused ignored -> with(line, line.kind(), NotificationState.REFUSED);
        };
    }

    private FailingSource begin(SourceTrouble trouble) {
        return new FailingSource(
                name(trouble),
                seen.channel().getSpec().destination(),
                trouble.since().truncatedTo(ChronoUnit.SECONDS),
                null,
                trouble.rules(),
                NotificationKind.TRIGGER,
                NotificationState.SENDING,
                null,
                null);
    }

    private boolean isTold(SourceTrouble trouble) {
        return lines.stream().anyMatch(line -> line.source().equals(name(trouble)));
    }

    private Optional<SourceTrouble> trouble(FailingSource line) {
        return seen.failing().stream()
                .filter(trouble -> name(trouble).equals(line.source()))
                .findFirst();
    }

    private static Instant beginsAt(SourceTrouble trouble) {
        return trouble.since().truncatedTo(ChronoUnit.SECONDS).plus(FAILS_FOR);
    }

    private static String name(SourceTrouble trouble) {
        return Texts.cut(trouble.source(), LONGEST_SOURCE, "…");
    }

    private static boolean isUnderWay(FailingSource line) {
        return line.state() == NotificationState.SENDING || line.state() == NotificationState.FAILING;
    }

    private static FailingSource answering(FailingSource line, Instant since) {
        return new FailingSource(
                line.source(),
                line.destination(),
                line.since(),
                since,
                line.rules(),
                line.kind(),
                line.state(),
                line.triggeredAt(),
                line.unansweredAt());
    }

    private static Instant first(Instant known, Instant at) {
        return known == null ? at.truncatedTo(ChronoUnit.SECONDS) : known;
    }

    private static FailingSource with(FailingSource line, NotificationKind kind, NotificationState state) {
        return with(line, kind, state, line.triggeredAt(), line.unansweredAt());
    }

    private static FailingSource with(
            FailingSource line,
            NotificationKind kind,
            NotificationState state,
            Instant triggeredAt,
            Instant unansweredAt) {
        return new FailingSource(
                line.source(),
                line.destination(),
                line.since(),
                line.answersSince(),
                line.rules(),
                kind,
                state,
                triggeredAt,
                unansweredAt);
    }
}
