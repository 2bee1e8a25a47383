package dev.mainstay.e2e.api;

import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.ShippedInstall;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBindingBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.function.Consumer;

/** An admission policy of the chart, bound to one namespace, and users there who are impersonated. */
final class BoundPolicy implements AutoCloseable {

    private final TestNamespace namespace;
    private final ValidatingAdmissionPolicy policy;
    private final ValidatingAdmissionPolicyBinding binding;

    /**
     * Binds it.
     *
     * @param ending of its name, such as {@code requested-by.mainstay.dev}
     */
    BoundPolicy(TestNamespace namespace, String ending) {
        this.namespace = namespace;
        ShippedInstall install = ShippedInstall.get();
        KubernetesClient client = namespace.client();
        policy = client.resource(
                        new ValidatingAdmissionPolicyBuilder(install.find(ValidatingAdmissionPolicy.class, ending))
                                .editMetadata()
                                .withName(namespace.name())
                                .endMetadata()
                                .build())
                .create();
        binding = client.resource(new ValidatingAdmissionPolicyBindingBuilder(
                                install.find(ValidatingAdmissionPolicyBinding.class, ending))
                        .editMetadata()
                        .withName(namespace.name())
                        .endMetadata()
                        .editSpec()
                        .withPolicyName(namespace.name())
                        .withNewMatchResources()
                        .withNewNamespaceSelector()
                        .addToMatchLabels("kubernetes.io/metadata.name", namespace.name())
                        .endNamespaceSelector()
                        .endMatchResources()
                        .endSpec()
                        .build())
                .create();
    }

    /** Gives users the chart's role for people on call, and accounts of the namespace too. */
    BoundPolicy onCall(List<String> users, List<String> accounts) {
        ShippedInstall install = ShippedInstall.get();
        RoleBindingBuilder role = new RoleBindingBuilder()
                .withNewMetadata()
                .withName("oncall")
                .endMetadata()
                .withNewRoleRef(
                        "rbac.authorization.k8s.io",
                        "ClusterRole",
                        install.namespace() + ":" + install.serviceAccount() + "-oncall");
        users.forEach(user -> role.addNewSubject("rbac.authorization.k8s.io", "User", user, null));
        accounts.forEach(account -> role.addNewSubject(null, "ServiceAccount", account, namespace.name()));
        namespace.create(role.build());
        return this;
    }

    /** What the API server found when it looked at the policy: null until it has. */
    List<?> warnings() {
        var status = namespace.client().resource(policy).get().getStatus();
        return status == null
                        || status.getTypeChecking() == null
                        || !Long.valueOf(1).equals(status.getObservedGeneration())
                ? null
                : status.getTypeChecking().getExpressionWarnings();
    }

    /** As somebody does it who has a group beside, or none. */
    static void as(TestNamespace namespace, String user, String group, Consumer<KubernetesClient> does) {
        ConfigBuilder config = new ConfigBuilder(namespace.client().getConfiguration()).withImpersonateUsername(user);
        if (group != null) {
            config.withImpersonateGroups(group);
        }
        Config impersonating = config.build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(impersonating).build()) {
            does.accept(client);
        }
    }

    static void create(TestNamespace namespace, String user, String group, GenericKubernetesResource object) {
        as(namespace, user, group, client -> client.resource(object).create());
    }

    @Override
    public void close() {
        namespace.client().resource(binding).delete();
        namespace.client().resource(policy).delete();
    }
}
