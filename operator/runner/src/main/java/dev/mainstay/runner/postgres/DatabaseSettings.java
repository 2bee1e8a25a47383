package dev.mainstay.runner.postgres;

import java.util.List;

/**
 * Takes from what {@code pg_dump --create --schema-only} writes the statements about the database itself: its owner,
 * settings, comment and grants, in pg_dump's own quoting. CREATE DATABASE and what connects to it stay out, so that the
 * statements can be applied to a database that is there.
 */
public final class DatabaseSettings {

    private static final String NAME = "-- Name: ";

    private enum Block {
        OTHER,
        DATABASE,
        SETTINGS
    }

    private DatabaseSettings() {}

    /** The statements, each ended by a line break. */
    public static String of(String dump) {
        StringBuilder settings = new StringBuilder();
        Block block = Block.OTHER;
        for (String line : dump.split("\n", -1)) {
            if (line.startsWith(NAME)) {
                block = kind(line.substring(NAME.length()));
            } else if (line.startsWith("\\")) {
                // Whatever follows a reconnection is about what is in the database.
                block = Block.OTHER;
            } else if (block == Block.SETTINGS && !line.isBlank() && !line.startsWith("--")) {
                settings.append(line).append('\n');
            } else if (block == Block.DATABASE && line.startsWith("ALTER DATABASE ")) {
                settings.append(line).append('\n');
            }
        }
        return settings.toString();
    }

    private static Block kind(String header) {
        List<String> aboutDatabase = List.of("; Type: ACL;", "; Type: COMMENT;", "; Type: SECURITY LABEL;");
        if (header.contains("; Type: DATABASE PROPERTIES;")) {
            return Block.SETTINGS;
        }
        if (header.contains("; Type: DATABASE;")) {
            return Block.DATABASE;
        }
        return header.startsWith("DATABASE ") && aboutDatabase.stream().anyMatch(header::contains)
                ? Block.SETTINGS
                : Block.OTHER;
    }
}
