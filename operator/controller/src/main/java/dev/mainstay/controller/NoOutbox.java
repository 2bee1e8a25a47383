package dev.mainstay.controller;

import dev.mainstay.controller.alert.Outbox;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.Delivery;
import java.util.List;
import java.util.Map;

/** Stands where nothing is sent: what it is handed stays untaken. */
final class NoOutbox implements Outbox {

    @Override
    public Map<String, Delivery> deliveries(String ownerUid) {
        return Map.of();
    }

    @Override
    public void hand(String ownerUid, List<AlertMessage> messages, List<AlertMessage> open) {
        // Nothing is kept of it.
    }
}
