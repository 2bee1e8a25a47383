package dev.mainstay.controller.alert;

import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.Delivery;
import java.util.List;
import java.util.Map;

/** Where messages are handed over. They are sent in the background, and whoever they are about is woken when that gets further. */
public interface Outbox {

    /** How far the messages of an object are that this process was given, by key. */
    Map<String, Delivery> deliveries(String ownerUid);

    /**
     * Hands over all messages of an object that are not taken yet. One that is here already is not taken twice; one that is here
     * and not among them any more is dropped if it was not sent yet, and forgotten.
     *
     * @param open the alerts of the object that channels believe to fire: an Alertmanager is told them again and again
     */
    void hand(String ownerUid, List<AlertMessage> messages, List<AlertMessage> open);
}
