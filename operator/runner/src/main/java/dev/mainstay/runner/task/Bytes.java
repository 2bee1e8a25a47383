package dev.mainstay.runner.task;

import java.util.Locale;

/** Sizes in words. */
public final class Bytes {

    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int STEP = 1024;

    private Bytes() {}

    /** A number of bytes, such as {@code 183.0 MiB}. */
    public static String text(long bytes) {
        if (bytes < STEP) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
