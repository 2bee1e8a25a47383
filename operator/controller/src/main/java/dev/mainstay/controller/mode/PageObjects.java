package dev.mainstay.controller.mode;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.JobTemplate;
import dev.mainstay.core.mode.PageContent;
import dev.mainstay.core.mode.PageSpec;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The objects that a maintenance page is made of. Users choose its text, and never its power. */
final class PageObjects {

    private static final String PROBE = "mainstay-probe";

    private final String pullPolicy;

    /**
     * Creates the maker.
     *
     * @param pullPolicy pull policy of the image
     */
    PageObjects(String pullPolicy) {
        this.pullPolicy = pullPolicy;
    }

    /**
     * The Deployment. Its Pods outlive those that are to follow them, so that a change of the text refuses nobody; and it is
     * nobody's dependent: with an owner that is deleted in the foreground it would go before the Services lead back.
     */
    Deployment deployment(String namespace, PageSpec page) {
        return new DeploymentBuilder()
                .withMetadata(new ObjectMetaBuilder(metadata(namespace, page))
                        .addToAnnotations(Annotations.PAGE_HASH, page.hash())
                        .build())
                .withNewSpec()
                .withReplicas(PageSpec.REPLICAS)
                .withRevisionHistoryLimit(1)
                .withProgressDeadlineSeconds(120)
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString(0))
                .withMaxSurge(new IntOrString(1))
                .endRollingUpdate()
                .endStrategy()
                .withNewSelector()
                .withMatchLabels(page.selector())
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app.kubernetes.io/managed-by", "mainstay")
                .addToLabels(page.selector())
                .endMetadata()
                .withSpec(pod(page))
                .endTemplate()
                .endSpec()
                .build();
    }

    /** What goes with it. */
    List<HasMetadata> dependents(String namespace, PageSpec page) {
        return List.of(service(namespace, page), policy(namespace, page));
    }

    private PodSpec pod(PageSpec page) {
        JobTemplate chosen = page.template();
        PodSpecBuilder pod = new PodSpecBuilder()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(30L)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(chosen == null ? null : chosen.runAsUser())
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .withSysctls(
                        page.ports().privileged()
                                ? List.of(new Sysctl("net.ipv4.ip_unprivileged_port_start", "0"))
                                : List.of())
                .endSecurityContext()
                .addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(page.selector())
                .endLabelSelector()
                .endTopologySpreadConstraint()
                .withContainers(container(page))
                .addNewVolume()
                .withName("tmp")
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(new Quantity("16Mi"))
                .endEmptyDir()
                .endVolume();
        if (chosen != null) {
            pod.withNodeSelector(chosen.nodeSelector())
                    .withTolerations(chosen.tolerations())
                    .withPriorityClassName(chosen.priorityClassName())
                    .withRuntimeClassName(chosen.runtimeClassName())
                    .withImagePullSecrets(chosen.imagePullSecrets());
        }
        return pod.build();
    }

    private Container container(PageSpec page) {
        return new ContainerBuilder()
                .withName("page")
                .withImage(page.image())
                .withImagePullPolicy(pullPolicy)
                .withArgs(PageContent.ARGUMENT)
                .addNewEnv()
                .withName(PageContent.ENVIRONMENT_VARIABLE)
                .withValue(escaped(TaskJson.write(page.content())))
                .endEnv()
                .withPorts(ports(page))
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath(PageContent.PROBE_PATH)
                .withPort(new IntOrString(PROBE))
                .endHttpGet()
                .withPeriodSeconds(1)
                .withTimeoutSeconds(5)
                .endReadinessProbe()
                .withNewResources()
                .addToRequests("cpu", new Quantity("10m"))
                .addToRequests("memory", new Quantity("128Mi"))
                .addToLimits("memory", new Quantity("128Mi"))
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withRunAsNonRoot(true)
                .withCapabilities(nothing())
                .endSecurityContext()
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount()
                .build();
    }

    /** The kubelet puts variables into a value: {@code $(HOME)} of a text is to stay what it is. */
    private static String escaped(String value) {
        return value.replace("$", "$$");
    }

    private static Capabilities nothing() {
        return new CapabilitiesBuilder().withDrop("ALL").build();
    }

    private static List<ContainerPort> ports(PageSpec page) {
        List<ContainerPort> ports = new ArrayList<>();
        ports.add(port(PROBE, page.ports().probe()));
        Map<String, Integer> names = page.ports().names();
        names.forEach((name, number) -> ports.add(port(name, number)));
        page.ports().numbers().stream()
                .filter(number -> !names.containsValue(number))
                .forEach(number -> ports.add(port(null, number)));
        return ports;
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    /** Whether it serves can be told by its endpoints before anybody is led to it. */
    private static Service service(String namespace, PageSpec page) {
        return new ServiceBuilder()
                .withMetadata(metadata(namespace, page))
                .withNewSpec()
                .withSelector(page.selector())
                .addNewPort()
                .withName(PROBE)
                .withPort(page.ports().probe())
                .withTargetPort(new IntOrString(PROBE))
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }

    /** Where a policy closes the namespace, the page is reached all the same; it reaches nothing itself. */
    private static NetworkPolicy policy(String namespace, PageSpec page) {
        return new NetworkPolicyBuilder()
                .withMetadata(metadata(namespace, page))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(page.selector())
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .addNewIngress()
                .endIngress()
                .endSpec()
                .build();
    }

    private static ObjectMeta metadata(String namespace, PageSpec page) {
        return new ObjectMetaBuilder()
                .withName(page.name())
                .withNamespace(namespace)
                .addToLabels("app.kubernetes.io/managed-by", "mainstay")
                .addToLabels(page.selector())
                .build();
    }
}
