package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.runner.task.MountedSecrets;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A database with what opens it. Passwords of any characters work, since none is ever part of a URI, a command line or a
 * shell's text (pgbackweb issue 3).
 *
 * @param target the database
 * @param user name of the role
 * @param password its password
 * @param authority file with the certificate authority; null when the server's certificate isn't checked
 * @param client the client's certificate and key; null when there is none
 * @param secret the Secret in words, for messages
 * @param passwordKey the key of the password in it, for messages
 */
public record DatabaseAccess(
        DatabaseTarget target,
        String user,
        String password,
        Path authority,
        ClientFiles client,
        String secret,
        String passwordKey) {

    private static final Path SYSTEM_AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

    /**
     * Files of a client certificate.
     *
     * @param certificate the certificate
     * @param key its key for libpq, which only this user may read: it takes no other
     * @param driverKey the same for the driver, in PKCS #8
     */
    public record ClientFiles(Path certificate, Path key, Path driverKey) {}

    /** Reads the Secret; throws a TaskFailure of CredentialsMissing when something isn't there. */
    public static DatabaseAccess of(DatabaseTarget target, MountedSecrets secrets) {
        return new DatabaseAccess(
                target,
                secrets.value(target.credentials(), "username"),
                secrets.value(target.credentials(), "password"),
                authority(target, secrets),
                target.clientCertificate() == null ? null : client(target.clientCertificate(), secrets),
                secrets.describe(target.credentials()),
                MountedSecrets.key(target.credentials(), "password"));
    }

    private static Path authority(DatabaseTarget target, MountedSecrets secrets) {
        if (target.certificateAuthority() != null) {
            return secrets.file(target.certificateAuthority(), "ca");
        }
        return target.sslMode().startsWith("verify-") && Files.isReadable(SYSTEM_AUTHORITIES)
                ? SYSTEM_AUTHORITIES
                : null;
    }

    private static ClientFiles client(MountedSecret secret, MountedSecrets secrets) {
        Path certificate = secrets.file(secret, "certificate");
        Path mounted = secrets.file(secret, "key");
        try {
            byte[] pem = Files.readAllBytes(mounted);
            byte[] der = PrivateKeys.pkcs8(pem)
                    .orElseThrow(() -> new TaskFailure(
                            Reason.CREDENTIALS_MISSING,
                            secrets.describe(secret) + ": the key " + mounted.getFileName()
                                    + " holds no private key in PEM form without a passphrase."));
            // A folder that is this user's alone, in the Pod's memory.
            Path folder = Files.createTempDirectory("mainstay-client-");
            folder.toFile().deleteOnExit();
            return new ClientFiles(
                    certificate, written(folder.resolve("key.pem"), pem), written(folder.resolve("key.pk8"), der));
        } catch (IOException e) {
            throw new TaskFailure(
                    Reason.CREDENTIALS_MISSING,
                    secrets.describe(secret) + ": the key " + mounted.getFileName() + " can't be read: "
                            + e.getMessage());
        }
    }

    private static Path written(Path file, byte[] content) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        file.toFile().deleteOnExit();
        return Files.write(file, content);
    }

    /** The same role in another database of the same server. */
    public DatabaseAccess in(String database) {
        DatabaseTarget other = new DatabaseTarget(
                target.host(),
                target.port(),
                database,
                target.adminDatabase(),
                target.sslMode(),
                target.credentials(),
                target.certificateAuthority(),
                target.clientCertificate());
        return new DatabaseAccess(other, user, password, authority, client, secret, passwordKey);
    }

    /** The server in words: {@code host:port}. */
    public String server() {
        return target.host() + ":" + target.port();
    }

    /** Environment of a PostgreSQL program; nothing of this process's own environment goes along but the path. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("HOME", "/tmp");
        // Messages are read by machine.
        environment.put("LC_ALL", "C");
        environment.put("PGHOST", target.host());
        environment.put("PGPORT", Integer.toString(target.port()));
        environment.put("PGUSER", user);
        environment.put("PGPASSWORD", password);
        environment.put("PGSSLMODE", target.sslMode());
        environment.put("PGAPPNAME", "mainstay");
        environment.put("PGCONNECT_TIMEOUT", "15");
        environment.put("PGGSSENCMODE", "disable");
        if (authority != null) {
            environment.put("PGSSLROOTCERT", authority.toString());
        }
        if (client != null) {
            environment.put("PGSSLCERT", client.certificate().toString());
            environment.put("PGSSLKEY", client.key().toString());
        }
        return environment;
    }

    /**
     * The database as a connection string that holds no secret. The programs take a bare name with {@code =} in it for
     * such a string, so it always is one. A server that vanishes is noticed after 90 s, not after the kernel's 2 hours.
     */
    public String connectionString() {
        String quoted = target.database().replace("\\", "\\\\").replace("'", "\\'");
        return "dbname='" + quoted + "' keepalives_idle=30 keepalives_interval=10 keepalives_count=6";
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "DatabaseAccess[" + server() + "]";
    }
}
