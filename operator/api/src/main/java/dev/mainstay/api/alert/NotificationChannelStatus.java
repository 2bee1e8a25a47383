package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.status.Condition;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Whether messages arrive. */
public record NotificationChannelStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "Conditions Ready, Stalled and Delivering: whether what the channel needs is there, and whether it takes messages.")
        @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("The last message that was sent to see whether it arrives.")
        ChannelTest lastTest,

        @JsonPropertyDescription("Sources of metrics that do not answer, as far as this channel is told of them.")
        @Size(max = 32)
        List<FailingSource> sources) {

    /** Of an object that nothing is known of yet. */
    public static final NotificationChannelStatus NONE = new NotificationChannelStatus(null, null, null, null);

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }

    /** The sources; empty when all answer. */
    @Override
    public List<FailingSource> sources() {
        return sources == null ? List.of() : sources;
    }
}
