package dev.mainstay.core.audit;

import dev.mainstay.api.runbook.AuditAllowance;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a step lives with on a day, and what of that it should not list any more. */
record Allowances(List<AuditAllowance> holding, List<AuditAllowance> over) {

    private static final int MOST_TOLD = 3;

    /** A day that a month does not have is its last one. */
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.SMART);

    static Allowances on(LocalDate today, List<AuditAllowance> allow) {
        Predicate<AuditAllowance> over = one -> today.isAfter(LocalDate.parse(one.until(), DAY));
        return new Allowances(
                allow.stream().filter(over.negate()).toList(),
                allow.stream().filter(over).toList());
    }

    /** Whether it does not count. */
    boolean allow(Advisory advisory) {
        return holding.stream().anyMatch(one -> advisory.isCalled(one.advisory()));
    }

    /** What is to be said of them, in sentences with a space before each; empty when nothing is. */
    String told(List<VulnerablePackage> packages, long allowed) {
        List<Advisory> there = packages.stream()
                .flatMap(found -> found.own().stream())
                .distinct()
                .toList();
        Predicate<AuditAllowance> matches =
                one -> there.stream().anyMatch(advisory -> advisory.isCalled(one.advisory()));
        return sentence(over.stream().filter(matches).toList(), " counts again, allowed until ", true)
                + sentence(
                        Stream.concat(holding.stream(), over.stream())
                                .filter(matches.negate())
                                .toList(),
                        " matched nothing: take it out of dependencyAudit.allow",
                        false)
                + (allowed == 0 ? "" : " " + allowed + (allowed == 1 ? " package is" : " packages are") + " allowed.");
    }

    private static String sentence(List<AuditAllowance> some, String words, boolean day) {
        if (some.isEmpty()) {
            return "";
        }
        String names = some.stream()
                .limit(MOST_TOLD)
                .map(one -> one.advisory() + words + (day ? one.until() : ""))
                .collect(Collectors.joining("; "));
        return " " + names + (some.size() > MOST_TOLD ? "; and " + (some.size() - MOST_TOLD) + " more" : "") + ".";
    }
}
