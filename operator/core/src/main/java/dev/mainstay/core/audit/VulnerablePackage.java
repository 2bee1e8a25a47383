package dev.mainstay.core.audit;

import java.util.List;

/**
 * A package with a known vulnerability, its own or one of a package that it needs.
 *
 * @param name its name
 * @param severity how bad it is, as npm says
 * @param own its own advisories
 * @param through names of packages that it needs, for which it is on the list too; they may need each other in a circle
 * @param fix what mends it, in words
 */
record VulnerablePackage(String name, Severity severity, List<Advisory> own, List<String> through, String fix) {

    static final String NO_FIX = "no fix is known";

    static final String FIX = "npm audit fix mends it";

    /** What another version of a package mends. */
    static String fix(String name, String version, boolean major) {
        return "mended by " + AuditFailures.cleaned(name, 100) + " " + AuditFailures.cleaned(version, 40)
                + (major ? ", another major version" : "");
    }
}
