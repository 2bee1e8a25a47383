package dev.mainstay.e2e.operator;

import dev.mainstay.e2e.harness.ClusterClient;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What deploy/install.yaml gives the operator: its account, its rights and its settings. A test's operator runs outside the
 * cluster, with just these.
 */
public final class ShippedInstall {

    private static final Set<String> ACCOUNT_AND_RIGHTS =
            Set.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");
    private static final long TOKEN_SECONDS = 3600;

    private final KubernetesClient client = ClusterClient.get().client();
    private final List<HasMetadata> objects;
    private final Deployment deployment;

    private ShippedInstall(List<HasMetadata> objects) {
        this.objects = objects;
        this.deployment = objects.stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** Installs account and rights, once for all tests of a JVM. */
    public static ShippedInstall get() {
        return Holder.INSTANCE;
    }

    public String namespace() {
        return deployment.getMetadata().getNamespace();
    }

    public String serviceAccount() {
        return deployment.getSpec().getTemplate().getSpec().getServiceAccountName();
    }

    /** The objects that grant rights. */
    public List<HasMetadata> rights() {
        return objects.stream()
                .filter(object -> ACCOUNT_AND_RIGHTS.contains(object.getKind()))
                .toList();
    }

    /** An object that is not installed for all tests, such as one that would judge what every other test creates. */
    public <T extends HasMetadata> T find(Class<T> kind) {
        return find(kind, "");
    }

    /** The first of a kind with a name that ends so. */
    public <T extends HasMetadata> T find(Class<T> kind, String ending) {
        return objects.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(object -> object.getMetadata().getName().endsWith(ending))
                .findFirst()
                .orElseThrow();
    }

    /** A token of the shipped account, as its Pod would have. */
    public String token() {
        return token(namespace(), serviceAccount());
    }

    /** A token of an account. */
    public String token(String namespace, String account) {
        return client.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    /** The settings that the Deployment gives as plain values. */
    public Map<String, String> environment() {
        return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    private void apply() {
        PatchContext apply = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("mainstay-e2e")
                .withForce(true)
                .build();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace())
                        .endMetadata()
                        .build())
                .patch(apply);
        rights().forEach(object -> client.resource(object).patch(apply));
    }

    private static ShippedInstall install() {
        try (InputStream file = Files.newInputStream(ClusterClient.REPOSITORY.resolve("deploy/install.yaml"))) {
            ShippedInstall install =
                    new ShippedInstall(ClusterClient.get().client().load(file).items());
            install.apply();
            return install;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Holder {
        static final ShippedInstall INSTANCE = install();
    }
}
