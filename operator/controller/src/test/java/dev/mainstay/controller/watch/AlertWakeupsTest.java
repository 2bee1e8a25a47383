package dev.mainstay.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.Runbook;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is woken by what of rules and channels, and that nobody is by what changes nothing. */
class AlertWakeupsTest {

    private final Wakeups wakeups = new Wakeups();
    private final FakeCache<AlertRule> rules = new FakeCache<>();
    private final FakeCache<NotificationChannel> channels = new FakeCache<>();
    private final List<String> woken = new ArrayList<>();

    @BeforeEach
    void watch() {
        wakeups.applications(new FakeCache<ManagedApplication>());
        wakeups.policies(new FakeCache<BackupPolicy>());
        wakeups.backups(new FakeCache<DatabaseBackup>());
        wakeups.rollbacks(new FakeCache<RollbackRequest>());
        wakeups.modes(new FakeCache<MaintenanceMode>());
        wakeups.restores(new FakeCache<RestoreRequest>());
        wakeups.runs().runbooks(new FakeCache<Runbook>());
        wakeups.runs().runs(new FakeCache<MaintenanceRun>());
        wakeups.runs().schedules().schedules(new FakeCache<MaintenanceSchedule>());
        listen(wakeups.alerts().rules(rules));
        listen(wakeups.alerts().channels(channels));
        rule("errors", "shop", "metric: ErrorRate");
        rule("backups", "shop", "metric: BackupAge");
        rule("other", "blog", "metric: ErrorRate");
        channel("team", "");
        channel("on-call", ", fallback: {channel: team}");
    }

    private void listen(SimpleInboundEventSource<?> events) {
        events.setEventHandler(
                event -> woken.add(event.getRelatedCustomResourceID().getName()));
        events.start();
    }

    @Test
    void givenAnApplication_whenItIsChanged_thenItsRulesAreWokenOnce() {
        ManagedApplication application = read(ManagedApplication.class, "shop", 1, "spec: {}");

        wakeups.applicationSeen(application, false, "as deployed");
        assertThat(woken()).containsExactlyInAnyOrder("errors", "backups");
        wakeups.applicationSeen(application, false, "as deployed");
        assertThat(woken()).isEmpty();
        wakeups.applicationSeen(read(ManagedApplication.class, "shop", 2, "spec: {}"), false, "as deployed");
        assertThat(woken()).containsExactlyInAnyOrder("errors", "backups");
        wakeups.applicationSeen(application, true, "as deployed");
        assertThat(woken()).containsExactlyInAnyOrder("errors", "backups");
    }

    @Test
    void givenAMaintenanceMode_whenItBecomesActiveAndEnds_thenTheRulesOfItsApplicationAreWoken() {
        wakeups.modeSeen(mode("Entering"), false);
        woken();

        wakeups.modeSeen(mode("Active"), false);
        assertThat(woken()).containsExactlyInAnyOrder("errors", "backups");
        wakeups.modeSeen(mode("Active"), false);
        assertThat(woken()).isEmpty();
        wakeups.modeSeen(mode("Leaving"), false);
        assertThat(woken()).containsExactlyInAnyOrder("errors", "backups");
    }

    @Test
    void givenARestore_whenItStopsOrGetsStuck_thenTheRulesOfItsApplicationAreWoken() {
        wakeups.restoreSeen(restore("steps: [{name: StopWorkloads, state: Waiting}]"), false);
        woken();

        wakeups.restoreSeen(restore("steps: [{name: StopWorkloads, state: Running}]"), false);
        assertThat(woken()).containsExactlyInAnyOrder("errors", "backups");
        wakeups.restoreSeen(
                restore(
                        "steps: [{name: StopWorkloads, state: Running}]\n  conditions: [{type: Stalled, status: 'True'}]"),
                false);
        assertThat(woken()).containsExactlyInAnyOrder("errors", "backups");
    }

