package dev.mainstay.core.schedule;

import java.time.Instant;

/** Times of one name that begin and end: each half-open, so that its end belongs to what follows. */
sealed interface Span {

    /** How messages call it. */
    String name();

    /** Whether an instant is in it. */
    boolean contains(Instant at);

    /** When it next begins or ends after an instant; {@link Instant#MAX} when it does neither any more. */
    Instant edgeAfter(Instant at);

    /** Again and again. */
    record Recurring(String name, Window window) implements Span {

        @Override
        public boolean contains(Instant at) {
            return window.at(at).open();
        }

        @Override
        public Instant edgeAfter(Instant at) {
            Window.State state = window.at(at);
            return (state.open() ? state.closes() : state.opens()).instant();
        }
    }

    /** Once. */
    record Dated(String name, Instant from, Instant to) implements Span {

        @Override
        public boolean contains(Instant at) {
            return !at.isBefore(from) && at.isBefore(to);
        }

        @Override
        public Instant edgeAfter(Instant at) {
            return at.isBefore(from) ? from : at.isBefore(to) ? to : Instant.MAX;
        }
    }
}
