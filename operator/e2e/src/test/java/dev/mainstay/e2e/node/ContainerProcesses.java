package dev.mainstay.e2e.node;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes of a container. The node is this machine, so they are among its own. */
final class ContainerProcesses {

    private final List<ProcessHandle> processes;

    private ContainerProcesses(List<ProcessHandle> processes) {
        this.processes = processes;
    }

    static ContainerProcesses of(ContainerStatus container) {
        return in(container.getContainerID().replaceFirst("^.*//", ""));
    }

    /** Those of all containers of a Pod, from their first moment on: the Pod's status tells of them up to a second later. */
    static ContainerProcesses of(Pod pod) {
        return in("pod" + pod.getMetadata().getUid());
    }

    private static ContainerProcesses in(String group) {
        return new ContainerProcesses(ProcessHandle.allProcesses()
                .filter(process -> isIn(group, process))
                .toList());
    }

    /** The one that the image starts, whose end is the container's. */
    ProcessHandle main() {
        return processes.stream()
                .filter(process -> process.parent().filter(processes::contains).isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the container has no process"));
    }

    /** All that run a program, by its file's name. */
    List<ProcessHandle> running(String program) {
        return processes.stream()
                .filter(process -> process.info().command().orElse("").endsWith("/" + program))
                .toList();
    }

    /** Stops a process, which stays; false when it has ended. */
    static boolean stop(ProcessHandle process) {
        signal("STOP", process);
        try {
            // The field after the name in parentheses, which may hold anything.
            String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            return stat.startsWith("T", stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Lets a process that was stopped go on. */
    static void goOn(ProcessHandle process) {
        signal("CONT", process);
    }

    /** It may have ended meanwhile. */
    private static void signal(String name, ProcessHandle process) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static boolean isIn(String group, ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cgroup"))
                    .contains(group);
        } catch (IOException gone) {
            return false;
        }
    }
}