    @Test
    void givenAPolicy_whenThereIsANewBackup_thenTheRulesOnBackupsAreWoken() {
        wakeups.policySeen(policy("{name: first}"), false);
        woken();

        wakeups.policySeen(policy("{name: first}"), false);
        assertThat(woken()).isEmpty();
        wakeups.policySeen(policy("{name: second}"), false);
        assertThat(woken()).containsExactly("backups");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            another spec     | 2 | Ready=True                   | true
            another Ready    | 1 | Ready=False                  | true
            nothing          | 1 | Ready=True                   | false
            what it delivers | 1 | Ready=True Delivering=False  | false
            """)
    void givenAChannel_whenItIsChanged_thenRulesAndWhomItStandsInForAreWoken(
            String what, int generation, String conditions, boolean wakes) {
        wakeups.alerts().channelSeen(team(1, "Ready=True"), false);
        woken();

        wakeups.alerts().channelSeen(team(generation, conditions), false);

        List<String> expected = wakes ? List.of("errors", "backups", "other", "on-call") : List.of();
        assertThat(woken()).as(what).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** A circle is formed and mended at one of its channels, and each of them says so. */
    @Test
    void givenChannelsThatStandInForEachOther_whenOneIsChanged_thenAllThatRelyOnItAreWoken() {
        channel("boss", ", fallback: {channel: on-call}");
        channel("team", ", fallback: {channel: boss}");
        channel("apart", ", fallback: {channel: gone}");
        wakeups.alerts().channelSeen(team(1, "Ready=True"), false);

        assertThat(woken()).containsExactlyInAnyOrder("errors", "backups", "other", "on-call", "boss");
    }

    @Test
    void givenAChannel_whenItIsDeleted_thenRulesAreWokenOnce() {
        NotificationChannel team = team(1, "Ready=True");
        wakeups.alerts().channelSeen(team, false);
        woken();

        wakeups.alerts().channelSeen(team, true);
        assertThat(woken()).containsExactlyInAnyOrder("errors", "backups", "other", "on-call");
        wakeups.alerts().channelSeen(team, true);
        assertThat(woken()).isEmpty();
    }

    @Test
    void givenARule_whenAChannelTakesNoneOfItsMessagesAndThenDoes_thenThatChannelIsWokenEachTime() {
        wakeups.alerts().ruleSeen(errors("[]"), false);
        assertThat(woken()).isEmpty();

        String failing =
                "[{channel: team, failingSince: '2026-01-01T00:00:00Z'}, {channel: on-call, sentAt: '2026-01-01T00:00:00Z'}]";
        wakeups.alerts().ruleSeen(errors(failing), false);
        assertThat(woken()).containsExactlyInAnyOrder("team", "on-call");
        wakeups.alerts().ruleSeen(errors(failing), false);
        assertThat(woken()).isEmpty();
        wakeups.alerts()
                .ruleSeen(errors("[{channel: team}, {channel: on-call, sentAt: '2026-01-01T00:05:00Z'}]"), false);
        assertThat(woken())
                .as("another message of a channel that takes them is no news")
                .containsExactly("team");
    }

    @Test
    void givenARuleWhoseMessageIsNotTaken_whenItIsDeleted_thenTheChannelIsWoken() {
        AlertRule failing = errors("[{channel: team, failingSince: '2026-01-01T00:00:00Z'}]");
        wakeups.alerts().ruleSeen(failing, false);
        woken();

        wakeups.alerts().ruleSeen(failing, true);

        assertThat(woken()).containsExactly("team");
    }

    @Test
    void givenACriticalRule_whenItBeginsToFireAndEnds_thenItsApplicationIsWoken() {
        List<String> applications = new ArrayList<>();
        AlertWakeups alerts = new AlertWakeups(application -> applications.add(application.getName()));
        for (String state : List.of("Pending", "Firing", "Firing", "Inactive")) {
            alerts.ruleSeen(
                    read(
                            AlertRule.class,
                            "errors",
                            1,
                            "spec: {applicationRef: {name: shop}, severity: critical}\nstatus: {state: %s}"
                                    .formatted(state)),
                    false);
            applications.add(state);
        }

        assertThat(applications).containsExactly("shop", "Pending", "shop", "Firing", "Firing", "shop", "Inactive");
    }

    @Test
    void givenAUid_whenItIsWoken_thenWhoeverHasItIs() {
        wakeups.alerts().wake("uid-errors");
        wakeups.alerts().wake("uid-team");
        wakeups.alerts().wake("uid-of-nobody");

        assertThat(woken()).containsExactly("errors", "team");
    }

    @Test
    void givenNoCacheYet_whenSomethingIsSeen_thenNobodyIsLookedFor() {
        AlertWakeups fresh = new AlertWakeups(application -> {});

        assertThatCode(() -> {
                    fresh.applicationChanged("shop", "shop");
                    fresh.channelSeen(team(1, ""), false);
                    fresh.wake("uid-errors");
                })
                .doesNotThrowAnyException();
        assertThat(fresh.rules()).isEmpty();
        assertThat(fresh.channels()).isEmpty();
    }

    @Test
    void givenRulesAndChannels_whenTheyAreLookedFor_thenTheyAreFound() {
        assertThat(wakeups.alerts().rulesOf("shop", "shop"))
                .extracting(rule -> rule.getMetadata().getName())
                .containsExactlyInAnyOrder("errors", "backups");
        assertThat(wakeups.alerts().channelsOf("shop")).containsOnlyKeys("team", "on-call");
        assertThat(wakeups.alerts().channelsOf("blog")).isEmpty();
        assertThat(wakeups.alerts().channel("shop", "team")).isPresent();
    }

    private List<String> woken() {
        List<String> so = List.copyOf(woken);
        woken.clear();
        return so;
    }

    private void rule(String name, String application, String spec) {
        rules.put(
                read(AlertRule.class, name, 1, "spec: {applicationRef: {name: %s}, %s}".formatted(application, spec)));
    }

    private static AlertRule errors(String notifications) {
        return read(
                AlertRule.class,
                "errors",
                1,
                "spec: {applicationRef: {name: shop}, metric: ErrorRate}\nstatus: {notifications: %s}"
                        .formatted(notifications));
    }

    private void channel(String name, String more) {
        channels.put(read(
                NotificationChannel.class,
                name,
                1,
                "spec: {slack: {urlSecretRef: {name: slack, key: url}}%s}".formatted(more)));
    }

    /** @param conditions such as {@code Ready=True Delivering=False} */
    private static NotificationChannel team(int generation, String conditions) {
        StringBuilder listed = new StringBuilder();
        for (String condition : conditions.isEmpty() ? new String[0] : conditions.split(" ")) {
            String[] one = condition.split("=");
            listed.append("{type: %s, status: '%s', reason: A, message: b},".formatted(one[0], one[1]));
        }
        return read(
                NotificationChannel.class,
                "team",
                generation,
                "spec: {slack: {urlSecretRef: {name: slack, key: url}}}\nstatus: {conditions: [%s]}".formatted(listed));
    }

    private static MaintenanceMode mode(String phase) {
        return read(
                MaintenanceMode.class,
                "night",
                1,
                "spec: {applicationRef: {name: shop}, reason: it is night}\nstatus: {phase: %s}".formatted(phase));
    }

    private static RestoreRequest restore(String status) {
        return read(
                RestoreRequest.class,
                "restore",
                1,
                "spec: {applicationRef: {name: shop}, source: {policyRef: {name: nightly}}, reason: x}\nstatus:\n  "
                        + status);
    }

    private static BackupPolicy policy(String lastSuccess) {
        return read(
                BackupPolicy.class,
                "nightly",
                1,
                "spec: {applicationRef: {name: shop}, storage: {s3: {bucket: abc}}}\nstatus: {lastSuccess: %s}"
                        .formatted(lastSuccess));
    }

    private static <T extends HasMetadata> T read(Class<T> kind, String name, int generation, String rest) {
        return Serialization.unmarshal(
                "apiVersion: mainstay.dev/v1alpha1\nkind: %s\nmetadata: {name: %s, namespace: shop, uid: uid-%s, generation: %d}\n%s"
                        .formatted(kind.getSimpleName(), name, name, generation, rest),
                kind);
    }
}
