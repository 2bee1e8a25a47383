package dev.mainstay.core.rollback;

import java.time.Instant;

/**
 * A maintenance mode of the application, as a rollback looks at it.
 *
 * @param name its name
 * @param made when it was made
 * @param awaited from when on its page can be waited for: when it was made, or when this operator began to look at modes
 * @param lasts whether it is not to end yet
 * @param endsAt when it ends by itself; null when it does not
 * @param active whether new connections get its page
 * @param stalled whether somebody has to do something before they do
 * @param told what it says of itself
 */
public record PageState(
        String name,
        Instant made,
        Instant awaited,
        boolean lasts,
        Instant endsAt,
        boolean active,
        boolean stalled,
        String told) {}
