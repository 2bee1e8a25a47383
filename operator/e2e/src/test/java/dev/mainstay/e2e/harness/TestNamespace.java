package dev.mainstay.e2e.harness;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * A namespace of a test's own, in which Pods are held to the restricted profile. To be registered with
 * {@code @RegisterExtension}: as a static field it serves a class, else a test.
 */
public final class TestNamespace
        implements BeforeEachCallback,
                AfterEachCallback,
                BeforeAllCallback,
                AfterAllCallback,
                TestExecutionExceptionHandler {

    private boolean ofClass;
    private String name;

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
        create();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!ofClass) {
            create();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!ofClass) {
            delete();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        delete();
    }

    /** In one piece: tests that run beside this one print too. */
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        System.out.println("""

                %s.%s failed in namespace %s: %s
                %s
                """.formatted(
                        context.getRequiredTestClass().getSimpleName(),
                        context.getRequiredTestMethod().getName(),
                        name,
                        failure,
                        OperatorLogs.lastLines(name)));
        throw failure;
    }

    public String name() {
        return name;
    }

    public KubernetesClient client() {
        return ClusterClient.get().client();
    }

    /** The objects of a kind in this namespace. */
    public <T extends HasMetadata> NonNamespaceOperation<T, KubernetesResourceList<T>, Resource<T>> all(Class<T> kind) {
        MixedOperation<T, KubernetesResourceList<T>, Resource<T>> everywhere = client().resources(kind);
        return everywhere.inNamespace(name);
    }

    /** The newest state of an object; null when there is none. */
    public <T extends HasMetadata> T find(Class<T> kind, String object) {
        return all(kind).withName(object).get();
    }

    public <T extends HasMetadata> List<T> list(Class<T> kind) {
        return all(kind).list().getItems();
    }

    /** Creates the object here. */
    public <T extends HasMetadata> T create(T object) {
        object.getMetadata().setNamespace(name);
        return client().resource(object).create();
    }

    private void create() {
        Namespace namespace = new NamespaceBuilder()
                .withNewMetadata()
                .withGenerateName("e2e-")
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .addToLabels("mainstay.dev/e2e", "true")
                .endMetadata()
                .build();
        name = client().resource(namespace).create().getMetadata().getName();
    }

    /** Without waiting: the next test has a namespace of its own. */
    private void delete() {
        client().namespaces().withName(name).delete();
    }
}
