package dev.mainstay.controller;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.mainstay.api.MainstayResource;
import dev.mainstay.controller.kube.IssuedCertificates;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the modules' directions don't say about who may use what. */
class ArchitectureTest {

    private static final String CLIENT = "io.fabric8.kubernetes.client..";

    /** Outside of {@code kube}, the client is handed on, or asked a question that is not worth a port of its own. */
    private static final Set<Class<?>> USERS_OF_THE_CLIENT = Set.of(
            OperatorMain.class,
            Training.class,
            RequiredDefinitions.class,
            MainstayOperator.class,
            Controllers.class,
            MaintenanceComposition.class,
            AlertComposition.class,
            SlimItemStore.class);

    private static final Set<Class<?>> COMPOSITION_ROOTS = Set.of(OperatorMain.class, Training.class);

    /** Ways to write a status that send it without the resourceVersion it was decided for, or again after a conflict. */
    private static final Set<String> FORCING = Set.of(
            "patchStatus", "patchResourceAndStatus", "updateStatus", "editStatus", "replaceStatus", "subresource");

    private static JavaClasses ours;

    @BeforeAll
    static void read() {
        ours = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.mainstay");
        assertThat(Set.of(MainstayResource.class, Reason.class, StatusWriter.class))
                .as("all three modules are looked at")
                .allMatch(ours::contain);
    }

    @Test
    void theClientIsUsedInItsPackageAndByAFewNamedClasses() {
        noClasses()
                .that(resideInAPackage("dev.mainstay.controller..")
                        .and(DescribedPredicate.not(resideInAPackage("dev.mainstay.controller.kube..")))
                        .and(DescribedPredicate.not(oneOf(USERS_OF_THE_CLIENT))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CLIENT)
                .check(ours);
    }

    @Test
    void everyNamedUserOfTheClientStillNeedsIt() {
        for (Class<?> user : USERS_OF_THE_CLIENT) {
            assertThat(ours.get(user).getDirectDependenciesFromSelf())
                    .as("%s", user)
                    .anyMatch(dependency -> resideInAPackage(CLIENT).test(dependency.getTargetClass()));
        }
    }

    @Test
    void decisionsArePure() {
        classes()
                .that()
                .resideInAPackage("dev.mainstay.core..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.mainstay.core..",
                        "dev.mainstay.api..",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.math",
                        "java.nio.charset",
                        "java.security",
                        "java.text",
                        "java.time..",
                        "java.util",
                        "java.util.function",
                        "java.util.regex",
                        "java.util.stream",
                        "com.fasterxml.jackson..",
                        "io.fabric8.kubernetes.api.model.."))
                .check(ours);
        noClasses()
                .that()
                .resideInAPackage("dev.mainstay.core..")
                .should()
                .dependOnClassesThat(oneOf(Set.of(
                        Thread.class,
                        Runtime.class,
                        Process.class,
                        ProcessBuilder.class,
                        Clock.class,
                        Timer.class,
                        Random.class)))
                .check(ours);
    }

    @Test
    void onlyCompositionRootsAskForTheTime() {
        rule(not(COMPOSITION_ROOTS), describe("of the clock", ArchitectureTest::asksForTheTime))
                .check(ours);
    }

    @Test
    void statusesAreWrittenByTheStatusWriterAlone() {
        forcedStatus().check(ours);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.mainstay.(**)").should().beFreeOfCycles().check(ours);
    }

    @Test
    void givenCodeThatBreaksTheRules_whenItIsChecked_thenEachCallIsFound() {
        JavaClasses wrong = new ClassFileImporter().importClasses(Wrong.class);

        assertThat(forcedStatus().evaluate(wrong).getFailureReport().getDetails())
                .hasSize(3);
        assertThat(rule(not(COMPOSITION_ROOTS), describe("of the clock", ArchitectureTest::asksForTheTime))
                        .evaluate(wrong)
                        .getFailureReport()
                        .getDetails())
                .hasSize(2);
    }

    /** Into the status of cert-manager's Certificates is written with the resourceVersion that was seen, and nothing is forced. */
    private static ArchRule forcedStatus() {
        return rule(
                not(Set.of(StatusWriter.class, IssuedCertificates.class)),
                describe(
                        "of a forcing way to write a status",
                        access -> isPrimaryUpdate(access)
                                || FORCING.contains(access.getTarget().getName())
                                        && resideInAnyPackage(CLIENT, "io.javaoperatorsdk..")
                                                .test(access.getTargetOwner())));
    }

    private static ArchRule rule(DescribedPredicate<JavaClass> who, DescribedPredicate<JavaAccess<?>> what) {
        return noClasses().that(who).should().accessTargetWhere(what);
    }

    private static boolean isPrimaryUpdate(JavaAccess<?> access) {
        return access.getTargetOwner().getSimpleName().equals("PrimaryUpdateAndCacheUtils");
    }

    private static boolean asksForTheTime(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        return owner.startsWith("java.time.") && name.equals("now")
                || owner.equals("java.time.Clock") && (name.startsWith("system") || name.startsWith("tick"))
                || owner.equals("java.lang.System") && name.equals("currentTimeMillis")
                || owner.equals("java.util.Date") && name.equals("<init>");
    }

    private static DescribedPredicate<JavaClass> not(Set<Class<?>> allowed) {
        return DescribedPredicate.not(oneOf(allowed));
    }

    /** One of the classes, or a class inside of one. */
    private static DescribedPredicate<JavaClass> oneOf(Set<Class<?>> allowed) {
        return describe(
                "one of " + allowed,
                candidate -> allowed.stream()
                        .map(Class::getName)
                        .anyMatch(name -> candidate.getName().equals(name)
                                || candidate.getName().startsWith(name + "$")));
    }

    /** Breaks each rule in one way or more. */
    private static final class Wrong {

        static UpdateControl<ConfigMap> forced(NonDeletingOperation<ConfigMap> resource, ConfigMap object) {
            resource.patchStatus();
            Function<UnaryOperator<ConfigMap>, ConfigMap> edit = resource::editStatus;
            return UpdateControl.patchStatus(edit.apply(found -> object));
        }

        static boolean late() {
            return Instant.now().toEpochMilli() > System.currentTimeMillis();
        }
    }
}
