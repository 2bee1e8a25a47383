package dev.mainstay.e2e.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.ShippedInstall;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped account and the shipped roles may do and must never be able to, asked of the API server's own authorizer. */
@Tag("api")
class ShippedRightsTest {

    private static final List<String> ROLES = List.of("viewer", "oncall", "editor");

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @ParameterizedTest
    @CsvSource({
        "get, '', secrets, ''",
        "list, '', secrets, ''",
        "watch, '', secrets, ''",
        "create, '', pods, ''",
        "create, '', pods, exec",
        "create, '', pods, ephemeralcontainers",
        "create, '', serviceaccounts, token",
        "update, batch, jobs, ''",
        "delete, batch, jobs, ''",
        "get, '', pods, ''",
        "update, mainstay.dev, databasebackups, ''",
        "patch, mainstay.dev, managedapplications, ''",
        "deletecollection, mainstay.dev, databasebackups, ''",
        "delete, mainstay.dev, backuppolicies, ''",
        "update, mainstay.dev, rollbackrequests, ''",
        "delete, mainstay.dev, rollbackrequests, ''",
        "deletecollection, mainstay.dev, rollbackrequests, ''",
        "create, mainstay.dev, restorerequests, ''",
        "update, mainstay.dev, restorerequests, ''",
        "delete, mainstay.dev, restorerequests, ''",
        "deletecollection, mainstay.dev, restorerequests, ''",
        "update, mainstay.dev, maintenanceruns, ''",
        "deletecollection, mainstay.dev, maintenanceruns, ''",
        "get, mainstay.dev, maintenanceschedules, ''",
        "patch, mainstay.dev, maintenanceschedules, ''",
        "create, mainstay.dev, maintenanceschedules, ''",
        "patch, mainstay.dev, runbooks, ''",
        "create, mainstay.dev, alertrules, ''",
        "update, mainstay.dev, alertrules, ''",
        "delete, mainstay.dev, alertrules, ''",
        "get, mainstay.dev, notificationchannels, ''",
        "patch, mainstay.dev, notificationchannels, ''",
        "update, mainstay.dev, maintenancemodes, ''",
        "deletecollection, mainstay.dev, maintenancemodes, ''",
        "update, apps, deployments, ''",
        "deletecollection, apps, deployments, ''",
        "list, '', services, ''",
        "update, '', services, ''",
        "delete, '', services, ''",
        "get, networking.k8s.io, networkpolicies, ''",
        "delete, networking.k8s.io, networkpolicies, ''",
        "patch, apps, deployments, scale",
        "update, apps, statefulsets, ''",
        "create, apps, statefulsets, ''",
        "delete, apps, statefulsets, ''",
        "create, batch, cronjobs, ''",
        "list, batch, cronjobs, ''",
        "update, batch, cronjobs, ''",
        "delete, batch, cronjobs, ''",
        "patch, apps, replicasets, ''",
        "delete, apps, replicasets, ''",
        "update, apps, controllerrevisions, ''",
        "list, '', configmaps, ''",
        "create, rbac.authorization.k8s.io, rolebindings, ''",
        "escalate, rbac.authorization.k8s.io, clusterroles, ''",
        "impersonate, '', users, ''",
        "patch, apiextensions.k8s.io, customresourcedefinitions, ''"
    })
    void givenTheShippedAccount_whenItWouldOverstepItsTask_thenItMayNot(
            String verb, String group, String resource, String subresource) {
        assertThat(allowed(verb, group, resource, subresource)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "create, batch, jobs, ''",
        "delete, mainstay.dev, databasebackups, ''",
        "patch, mainstay.dev, databasebackups, status",
        "create, mainstay.dev, rollbackrequests, ''",
        "patch, mainstay.dev, rollbackrequests, status",
        "patch, mainstay.dev, restorerequests, ''",
        "patch, mainstay.dev, restorerequests, status",
        "get, mainstay.dev, maintenanceruns, ''",
        "get, mainstay.dev, runbooks, ''",
        "create, mainstay.dev, maintenanceruns, ''",
        "delete, mainstay.dev, maintenanceruns, ''",
        "patch, mainstay.dev, maintenanceruns, ''",
        "patch, mainstay.dev, maintenanceruns, status",
        "patch, mainstay.dev, maintenanceschedules, status",
        "patch, mainstay.dev, runbooks, status",
        "patch, mainstay.dev, alertrules, ''",
        "patch, mainstay.dev, alertrules, status",
        "watch, mainstay.dev, notificationchannels, ''",
        "patch, mainstay.dev, notificationchannels, status",
        "create, mainstay.dev, maintenancemodes, ''",
        "delete, mainstay.dev, maintenancemodes, ''",
        "patch, apps, deployments, ''",
        "patch, apps, statefulsets, ''",
        "patch, batch, cronjobs, ''",
        "patch, '', services, ''",
        "create, apps, deployments, ''",
        "delete, apps, deployments, ''"
    })
    void givenTheShippedAccount_whenItDoesItsTask_thenItMay(
            String verb, String group, String resource, String subresource) {
        assertThat(allowed(verb, group, resource, subresource)).isTrue();
    }

