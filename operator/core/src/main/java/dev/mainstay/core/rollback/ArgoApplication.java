package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * An Argo CD Application as the API server has it, as far as a rollback looks at it. It is never written.
 *
 * @param json the whole object
 */
public record ArgoApplication(JsonNode json) {

    /** Annotation of what an Application applies. */
    static final String TRACKING = "argocd.argoproj.io/tracking-id";

    private static final String SKIPPED = "argocd.argoproj.io/skip-reconcile";

    /** Whether it puts back what differs from its repository, of its own accord. */
    boolean heals() {
        JsonNode automated = json.path("spec").path("syncPolicy").path("automated");
        return automated.path("enabled").asBoolean(true)
                && automated.path("selfHeal").asBoolean(false)
                && !"true".equals(metadata().path("annotations").path(SKIPPED).asText());
    }

    /** Its namespace and name. */
    String qualifiedName() {
        return namespace() + "/" + name();
    }

    /** The command that stops its healing, and nothing else of it. */
    String pauseCommand() {
        return "kubectl patch applications.argoproj.io " + name() + " --namespace " + namespace()
                + " --type merge --patch '{\"spec\":{\"syncPolicy\":{\"automated\":{\"selfHeal\":false}}}}'";
    }

    /** Who writes the Application itself and may set it back (argo-cd issues 5351 and 19909). */
    Optional<String> parent() {
        for (JsonNode owner : metadata().path("ownerReferences")) {
            if ("ApplicationSet".equals(owner.path("kind").asText())) {
                return Optional.of("ApplicationSet " + owner.path("name").asText());
            }
        }
        return Optional.ofNullable(metadata().path("annotations").path(TRACKING).textValue())
                .map(tracking -> "Application " + tracking.replaceFirst(":.*", ""));
    }

    private String namespace() {
        return metadata().path("namespace").asText();
    }

    private String name() {
        return metadata().path("name").asText();
    }

    private JsonNode metadata() {
        return json.path("metadata");
    }
}
