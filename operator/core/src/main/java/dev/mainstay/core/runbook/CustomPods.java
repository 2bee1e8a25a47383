package dev.mainstay.core.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mainstay.core.task.TaskJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The pod template of a step's own Job: what may be in it, and what is added. Only what is listed is let through, so that a field
 * of a newer Kubernetes gives no power that nobody has thought of.
 */
final class CustomPods {

    private static final int LONGEST = 32_768;

    private static final Set<String> POD = Set.of(
            "containers",
            "initContainers",
            "volumes",
            "restartPolicy",
            "terminationGracePeriodSeconds",
            "serviceAccountName",
            "automountServiceAccountToken",
            "securityContext",
            "imagePullSecrets",
            "nodeSelector",
            "tolerations",
            "affinity",
            "topologySpreadConstraints",
            "dnsPolicy",
            "dnsConfig",
            "enableServiceLinks");

    private static final Set<String> CONTAINER = Set.of(
            "name",
            "image",
            "imagePullPolicy",
            "command",
            "args",
            "workingDir",
            "env",
            "envFrom",
            "resources",
            "volumeMounts",
            "securityContext",
            "terminationMessagePath",
            "terminationMessagePolicy");

    private static final Set<String> VOLUME =
            Set.of("name", "configMap", "secret", "emptyDir", "projected", "downwardAPI", "persistentVolumeClaim");

    private static final Set<String> POD_SECURITY = Set.of(
            "fsGroup",
            "fsGroupChangePolicy",
            "supplementalGroups",
            "runAsUser",
            "runAsGroup",
            "runAsNonRoot",
            "seccompProfile");

    private static final Set<String> CONTAINER_SECURITY = Set.of(
            "privileged",
            "allowPrivilegeEscalation",
            "capabilities",
            "readOnlyRootFilesystem",
            "runAsUser",
            "runAsGroup",
            "runAsNonRoot",
            "seccompProfile");

    private CustomPods() {}

    /**
     * What may not be in a template, in a sentence; empty when nothing is wrong.
     *
     * @param parameters names of the Runbook's parameters
     */
    static Optional<String> fault(JsonNode template, Set<String> parameters) {
        if (template == null || !template.path("spec").path("containers").isArray()) {
            return Optional.of("job.template has no spec.containers. Write a pod template, as a Job has it.");
        }
        Optional<String> shape = shape(template);
        if (shape.isPresent()) {
            return shape;
        }
        if (TaskJson.write(template).length() > LONGEST) {
            return Optional.of("job.template is longer than " + LONGEST
                    + " characters. Put scripts into an image or a ConfigMap.");
        }
        JsonNode spec = template.path("spec");
        return Stream.<Optional<String>>of(
                        others(template, Set.of("metadata", "spec"), ""),
                        others(template.path("metadata"), Set.of("labels", "annotations"), "metadata."),
                        reserved(template.path("metadata")),
                        others(spec, POD, "spec."),
                        only(spec, "restartPolicy", "Never", "spec."),
                        each(spec, "volumes", VOLUME),
                        others(spec.path("securityContext"), POD_SECURITY, "spec.securityContext."),
                        security(spec.path("securityContext"), "spec.securityContext."),
                        containers(spec, "initContainers"),
                        containers(spec, "containers"),
                        parameters(template, "", parameters))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What is written as something else than it is in a pod template; what it is made of is the API server's matter. */
    private static Optional<String> shape(JsonNode template) {
        List<Optional<String>> found = new ArrayList<>();
        found.add(object(template, "metadata", ""));
        found.add(object(template.path("spec"), "securityContext", "spec."));
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : template.path("spec").path(list)) {
                String path = "spec." + list + "[].";
                found.add(container.isObject() ? Optional.empty() : Optional.of(noObject("spec." + list + "[]")));
                found.add(object(container, "securityContext", path));
                found.add(object(container.path("securityContext"), "capabilities", path + "securityContext."));
                for (JsonNode variable : container.path("env")) {
                    found.add(variable.isObject() ? Optional.empty() : Optional.of(noObject(path + "env[]")));
                }
            }
        }
        return found.stream().flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> object(JsonNode parent, String field, String path) {
        return !parent.has(field) || parent.path(field).isObject()
                ? Optional.empty()
                : Optional.of(noObject(path + field));
    }

    private static String noObject(String path) {
        return "job.template." + path + " has to be an object. Write it as in a Pod.";
    }

    private static Optional<String> others(JsonNode object, Set<String> allowed, String path) {
        return object.propertyStream()
                .map(Map.Entry::getKey)
                .filter(key -> !allowed.contains(key))
                .findFirst()
                .map(key -> refused(path + key, "is not among the fields that it may have"));
    }

    /** Others decide by these labels whose Pods they are. */
    private static Optional<String> reserved(JsonNode metadata) {
        return Stream.of("labels", "annotations")
                .flatMap(part -> metadata.path(part)
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .filter(key -> key.contains("mainstay.dev/"))
                        .map(key -> refused("metadata." + part + "[" + key + "]", "is one of Mainstay's own")))
                .findFirst();
    }

