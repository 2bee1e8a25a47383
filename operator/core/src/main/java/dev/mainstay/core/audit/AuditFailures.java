package dev.mainstay.core.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.Texts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Why {@code npm audit} made no report, in words that somebody can act on. What it says is cut, and loses its passwords. */
final class AuditFailures {

    private static final int LONGEST = 300;

    private static final Pattern USER = Pattern.compile("//[^/@\\s]*@");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");
    private static final Pattern NETWORK = Pattern.compile(
            "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|timeout"
                    + "|socket hang up");
    private static final Pattern CERTIFICATE = Pattern.compile("CERT|certificate|UNABLE_TO_");
    private static final Pattern NO_JSON = Pattern.compile("invalid json|Unexpected token|is not valid JSON");
    private static final Pattern LOGIN = Pattern.compile("Unable to authenticate|login credentials|E401|E403");

    private static final Set<String> NO_LOCK = Set.of("ENOLOCK", "EAUDITNOLOCK", "EAUDITNOPJSON");
    private static final Set<Integer> DENIED = Set.of(401, 403);
    private static final Set<Integer> UNKNOWN = Set.of(404, 405, 410, 501);
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private static final Map<String, String> BEFORE = Map.of(
            NpmCommand.NO_DIRECTORY,
            "the image has no such folder. Name the one with package-lock.json in dependencyAudit.directory.",
            NpmCommand.NO_NPM,
            "there is no npm in the image. Name a workload whose image has npm and package-lock.json in"
                    + " dependencyAudit.workload, or have the build check its dependencies.",
            "127",
            "there is no npm in the image that can be run.",
            "124",
            NpmCommand.TIME_OVER,
            "137",
            NpmCommand.KILLED,
            "143",
            NpmCommand.TIME_OVER);

    private AuditFailures() {}

    /** What a document says that is no report. */
    static String told(JsonNode document) {
        JsonNode error = document.path("error");
        String code = error.path("code").asText();
        int status = document.path("statusCode").asInt();
        String said = said(document, error);
        String advice = advice(code, status, said);
        return advice + (said.isEmpty() ? "" : " npm says: " + cleaned(said, LONGEST));
    }

    private static String said(JsonNode document, JsonNode error) {
        for (JsonNode text : List.of(error.path("summary"), document.path("message"), error.path("detail"), error)) {
            if (text.isTextual() && !text.asText().isBlank()) {
                return text.asText();
            }
        }
        return error.path("code").asText();
    }

    private static String advice(String code, int status, String said) {
        if (NO_LOCK.contains(code)) {
            return "there is no package-lock.json that npm can read in that folder, nor a npm-shrinkwrap.json, beside a package.json. Copy both into"
                    + " the image, or name their folder in dependencyAudit.directory; lock files of yarn and pnpm are not read.";
        }
        if (DENIED.contains(status) || LOGIN.matcher(code + said).find()) {
            return "the registry wants a login for audits, and no Secret reaches this container. Have the image's .npmrc name a"
                    + " registry that answers audits without one.";
        }
        if (NO_JSON.matcher(said).find()) {
            return "something answered in the registry's place, such as the page of a proxy. Let Pods of this namespace reach the"
                    + " registry itself.";
        }
        if (status >= SERVER_ERROR && !UNKNOWN.contains(status) || status == TOO_MANY) {
            return "the registry answered " + status
                    + ". Nothing is known of the dependencies; give the step retries, or run it" + " later.";
        }
        if (NETWORK.matcher(code + said).find()) {
            return "the registry can't be reached. Allow Pods of MaintenanceRuns to reach it (NetworkPolicy, firewall), or set"
                    + " proxy.https in the chart's values; the image's .npmrc says which one it is.";
        }
        if (CERTIFICATE.matcher(code + said).find()) {
            return "the registry's certificate is not trusted in the image. Set NODE_EXTRA_CA_CERTS or cafile in the image.";
        }
        if (UNKNOWN.contains(status) || code.equals("ENOAUDIT")) {
            return "the registry does no audits, or none for an npm this old. Have the image's .npmrc name one that does, or"
                    + " upgrade npm in the image to 7 or newer.";
        }
        return "npm audit failed" + (code.isEmpty() ? "" : " with " + cleaned(code, 40)) + ".";
    }

    /** Why there is not one document. */
    static String silent(AuditOutput output) {
        String begun = BEFORE.get(output.code());
        if (begun != null) {
            return begun;
        }
        return "npm audit printed nothing"
                + (output.errors().isBlank() ? "." : " but: " + cleaned(output.errors(), LONGEST));
    }

    /** A text of others in one line, of at most so many characters and without what opens a registry. */
    static String cleaned(String text, int length) {
        String line = UNPRINTABLE
                .matcher(USER.matcher(text).replaceAll("//"))
                .replaceAll(" ")
                .strip();
        return Texts.cut(line, length, "…");
    }
}
