package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What mutes alerts, and until when. What waits or is over never does. */
class MutingTest {

    private static final Instant NOW = Instant.parse("2026-03-29T01:00:00Z");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            active               | shop | -                           | -                                               | Active       | yes | -
            with an end          | shop | until: 2026-03-29T02:00:00Z | -                                               | Active       | yes | 2026-03-29T02:00:00Z
            lasting              | shop | duration: 45m               | -                                               | Active       | yes | 2026-03-29T01:15:00Z
            whose end has come   | shop | until: 2026-03-29T01:00:00Z | -                                               | Active       | no  | -
            of another           | blog | -                           | -                                               | Active       | no  | -
            about to begin       | shop | -                           | -                                               | Entering     | no  | -
            ending               | shop | -                           | -                                               | Leaving      | no  | -
            over                 | shop | -                           | -                                               | Ended        | no  | -
            of a later version   | shop | -                           | -                                               | Unrecognized | no  | -
            being deleted        | shop | -                           | deletionTimestamp: '2026-03-29T00:59:00Z'       | Active       | no  | -
            cancelled            | shop | -                           | annotations: {mainstay.dev/cancel: enough}      | Active       | no  | -
            """)
    void givenAMaintenanceMode_whenItIsLookedAt_thenItMutesWhileItIsActive(
            String name, String application, String spec, String metadata, String phase, String mutes, Instant until) {
        MaintenanceMode mode = mode("night", application, spec, metadata, phase);

        var mute = Muting.of("shop", List.of(mode), List.of(), NOW);

        assertThat(mute.isPresent()).isEqualTo(mutes.equals("yes"));
        assertThat(mute.map(AlertMute::until).orElse(null)).isEqualTo(until);
        mute.ifPresent(found -> assertThat(found.by()).isEqualTo("MaintenanceMode night"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            planning           | Running    | Plan=Running                                               | -                                             | no
            copying            | Running    | StopWorkloads=Waiting StartWorkloads=Waiting               | -                                             | no
            stopping           | Running    | StopWorkloads=Running StartWorkloads=Waiting               | -                                             | yes
            swapping           | Running    | StopWorkloads=Done Swap=Running StartWorkloads=Waiting     | workloads: [{name: web}]                      | yes
            starting           | Running    | StopWorkloads=Done StartWorkloads=Running                  | workloads: [{name: web}]                      | yes
            started            | Running    | StopWorkloads=Done StartWorkloads=Done CheckHealth=Running | workloads: [{name: web, givenBack: true}]     | no
            beside             | Running    | StopWorkloads=Skipped StartWorkloads=Skipped               | -                                             | no
            giving back        | GivingBack | StopWorkloads=Done Swap=Failed StartWorkloads=Waiting      | workloads: [{name: web}]                      | yes
            given back         | GivingBack | StopWorkloads=Done Swap=Failed StartWorkloads=Waiting      | workloads: [{name: web, givenBack: true}]     | no
            over               | Finished   | StopWorkloads=Done StartWorkloads=Waiting                  | workloads: [{name: web}]                      | no
            stuck              | Running    | StopWorkloads=Done StartWorkloads=Waiting                  | conditions: [{type: Stalled, status: 'True'}] | no
            """)
    void givenARestore_whenItIsLookedAt_thenItMutesWhileTheApplicationIsStopped(
            String name, String phase, String steps, String more, String mutes) {
        RestoreRequest restore = restore(phase, steps, more);

        var mute = Muting.of("shop", List.of(), List.of(restore), NOW);

        assertThat(mute.isPresent()).isEqualTo(mutes.equals("yes"));
        mute.ifPresent(found -> assertThat(found).isEqualTo(new AlertMute("RestoreRequest back", null)));
        assertThat(Muting.of("blog", List.of(), List.of(restore), NOW)).isEmpty();
    }

    @Test
    void givenTheModeOfARestoreThatIsStuck_whenItIsLookedAt_thenItMutesNothing() {
        MaintenanceMode mode = mode(
                "back-mode",
                "shop",
                null,
                "ownerReferences: [{apiVersion: mainstay.dev/v1alpha1, kind: RestoreRequest, name: back, uid: uid-back}]",
                "Active");
        String steps = "StopWorkloads=Done StartWorkloads=Waiting";

        assertThat(Muting.of("shop", List.of(mode), List.of(restore("Running", "Plan=Done", null)), NOW))
                .map(AlertMute::by)
                .contains("MaintenanceMode back-mode");
        assertThat(Muting.of(
                        "shop",
                        List.of(mode),
                        List.of(restore("Running", steps, "conditions: [{type: Stalled, status: 'True'}]")),
                        NOW))
                .isEmpty();
    }

    @Test
    void givenSeveral_whenTheyMute_thenTheOneIsNamedThatLastsLongest() {
        MaintenanceMode brief = mode("a", "shop", "until: 2026-03-29T02:00:00Z", null, "Active");
        MaintenanceMode longer = mode("b", "shop", "until: 2026-03-29T03:00:00Z", null, "Active");
        MaintenanceMode open = mode("d", "shop", null, null, "Active");
        MaintenanceMode alsoOpen = mode("c", "shop", null, null, "Active");

        assertThat(Muting.of("shop", List.of(longer, brief), List.of(), NOW))
                .contains(new AlertMute("MaintenanceMode b", Instant.parse("2026-03-29T03:00:00Z")));
        assertThat(Muting.of("shop", List.of(longer, open, brief, alsoOpen), List.of(), NOW))
                .contains(new AlertMute("MaintenanceMode c", null));
    }

    private static MaintenanceMode mode(String name, String application, String spec, String metadata, String phase) {
        return read(
                MaintenanceMode.class,
                name,
                metadata,
                "spec: {applicationRef: {name: %s}, reason: x%s}\nstatus: {phase: %s}"
                        .formatted(
                                application,
                                spec == null ? "" : ", " + spec.replaceAll("until: (.*)", "until: '$1'"),
                                phase));
    }

    private static RestoreRequest restore(String phase, String steps, String more) {
        StringBuilder listed = new StringBuilder();
        for (String step : steps.split(" ")) {
            listed.append("{name: %s, state: %s},".formatted(step.split("=")[0], step.split("=")[1]));
        }
        return read(
                RestoreRequest.class,
                "back",
                null,
                "spec: {applicationRef: {name: shop}, source: {policyRef: {name: nightly}}, reason: x}\nstatus:\n  phase: %s\n  steps: [%s]\n  %s"
                        .formatted(phase, listed, more == null ? "" : more));
    }

    private static <T extends HasMetadata> T read(Class<T> kind, String name, String metadata, String rest) {
        return Serialization.unmarshal(
                "apiVersion: mainstay.dev/v1alpha1\nkind: %s\nmetadata: {name: %s, namespace: shop, uid: uid-%s, creationTimestamp: '2026-03-29T00:30:00Z'%s}\n%s"
                        .formatted(kind.getSimpleName(), name, name, metadata == null ? "" : ", " + metadata, rest),
                kind);
    }
}
