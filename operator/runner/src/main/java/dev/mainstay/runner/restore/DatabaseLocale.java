package dev.mainstay.runner.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Encoding and locale of a database, as its archive has them, for a server that is made for it.
 *
 * @param arguments arguments of {@code initdb}
 * @param instead that another locale takes the place of the database's own, and which; empty when it is its own
 */
record DatabaseLocale(List<String> arguments, Optional<String> instead) {

    /** Those of the C library that need no package. */
    private static final Set<String> BUILT_IN = Set.of("C", "POSIX", "C.UTF-8", "C.utf8");

    /** Of the table of contents. */
    static DatabaseLocale of(ArchiveToc toc) {
        return toc.entries().stream()
                .filter(entry -> entry.kind().equals("DATABASE") && entry.definition() != null)
                .findFirst()
                .map(entry -> of(entry.definition()))
                .orElseGet(() -> of(""));
    }

    /** Of the statement that makes the database, whose name may look like options. */
    static DatabaseLocale of(String making) {
        String statement = making.substring(Math.max(0, making.lastIndexOf(" WITH TEMPLATE = ")));
        List<String> arguments = new ArrayList<>();
        String encoding = option(statement, "ENCODING").orElse("UTF8");
        arguments.add("--encoding=" + encoding);
        String provider = option(statement, "LOCALE_PROVIDER").orElse("libc");
        if (provider.equals("icu")) {
            arguments.addAll(List.of("--locale=C", "--locale-provider=icu"));
            option(statement, "ICU_LOCALE")
                    .or(() -> option(statement, "LOCALE"))
                    .ifPresent(locale -> arguments.add("--icu-locale=" + locale));
            option(statement, "ICU_RULES").ifPresent(rules -> arguments.add("--icu-rules=" + rules));
            return new DatabaseLocale(List.copyOf(arguments), Optional.empty());
        }
        if (provider.equals("builtin")) {
            arguments.addAll(List.of("--locale=C", "--locale-provider=builtin"));
            option(statement, "BUILTIN_LOCALE").ifPresent(locale -> arguments.add("--builtin-locale=" + locale));
            return new DatabaseLocale(List.copyOf(arguments), Optional.empty());
        }
        String collate = option(statement, "LC_COLLATE")
                .or(() -> option(statement, "LOCALE"))
                .orElse("C");
        String type = option(statement, "LC_CTYPE").orElse(collate);
        if (BUILT_IN.contains(collate) && BUILT_IN.contains(type)) {
            arguments.addAll(List.of("--locale=C", "--lc-collate=" + collate, "--lc-ctype=" + type));
            return new DatabaseLocale(List.copyOf(arguments), Optional.empty());
        }
        String locale = encoding.equals("UTF8") ? "C.UTF-8" : "C";
        arguments.add("--locale=" + locale);
        return new DatabaseLocale(
                List.copyOf(arguments),
                Optional.of("locale: the copy has " + locale + " in place of "
                        + (BUILT_IN.contains(collate) ? type : collate)
                        + ", which the image does not have, and sorts texts by that"));
    }

    private static Optional<String> option(String statement, String name) {
        Matcher found =
                Pattern.compile(" " + name + " = (?:'((?:[^']|'')*)'|([a-z]+))").matcher(statement);
        return found.find()
                ? Optional.of(
                        found.group(1) == null ? found.group(2) : found.group(1).replace("''", "'"))
                : Optional.empty();
    }
}
