package dev.mainstay.runner.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.task.Task.MountedSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a Secret that is missing: which it is, and who names it. */
class MountedSecretsTest {

    private static final MountedSecret PLAIN =
            new MountedSecret("cache", "shop-cache", Map.of("password", "secret-key"));
    private static final MountedSecret NAMED =
            PLAIN.namedBy("spec.caches[main].redis.credentialsSecretRef", "ManagedApplication shop");

    @TempDir
    private Path root;

    @Test
    void givenNoSecret_whenItIsRead_thenTheFieldAndTheObjectThatNameItAreTold() {
        assertThatThrownBy(() -> new MountedSecrets(root, "prod").value(NAMED, "password"))
                .hasMessage(
                        "Secret prod/shop-cache, which spec.caches[main].redis.credentialsSecretRef of ManagedApplication"
                                + " shop names, does not exist or is empty. Create it with the key secret-key.");
        assertThatThrownBy(() -> new MountedSecrets(root, "prod").value(PLAIN, "password"))
                .hasMessage("Secret prod/shop-cache does not exist or is empty. Create it with the key secret-key.");
    }

    @Test
    void givenAnotherKey_whenItIsRead_thenTheFieldIsToldAndTheValueIsNot() throws IOException {
        Files.createDirectories(root.resolve("cache"));
        Files.writeString(root.resolve("cache").resolve("other"), "canary");

        assertThatThrownBy(() -> new MountedSecrets(root, "prod").value(NAMED, "password"))
                .hasMessageContaining(
                        "spec.caches[main].redis.credentialsSecretRef of ManagedApplication shop names, has no key"
                                + " secret-key (keys found: other)")
                .hasMessageNotContaining("canary");
    }

    @Test
    void givenAKeyWithNothing_whenItIsRead_thenTheFieldIsTold() throws IOException {
        Files.createDirectories(root.resolve("cache"));
        Files.writeString(root.resolve("cache").resolve("secret-key"), "");

        assertThatThrownBy(() -> new MountedSecrets(root, "prod").value(NAMED, "password"))
                .hasMessageContaining(
                        "of ManagedApplication shop names, has nothing under the key secret-key. Give it");
    }
}
