package dev.mainstay.controller.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.watch.FakeCache;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.CutMessage;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of messages of which a receiver was not told all: each once, and at the object that it is about. */
class CutReportsTest {

    @AutoClose
    private final AnsweringApi api = new AnsweringApi();

    private final Wakeups wakeups = new Wakeups();
    private final FakeCache<AlertRule> rules = new FakeCache<>();
    private final FakeCache<NotificationChannel> channels = new FakeCache<>();
    private final CutReports reports =
            new CutReports(wakeups.alerts(), new EventRecorder(api.client(), "operator-1", Clock.systemUTC()));

    @BeforeEach
    void fill() {
        wakeups.alerts().rules(rules);
        wakeups.alerts().channels(channels);
        rules.put(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {name: errors, namespace: shop, uid: uid-errors, resourceVersion: "7"}
                """, AlertRule.class));
        channels.put(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: NotificationChannel
                metadata: {name: oncall, namespace: shop, uid: uid-oncall, resourceVersion: "8"}
                """, NotificationChannel.class));
    }

    @Test
    void givenAMessageOfARule_whenItWasCut_thenTheRuleSaysSoOnceHoweverOftenItIsSent() {
        AlertMessage message = AlertMessages.of("uid-errors", NotificationKind.TRIGGER, AlertMessages.slack("slack"));
        reports.accept(new CutMessage(message, "it was cut"));
        reports.accept(new CutMessage(message, "it was cut"));

        assertThat(api.events("MessageCut"))
                .singleElement()
                .asString()
                .contains("it was cut", "\"kind\":\"AlertRule\"", "\"name\":\"errors\"", "Warning");

        reports.accept(new CutMessage(AlertMessages.numbered(message, 2), "the next one was cut"));
        assertThat(api.events("MessageCut")).hasSize(2);
    }

    @Test
    void givenAMessageOfAnotherObject_whenItWasCut_thenTheChannelSaysSo() {
        reports.accept(new CutMessage(
                AlertMessages.of("uid-run", NotificationKind.INFORM, AlertMessages.slack("slack")), "it was cut"));

        assertThat(api.events("MessageCut"))
                .singleElement()
                .asString()
                .contains("\"kind\":\"NotificationChannel\"", "\"name\":\"oncall\"");
    }

    @Test
    void givenObjectsThatAreGone_whenAMessageWasCut_thenNothingFails() {
        Wakeups empty = new Wakeups();
        empty.alerts().rules(new FakeCache<>());
        empty.alerts().channels(new FakeCache<>());
        CutReports alone =
                new CutReports(empty.alerts(), new EventRecorder(api.client(), "operator-1", Clock.systemUTC()));

        alone.accept(new CutMessage(
                AlertMessages.of("uid-run", NotificationKind.INFORM, AlertMessages.slack("slack")), "it was cut"));

        assertThat(api.events("MessageCut")).isEmpty();
    }
}
