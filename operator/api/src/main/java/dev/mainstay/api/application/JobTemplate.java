package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;

/** The few fields of a Job's Pod that users set. There is no free pod template: users never choose a Job's power. */
public record JobTemplate(
        @JsonPropertyDescription("Requests and limits of the Job's container, as in a Pod.")
        ResourceRequirements resources,

        @JsonPropertyDescription("Labels that the node must have, as in a Pod.")
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints that the Pod tolerates, as in a Pod.") @Size(max = 32)
        List<Toleration> tolerations,

        @JsonPropertyDescription("Affinity, as in a Pod.") Affinity affinity,

        @JsonPropertyDescription("Spreading over zones or nodes, as in a Pod.") @Size(max = 8)
        List<TopologySpreadConstraint> topologySpreadConstraints,

        @JsonPropertyDescription("Name of the PriorityClass.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String priorityClassName,

        @JsonPropertyDescription("Name of the RuntimeClass.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String runtimeClassName,

        @JsonPropertyDescription("User id of the container; 65532 when left out, chosen by the platform on OpenShift.")
        @Min(1)
        Long runAsUser,

        @JsonPropertyDescription("Labels added to the Job's Pod.")
        Map<String, String> labels,

        @JsonPropertyDescription("Annotations added to the Job's Pod.")
        Map<String, String> annotations,

        @JsonPropertyDescription("Secrets with which images are pulled.") @Size(max = 8)
        List<LocalObjectReference> imagePullSecrets,

        @JsonPropertyDescription("ServiceAccount of the Pod. Only one that an administrator labelled "
                + "mainstay.dev/allow-jobs=true is used; the namespace's default, without a token, when left out.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String serviceAccountName) {}
