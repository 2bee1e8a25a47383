package dev.mainstay.e2e.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.operator.ShippedInstall;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped account must never be able to do, asked of the API server's own authorizer. */
@Tag("api")
class ShippedRightsTest {

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
        "patch, apps, deployments, ''",
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
        "patch, mainstay.dev, databasebackups, status"
    })
    void givenTheShippedAccount_whenItDoesItsTask_thenItMay(
            String verb, String group, String resource, String subresource) {
        assertThat(allowed(verb, group, resource, subresource)).isTrue();
    }

    private static boolean allowed(String verb, String group, String resource, String subresource) {
        ShippedInstall install = ShippedInstall.get();
        return ClusterClient.get()
                .client()
                .resource(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser("system:serviceaccount:" + install.namespace() + ":" + install.serviceAccount())
                        .addToGroups("system:serviceaccounts", "system:authenticated")
                        .withNewResourceAttributes()
                        .withNamespace("default")
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
