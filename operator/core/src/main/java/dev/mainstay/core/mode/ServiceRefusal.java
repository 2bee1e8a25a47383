package dev.mainstay.core.mode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why a Service can't lead to the page, and what to do about it. */
public record ServiceRefusal(Reason reason, String message) {

    /** What a port's name begins with, by the convention that meshes read, when it is not plain HTTP. */
    private static final Set<String> OTHER_NAMES = Set.of(
            "https",
            "tls",
            "ssl",
            "grpc",
            "tcp",
            "udp",
            "sctp",
            "mysql",
            "postgres",
            "postgresql",
            "pgsql",
            "redis",
            "mongo",
            "mongodb",
            "amqp",
            "kafka",
            "mqtt",
            "nats",
            "smtp",
            "imap",
            "ssh",
            "sftp",
            "ftp",
            "dns",
            "ldap");

    private static final Set<String> HTTP_PROTOCOLS = Set.of("http", "kubernetes.io/ws");

    /** Ports that say nothing but their number. */
    private static final Map<Integer, String> OTHER_NUMBERS = Map.of(
            443,
            "HTTPS",
            8443,
            "HTTPS",
            22,
            "SSH",
            25,
            "SMTP",
            53,
            "DNS",
            3306,
            "MySQL",
            5432,
            "PostgreSQL",
            6379,
            "Redis",
            5672,
            "AMQP",
            27017,
            "MongoDB");

    /** Why one of an application's Services can't; empty when it can. */
    static Optional<ServiceRefusal> of(ServiceState service, String application, boolean allowNonHttp) {
        String named =
                "Service " + service.name() + ", which spec.services of ManagedApplication " + application + " names, ";
        String without = ", or take it out of spec.services.";
        if (service.refusal() != null) {
            return refused(Reason.FORBIDDEN, named + "can't be read: " + service.refusal());
        }
        if (!service.exists()) {
            return refused(Reason.SERVICE_NOT_FOUND, named + "does not exist. Create it" + without);
        }
        JsonNode spec = service.json().path("spec");
        if ("ExternalName".equals(spec.path("type").asText())) {
            return unsuitable(
                    named + "is of type ExternalName, a name in the DNS that leads out of the cluster. Put the page"
                            + " up there" + without);
        }
        if ("None".equals(spec.path("clusterIP").asText())) {
            return unsuitable(
                    named + "is headless: clients get the addresses of Pods and keep them. Name the Service with a"
                            + " clusterIP through which people come" + without);
        }
        if (service.selector().isEmpty()) {
            return unsuitable(named + "has no spec.selector, so that something else decides where it leads. Give it a"
                    + " selector" + without);
        }
        return allowNonHttp ? Optional.empty() : port(named, spec.path("ports"));
    }

    private static Optional<ServiceRefusal> port(String named, JsonNode ports) {
        for (JsonNode port : ports) {
            Optional<String> why = why(port);
            if (why.isPresent()) {
                return unsuitable(named + "has port " + port.path("port").asInt()
                        + ", which is not plain HTTP (" + why.get()
                        + "), and the page speaks nothing else. Leave the Service out of spec.services, or set"
                        + " spec.allowNonHttp of this MaintenanceMode if its clients may get an answer that they don't"
                        + " understand.");
            }
        }
        return Optional.empty();
    }

    /** What says that a port is not plain HTTP; what says nothing is taken for HTTP. */
    private static Optional<String> why(JsonNode port) {
        String protocol = port.path("protocol").asText("TCP");
        if (!protocol.equals("TCP")) {
            return Optional.of("protocol: " + protocol);
        }
        String application = port.path("appProtocol").asText("").toLowerCase(Locale.ROOT);
        if (!application.isEmpty()) {
            return HTTP_PROTOCOLS.contains(application)
                    ? Optional.empty()
                    : Optional.of("appProtocol: " + port.path("appProtocol").asText());
        }
        String name = port.path("name").asText("");
        if (OTHER_NAMES.contains(name.split("-", 2)[0])) {
            return Optional.of("name: " + name);
        }
        boolean saysHttp = name.startsWith("http");
        return Optional.ofNullable(
                        saysHttp ? null : OTHER_NUMBERS.get(port.path("port").asInt()))
                .map(usual -> "the usual port of " + usual);
    }

    private static Optional<ServiceRefusal> unsuitable(String message) {
        return refused(Reason.SERVICE_UNSUITABLE, message);
    }

    private static Optional<ServiceRefusal> refused(Reason reason, String message) {
        return Optional.of(new ServiceRefusal(reason, message));
    }
}
