package dev.mainstay.e2e.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Programs of this machine that a test runs to their end. */
public final class Programs {

    private Programs() {}

    /** What the program prints, errors included; one that fails is an error of the test, told with its output. */
    public static String run(ProcessBuilder builder, String input) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            // A program that answers while it reads would wait for ever for somebody who writes before reading.
            Thread writer = Thread.startVirtualThread(() -> write(process.getOutputStream(), input));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(builder.command().getFirst() + " failed:\n" + output);
            }
            writer.join();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A program that ends before it has read everything says why in its output. */
    private static void write(OutputStream to, String input) {
        try (to) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ignored) {
            return;
        }
    }
}
