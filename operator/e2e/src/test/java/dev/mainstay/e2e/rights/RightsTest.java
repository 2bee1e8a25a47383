package dev.mainstay.e2e.rights;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.e2e.operator.ShippedInstall;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * That the shipped rights are what the operator uses: runs after the other levels and reads what they left in the API
 * server's audit log. {@code -DrightsSince=<instant>} leaves out what was before.
 */
@Tag("rights")
class RightsTest {

    private static Set<Right> granted;
    private static AuditLog log;

    @BeforeAll
    static void read() {
        ShippedInstall install = ShippedInstall.get();
        granted = granted(install);
        log = AuditLog.read(
                AuditLog.kubeconfig(),
                "system:serviceaccount:" + install.namespace() + ":" + install.serviceAccount(),
                Optional.ofNullable(System.getProperty("rightsSince"))
                        .map(Instant::parse)
                        .orElse(Instant.EPOCH));
        System.out.println(table());
    }

    @Test
    void givenTheOtherLevelsHaveRun_whenTheAuditLogIsRead_thenTheOperatorWasRefusedNothing() {
        Set<Right> refused = new TreeSet<>(log.refused());
        // The chart gives no right to any Secret: a Role of a namespace's own does, and where there is none it is told.
        refused.remove(new Right("", "secrets", "get"));
        // Nor one to cert-manager's Certificates, unless certManager.renew is set; a step that wants them tells that.
        refused.remove(new Right("cert-manager.io", "certificates", "list"));

        assertThat(refused).as("used and not granted").isEmpty();
    }

    @Test
    void givenTheOtherLevelsHaveRun_whenTheAuditLogIsRead_thenTheOperatorUsedEachRight() {
        Set<Right> unused = new TreeSet<>(granted);
        unused.removeAll(log.used());

        assertThat(unused).as("granted and not used").isEmpty();
    }

    private static Set<Right> granted(ShippedInstall install) {
        List<String> roles =
                install.rights().stream().flatMap(RightsTest::boundRole).toList();
        return install.rights().stream()
                .filter(object -> roles.contains(
                        object.getKind() + "/" + object.getMetadata().getName()))
                .flatMap(RightsTest::rules)
                .flatMap(rule -> rule.getApiGroups().stream()
                        .flatMap(group -> rule.getResources().stream()
                                .flatMap(resource ->
                                        rule.getVerbs().stream().map(verb -> new Right(group, resource, verb)))))
                .collect(TreeSet::new, Set::add, Set::addAll);
    }

    private static Stream<String> boundRole(HasMetadata object) {
        return switch (object) {
            case ClusterRoleBinding binding ->
                Stream.of(binding.getRoleRef().getKind() + "/"
                        + binding.getRoleRef().getName());
            case RoleBinding binding ->
                Stream.of(binding.getRoleRef().getKind() + "/"
                        + binding.getRoleRef().getName());
            default -> Stream.empty();
        };
    }

    private static Stream<PolicyRule> rules(HasMetadata object) {
        return switch (object) {
            case ClusterRole role -> role.getRules().stream();
            case Role role -> role.getRules().stream();
            default -> Stream.empty();
        };
    }

    /** A line a resource: what is granted, what of it was not used, and what was refused. */
    private static String table() {
        Set<Right> all = new TreeSet<>(granted);
        all.addAll(log.refused());
        return "| resource | granted | not used | refused |\n| --- | --- | --- | --- |\n"
                + all.stream().collect(groupingBy(RightsTest::resource, TreeMap::new, toList())).entrySet().stream()
                        .map(entry -> row(entry.getKey(), entry.getValue()))
                        .collect(joining("\n"));
    }

    private static String row(String resource, List<Right> rights) {
        return "| "
                + String.join(
                        " | ",
                        resource,
                        verbs(rights, granted::contains),
                        verbs(
                                rights,
                                right -> granted.contains(right) && !log.used().contains(right)),
                        verbs(rights, log.refused()::contains))
                + " |";
    }

    private static String resource(Right right) {
        return right.resource() + (right.group().isEmpty() ? "" : "." + right.group());
    }

    private static String verbs(List<Right> rights, Predicate<Right> wanted) {
        return rights.stream().filter(wanted).map(Right::verb).collect(joining(", "));
    }
}
