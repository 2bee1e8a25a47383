package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.core.alert.ChannelObservation.SourceTrouble;
import java.util.List;

/** The sources of metrics that do not answer: a channel is told of each once, and not once for each rule that asks it. */
public interface SourceTroubles {

    /** Those of the rules that tell this channel at once. */
    List<SourceTrouble> of(NotificationChannel channel);
}
