package dev.mainstay.core.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationSpec;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.claims.OperationState;
import dev.mainstay.api.claims.OperationStatus;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.application.ApplicationObservation.WorkloadObservation;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.Claim.Mode;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Waiting;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplicationDeciderTest {

    private static final Instant NOW = Instant.parse("2026-03-29T01:00:00Z");
    private static final Workload WEB = new Workload(WorkloadKind.DEPLOYMENT, "web");
    private static final Workload QUEUE = new Workload(WorkloadKind.STATEFUL_SET, "queue");

    @Test
    void givenAllWorkloads_whenItIsDecided_thenItIsReady() {
        ManagedApplicationStatus status = decide(application(WEB, QUEUE), WEB, QUEUE);

        assertThat(conditions(status)).containsExactly("Ready=TRUE Ready");
        assertThat(message(status)).isEqualTo("Workloads found: 2. Databases named: 0.");
        assertThat(status.observedGeneration()).isEqualTo(7);
    }

    @Test
    void givenAnApplicationOfNothing_whenItIsDecided_thenItIsReadyAndHasNoVersion() {
        ManagedApplicationStatus status = decide(application());

        assertThat(conditions(status)).containsExactly("Ready=TRUE Ready");
        assertThat(status.version()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            migration | ManagedApplication shop is paused: "migration". Remove its annotation mainstay.dev/paused to go on.
            ''        | ManagedApplication shop is paused. Remove its annotation mainstay.dev/paused to go on.
            """)
    void givenAPause_whenItIsDecided_thenItSaysSo(String why, String message) {
        ManagedApplication application = application();
        application.getMetadata().setAnnotations(Map.of(Annotations.PAUSED, why));

        assertThat(conditions(decide(application))).containsExactly("Ready=TRUE Paused");
        assertThat(message(decide(application))).isEqualTo(message);
    }

    @Test
    void givenMissingWorkloads_whenItIsDecided_thenAllOfThemAreNamed() {
        ManagedApplicationStatus status = decide(application(WEB, QUEUE));

        assertThat(conditions(status)).containsExactly("Ready=FALSE WorkloadNotFound", "Stalled=TRUE WorkloadNotFound");
        assertThat(message(status))
                .isEqualTo(
                        "spec.workloads names what does not exist in this namespace: Deployment web, StatefulSet queue."
                                + " Create it, or correct the name; it is looked for again when it appears.");
    }

    @Test
    void givenAWorkloadOfTheSameNameAndAnotherKind_whenItIsDecided_thenItIsMissing() {
        assertThat(message(decide(application(WEB), new Workload(WorkloadKind.STATEFUL_SET, "web"))))
                .contains("Deployment web");
    }

    @Test
    void givenAKindOfANewerVersion_whenItIsDecided_thenTheMessageSaysWhatIsKnown() {
        ManagedApplicationStatus status = decide(application(new Workload(WorkloadKind.UNRECOGNIZED, "web"), QUEUE));

        assertThat(conditions(status)).containsExactly("Ready=FALSE InvalidSpec", "Stalled=TRUE InvalidSpec");
        assertThat(message(status)).startsWith("spec.workloads names web with a kind that this version");
    }

    @Test
    void givenATemplateThatMakesNoJob_whenItIsDecided_thenTheFieldIsNamed() {
        ManagedApplication application = application(WEB);
        ManagedApplicationStatus status = ApplicationDecider.decide(
                new ApplicationObservation(
                        application,
                        Map.of(),
                        Claims.NONE,
                        HealthStreak.NONE,
                        List.of(),
                        Ledger.Decision.NONE,
                        List.of(),
                        List.of(),
                        RestoreReady.NONE,
                        "limits: lots"),
                NOW);

        assertThat(conditions(status)).containsExactly("Ready=FALSE InvalidSpec", "Stalled=TRUE InvalidSpec");
        assertThat(message(status))
                .isEqualTo(
                        "ManagedApplication shop, spec.jobTemplate: correct it; the API server takes no Job made of it:"
                                + " limits: lots");
    }

    @Test
    void givenATemplateThatMakesNoJob_whenItWasTold_thenItIsKnownUntilTheSpecChanges() {
        ManagedApplication application = application();
        assertThat(JobTemplateRefusal.told(application)).isEmpty();

        application.setStatus(ApplicationDecider.decide(
                new ApplicationObservation(
                        application,
                        Map.of(),
                        Claims.NONE,
                        HealthStreak.NONE,
                        List.of(),
                        Ledger.Decision.NONE,
                        List.of(),
                        List.of(),
                        RestoreReady.NONE,
                        "limits: lots"),
                NOW));
        assertThat(JobTemplateRefusal.told(application)).contains(message(application.getStatus()));

        application.getMetadata().setGeneration(8L);
        assertThat(JobTemplateRefusal.told(application)).isEmpty();
    }

    @Test
    void givenAnotherReasonToBeStuck_whenItIsAskedForTheTemplate_thenNothingIsToldAgainstThat() {
        ManagedApplication application = application(new Workload(WorkloadKind.UNRECOGNIZED, "web"));
        application.setStatus(decide(application));

        assertThat(JobTemplateRefusal.told(application)).isEmpty();
    }

    @Test
    void givenAnUnreadableSpec_whenItIsDecided_thenItIsStuckAndNothingIsGuessed() {
        ManagedApplication application = application(WEB);
        application.setSpec(null);
        application.markUnreadableSpec("spec.workloads is a map");

        ManagedApplicationStatus status = decide(application);

        assertThat(conditions(status)).containsExactly("Ready=FALSE InvalidSpec", "Stalled=TRUE InvalidSpec");
        assertThat(message(status)).contains("spec.workloads is a map");
        assertThat(status.version()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Active   | duration: 1h                  | TRUE  | InMaintenance       | MaintenanceMode night is active, until 2026-03-29T01:30:00Z. What stops it: kubectl delete --namespace webshop maintenancemode night",
                "Active   |                               | TRUE  | InMaintenance       | MaintenanceMode night is active, until it is deleted. What stops it: kubectl delete --namespace webshop maintenancemode night",
                "Entering | until: '2026-03-29T05:00:00Z' | TRUE  | EnteringMaintenance | MaintenanceMode night begins, until 2026-03-29T05:00:00Z. What stops it: kubectl delete --namespace webshop maintenancemode night",
                "Leaving  |                               | FALSE | LeavingMaintenance  | MaintenanceMode night ends: the Services are being led back."
            })
    void givenAMaintenanceMode_whenTheApplicationIsDecided_thenItSaysSoAndUntilWhen(
            String phase, String end, String status, String reason, String message) {
        Condition told = maintenance(application(), mode("night", phase, end)).orElseThrow();

        assertThat(told.status() + " " + told.reason()).isEqualTo(status + " " + reason);
        assertThat(told.message()).isEqualTo(message);
    }

    @Test
    void givenNoMaintenanceModeUnderWay_whenTheApplicationIsDecided_thenThatIsToldOnlyAfterOneThatWas() {
        ManagedApplication application = application();
        MaintenanceMode waiting = mode("refused", "Entering", null);
        waiting.getMetadata().setFinalizers(List.of());
        assertThat(maintenance(application)).isEmpty();
        assertThat(maintenance(application, waiting)).as("it has not begun").isEmpty();

        assertThat(maintenance(application, mode("b", "Active", null), mode("a", "Entering", null)))
                .hasValueSatisfying(told -> assertThat(told.message())
                        .startsWith("MaintenanceMode a begins, until it is deleted; MaintenanceMode b is active"));
        assertThat(maintenance(application, mode("b", "Ended", null)))
                .hasValueSatisfying(
                        told -> assertThat(told.status() + " " + told.reason()).isEqualTo("FALSE MaintenanceEnded"));
    }

    private static Optional<Condition> maintenance(ManagedApplication application, MaintenanceMode... modes) {
        application.setStatus(ApplicationDecider.decide(
                new ApplicationObservation(
                        application,
                        Map.of(),
                        Claims.NONE,
                        HealthStreak.NONE,
                        List.of(),
                        Ledger.Decision.NONE,
                        List.of(modes),
                        List.of(),
                        RestoreReady.NONE,
                        null),
                NOW));
        return Conditions.find(application.getStatus().conditions(), "InMaintenance");
    }

    private static MaintenanceMode mode(String name, String phase, String end) {
        return Serialization.unmarshal(
                """
                metadata: {name: %s, namespace: webshop, creationTimestamp: "2026-03-29T00:30:00Z", finalizers: [%s]}
                spec: {applicationRef: {name: shop}, reason: Moving%s}
                status: {phase: %s}
                """.formatted(name, Annotations.MODE_FINALIZER, end == null ? "" : ", " + end, phase),
                MaintenanceMode.class);
    }

    @Test
    void givenMoreMissingNamesThanAMessageHolds_whenItIsDecided_thenTheMessageIsCut() {
        Workload[] workloads = IntStream.range(0, 32)
                .mapToObj(i -> new Workload(WorkloadKind.DEPLOYMENT, "w".repeat(200) + i))
                .toArray(Workload[]::new);

        assertThat(message(decide(application(workloads))))
                .hasSize(Conditions.MESSAGE_LENGTH)
                .endsWith("(cut)");
    }

    @Test
    void givenNothingNew_whenItIsDecidedAgainLater_thenTheStatusIsTheSame() {
        ManagedApplication application = application(WEB);
        ManagedApplicationStatus status = decide(application, WEB);
        application.setStatus(status);

        assertThat(ApplicationDecider.decide(observation(application, WEB), NOW.plusSeconds(3600)))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2, 1.1, registry/web:1.0, 1.2",
        ", 1.1, registry/web:1.0, 1.1",
        ",, registry/web:1.0, 1.0",
        ",, registry:5000/web,",
        ",, registry:5000/web:1.0, 1.0",
        ",, registry:5000/web:1.0@sha256:aa, 1.0",
        ",, web@sha256:aa,",
        ",, web,",
        ",,,"
    })
    void givenAWorkload_whenItsVersionIsLookedFor_thenTheTemplateComesBeforeTheWorkloadAndTheImage(
            String template, String label, String image, String version) {
        Map<Workload, WorkloadObservation> seen = Map.of(WEB, new WorkloadObservation(template, label, image, 1));

        assertThat(ApplicationDecider.decide(
                                new ApplicationObservation(
                                        application(WEB, QUEUE),
                                        seen,
                                        Claims.NONE,
                                        HealthStreak.NONE,
                                        List.of(),
                                        Ledger.Decision.NONE,
                                        List.of(),
                                        List.of(),
                                        RestoreReady.NONE,
                                        null),
                                NOW)
                        .version())
                .isEqualTo(version);
    }

    @Test
    void givenTheFirstWorkloadMissing_whenTheVersionIsLookedFor_thenNoOtherOneIsAsked() {
        Map<Workload, WorkloadObservation> seen = Map.of(QUEUE, new WorkloadObservation("9", null, null, 1));

        assertThat(ApplicationDecider.decide(
                                new ApplicationObservation(
                                        application(WEB, QUEUE),
                                        seen,
                                        Claims.NONE,
                                        HealthStreak.NONE,
                                        List.of(),
                                        Ledger.Decision.NONE,
                                        List.of(),
                                        List.of(),
                                        RestoreReady.NONE,
                                        null),
                                NOW)
                        .version())
                .isNull();
    }

    @Test
    void givenOperations_whenTheApplicationIsDecided_thenThoseThatWorkComeFirstAndOneThatIsToEndSaysSo() {
        Claims claims = new Claims(
                List.of(
                        new Grant(holder("nightly"), List.of(database(Mode.SHARED)), false, NOW, holder("orders-back")),
                        new Grant(holder("by-hand"), List.of(database(Mode.SHARED)), false, NOW, null)),
                List.of(new Waiting(holder("orders-back"), List.of(database(Mode.EXCLUSIVE)), true, NOW)));

        assertThat(ApplicationDecider.decide(
                                new ApplicationObservation(
                                        application(),
                                        Map.of(),
                                        claims,
                                        HealthStreak.NONE,
                                        List.of(),
                                        Ledger.Decision.NONE,
                                        List.of(),
                                        List.of(),
                                        RestoreReady.NONE,
                                        null),
                                NOW)
                        .operations())
                .extracting(OperationStatus::name, OperationStatus::state, OperationStatus::claims)
                .containsExactly(
                        tuple("nightly", OperationState.MAKING_ROOM, List.of("database/main (shared)")),
                        tuple("by-hand", OperationState.ACTIVE, List.of("database/main (shared)")),
                        tuple("orders-back", OperationState.WAITING, List.of("database/main")));
    }

    /** Else it would be written again on every pass. */
    @Test
    void givenAStatusThatWasWrittenAndRead_whenNothingHasChanged_thenTheSameIsDecided() throws JsonProcessingException {
        ManagedApplication application = application(WEB);
        ManagedApplicationStatus first = decide(application, WEB);

        application.setStatus(TaskJson.mapper().readValue(TaskJson.write(first), ManagedApplicationStatus.class));

        assertThat(decide(application, WEB)).isEqualTo(application.getStatus());
    }

    private static Holder holder(String name) {
        return new Holder("Any", name, "uid-" + name);
    }

    private static Claim database(Mode mode) {
        return new Claim("database/main", mode);
    }

    private static ManagedApplicationStatus decide(ManagedApplication application, Workload... found) {
        return ApplicationDecider.decide(observation(application, found), NOW);
    }

    private static ApplicationObservation observation(ManagedApplication application, Workload... found) {
        Map<Workload, WorkloadObservation> seen = new HashMap<>();
        Arrays.stream(found).forEach(workload -> seen.put(workload, new WorkloadObservation(null, null, null, 1)));
        return new ApplicationObservation(
                application,
                seen,
                Claims.NONE,
                HealthStreak.NONE,
                List.of(),
                Ledger.Decision.NONE,
                List.of(),
                List.of(),
                RestoreReady.NONE,
                null);
    }

    private static ManagedApplication application(Workload... workloads) {
        ManagedApplication application = new ManagedApplication();
        application.setMetadata(new ObjectMetaBuilder()
                .withName("shop")
                .withNamespace("webshop")
                .withGeneration(7L)
                .build());
        application.setSpec(new ManagedApplicationSpec(
                List.of(workloads),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null));
        return application;
    }

    private static List<String> conditions(ManagedApplicationStatus status) {
        return status.conditions().stream()
                .map(condition -> condition.type() + "=" + condition.status() + " " + condition.reason())
                .toList();
    }

    private static String message(ManagedApplicationStatus status) {
        return Conditions.find(status.conditions(), "Ready")
                .map(Condition::message)
                .orElseThrow();
    }
}
