package dev.mainstay.e2e.chaos;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Answers that the proxy gives itself, in the API server's words. */
final class StatusAnswer {

    private static final Map<Integer, String> REASONS = Map.of(
            409, "Conflict", 410, "Expired", 429, "TooManyRequests", 500, "InternalError", 503, "ServiceUnavailable");

    private StatusAnswer() {}

    static HttpHead head(int status) {
        HttpHead head = new HttpHead(
                "HTTP/1.1 " + status + " " + REASONS.getOrDefault(status, "OK"),
                List.of(new HttpHead.Field("Content-Type", "application/json")));
        return status == 429 ? head.with("Retry-After", "1") : head;
    }

    static byte[] body(int status) {
        return """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"%s","code":%d,\
                "message":"answered by the chaos proxy"}
                """.formatted(REASONS.getOrDefault(status, ""), status).getBytes(StandardCharsets.UTF_8);
    }
}
