package dev.mainstay.core.certificate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A Certificate of cert-manager: what it is to issue, and how far it is with that.
 *
 * @param json the object, as the API server has it
 */
public record IssuedCertificate(JsonNode json) {

    /** Under this condition cert-manager issues it anew; it takes the condition away once it has, or says False. */
    private static final String ISSUING = "Issuing";

    /** A condition of Mainstay's own: who has asked for a renewal, and when. cert-manager leaves it as it is. */
    private static final String ASKED = "mainstay.dev/RenewalAsked";

    /** Its name. */
    public String name() {
        return json.path("metadata").path("name").asText();
    }

    /** Name of the Secret that it is kept in. */
    String secret() {
        return json.path("spec").path("secretName").asText();
    }

    /** When it ends; empty before it was issued for the first time. */
    Optional<Instant> until() {
        return time(json.path("status").path("notAfter"));
    }

    /** For how long it is valid in all. */
    Optional<Duration> life() {
        return time(json.path("status").path("notBefore"))
                .flatMap(from -> until().map(until -> Duration.between(from, until)));
    }

    /** Whether it is being issued. */
    boolean issuing() {
        return condition(ISSUING).path("status").asText().equals("True");
    }

    /** What is said of that; empty when nothing is. */
    String told() {
        return condition(ISSUING).path("message").asText();
    }

    /**
     * When it was asked for.
     *
     * @param who who has asked; empty when that was somebody else, or nobody
     */
    Optional<Instant> askedAt(String who) {
        JsonNode asked = condition(ASKED);
        return who.equals(asked.path("message").asText()) ? time(asked.path("lastTransitionTime")) : Optional.empty();
    }

    /** Whether it could not be issued at that time, or after it. */
    boolean failedSince(Instant time) {
        return time(json.path("status").path("lastFailureTime"))
                .filter(failed -> !failed.isBefore(time))
                .isPresent();
    }

    /**
     * A JSON Merge Patch of its status that has it issued anew, as {@code cmctl renew} does. It fails on an object that
     * somebody has written meanwhile, since the list of conditions is one value for it.
     */
    public JsonNode asking(String who, Instant now) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata")
                .put(
                        "resourceVersion",
                        json.path("metadata").path("resourceVersion").asText());
        ArrayNode conditions = patch.putObject("status").putArray("conditions");
        for (JsonNode condition : json.path("status").path("conditions")) {
            String type = condition.path("type").asText();
            if (!type.equals(ISSUING) && !type.equals(ASKED)) {
                conditions.add(condition);
            }
        }
        condition(
                conditions.addObject(),
                ISSUING,
                "ManuallyTriggered",
                "Certificate re-issuance manually triggered",
                now);
        condition(conditions.addObject(), ASKED, "Asked", who, now);
        return patch;
    }

    private void condition(ObjectNode condition, String type, String reason, String message, Instant now) {
        condition
                .put("type", type)
                .put("status", "True")
                .put("reason", reason)
                .put("message", message)
                .put(
                        "observedGeneration",
                        json.path("metadata").path("generation").asLong())
                .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private JsonNode condition(String type) {
        return StreamSupport.stream(json.path("status").path("conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(JsonNodeFactory.instance.missingNode());
    }

    private static Optional<Instant> time(JsonNode text) {
        return text.isTextual() ? Optional.of(Instant.parse(text.asText())) : Optional.empty();
    }
}
