package dev.mainstay.e2e.node;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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

    /** The one that the image starts, whose end is the container's; those of {@code kubectl exec} have no parent there either. */
    ProcessHandle main() {
        return processes.stream()
                .filter(ContainerProcesses::isFirst)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the container has no process"));
    }

    private static boolean isFirst(ProcessHandle process) {
        try (Stream<String> status = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            return status.anyMatch(line -> line.startsWith("NSpid:") && line.endsWith("\t1"));
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    /** All that run a program, by its file's name. */
    List<ProcessHandle> running(String program) {
        return processes.stream()
                .filter(process -> process.info().command().orElse("").endsWith("/" + program))
                .toList();
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
