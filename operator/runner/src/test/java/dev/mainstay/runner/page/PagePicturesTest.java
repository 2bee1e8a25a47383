package dev.mainstay.runner.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.mode.PageContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page as a browser shows it: a picture of each case, in the folder that {@code -Dpictures} names. See deploy/pictures. */
@EnabledIfSystemProperty(named = "pictures", matches = ".+")
class PagePicturesTest {

    @TempDir
    private static Path profile;

    private static final Map<Text, PageServer> SERVERS = new EnumMap<>(Text.class);

    private static Chromium chromium;
    private static Path folder;

    @BeforeAll
    static void start() throws IOException {
        folder = Files.createDirectories(Path.of(System.getProperty("pictures")));
        for (Text text : Text.values()) {
            PageServer server = new PageServer(text.content, Clock.systemUTC());
            server.start();
            SERVERS.put(text, server);
        }
        chromium = new Chromium(profile);
    }

    @AfterAll
    static void stop() {
        // A browser keeps connections that it has not used yet, and a server waits for those that are open.
        chromium.close();
        SERVERS.values().forEach(PageServer::close);
    }

    /** What the page says. */
    private enum Text {
        PLAIN(
                "The shop is closed for an hour",
                "Your cart is kept.\nOrders come again at three.",
                "help@shop.example",
                "en"),
        ARABIC("المتجر مغلق للصيانة", "سنعود قريبًا. سلة التسوق الخاصة بك محفوظة.", "help@shop.example", "ar"),
        HEBREW("החנות סגורה לתחזוקה", "נחזור בקרוב (בערך שעה).", "#shop-ops", "he"),
        MARKUP(
                "Closed 🛠️ <script>alert(\"1\")</script>",
                "\"Double\" and 'single' quotes, <b>tags</b> & &amp; stay what they are. 🙏🏽👩‍🚒",
                "<help@shop.example>",
                "en"),
        LONG("W".repeat(128), "Donaudampfschifffahrtsgesellschaft".repeat(30), "x".repeat(256), "de");

        private final PageContent content;

        Text(String title, String message, String contact, String language) {
            this.content = new PageContent(
                    title,
                    message,
                    contact,
                    language,
                    300,
                    Instant.parse("2026-03-29T15:00:00Z"),
                    List.of(),
                    List.of(0),
                    0);
        }
    }

    /** What it is seen on. A zoom makes the window narrower, in units of the page. */
    private enum Device {
        DESKTOP(1024, 576, 1, false),
        DESKTOP_AT_200_PERCENT(512, 288, 2, false),
        DESKTOP_AT_400_PERCENT(320, 256, 4, false),
        PHONE(390, 844, 1, true);

        private final int width;
        private final int height;
        private final double scale;
        private final boolean phone;

        Device(int width, int height, double scale, boolean phone) {
            this.width = width;
            this.height = height;
            this.scale = scale;
            this.phone = phone;
        }
    }

    static Stream<List<Object>> all() {
        return Stream.of(Text.values())
                .flatMap(text -> Stream.of(Device.values())
                        .flatMap(device -> Stream.of("light", "dark").map(scheme -> List.of(text, device, scheme))));
    }

    @ParameterizedTest
    @MethodSource("all")
    void givenAPage_whenABrowserShowsIt_thenNothingIsBesideTheWindow(List<Object> given) throws IOException {
        Text text = (Text) given.get(0);
        Device device = (Device) given.get(1);
        String scheme = (String) given.get(2);
        chromium.open(
                "http://127.0.0.1:" + SERVERS.get(text).ports().getFirst() + "/",
                device.width,
                device.height,
                device.scale,
                device.phone,
                scheme);
        Files.write(
                folder.resolve((text + "-" + device + "-" + scheme)
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-')
                        + ".png"),
                chromium.picture());

        assertThat(chromium.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(device.width);
        assertThat(chromium.evaluate("document.querySelector('h1').getBoundingClientRect().top")
                        .asDouble())
                .as("the heading can be scrolled to")
                .isGreaterThanOrEqualTo(0);
        assertThat(chromium.evaluate("document.body.innerText").asText())
                .contains(text.content.title(), text.content.message(), text.content.contact());
        assertThat(chromium.evaluate("getComputedStyle(document.body).backgroundColor == 'rgb(13, 17, 23)'")
                        .asBoolean())
                .as("the style is taken, and follows the scheme")
                .isEqualTo(scheme.equals("dark"));
    }
}
