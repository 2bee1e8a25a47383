package dev.mainstay.runner.restore;

import dev.mainstay.runner.restore.ArchiveToc.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which entries of an archive are restored. What would make the restore fail and is needed by nothing else is left out and
 * told; what is needed can't be left out, and is told as what stands in the way.
 */
final class TocSelection {

    /** What only a superuser may make, and what a database does without. */
    private static final Set<String> DISPENSABLE = Set.of(
            "EVENT TRIGGER", "PUBLICATION", "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA", "SECURITY LABEL");

    /** What only a superuser may make, and what others are made of. */
    private static final Set<String> FOR_SUPERUSERS = Set.of(
            "OPERATOR CLASS",
            "OPERATOR FAMILY",
            "FOREIGN DATA WRAPPER",
            "ACCESS METHOD",
            "TEXT SEARCH PARSER",
            "TEXT SEARCH TEMPLATE",
            "PROCEDURAL LANGUAGE");

    /** What belongs to another entry, and goes with it. */
    private static final Set<String> ATTACHED = Set.of("COMMENT", "ACL", "SECURITY LABEL", "PUBLICATION TABLE");

    private final List<Entry> entries;
    private final boolean superuser;
    private final Extensions extensions;
    private final Predicate<String> labelProviders;
    private final Map<Integer, String> leftOut = new LinkedHashMap<>();
    private final List<Obstacle> obstacles = new ArrayList<>();
    private final Map<String, String> owners = new HashMap<>();

    /**
     * What the server says of extensions.
     *
     * @param available those that can be made at all
     * @param untrusted those that only a superuser may make
     */
    record Extensions(Set<String> available, Set<String> untrusted) {}

    /**
     * Something that keeps an archive from being restored.
     *
     * @param extension the extension; null when it is none
     * @param missing whether the server doesn't have it, else only a superuser may make it
     */
    record Obstacle(Entry entry, String extension, boolean missing) {}

    TocSelection(List<Entry> entries, boolean superuser, Extensions extensions, Predicate<String> labelProviders) {
        this.entries = entries;
        this.superuser = superuser;
        this.extensions = extensions;
        this.labelProviders = labelProviders;
        entries.stream()
                .filter(entry -> entry.kind().equals("SCHEMA") && entry.hasOwner())
                .forEach(entry -> owners.put(entry.tag(), entry.owner()));
        Set<Integer> needed = new HashSet<>();
        entries.stream()
                .filter(entry -> !ATTACHED.contains(entry.kind()))
                .forEach(entry -> needed.addAll(entry.dependencies()));
        entries.forEach(entry -> judge(entry, needed.contains(entry.id())));
        entries.stream()
                .filter(entry -> ATTACHED.contains(entry.kind()) && !leftOut.containsKey(entry.id()))
                .forEach(this::follow);
    }

    private void judge(Entry entry, boolean needed) {
        if (entry.kind().startsWith("SUBSCRIPTION")) {
            leave(entry, "it would replicate into the copy; CREATE SUBSCRIPTION by hand if it is wanted");
        } else if (entry.kind().equals("EXTENSION")) {
            judgeExtension(entry, needed);
        } else if (!superuser && FOR_SUPERUSERS.contains(entry.kind())) {
            obstacles.add(new Obstacle(entry, null, false));
        } else if (!superuser && DISPENSABLE.contains(entry.kind())) {
            leave(entry, "only a superuser may make it; have one make it if it is needed");
        } else if (entry.kind().equals("SECURITY LABEL")) {
            judgeLabels(entry);
        } else if (!superuser && isCommentOnForeignExtension(entry)) {
            leave(entry, "the extension is a superuser's; nothing is missing without it");
        } else if (!superuser && entry.kind().equals("ACL") && "pg_catalog".equals(entry.schema())) {
            leave(entry, "only a superuser may grant it; have one grant it if it is needed");
        }
    }

