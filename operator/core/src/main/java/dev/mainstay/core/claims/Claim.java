package dev.mainstay.core.claims;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something of an application that an operation needs for itself, or together with others who only read it.
 *
 * @param resource {@code workloads}, {@code database/<name>}, {@code swap/<name>} or {@code cache/<name>}
 * @param mode alone or together
 */
public record Claim(String resource, Mode mode) {

    /** How it is needed. */
    public enum Mode {
        /** Together with others who only read. */
        @JsonProperty("shared")
        SHARED,
        /** Alone. */
        @JsonProperty("exclusive")
        EXCLUSIVE
    }

    /** The workloads. */
    static Claim workloads() {
        return new Claim("workloads", Mode.EXCLUSIVE);
    }

    /** A database, together with others. */
    static Claim sharedDatabase(String name) {
        return new Claim("database/" + name, Mode.SHARED);
    }

    /** A database, alone. */
    static Claim database(String name) {
        return new Claim("database/" + name, Mode.EXCLUSIVE);
    }

    /**
     * The right to put another database into this one's place. Two restores that both read the old database would else wait
     * for each other to let go of it, for ever.
     */
    static Claim swap(String name) {
        return new Claim("swap/" + name, Mode.EXCLUSIVE);
    }

    /** Something, alone, by its name. */
    public static Claim alone(String resource) {
        return new Claim(resource, Mode.EXCLUSIVE);
    }

    /** A cache, alone. */
    static Claim cache(String name) {
        return new Claim("cache/" + name, Mode.EXCLUSIVE);
    }

    /** Whether not both can be granted to different holders. */
    boolean excludes(Claim other) {
        return resource.equals(other.resource) && (mode == Mode.EXCLUSIVE || other.mode == Mode.EXCLUSIVE);
    }

    /** Whether who has this one needs the other no more. */
    boolean covers(Claim other) {
        return resource.equals(other.resource) && (mode == Mode.EXCLUSIVE || other.mode == Mode.SHARED);
    }

    /** For people: {@code database/main (shared)}. */
    @Override
    public String toString() {
        return mode == Mode.SHARED ? resource + " (shared)" : resource;
    }
}
