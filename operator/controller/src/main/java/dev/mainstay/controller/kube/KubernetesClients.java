package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.api.json.TolerantReading;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;

/** The client of the API server, with the settings that differ from its defaults. */
public final class KubernetesClients {

    /**
     * How many objects an informer asks for at once. All of ten thousand in one answer take longer than the request timeout
     * on a slow machine, and stand in memory twice.
     */
    public static final long LIST_PAGE = 500;

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    private KubernetesClients() {}

    /** A client for the cluster that the Pod's ServiceAccount or the kubeconfig names. */
    public static KubernetesClient create(String version) {
        return create(new ConfigBuilder(Config.autoConfigure(null)).build(), version);
    }

    /** A client with the given configuration, which is changed. */
    public static KubernetesClient create(Config config, String version) {
        config.setRequestTimeout((int) REQUEST_TIMEOUT.toMillis());
        // Ten retries, the default, hold a reconcile thread for tens of seconds (kubernetes-client issues 4863, 5447).
        config.setRequestRetryBackoffLimit(2);
        config.setUserAgent("mainstay-operator/" + version);
        return new KubernetesClientBuilder()
                .withConfig(config)
                // It pings its watches, so that a connection that died without a word is noticed within a minute.
                // The JDK's client has no pings, and misses the end of a connection that comes right behind an event:
                // the watch is then silent for five to ten minutes (kubernetes-client issue 5189).
                .withHttpClientFactory(new OkHttpClientFactory())
                .withKubernetesSerialization(serialization())
                .build();
    }

    /** Reading that no object of a newer version breaks. */
    public static KubernetesSerialization serialization() {
        return new KubernetesSerialization(TolerantReading.configure(new ObjectMapper()), true);
    }
}
