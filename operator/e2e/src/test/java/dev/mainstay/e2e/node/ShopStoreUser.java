package dev.mainstay.e2e.node;

import dev.mainstay.e2e.harness.Programs;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A user of the shop's S3 server who may do what a bucket's policy allows, made by the server's own program. */
final class ShopStoreUser implements AutoCloseable {

    private final KubernetesClient client;
    private final String accessKeyId;

    ShopStoreUser(KubernetesClient client, String accessKeyId, String secretAccessKey) {
        this.client = client;
        this.accessKeyId = accessKeyId;
        admin("create-user", "--access", accessKeyId, "--secret", secretAccessKey, "--role", "user");
    }

    @Override
    public void close() {
        admin("delete-user", "--access", accessKeyId);
    }

    private void admin(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "versitygw",
                "admin",
                "--allow-insecure",
                "--endpoint-url",
                "https://"
                        + client.services()
                                .inNamespace(NodeShop.SHOP)
                                .withName("shop-s3")
                                .get()
                                .getSpec()
                                .getClusterIP()
                        + ":7443"));
        command.addAll(List.of(arguments));
        Secret root = client.secrets()
                .inNamespace(NodeShop.SHOP)
                .withName("shop-s3-credentials")
                .get();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ADMIN_ACCESS_KEY_ID", value(root, "accessKeyId"));
        builder.environment().put("ADMIN_SECRET_ACCESS_KEY", value(root, "secretAccessKey"));
        Programs.run(builder, "");
    }

    private static String value(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }
}
