package dev.mainstay.core.alert;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts of users as parts of PromQL. */
final class PromqlText {

    /** A list of more values costs more to match than the series it spares. */
    static final int LONGEST_LIST = 50;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    /** What means something in RE2. */
    private static final Pattern SPECIAL = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");

    private PromqlText() {}

    /** Whether a text can be the name of a series. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether a text can be the name of a label. */
    static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /** A text as a string of PromQL, which is one of Go. */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /**
     * What selects series by labels, without braces: {@code job="shop",namespace=~"a|b"}.
     *
     * @param longest where there are more values of a label, all that have it are selected
     */
    static String matchers(List<String> names, Collection<List<String>> applications, int longest) {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < names.size(); index++) {
            int place = index;
            List<String> values = applications.stream()
                    .map(application -> application.get(place))
                    .distinct()
                    .sorted()
                    .toList();
            String matcher = matcher(names.get(index), values, longest);
            text.append(text.isEmpty() || matcher.isEmpty() ? "" : ",").append(matcher);
        }
        return text.toString();
    }

    private static String matcher(String name, List<String> values, int longest) {
        if (values.size() == 1) {
            return name + "=" + quoted(values.getFirst());
        }
        if (values.size() <= longest) {
            return name + "=~" + quoted(values.stream().map(PromqlText::literal).collect(Collectors.joining("|")));
        }
        // Without the label is what Prometheus takes an empty value for.
        return values.contains("") ? "" : name + "!=\"\"";
    }

    private static String literal(String value) {
        return SPECIAL.matcher(value).replaceAll("\\\\$0");
    }
}
