package dev.mainstay.runner.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A name for this process's user. PostgreSQL asks for it, and the user of a Pod is a number that the image can't know. The
 * library nss_wrapper answers from files of ours.
 */
final class UserName {

    private UserName() {}

    /** What gives it one; nothing when it has one. */
    static Map<String, String> environment() throws IOException {
        // So Java calls a user that the system has no name for.
        if (!"?".equals(System.getProperty("user.name"))) {
            return Map.of();
        }
        Path users = Files.createTempFile("mainstay-users-", "");
        Path groups = Files.createTempFile("mainstay-groups-", "");
        Object user = Files.getAttribute(users, "unix:uid");
        Object group = Files.getAttribute(users, "unix:gid");
        Files.writeString(users, "postgres:x:" + user + ":" + group + "::/tmp:/usr/sbin/nologin\n");
        Files.writeString(groups, "postgres:x:" + group + ":\n");
        return Map.of(
                "LD_PRELOAD", "libnss_wrapper.so",
                "NSS_WRAPPER_PASSWD", users.toString(),
                "NSS_WRAPPER_GROUP", groups.toString());
    }
}