    private static Optional<String> each(JsonNode spec, String list, Set<String> allowed) {
        List<Optional<String>> found = new ArrayList<>();
        for (int index = 0; index < spec.path(list).size(); index++) {
            found.add(others(spec.path(list).path(index), allowed, "spec." + list + "[" + index + "]."));
        }
        return found.stream().flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> containers(JsonNode spec, String list) {
        List<Optional<String>> found = new ArrayList<>();
        found.add(each(spec, list, CONTAINER));
        for (int index = 0; index < spec.path(list).size(); index++) {
            JsonNode security = spec.path(list).path(index).path("securityContext");
            String path = "spec." + list + "[" + index + "].securityContext.";
            found.add(others(security, CONTAINER_SECURITY, path));
            found.add(security(security, path));
            found.add(only(security, "privileged", "false", path));
            found.add(only(security, "allowPrivilegeEscalation", "false", path));
            for (JsonNode capability : security.path("capabilities").path("add")) {
                if (!capability.asText().equals("NET_BIND_SERVICE")) {
                    found.add(Optional.of(refused(path + "capabilities.add", "has " + capability.asText())));
                }
            }
        }
        return found.stream().flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> security(JsonNode security, String path) {
        if (security.path("runAsUser").asText().equals("0")) {
            return Optional.of(refused(path + "runAsUser", "is 0"));
        }
        String profile = security.path("seccompProfile").path("type").asText("RuntimeDefault");
        return only(security, "runAsNonRoot", "true", path)
                .or(() -> Set.of("RuntimeDefault", "Localhost").contains(profile)
                        ? Optional.empty()
                        : Optional.of(refused(path + "seccompProfile.type", "is " + profile)));
    }

    private static Optional<String> only(JsonNode object, String field, String value, String path) {
        return !object.has(field) || object.path(field).asText().equals(value)
                ? Optional.empty()
                : Optional.of(refused(path + field, "may only be " + value));
    }

    private static String refused(String path, String why) {
        return "job.template." + path + " " + why
                + ": the Pod of a step is restricted. Leave it out; docs/steps/job.md lists what it may have.";
    }

    private static Optional<String> parameters(JsonNode node, String path, Set<String> known) {
        if (node.isTextual()) {
            return parameter(node.asText(), path, known);
        }
        List<Optional<String>> found = new ArrayList<>();
        node.propertyStream().forEach(field -> {
            found.add(RunParameters.mentioned(field.getKey()) ? spliced(path) : Optional.empty());
            found.add(parameters(field.getValue(), path + "." + field.getKey(), known));
        });
        if (node.isArray()) {
            node.forEach(element -> found.add(parameters(element, path + "[]", known)));
        }
        return found.stream().flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> parameter(String text, String path, Set<String> known) {
        if (!RunParameters.mentioned(text)) {
            return Optional.empty();
        }
        Optional<String> name = RunParameters.named(text);
        if (name.isEmpty() || !mayBeReplaced(path)) {
            return spliced(path);
        }
        return known.contains(name.get())
                ? Optional.empty()
                : Optional.of("job.template" + path + " names the parameter " + name.get()
                        + ", which spec.parameters of the Runbook does not have. Add it there, or correct the name.");
    }

    private static Optional<String> spliced(String path) {
        return Optional.of("job.template" + path
                + " has a parameter within a text, or in a place of which it may be no part. $(params.NAME) may be the whole"
                + " value of an environment variable, or one whole argument.");
    }

    private static boolean mayBeReplaced(String path) {
        return path.matches("\\.spec\\.(initContainers|containers)\\[]\\.(env\\[]\\.value|args\\[])");
    }

    /** The template that is run: restricted, and with the values of the parameters. */
    static ObjectNode restricted(JsonNode template, Map<String, String> values) {
        ObjectNode copy = template.deepCopy();
        ObjectNode spec = (ObjectNode) copy.path("spec");
        spec.put("restartPolicy", "Never");
        absent(spec, "automountServiceAccountToken", false);
        absent(spec, "enableServiceLinks", false);
        ObjectNode security = spec.withObjectProperty("securityContext");
        absent(security, "runAsNonRoot", true);
        if (!security.has("seccompProfile")) {
            security.putObject("seccompProfile").put("type", "RuntimeDefault");
        }
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                ObjectNode own = ((ObjectNode) container).withObjectProperty("securityContext");
                absent(own, "allowPrivilegeEscalation", false);
                own.withObjectProperty("capabilities").putArray("drop").add("ALL");
                replace((ObjectNode) container, values);
            }
        }
        return copy;
    }

    private static void absent(ObjectNode object, String field, boolean value) {
        if (!object.has(field)) {
            object.put(field, value);
        }
    }

    private static void replace(ObjectNode container, Map<String, String> values) {
        for (JsonNode variable : container.path("env")) {
            RunParameters.named(variable.path("value").asText())
                    .ifPresent(name ->
                            ((ObjectNode) variable).put("value", RunParameters.literal(values.getOrDefault(name, ""))));
        }
        for (int index = 0; index < container.path("args").size(); index++) {
            int place = index;
            RunParameters.named(container.path("args").path(index).asText())
                    .ifPresent(name -> container
                            .withArrayProperty("args")
                            .set(place, TextNode.valueOf(RunParameters.literal(values.getOrDefault(name, "")))));
        }
    }
}
