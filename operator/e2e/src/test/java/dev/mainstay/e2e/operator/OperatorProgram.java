package dev.mainstay.e2e.operator;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.OperatorLogs;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operator as it is compiled now, with a cache of what a start loads, as its image has one: a test that kills it starts
 * it dozens of times.
 */
final class OperatorProgram {

    private static final Path MODULES = ClusterClient.REPOSITORY.resolve("operator");

    private static final String MAIN = "dev.mainstay.controller.OperatorMain";

    private static final List<String> OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx256m");

    private OperatorProgram() {}

    /** The command that starts it. */
    static List<String> command() {
        return Holder.COMMAND;
    }

    private static List<String> prepare() {
        try {
            Path folder = Files.createDirectories(OperatorLogs.FOLDER.resolve("operator-program"));
            Path cache = folder.resolve("cache");
            String classPath = classPath(folder.resolve("operator.jar"));
            train(command("-XX:AOTCacheOutput=" + cache, classPath), folder.resolve("log"));
            return command("-XX:AOTCache=" + cache, classPath);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(String cache, String classPath) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of(cache, "-cp", classPath, MAIN));
        return command;
    }

    /** A cache wants jars: the modules' classes go into one, since the jars of an earlier build may be older. */
    private static String classPath(Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String module : List.of("api", "core", "controller")) {
                add(MODULES.resolve(module).resolve("target/classes"), out);
            }
        }
        Path jars = MODULES.resolve("controller/target/lib");
        if (!Files.isDirectory(jars)) {
            throw new IllegalStateException(jars + " does not exist: run mvn package -DskipTests first");
        }
        try (Stream<Path> libraries = Files.list(jars)) {
            return Stream.concat(
                            Stream.of(jar),
                            libraries
                                    .filter(library ->
                                            !library.getFileName().toString().startsWith("mainstay-"))
                                    .sorted())
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    private static void add(Path classes, JarOutputStream out) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    private static void train(List<String> command, Path log) throws IOException {
        List<String> training = new ArrayList<>(command);
        training.add("--train");
        Process process = new ProcessBuilder(training)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(
                    "the operator can't be trained:\n" + Files.readString(log, StandardCharsets.UTF_8));
        }
    }

    private static final class Holder {
        static final List<String> COMMAND = prepare();
    }
}
