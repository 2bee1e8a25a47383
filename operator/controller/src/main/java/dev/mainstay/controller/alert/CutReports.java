package dev.mainstay.controller.alert;

import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.watch.AlertWakeups;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.CutMessage;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of messages of which a receiver was not told all, in the log and as an Event of what they are about: once for each message,
 * however often it is sent. What this process has told is gone with it.
 */
public final class CutReports implements Consumer<CutMessage> {

    private static final Logger LOG = LoggerFactory.getLogger(CutReports.class);
    private static final int REMEMBERED = 2_000;

    private final AlertWakeups alerts;
    private final EventRecorder events;
    private final Set<String> told =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<String, Boolean>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            }));

    public CutReports(AlertWakeups alerts, EventRecorder events) {
        this.alerts = alerts;
        this.events = events;
    }

    @Override
    public void accept(CutMessage cut) {
        AlertMessage message = cut.message();
        if (!told.add(message.key())) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("namespace", message.namespace())
                .addKeyValue("name", message.channel())
                .addKeyValue("message", message.key())
                .log(cut.found());
        object(message).ifPresent(object -> events.tell(object, Reason.MESSAGE_CUT.text(), cut.found()));
    }

    /** The rule that has the message sent; where it is another object, the channel. */
    private Optional<? extends HasMetadata> object(AlertMessage message) {
        Optional<? extends HasMetadata> rule = alerts.ruleOf(message.ownerUid());
        return rule.isPresent() ? rule : alerts.channel(message.namespace(), message.channel());
    }
}
