package dev.mainstay.runner.page;

import java.util.List;
import java.util.Locale;

/** Whether a client would rather have JSON than HTML (RFC 9110, section 12.5.1). */
final class Accept {

    private Accept() {}

    /** What names JSON at least as high as HTML, and before it; who takes anything gets HTML, as browsers and curl do. */
    static boolean wantsJson(List<String> headers) {
        double json = 0;
        double html = 0;
        for (String range : String.join(",", headers).split(",")) {
            String[] parts = range.trim().toLowerCase(Locale.ROOT).split("\\s*;\\s*");
            double quality = quality(parts);
            if (parts[0].equals("application/json") || parts[0].matches("application/[^/]+\\+json")) {
                // The earlier one wins among equals.
                json = Math.max(json, quality > html ? quality : 0);
            } else if (parts[0].equals("text/html") || parts[0].equals("application/xhtml+xml")) {
                html = Math.max(html, quality);
            }
        }
        return json > 0 && json >= html;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].startsWith("q=")) {
                try {
                    return Double.parseDouble(parts[i].substring(2));
                } catch (NumberFormatException malformed) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
