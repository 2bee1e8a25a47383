package dev.mainstay.core.alert;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.core.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The Secrets that a channel needs, and what is said of one that can't be had. */
public final class ChannelSecrets {

    /** Of a ServiceAccount, as the API server calls its user. */
    private static final String ACCOUNT = "system:serviceaccount:";

    private ChannelSecrets() {}

    /**
     * A key of a Secret that a channel names.
     *
     * @param field the field that names it, such as {@code spec.slack.urlSecretRef}
     * @param key the key
     */
    public record Named(String field, SecretKeyReference key) {}

    /** The keys that a destination names. */
    public static List<Named> of(NotificationDestination destination) {
        List<Named> named = new ArrayList<>();
        if (destination.slack() != null) {
            add(named, "spec.slack.urlSecretRef", destination.slack().urlSecretRef());
        }
        if (destination.webhook() != null) {
            add(named, "spec.webhook.urlSecretRef", destination.webhook().urlSecretRef());
            add(named, "spec.webhook.hmacSecretRef", destination.webhook().hmacSecretRef());
            add(
                    named,
                    "spec.webhook.authorizationSecretRef",
                    destination.webhook().authorizationSecretRef());
            add(named, "spec.webhook.caSecretRef", destination.webhook().caSecretRef());
        }
        if (destination.alertmanager() != null) {
            add(
                    named,
                    "spec.alertmanager.authorizationSecretRef",
                    destination.alertmanager().authorizationSecretRef());
            add(
                    named,
                    "spec.alertmanager.caSecretRef",
                    destination.alertmanager().caSecretRef());
        }
        return named;
    }

    private static void add(List<Named> named, String field, SecretKeyReference key) {
        if (key != null) {
            named.add(new Named(field, key));
        }
    }

    /**
     * Why nothing can be sent to a channel, by what its Secrets are like; empty when all that it names is there.
     *
     * @param look what is found of a key
     * @param user as whom the API server knows the operator; asked for only where it may not read
     */
    public static Optional<AlertObstacle> obstacle(
            NotificationChannel channel, Function<SecretKeyReference, SecretSeen> look, Supplier<String> user) {
        if (channel.getSpec() == null) {
            return Optional.empty();
        }
        List<Named> named = of(channel.getSpec().destination());
        return named.stream()
                .map(one -> obstacle(channel, named, one, look.apply(one.key()), user))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<AlertObstacle> obstacle(
            NotificationChannel channel, List<Named> all, Named named, SecretSeen seen, Supplier<String> user) {
        String namespace = channel.getMetadata().getNamespace();
        String secret = "Secret " + namespace + "/" + named.key().name();
        String key = "key " + named.key().key();
        return switch (seen) {
            case SecretSeen.Present ignored -> Optional.empty();
            case SecretSeen.NotFound ignored ->
                missing(secret + ", which " + named.field() + " names, does not exist. Create it with the " + key
                        + ".");
            case SecretSeen.KeyMissing ignored ->
                missing(secret + " has no " + key + ", which " + named.field()
                        + " names. Add it, or name the key that it has.");
            case SecretSeen.Blank ignored ->
                missing(secret + " has nothing under the " + key + ", which " + named.field()
                        + " names, but spaces or line breaks. Put the value there.");
            case SecretSeen.Forbidden ignored ->
                Optional.of(new AlertObstacle(
                        Reason.FORBIDDEN,
                        "Mainstay may not read " + secret + ", which " + named.field()
                                + " names: it reads only what a Role of this namespace lets it. Make one: "
                                + commands(channel, all, user.get())));
        };
    }

    private static Optional<AlertObstacle> missing(String message) {
        return Optional.of(new AlertObstacle(Reason.CREDENTIALS_MISSING, message));
    }

    /** What lets the operator read the Secrets of a channel, and no others. */
    static String commands(NotificationChannel channel, List<Named> named, String user) {
        String namespace = channel.getMetadata().getNamespace();
        String role = channel.getMetadata().getName() + "-secrets";
        String secrets = named.stream()
                .map(one -> " --resource-name=" + one.key().name())
                .distinct()
                .collect(Collectors.joining());
        String create = "kubectl create role " + role + " --namespace=" + namespace + " --verb=get --resource=secrets"
                + secrets;
        return create + " && kubectl create rolebinding " + role + " --namespace=" + namespace + " --role=" + role + " "
                + subject(user) + ". Where they are there already, delete them first: kubectl delete role,rolebinding "
                + role + " --namespace=" + namespace;
    }

    private static String subject(String user) {
        return user.startsWith(ACCOUNT) ? "--serviceaccount=" + user.substring(ACCOUNT.length()) : "--user=" + user;
    }
}