    /** An entry has the labels of a table and of its columns. */
    private void judgeLabels(Entry entry) {
        SqlTokens.statements(entry.definition()).stream()
                .map(SqlTokens::of)
                .filter(tokens -> tokens.size() > 3 && tokens.get(2).is("FOR"))
                .map(tokens -> tokens.get(3).value())
                .filter(labelProviders.negate())
                .findFirst()
                .ifPresent(provider -> leave(
                        entry,
                        "the server has not loaded " + provider
                                + ", whose label it is; load it (shared_preload_libraries) if it is needed"));
    }

    /** plpgsql is there before anybody restores. */
    private boolean isCommentOnForeignExtension(Entry entry) {
        return entry.kind().equals("COMMENT")
                && entry.tag().startsWith("EXTENSION ")
                && entries.stream()
                        .filter(other -> other.kind().equals("EXTENSION"))
                        .noneMatch(other -> entry.dependencies().contains(other.id()));
    }

    private void judgeExtension(Entry entry, boolean needed) {
        boolean missing = !extensions.available().contains(entry.tag());
        boolean refused = !superuser && extensions.untrusted().contains(entry.tag());
        if (!missing && !refused) {
            return;
        }
        if (needed || missing) {
            obstacles.add(new Obstacle(entry, entry.tag(), missing));
        } else {
            leave(
                    entry,
                    "only a superuser may make it, and nothing in the backup needs it; have one make it if it is wanted");
        }
    }

    /** A comment or grant goes with what it is of. */
    private void follow(Entry entry) {
        if (entry.dependencies().stream().anyMatch(leftOut::containsKey)) {
            leave(entry, "it goes with one that is left out");
        }
    }

    private void leave(Entry entry, String why) {
        leftOut.put(entry.id(), entry.text() + ": " + why);
    }

    /** What is left out, each with the reason. */
    List<String> leftOut() {
        return List.copyOf(leftOut.values());
    }

    /** What can't be restored, and is needed. */
    List<Obstacle> obstacles() {
        return obstacles;
    }

    /** The numbers of what is restored, in the archive's order: what {@code pg_restore --use-list} reads. */
    List<Integer> restored() {
        return entries.stream()
                .map(Entry::id)
                .filter(id -> !leftOut.containsKey(id))
                .toList();
    }

    /** Tablespaces that the entries name. */
    Set<String> tablespaces() {
        Set<String> tablespaces = new LinkedHashSet<>();
        entries.stream()
                .map(Entry::tablespace)
                .filter(name -> name != null && !name.isEmpty())
                .forEach(tablespaces::add);
        return tablespaces;
    }

    /** The roles that what is restored needs, each with an entry that does. */
    Map<String, String> roles() {
        Map<String, String> roles = new TreeMap<>();
        kept().forEach(entry -> {
            if (entry.hasOwner()) {
                roles.putIfAbsent(entry.owner(), entry.text());
            }
            RoleNames.in(entry).forEach(role -> roles.putIfAbsent(role, entry.text()));
        });
        return roles;
    }

    /** The roles in whose place the restore makes something: owners, and those who grant what others own. */
    Set<String> actingRoles() {
        Set<String> roles = new LinkedHashSet<>();
        kept().forEach(entry -> {
            if (entry.hasOwner()) {
                roles.add(entry.owner());
            }
            roles.addAll(RoleNames.grantors(entry));
        });
        return roles;
    }

    /** Owners of tables and the like in schemas of others, each with an entry. */
    Map<String, Entry> guests() {
        Map<String, Entry> guests = new LinkedHashMap<>();
        kept().stream()
                .filter(entry -> entry.hasOwner()
                        && entry.schema() != null
                        && !entry.schema().isEmpty())
                .filter(entry -> !ATTACHED.contains(entry.kind()))
                .filter(entry -> !entry.owner().equals(ownerOf(entry.schema())))
                .forEach(entry -> guests.putIfAbsent(entry.schema() + "\n" + entry.owner(), entry));
        return guests;
    }

    /** Who owns a schema; one that the archive doesn't make is the database owner's. */
    String ownerOf(String schema) {
        return owners.getOrDefault(schema, ServerRoles.DATABASE_OWNER);
    }

    /** What is restored. */
    List<Entry> kept() {
        return entries.stream()
                .filter(entry -> !leftOut.containsKey(entry.id()))
                .toList();
    }
}
