package dev.mainstay.runner.page;

import dev.mainstay.core.mode.PageContent;
import dev.mainstay.core.task.TaskJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the page shows, in HTML and in JSON. It needs nothing from elsewhere: who would serve it? */
final class PageDocument {

    /** Languages that are written from right to left. */
    private static final Set<String> RIGHT_TO_LEFT =
            Set.of("ar", "arc", "ckb", "dv", "fa", "he", "khw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi");

    private static final DateTimeFormatter READABLE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private static final String STYLE = style();

    /** Nothing is loaded, run, sent or framed; the one style is the one that is in the page. */
    static final String POLICY = "default-src 'none'; style-src 'sha256-" + hash(STYLE)
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final byte[] html;
    private final byte[] json;

    PageDocument(PageContent content) {
        this.html = html(content).getBytes(StandardCharsets.UTF_8);
        this.json = json(content).getBytes(StandardCharsets.UTF_8);
    }

    byte[] html() {
        return html;
    }

    byte[] json() {
        return json;
    }

    private static String html(PageContent content) {
        String language = content.language();
        String direction = RIGHT_TO_LEFT.contains(language.split("-", 2)[0].toLowerCase(Locale.ROOT)) ? "rtl" : "ltr";
        StringBuilder page = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="%1$s" dir="%2$s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">
                <title>%3$s</title>
                <style>%4$s</style>
                </head>
                <body>
                <main>
                <h1 dir="auto">%3$s</h1>
                <p dir="auto">%5$s</p>
                """.formatted(
                        escaped(language), direction, escaped(content.title()), STYLE, escaped(content.message())));
        Instant end = content.expectedEnd();
        if (end != null) {
            page.append(
                    "<p class=\"small\" dir=\"ltr\"><span lang=\"en\">Expected end:</span> <time datetime=\"%s\" dir=\"ltr\">%s</time></p>%n"
                            .formatted(end, READABLE.format(end)));
        }
        if (content.contact() != null) {
            page.append("<p class=\"small\" dir=\"ltr\"><span lang=\"en\">Contact:</span> <bdi>%s</bdi></p>%n"
                    .formatted(escaped(content.contact())));
        }
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private static String json(PageContent content) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", 503);
        answer.put("title", content.title());
        answer.put("message", content.message());
        answer.put("expectedEnd", content.expectedEnd());
        answer.put("contact", content.contact());
        return TaskJson.write(answer) + "\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String style() {
        try (InputStream file = PageDocument.class.getResourceAsStream("/page/style.css")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
