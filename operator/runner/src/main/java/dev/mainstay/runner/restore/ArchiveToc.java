package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.TaskFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The table of contents with which an archive of {@code pg_dump --format=custom} begins: every object with its owner and
 * statements. {@code pg_restore --list} tells less of it, and leaves open where a name ends. Known are versions 1.12 to
 * 1.16 of the format, which is what PostgreSQL 9.5 to 18 write.
 */
final class ArchiveToc {

    private static final byte[] MAGIC = "PGDMP".getBytes(StandardCharsets.US_ASCII);
    private static final int OLDEST = 12;
    private static final int NEWEST = 16;
    private static final int CUSTOM_FORMAT = 1;
    private static final int FIELDS_OF_TIME = 7;
    private static final int MOST_BYTES = 1 << 29;

    private final byte[] bytes;
    private final Reader end;
    private final List<Entry> entries;

    /**
     * An object, or what belongs to one.
     *
     * @param id its number in the archive
     * @param kind such as {@code TABLE DATA}
     * @param tag its name; with the kind for a comment or a grant
     * @param schema its schema; null for what is in none
     * @param definition its statements; null when it has none
     * @param tablespace where it is stored; null or empty for the default
     * @param owner its owner; null or empty when it has none
     * @param dependencies numbers of the entries that it needs
     */
    record Entry(
            int id,
            String kind,
            String tag,
            String schema,
            String definition,
            String tablespace,
            String owner,
            List<Integer> dependencies,
            Place definitionAt,
            Place ownerAt) {

        boolean hasOwner() {
            return owner != null && !owner.isEmpty();
        }

        /** The entry in words. */
        String text() {
            return kind + " " + (schema == null || schema.isEmpty() ? "" : schema + ".") + tag;
        }
    }

    /** Where a string stands. */
    private record Place(int start, int end) {}

    private ArchiveToc(byte[] bytes, Reader end, List<Entry> entries) {
        this.bytes = bytes;
        this.end = end;
        this.entries = entries;
    }

    /** Reads the beginning of an archive; empty when it takes more bytes. */
    static Optional<ArchiveToc> parse(byte[] bytes, int length) {
        Reader reader = new Reader(bytes, Math.min(length, bytes.length));
        try {
            reader.header();
            int count = reader.number();
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(reader.entry());
            }
            return Optional.of(new ArchiveToc(Arrays.copyOf(bytes, length), reader, List.copyOf(entries)));
        } catch (MoreNeeded e) {
            if (length > MOST_BYTES) {
                throw unknown("its table of contents is larger than " + MOST_BYTES + " bytes");
            }
            return Optional.empty();
        }
    }

    /** The entries, in the archive's order. */
    List<Entry> entries() {
        return entries;
    }

    /** All that was read, as it was. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * All that was read, with other roles in the table of contents.
     *
     * @param asMember as in {@link RoleNames#renamed}
     */
    byte[] withRoles(UnaryOperator<String> mapping, boolean asMember) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        int from = 0;
        for (Entry entry : entries) {
            String definition = RoleNames.renamed(entry, mapping, asMember);
            from = replaced(out, from, entry.definitionAt(), entry.definition(), definition);
            String owner = entry.hasOwner() ? mapping.apply(entry.owner()) : entry.owner();
            from = replaced(out, from, entry.ownerAt(), entry.owner(), owner);
        }
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }

    private int replaced(ByteArrayOutputStream out, int from, Place place, String old, String text) {
        if (text == null || text.equals(old)) {
            return from;
        }
        byte[] before = old.getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(before, 0, before.length, bytes, place.end() - before.length, place.end())) {
            throw unknown("it is not in UTF-8, and roles in it are to be mapped");
        }
        out.write(bytes, from, place.start() - from);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.write(0);
        for (int i = 0; i < end.intBytes; i++) {
            out.write(i < Integer.BYTES ? utf8.length >> Byte.SIZE * i : 0);
        }
        out.writeBytes(utf8);
        return place.end();
    }

    private static TaskFailure unknown(String found) {
        return new TaskFailure(
                Reason.VERSION_UNSUPPORTED,
                "the archive is not one that this runner knows: " + found
                        + ". Use a runner image of a newer release, or restore it by hand.");
    }

    /** There are too few bytes. */
    private static final class MoreNeeded extends RuntimeException {
        MoreNeeded() {
            super(null, null, false, false);
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private final int length;
        private int at;
        private int minor;
        private int intBytes;
        private int offsetBytes;

        Reader(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        void header() {
            need(MAGIC.length);
            if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
                throw new TaskFailure(
                        Reason.VERIFICATION_FAILED, "the backup holds no archive of pg_dump: it does not begin as one");
            }
            at = MAGIC.length;
            int major = octet();
            minor = octet();
            octet();
            if (major != 1 || minor < OLDEST || minor > NEWEST) {
                throw unknown("its format is of version " + major + "." + minor + ", and known are 1." + OLDEST
                        + " to 1." + NEWEST);
            }
            intBytes = octet();
            offsetBytes = octet();
            int format = octet();
            if (format != CUSTOM_FORMAT || intBytes < Integer.BYTES) {
                throw unknown("its format is number " + format + " with numbers of " + intBytes + " bytes");
            }
            if (minor >= 15) {
                octet();
            } else {
                number();
            }
            for (int i = 0; i < FIELDS_OF_TIME; i++) {
                number();
            }
            // The database's name, the server's version, pg_dump's version.
            skipText();
            skipText();
            skipText();
        }

        Entry entry() {
            int id = number();
            number();
            skipText();
            skipText();
            String tag = text();
            String kind = text();
            number();
            int definitionStart = at;
            String definition = text();
            Place definitionAt = new Place(definitionStart, at);
            skipText();
            skipText();
            String schema = text();
            String tablespace = text();
            if (minor >= 14) {
                skipText();
            }
            if (minor >= 16) {
                number();
            }
            int ownerStart = at;
            String owner = text();
            Place ownerAt = new Place(ownerStart, at);
            skipText();
            List<Integer> dependencies = new ArrayList<>();
            for (String other = text(); other != null; other = text()) {
                dependencies.add(Integer.valueOf(other));
            }
            need(1 + offsetBytes);
            at += 1 + offsetBytes;
            return new Entry(
                    id,
                    kind,
                    tag,
                    schema,
                    definition,
                    tablespace,
                    owner,
                    List.copyOf(dependencies),
                    definitionAt,
                    ownerAt);
        }

        int octet() {
            need(1);
            return bytes[at++] & 0xFF;
        }

        int number() {
            need(1 + intBytes);
            boolean negative = bytes[at++] != 0;
            int value = 0;
            for (int i = 0; i < intBytes; i++) {
                int octet = bytes[at++] & 0xFF;
                value |= i < Integer.BYTES ? octet << Byte.SIZE * i : 0;
            }
            return negative ? -value : value;
        }

        String text() {
            int size = number();
            if (size < 0) {
                return null;
            }
            need(size);
            at += size;
            return new String(bytes, at - size, size, StandardCharsets.UTF_8);
        }

        void skipText() {
            int size = Math.max(0, number());
            need(size);
            at += size;
        }

        private void need(int count) {
            if (count > length - at) {
                throw new MoreNeeded();
            }
        }
    }
}
