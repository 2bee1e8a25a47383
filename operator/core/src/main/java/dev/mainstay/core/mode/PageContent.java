package dev.mainstay.core.mode;

import dev.mainstay.api.mode.PassPath;
import java.time.Instant;
import java.util.List;

/**
 * What the page's program is told, as JSON in an environment variable; operator and page are always of one release.
 *
 * @param title its heading
 * @param message what follows it
 * @param contact who can be asked; null when nobody is named
 * @param language tag of the language of both
 * @param retryAfterSeconds when clients are to come again
 * @param expectedEnd when it is expected to be over; null when that is not known
 * @param passPaths paths that get a bare status
 * @param ports where the Services lead
 * @param probePort where nobody but the kubelet asks, whether it serves
 */
public record PageContent(
        String title,
        String message,
        String contact,
        String language,
        long retryAfterSeconds,
        Instant expectedEnd,
        List<PassPath> passPaths,
        List<Integer> ports,
        int probePort) {

    /** The environment variable. */
    public static final String ENVIRONMENT_VARIABLE = "MAINSTAY_PAGE";

    /** The argument that has the runner serve a page. */
    public static final String ARGUMENT = "--page";

    /** What the probe asks for. */
    public static final String PROBE_PATH = "/ready";
}
