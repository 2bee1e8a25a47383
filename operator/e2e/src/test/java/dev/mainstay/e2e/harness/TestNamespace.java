package dev.mainstay.e2e.harness;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
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
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {

    private static final int EVENTS = 40;

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

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        tell(context, context.getRequiredTestMethod().getName(), failure);
        throw failure;
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        tell(context, "before " + context.getRequiredTestMethod().getName(), failure);
        throw failure;
    }

    /** In one piece: tests that run beside this one print too. */
    private void tell(ExtensionContext context, String when, Throwable failure) {
        System.out.println("""

                %s.%s failed in namespace %s: %s
                %s
                %s
                """.formatted(
                        context.getRequiredTestClass().getSimpleName(),
                        when,
                        name,
                        failure,
                        lastEvents(),
                        OperatorLogs.lastLines(name)));
    }

    /** What operator and kubelet have told, oldest first: on a real node the operator's log is not here. */
    private String lastEvents() {
        List<Event> events = client().v1().events().inNamespace(name).list().getItems();
        return events.stream()
                .sorted(Comparator.comparing(event -> event.getMetadata().getCreationTimestamp()))
                .skip(Math.max(0, events.size() - EVENTS))
                .map(event -> "%s %s %s %s: %s"
                        .formatted(
                                event.getMetadata().getCreationTimestamp(),
                                event.getInvolvedObject().getKind(),
                                event.getInvolvedObject().getName(),
                                event.getReason(),
                                event.getMessage()))
                .collect(Collectors.joining("\n"));
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
