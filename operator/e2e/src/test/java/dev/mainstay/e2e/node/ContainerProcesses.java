package dev.mainstay.e2e.node;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.io.IOException;
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
        String id = container.getContainerID().replaceFirst("^.*//", "");
        return new ContainerProcesses(ProcessHandle.allProcesses()
                .filter(process -> isIn(id, process))
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

    private static boolean isIn(String container, ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cgroup"))
                    .contains(container);
        } catch (IOException gone) {
            return false;
        }
    }
}
