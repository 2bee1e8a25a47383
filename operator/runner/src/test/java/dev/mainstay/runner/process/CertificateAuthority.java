package dev.mainstay.runner.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority of a test's own: {@code ca.crt} in its folder, and what it has issued. */
final class CertificateAuthority {

    private static final List<String> SELF_SIGNED = List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2");

    private final Path folder;

    CertificateAuthority(Path folder) {
        this.folder = folder;
        make("ca", "/CN=authority", List.of());
    }

    /** Issues {@code <name>.crt} with {@code <name>.key}; the extension may be null. */
    void issue(String name, String subject, String extension) throws IOException {
        List<String> more = new ArrayList<>(List.of("-CA", file("ca.crt"), "-CAkey", file("ca.key")));
        if (extension != null) {
            more.addAll(List.of("-addext", extension));
        }
        make(name, subject, more);
        Files.setPosixFilePermissions(folder.resolve(name + ".key"), PosixFilePermissions.fromString("rw-------"));
    }

    String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private void make(String name, String subject, List<String> more) {
        List<String> command = new ArrayList<>(SELF_SIGNED);
        command.addAll(List.of("-keyout", file(name + ".key"), "-out", file(name + ".crt"), "-subj", subject));
        command.addAll(more);
        Programs.run(command.toArray(String[]::new));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }
}
