package dev.mainstay.core.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The report of npm 7 and newer: packages, each of which is on the list for an advisory or for a package that it needs. */
final class SecondReport {

    private SecondReport() {}

    static AuditReport read(JsonNode document) throws UnreadableAudit {
        JsonNode entries = document.path("vulnerabilities");
        if (!entries.isObject()) {
            throw new UnreadableAudit("the report of npm audit has no vulnerabilities.");
        }
        long total = ReportReader.count(document, "metadata", "vulnerabilities", "total");
        if (total != entries.size()) {
            throw new UnreadableAudit("the report of npm audit counts " + total + " vulnerabilities and names "
                    + entries.size() + ": it was changed or cut.");
        }
        List<VulnerablePackage> packages = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : entries.properties()) {
            packages.add(found(entry.getKey(), entry.getValue()));
        }
        return new AuditReport(ReportReader.count(document, "metadata", "dependencies", "total"), packages);
    }

    private static VulnerablePackage found(String name, JsonNode entry) {
        List<Advisory> own = new ArrayList<>();
        List<String> through = new ArrayList<>();
        for (JsonNode via : entry.path("via")) {
            if (via.isObject()) {
                own.add(ReportReader.advisory(via, via.path("source").asText(), ""));
            } else {
                through.add(via.asText());
            }
        }
        return new VulnerablePackage(
                name, Severity.atWorst(entry.path("severity").asText()), own, through, fix(entry.path("fixAvailable")));
    }

    private static String fix(JsonNode available) {
        if (!available.isObject()) {
            return available.asBoolean(false) ? VulnerablePackage.FIX : VulnerablePackage.NO_FIX;
        }
        return VulnerablePackage.fix(
                available.path("name").asText(),
                available.path("version").asText(),
                available.path("isSemVerMajor").asBoolean(true));
    }
}