    /** A request acts with the operator's rights: who may make one need not be able to write a Deployment. */
    @ParameterizedTest
    @CsvSource({
        "viewer, get, mainstay.dev, rollbackrequests, '', true",
        "viewer, create, mainstay.dev, rollbackrequests, '', false",
        "oncall, create, mainstay.dev, rollbackrequests, '', true",
        "oncall, watch, mainstay.dev, rollbackrequests, '', true",
        "oncall, update, mainstay.dev, rollbackrequests, '', false",
        "oncall, patch, mainstay.dev, rollbackrequests, '', false",
        "oncall, delete, mainstay.dev, rollbackrequests, '', false",
        "oncall, patch, mainstay.dev, rollbackrequests, status, false",
        "oncall, update, mainstay.dev, managedapplications, '', false",
        "oncall, patch, apps, deployments, '', false",
        "oncall, get, apps, controllerrevisions, '', false",
        "viewer, get, mainstay.dev, restorerequests, '', true",
        "viewer, create, mainstay.dev, restorerequests, '', false",
        "oncall, create, mainstay.dev, restorerequests, '', true",
        "oncall, watch, mainstay.dev, restorerequests, '', true",
        "oncall, update, mainstay.dev, restorerequests, '', false",
        "oncall, patch, mainstay.dev, restorerequests, '', false",
        "oncall, delete, mainstay.dev, restorerequests, '', false",
        "oncall, patch, mainstay.dev, restorerequests, status, false",
        "oncall, get, '', secrets, '', false",
        "editor, delete, mainstay.dev, restorerequests, '', true",
        "editor, patch, mainstay.dev, restorerequests, status, false",
        "viewer, create, mainstay.dev, maintenancemodes, '', false",
        "oncall, create, mainstay.dev, maintenancemodes, '', true",
        "oncall, delete, mainstay.dev, maintenancemodes, '', true",
        "oncall, patch, mainstay.dev, maintenancemodes, status, false",
        "viewer, get, mainstay.dev, maintenanceschedules, '', true",
        "oncall, patch, mainstay.dev, maintenanceschedules, '', false",
        "oncall, create, mainstay.dev, maintenanceschedules, '', false",
        "editor, patch, mainstay.dev, maintenanceschedules, '', true",
        "viewer, get, mainstay.dev, maintenanceruns, '', true",
        "viewer, patch, mainstay.dev, maintenanceruns, '', false",
        "oncall, create, mainstay.dev, maintenanceruns, '', true",
        "oncall, patch, mainstay.dev, maintenanceruns, '', true",
        "oncall, delete, mainstay.dev, maintenanceruns, '', false",
        "oncall, patch, mainstay.dev, maintenanceruns, status, false",
        "oncall, get, mainstay.dev, runbooks, '', true",
        "oncall, create, mainstay.dev, runbooks, '', false",
        "oncall, patch, mainstay.dev, runbooks, '', false",
        "editor, patch, mainstay.dev, runbooks, '', true",
        "viewer, get, mainstay.dev, alertrules, '', true",
        "viewer, patch, mainstay.dev, alertrules, '', false",
        "oncall, patch, mainstay.dev, alertrules, '', true",
        "oncall, update, mainstay.dev, alertrules, '', false",
        "oncall, create, mainstay.dev, alertrules, '', false",
        "oncall, delete, mainstay.dev, alertrules, '', false",
        "oncall, patch, mainstay.dev, alertrules, status, false",
        "editor, update, mainstay.dev, alertrules, '', true",
        "viewer, get, mainstay.dev, notificationchannels, '', true",
        "oncall, patch, mainstay.dev, notificationchannels, '', false",
        "editor, patch, mainstay.dev, notificationchannels, '', true",
        "oncall, patch, '', services, '', false",
        "editor, delete, mainstay.dev, rollbackrequests, '', true",
        "editor, patch, mainstay.dev, rollbackrequests, status, false",
        "editor, patch, apps, deployments, '', false"
    })
    void givenAShippedRoleForPeople_whenOneOfThemActs_thenTheyMayWhatTheRoleIsFor(
            String role, String verb, String group, String resource, String subresource, boolean may) {
        assertThat(allowed(role, verb, group, resource, subresource)).isEqualTo(may);
    }

    @BeforeAll
    static void bindTheRoles() {
        ShippedInstall install = ShippedInstall.get();
        ROLES.forEach(role -> NAMESPACE.create(new RoleBindingBuilder()
                .withNewMetadata()
                .withName(role)
                .endMetadata()
                .withNewRoleRef(
                        "rbac.authorization.k8s.io",
                        "ClusterRole",
                        install.namespace() + ":" + install.serviceAccount() + "-" + role)
                .addNewSubject("rbac.authorization.k8s.io", "User", role, null)
                .build()));
        // The authorizer reads bindings from a cache.
        await().until(() ->
                ROLES.stream().allMatch(role -> allowed(role, "get", "mainstay.dev", "databasebackups", "")));
    }

    private static boolean allowed(String verb, String group, String resource, String subresource) {
        ShippedInstall install = ShippedInstall.get();
        return allowed(
                "system:serviceaccount:" + install.namespace() + ":" + install.serviceAccount(),
                verb,
                group,
                resource,
                subresource);
    }

    private static boolean allowed(String user, String verb, String group, String resource, String subresource) {
        return ClusterClient.get()
                .client()
                .resource(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(user)
                        .addToGroups("system:serviceaccounts", "system:authenticated")
                        .withNewResourceAttributes()
                        .withNamespace(NAMESPACE.name())
                        .withVerb(verb)
                        .withGroup(group)
                        .withResource(resource)
                        .withSubresource(subresource)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create()
                .getStatus()
                .getAllowed();
    }
}
