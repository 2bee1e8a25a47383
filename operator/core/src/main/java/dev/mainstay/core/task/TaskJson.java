package dev.mainstay.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.Optional;

/** The task contract as JSON: unknown fields are passed over, so that either side may be one version newer. */
public final class TaskJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private TaskJson() {}

    /** The mapper, for documents beside the contract that are written in the same way (the manifest). */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** One line of JSON. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(value.getClass().getSimpleName() + " can't be written as JSON", e);
        }
    }

    /** The task of an environment variable; a version that this code doesn't know is refused. */
    public static Task readTask(String json) {
        try {
            Task task = MAPPER.readValue(json, Task.class);
            if (task == null) {
                throw new IllegalArgumentException("the task is not what this runner knows: it is null");
            }
            if (task.contractVersion() < Task.CONTRACT_VERSION - 1 || task.contractVersion() > Task.CONTRACT_VERSION) {
                throw new IllegalArgumentException("the task is of contract version " + task.contractVersion()
                        + ", this runner knows " + Task.CONTRACT_VERSION
                        + ": use operator and runner images of the same release");
            }
            return task;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the task is not what this runner knows: " + e.getOriginalMessage(), e);
        }
    }

    /** The result of a termination message; empty when it holds none (a container that was killed, say). */
    public static Optional<TaskResult> readResult(String message) {
        if (message == null || message.isBlank()) {
            return Optional.empty();
        }
        try {
            TaskResult result = MAPPER.readValue(message, TaskResult.class);
            return result == null || result.outcome() == null || result.kind() == null
                    ? Optional.empty()
                    : Optional.of(result);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** A line of a log that tells progress; empty for any other line. */
    public static Optional<TaskProgress> readProgress(String line) {
        if (!line.startsWith("{\"progress\":")) {
            return Optional.empty();
        }
        try {
            TaskProgress progress = MAPPER.readValue(line, ProgressLine.class).progress();
            return progress == null || progress.stage() == null ? Optional.empty() : Optional.of(progress);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The line for a log. */
    public static String progressLine(TaskProgress progress) {
        return write(new ProgressLine(progress));
    }

    /** The one key that marks a line of progress. */
    private record ProgressLine(TaskProgress progress) {}
}
