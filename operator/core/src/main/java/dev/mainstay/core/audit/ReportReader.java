package dev.mainstay.core.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.task.TaskJson;
import java.util.Optional;

/**
 * Reads what {@code npm audit --json} prints: a report of npm 7 or newer, one of npm 6, or why there is none. A document counts
 * as a report only if it says how many dependencies were looked at: nothing else may be taken for a list without entries.
 */
final class ReportReader {

    private ReportReader() {}

    /** The report; throws why there is none. */
    static AuditReport read(AuditOutput output) throws UnreadableAudit {
        Optional<JsonNode> document =
                output.report().isBlank() ? embedded(output.errors()) : Optional.of(document(output.report()));
        if (document.isEmpty()) {
            throw new UnreadableAudit(AuditFailures.silent(output));
        }
        if (fails(document.get())) {
            throw new UnreadableAudit(AuditFailures.told(document.get()));
        }
        return report(document.get());
    }

    private static AuditReport report(JsonNode document) throws UnreadableAudit {
        if (document.path("auditReportVersion").isMissingNode()
                && document.path("advisories").isObject()) {
            return FirstReport.read(document);
        }
        if (document.path("auditReportVersion").asInt() == 2) {
            return SecondReport.read(document);
        }
        throw new UnreadableAudit(
                document.has("auditReportVersion")
                        ? "the report of npm audit is of version "
                                + AuditFailures.cleaned(
                                        document.path("auditReportVersion").asText(), 20)
                                + ", and Mainstay reads 2, of npm 7 and newer, and that of npm 6. Upgrade Mainstay."
                        : "npm audit printed JSON that is no report: it has neither vulnerabilities nor an error.");
    }

    private static boolean fails(JsonNode document) {
        return document.has("error") || document.path("message").isTextual();
    }

    /** The one document: of a report and a failure after it nobody knows which one holds. */
    private static JsonNode document(String text) throws UnreadableAudit {
        try {
            return TaskJson.mapper()
                    .readerFor(JsonNode.class)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(text);
        } catch (JsonProcessingException e) {
            throw new UnreadableAudit(
                    "npm audit printed what is no JSON, only the beginning of it, or more than one document: \""
                            + AuditFailures.cleaned(text, 60)
                            + "\". A page of a proxy looks like that, and an npm that was ended: look at the log of the Pod's container "
                            + NpmCommand.CONTAINER + ".");
        }
    }

    /** npm 7 and 8 print some failures to their standard error, among other lines. */
    private static Optional<JsonNode> embedded(String errors) {
        int begin = errors.indexOf("{\n");
        int end = errors.indexOf("\n}", Math.max(begin, 0));
        if (begin < 0 || end < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(TaskJson.mapper().readTree(errors.substring(begin, end + 2)))
                    .filter(ReportReader::fails);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** A number of a report; throws when there is none. */
    static long count(JsonNode document, String first, String second, String third) throws UnreadableAudit {
        JsonNode count = document.path(first).path(second);
        count = third == null ? count : count.path(third);
        if (!count.isIntegralNumber() || count.asLong() < 0) {
            throw new UnreadableAudit("the report of npm audit has no " + first + "." + second
                    + (third == null ? "" : "." + third) + ", so it is not known what was looked at.");
        }
        return count.asLong();
    }

    /** The advisory of an entry that has it. */
    static Advisory advisory(JsonNode entry, String number, String name) {
        String url = entry.path("url").asText();
        String last = url.substring(url.lastIndexOf('/') + 1);
        String given = name.isEmpty() ? last : name;
        return new Advisory(
                given.matches("GHSA(-[0-9A-Za-z]{4}){3}") ? given : number,
                number,
                Severity.atWorst(entry.path("severity").asText()),
                AuditFailures.cleaned(entry.path("title").asText(), 80));
    }
}
