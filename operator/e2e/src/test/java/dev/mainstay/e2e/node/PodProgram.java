package dev.mainstay.e2e.node;

import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program in a Pod's container to its end, as {@code kubectl exec} does. */
final class PodProgram {

    private PodProgram() {}

    /** One that fails is an error of the test, told with what it complained of. */
    static void run(PodResource pod, String... command) {
        output(pod, command);
    }

    /** The same, and what it prints. */
    static String output(PodResource pod, String... command) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        if (code(pod, printed, errors, command) != 0) {
            throw new IllegalStateException(command[0] + ": " + errors.toString(StandardCharsets.UTF_8));
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Whether it succeeds. */
    static boolean succeeds(PodResource pod, String... command) {
        return code(pod, new ByteArrayOutputStream(), new ByteArrayOutputStream(), command) == 0;
    }

    private static int code(
            PodResource pod, ByteArrayOutputStream printed, ByteArrayOutputStream errors, String... command) {
        try (ExecWatch program = pod.writingOutput(printed).writingError(errors).exec(command)) {
            return program.exitCode().get(1, TimeUnit.MINUTES);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
