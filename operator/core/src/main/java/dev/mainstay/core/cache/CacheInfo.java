package dev.mainstay.core.cache;

import java.util.HashMap;
import java.util.Map;

/**
 * What a Redis server says of itself (INFO), as far as anything follows from it. Counters are since its start, or since
 * somebody reset them.
 *
 * @param server program and version, such as {@code Redis 8.0.2}
 * @param primary {@code host:port} of the server that it copies; null when it takes writes
 * @param loading whether it still reads its data from disk
 * @param cluster whether it is part of a Redis Cluster
 * @param uptimeSeconds how long it runs
 * @param usedMemory bytes in use
 * @param maxMemory most bytes that it may use; 0 for no limit
 * @param policy what it does at that limit, such as {@code allkeys-lru}
 * @param fragmentationPercent memory of the process in percent of what is in use
 * @param hits lookups that found a key
 * @param misses lookups that found none
 * @param evicted keys removed for want of memory
 * @param rejected connections refused because there were too many
 * @param clients connected clients
 * @param blocked clients that wait in a blocking command
 * @param pendingFrees objects that are removed and still take memory
 * @param keys keys in the database looked at
 * @param expiring those of them that have a time to live
 */
public record CacheInfo(
        String server,
        String primary,
        boolean loading,
        boolean cluster,
        long uptimeSeconds,
        long usedMemory,
        long maxMemory,
        String policy,
        long fragmentationPercent,
        long hits,
        long misses,
        long evicted,
        long rejected,
        long clients,
        long blocked,
        long pendingFrees,
        long keys,
        long expiring) {

    /**
     * Reads the answer to INFO; what it lacks is 0.
     *
     * @param database number of the database whose keys count
     */
    public static CacheInfo parse(String info, int database) {
        Map<String, String> fields = new HashMap<>();
        for (String line : info.split("\r?\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        Map<String, String> keyspace = new HashMap<>();
        for (String pair : fields.getOrDefault("db" + database, "").split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                keyspace.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return new CacheInfo(
                fields.containsKey("valkey_version")
                        ? "Valkey " + fields.get("valkey_version")
                        : "Redis " + fields.getOrDefault("redis_version", "of an unknown version"),
                "slave".equals(fields.get("role"))
                        ? fields.getOrDefault("master_host", "?") + ":" + fields.getOrDefault("master_port", "?")
                        : null,
                number(fields, "loading") == 1,
                number(fields, "cluster_enabled") == 1,
                number(fields, "uptime_in_seconds"),
                number(fields, "used_memory"),
                number(fields, "maxmemory"),
                fields.getOrDefault("maxmemory_policy", "noeviction"),
                percent(fields.get("mem_fragmentation_ratio")),
                number(fields, "keyspace_hits"),
                number(fields, "keyspace_misses"),
                number(fields, "evicted_keys"),
                number(fields, "rejected_connections"),
                number(fields, "connected_clients"),
                number(fields, "blocked_clients"),
                number(fields, "lazyfree_pending_objects"),
                number(keyspace, "keys"),
                number(keyspace, "expires"));
    }

    /** Whether a key without a time to live stays until somebody removes it. */
    public boolean keepsForEver() {
        return maxMemory == 0 || !policy.startsWith("allkeys-");
    }

    private static long number(Map<String, String> fields, String name) {
        try {
            return Long.parseLong(fields.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static long percent(String ratio) {
        try {
            return ratio == null ? 0 : Math.round(Double.parseDouble(ratio) * 100);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
