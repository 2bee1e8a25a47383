package dev.mainstay.runner.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the page can be read: contrast as WCAG 2 counts it. */
class PageStyleTest {

    /** Level AA for text that is not large. */
    private static final double ENOUGH = 4.5;

    @ParameterizedTest
    @CsvSource({"light, body", "light, .small", "dark, body", "dark, .small"})
    void givenAScheme_whenTextIsShown_thenItStandsOutFromItsBackground(String scheme, String element)
            throws IOException {
        String style = style(scheme);

        double contrast = contrast(colour(style, element, "color"), colour(style, "body", "background"));

        assertThat(contrast).isGreaterThanOrEqualTo(ENOUGH);
    }

    @ParameterizedTest
    @CsvSource({"#000000, #ffffff, 21.0", "#777777, #ffffff, 4.48", "#ffffff, #ffffff, 1.0"})
    void givenTwoColours_whenTheyAreCompared_thenItIsAsPublished(String one, String other, double wanted) {
        assertThat(contrast(one, other)).isCloseTo(wanted, org.assertj.core.data.Offset.offset(0.01));
    }

    private static String style(String scheme) throws IOException {
        try (var file = PageDocument.class.getResourceAsStream("/page/style.css")) {
            String[] parts = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .split("@media \\(prefers-color-scheme: dark\\)");
            assertThat(parts).hasSize(2);
            return parts[scheme.equals("dark") ? 1 : 0];
        }
    }

    private static String colour(String style, String element, String property) {
        Matcher found = Pattern.compile("(?:^|[\\s}{])" + Pattern.quote(element) + " \\{[^}]*?(?<![-a-z])" + property
                        + ": (#[0-9a-f]{6})")
                .matcher(style);
        assertThat(found.find()).as("%s of %s", property, element).isTrue();
        return found.group(1);
    }

    private static double contrast(String one, String other) {
        double first = luminance(one) + 0.05;
        double second = luminance(other) + 0.05;
        return Math.max(first, second) / Math.min(first, second);
    }

    private static double luminance(String colour) {
        return 0.2126 * linear(colour, 1) + 0.7152 * linear(colour, 3) + 0.0722 * linear(colour, 5);
    }

    private static double linear(String colour, int at) {
        double value = Integer.parseInt(colour, at, at + 2, 16) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
