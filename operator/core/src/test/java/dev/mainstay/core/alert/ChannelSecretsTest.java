package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a Secret that a channel can't have. */
class ChannelSecretsTest {

    private static final String USER = "system:serviceaccount:mainstay-system:mainstay";
    private static final NotificationChannel SLACK = channel("slack: {urlSecretRef: {name: slack, key: url}}");

    private static final NotificationChannel WEBHOOK =
            channel("webhook: {urlSecretRef: {name: hook, key: url}, hmacSecretRef: {name: hook, key: hmac},"
                    + " authorizationSecretRef: {name: token, key: value}, caSecretRef: {name: ca, key: ca.crt}}");

    @Test
    void givenASecretThatIsNotThere_whenItIsLookedFor_thenTheMessageNamesItAndItsFieldAndKey() {
        assertThat(ChannelSecrets.obstacle(SLACK, key -> new SecretSeen.NotFound(), () -> USER))
                .contains(
                        new AlertObstacle(
                                Reason.CREDENTIALS_MISSING,
                                "Secret shop/slack, which spec.slack.urlSecretRef names, does not exist. Create it with the key url."));
    }

    @Test
    void givenASecretWithoutTheKey_whenItIsLookedFor_thenTheMessageSaysSo() {
        assertThat(ChannelSecrets.obstacle(SLACK, key -> new SecretSeen.KeyMissing(), () -> USER))
                .contains(new AlertObstacle(
                        Reason.CREDENTIALS_MISSING,
                        "Secret shop/slack has no key url, which spec.slack.urlSecretRef names. Add it, or name the key that it"
                                + " has."));
    }

    @Test
    void givenAKeyWithNothingUnderIt_whenItIsLookedFor_thenTheMessageSaysSo() {
        assertThat(ChannelSecrets.obstacle(SLACK, key -> new SecretSeen.Blank(), () -> USER))
                .contains(new AlertObstacle(
                        Reason.CREDENTIALS_MISSING,
                        "Secret shop/slack has nothing under the key url, which spec.slack.urlSecretRef names, but spaces or line"
                                + " breaks. Put the value there."));
    }

    @Test
    void givenSecretsThatMayNotBeRead_whenTheyAreLookedFor_thenTheMessageHasTheCommandsForAllOfThemAndNoOthers() {
        AlertObstacle obstacle = ChannelSecrets.obstacle(WEBHOOK, key -> new SecretSeen.Forbidden("no"), () -> USER)
                .orElseThrow();

        assertThat(obstacle.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(obstacle.message())
                .contains("Mainstay may not read Secret shop/hook, which spec.webhook.urlSecretRef names")
                .contains("kubectl create role team-secrets --namespace=shop --verb=get --resource=secrets"
                        + " --resource-name=hook --resource-name=token --resource-name=ca && kubectl create rolebinding"
                        + " team-secrets --namespace=shop --role=team-secrets"
                        + " --serviceaccount=mainstay-system:mainstay.")
                .contains("kubectl delete role,rolebinding team-secrets --namespace=shop");
    }

    @Test
    void givenAnOperatorOutsideOfTheCluster_whenItMayNotRead_thenTheCommandNamesItsUser() {
        assertThat(ChannelSecrets.obstacle(SLACK, key -> new SecretSeen.Forbidden("no"), () -> "alice"))
                .get()
                .extracting(AlertObstacle::message)
                .asString()
                .contains("--role=team-secrets --user=alice.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            slack: {urlSecretRef: {name: a, key: k}} | spec.slack.urlSecretRef
            webhook: {urlSecretRef: {name: a, key: k}} | spec.webhook.urlSecretRef
            webhook: {url: 'http://a', hmacSecretRef: {name: a, key: k}} | spec.webhook.hmacSecretRef
            webhook: {url: 'http://a', authorizationSecretRef: {name: a, key: k}} | spec.webhook.authorizationSecretRef
            webhook: {url: 'http://a', caSecretRef: {name: a, key: k}} | spec.webhook.caSecretRef
            alertmanager: {urls: ['http://a'], authorizationSecretRef: {name: a, key: k}} | spec.alertmanager.authorizationSecretRef
            alertmanager: {urls: ['http://a'], caSecretRef: {name: a, key: k}} | spec.alertmanager.caSecretRef
            """)
    void givenEachFieldThatNamesASecret_whenThatIsMissing_thenItIsNamed(String spec, String field) {
        assertThat(ChannelSecrets.obstacle(channel(spec), key -> new SecretSeen.NotFound(), () -> USER))
                .get()
                .extracting(AlertObstacle::message)
                .asString()
                .contains(field);
    }

    @Test
    void givenAllThatIsNeeded_whenItIsLookedFor_thenEachKeyIsLookedAtAndNobodyIsAskedForTheUser() {
        List<SecretKeyReference> looked = new ArrayList<>();

        assertThat(ChannelSecrets.obstacle(
                        WEBHOOK,
                        key -> {
                            looked.add(key);
                            return new SecretSeen.Present();
                        },
                        () -> {
                            throw new AssertionError("asked");
                        }))
                .isEmpty();
        assertThat(looked).hasSize(4);
    }

    @Test
    void givenNoSecretsOrNoSpec_whenTheyAreLookedFor_thenNothingIsInTheWay() {
        NotificationChannel unreadable = channel("{}");
        unreadable.setSpec(null);

        assertThat(ChannelSecrets.obstacle(
                        channel("webhook: {url: 'http://a'}"), key -> new SecretSeen.NotFound(), () -> USER))
                .isEmpty();
        assertThat(ChannelSecrets.obstacle(unreadable, key -> new SecretSeen.NotFound(), () -> USER))
                .isEmpty();
    }

    private static NotificationChannel channel(String spec) {
        return Serialization.unmarshal(
                "metadata: {name: team, namespace: shop}\nspec: " + (spec.startsWith("{") ? spec : "{" + spec + "}"),
                NotificationChannel.class);
    }
}
