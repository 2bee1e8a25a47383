package dev.mainstay.core.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The report of npm 6: advisories, each of which names a package, and actions that resolve them. */
final class FirstReport {

    private FirstReport() {}

    static AuditReport read(JsonNode document) throws UnreadableAudit {
        long counted = 0;
        for (Severity severity : Severity.values()) {
            counted += ReportReader.count(document, "metadata", "vulnerabilities", severity.text());
        }
        Map<String, List<Advisory>> packages = new TreeMap<>();
        Map<String, String> fixes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : document.path("advisories").properties()) {
            JsonNode found = entry.getValue();
            String name = found.path("module_name").asText();
            packages.computeIfAbsent(name, ignored -> new ArrayList<>())
                    .add(ReportReader.advisory(
                            found,
                            entry.getKey(),
                            found.path("github_advisory_id").asText("")));
            fixes.merge(name, fix(document.path("actions"), entry.getKey()), FirstReport::worse);
        }
        if (counted > 0 && packages.isEmpty()) {
            throw new UnreadableAudit("the report of npm audit counts " + counted
                    + " vulnerabilities and names none: it was changed or cut.");
        }
        return new AuditReport(
                ReportReader.count(document, "metadata", "totalDependencies", null),
                packages.entrySet().stream()
                        .map(found -> new VulnerablePackage(
                                found.getKey(),
                                found.getValue().stream()
                                        .map(Advisory::severity)
                                        .max(Severity::compareTo)
                                        .orElseThrow(),
                                found.getValue(),
                                List.of(),
                                fixes.get(found.getKey())))
                        .toList());
    }

    private static String fix(JsonNode actions, String advisory) {
        String words = null;
        for (JsonNode action : actions) {
            for (JsonNode resolved : action.path("resolves")) {
                if (resolved.path("id").asText().equals(advisory)) {
                    String one = words(action);
                    words = words == null ? one : worse(words, one);
                }
            }
        }
        return Optional.ofNullable(words).orElse(VulnerablePackage.NO_FIX);
    }

    private static String words(JsonNode action) {
        return switch (action.path("action").asText()) {
            case "update" -> VulnerablePackage.FIX;
            case "install" ->
                action.path("isMajor").asBoolean(true)
                        ? VulnerablePackage.fix(
                                action.path("module").asText(),
                                action.path("target").asText(),
                                true)
                        : VulnerablePackage.FIX;
            default -> VulnerablePackage.NO_FIX;
        };
    }

    private static String worse(String one, String other) {
        return one.equals(VulnerablePackage.NO_FIX) || other.equals(VulnerablePackage.FIX) ? one : other;
    }
}
