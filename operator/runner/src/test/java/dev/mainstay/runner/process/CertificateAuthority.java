package dev.mainstay.runner.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority of a test's own: {@code ca.crt} in its folder, and what it has issued. */
final class CertificateAuthority {

    private final Path folder;

    CertificateAuthority(Path folder) {
        this.folder = folder;
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                file("ca.key"),
                "-out",
                file("ca.crt"),
                "-days",
                "2",
                "-subj",
                "/CN=authority");
    }

    /** Issues {@code <name>.crt} with {@code <name>.key}; the extension may be null. */
    void issue(String name, String subject, String extension) throws IOException {
        List<String> request = new ArrayList<>(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-CA",
                file("ca.crt"),
                "-CAkey",
                file("ca.key"),
                "-keyout",
                file(name + ".key"),
                "-out",
                file(name + ".crt"),
                "-days",
                "2",
                "-subj",
                subject));
        if (extension != null) {
            request.addAll(List.of("-addext", extension));
        }
        run(request.toArray(String[]::new));
        Files.setPosixFilePermissions(
                folder.resolve(name + ".key"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    }

    String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static void run(String... command) {
        Programs.run(command);
    }
}
