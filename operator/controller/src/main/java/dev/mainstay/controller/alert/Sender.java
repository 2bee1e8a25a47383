package dev.mainstay.controller.alert;

import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.SendOutcome;
import java.util.List;

/** Tells a receiver once, in one request for each address that it has. */
interface Sender {

    /**
     * What came of it. It takes no longer than a limit, and what goes wrong is an outcome too.
     *
     * @param messages what is told, at least one, all to one destination
     * @param more how many messages to that destination wait beside these
     */
    SendOutcome send(List<AlertMessage> messages, int more);
}
