package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.runner.restore.ArchiveToc.Entry;
import dev.mainstay.runner.restore.SqlTokens.Token;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Roles that an entry of an archive names in its statements: who is granted something, by whom, whose default privileges
 * they are, whom a policy or a user mapping is for. pg_restore has no way to name another one.
 */
final class RoleNames {

    private RoleNames() {}

    /** The roles that the statements of the entry name; not its owner. */
    static Set<String> in(Entry entry) {
        Set<String> roles = new LinkedHashSet<>();
        if (entry.definition() != null) {
            roleTokens(entry.kind(), entry.definition()).forEach(token -> roles.add(token.value()));
        }
        return roles;
    }

    /** The roles in whose name the entry grants something: their right to grant is used, not the owner's. */
    static Set<String> grantors(Entry entry) {
        Set<String> roles = new LinkedHashSet<>();
        if (isGrant(entry.kind()) && entry.definition() != null) {
            List<Token> tokens = SqlTokens.of(entry.definition());
            for (int i = 0; i + 3 < tokens.size(); i++) {
                if (setsAuthorization(tokens, i) && tokens.get(i + 3).isName()) {
                    roles.add(tokens.get(i + 3).value());
                }
            }
        }
        return roles;
    }

    /**
     * The statements of the entry with other roles in them.
     *
     * @param asMember whether grants are made by {@code SET ROLE}: only a superuser may {@code SET SESSION AUTHORIZATION}
     */
    static String renamed(Entry entry, UnaryOperator<String> mapping, boolean asMember) {
        return renamed(entry.kind(), entry.definition(), mapping, asMember);
    }

    /** The same for statements of an entry of that kind. */
    static String renamed(String kind, String sql, UnaryOperator<String> mapping, boolean asMember) {
        if (sql == null || !mayName(kind)) {
            return sql;
        }
        StringBuilder renamed = new StringBuilder();
        int from = 0;
        for (Replacement replacement : replacements(kind, sql, mapping, asMember)) {
            renamed.append(sql, from, replacement.start()).append(replacement.text());
            from = replacement.end();
        }
        return renamed.append(sql, from, sql.length()).toString();
    }

    private record Replacement(int start, int end, String text) {}

    private static List<Replacement> replacements(
            String kind, String sql, UnaryOperator<String> mapping, boolean asMember) {
        List<Replacement> replacements = new ArrayList<>();
        for (Token role : roleTokens(kind, sql)) {
            String other = mapping.apply(role.value());
            if (!other.equals(role.value())) {
                replacements.add(new Replacement(role.start(), role.end(), quoted(other)));
            }
        }
        if (asMember && isGrant(kind)) {
            List<Token> tokens = SqlTokens.of(sql);
            for (int i = 0; i + 2 < tokens.size(); i++) {
                if (setsAuthorization(tokens, i)
                        || tokens.get(i).is("RESET")
                                && tokens.get(i + 1).is("SESSION")
                                && tokens.get(i + 2).is("AUTHORIZATION")) {
                    replacements.add(new Replacement(
                            tokens.get(i + 1).start(), tokens.get(i + 2).end(), "ROLE"));
                }
            }
        }
        replacements.sort(java.util.Comparator.comparing(Replacement::start));
        return replacements;
    }

    private static boolean setsAuthorization(List<Token> tokens, int i) {
        return tokens.get(i).is("SET")
                && tokens.get(i + 1).is("SESSION")
                && tokens.get(i + 2).is("AUTHORIZATION");
    }

    private static boolean mayName(String kind) {
        return isGrant(kind) || kind.equals("POLICY") || kind.equals("USER MAPPING");
    }

    private static boolean isGrant(String kind) {
        return kind.equals("ACL") || kind.equals("DEFAULT ACL");
    }

    private static List<Token> roleTokens(String kind, String sql) {
        if (!mayName(kind)) {
            return List.of();
        }
        List<Token> tokens = SqlTokens.of(sql);
        List<Token> roles = new ArrayList<>();
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            depth += token.isSymbol('(') ? 1 : token.isSymbol(')') ? -1 : 0;
            if (depth > 0) {
                continue;
            }
            if (kind.equals("POLICY") && token.is("TO")) {
                addNames(tokens, i + 1, roles);
                return roles;
            }
            if (introduces(kind, tokens, i)) {
                addNames(tokens, i + 1, roles);
            }
        }
        return roles;
    }

    /** Whether roles follow the token. */
    private static boolean introduces(String kind, List<Token> tokens, int i) {
        Token token = tokens.get(i);
        Token before = i == 0 ? token : tokens.get(i - 1);
        return switch (kind) {
            case "ACL", "DEFAULT ACL" ->
                token.is("TO")
                        || token.is("FROM")
                        || token.is("ROLE") && before.is("FOR")
                        || token.is("BY") && before.is("GRANTED")
                        || token.is("AUTHORIZATION") && i > 1 && setsAuthorization(tokens, i - 2);
            case "USER MAPPING" -> token.is("FOR") && before.is("MAPPING");
            default -> false;
        };
    }

    /** Names joined by commas. Those that stand for no certain role are unquoted words. */
    private static void addNames(List<Token> tokens, int from, List<Token> roles) {
        for (int i = from; i < tokens.size() && tokens.get(i).isName(); i += 2) {
            Token token = tokens.get(i);
            boolean anybody = token.is("PUBLIC")
                    || token.is("DEFAULT")
                    || token.is("CURRENT_USER")
                    || token.is("CURRENT_ROLE")
                    || token.is("SESSION_USER");
            if (!anybody) {
                roles.add(token);
            }
            if (i + 1 >= tokens.size() || !tokens.get(i + 1).isSymbol(',')) {
                return;
            }
        }
    }
}
