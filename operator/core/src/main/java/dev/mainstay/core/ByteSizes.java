package dev.mainstay.core;

import java.util.Locale;

/** Sizes for people, in powers of 1,024, such as {@code 183 MiB}. */
public final class ByteSizes {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private ByteSizes() {}

    /**
     * The bytes of a whole number of Mi, Gi or Ti, such as {@code 20Gi}.
     *
     * @throws IllegalArgumentException when the text is of another form, which the API server would have refused
     */
    public static long parse(String size) {
        int shift =
                switch (size.charAt(size.length() - 2)) {
                    case 'M' -> 20;
                    case 'G' -> 30;
                    case 'T' -> 40;
                    default -> throw new IllegalArgumentException("no size in Mi, Gi or Ti: " + size);
                };
        return Long.parseLong(size.substring(0, size.length() - 2)) << shift;
    }

    /** The size to three figures. */
    public static String format(long bytes) {
        double amount = bytes;
        int unit = 0;
        // 1,023.5 would be shown as 1,024 of the smaller unit.
        while (amount >= (unit == 0 ? 1024 : 1023.5) && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        String figures = unit == 0 || amount >= 99.95 ? "%.0f" : amount >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, figures, amount) + " " + UNITS[unit];
    }
}
