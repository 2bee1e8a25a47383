package dev.mainstay.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What may not be missed, such as a restore that is just being asked for, is asked of the API server, page by page. */
class HolderListTest {

    private static final String PAGE = """
            {"apiVersion": "mainstay.dev/v1alpha1", "kind": "RestoreRequestList", "metadata": {%s},
             "items": [{"apiVersion": "mainstay.dev/v1alpha1", "kind": "RestoreRequest", "metadata": {"name": "%s"}}]}""";

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AutoClose
    private final LocalApi api = new LocalApi(exchange -> {
        String uri = exchange.getRequestURI().toString();
        asked.add(uri);
        byte[] page = (uri.contains("continue=more")
                        ? PAGE.formatted("", "second")
                        : PAGE.formatted("\"continue\": \"more\"", "first"))
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
    });

    @Test
    void givenMoreRestoresThanAPageHolds_whenTheyAreListed_thenAllAreThereAndNoneIsOfACache() {
        assertThat(new HolderList(api.client()).restores("shop"))
                .extracting(request -> request.getMetadata().getName())
                .containsExactly("first", "second");
        assertThat(asked).hasSize(2).allMatch(uri -> uri.contains("/namespaces/shop/restorerequests?"));
        assertThat(asked).noneMatch(uri -> uri.contains("resourceVersion"));
    }
}
