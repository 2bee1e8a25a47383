package dev.mainstay.core.mode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.rollback.ServiceState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where Services look for the page. A Service leads to a number, or to the port that a container has given a name; so the page
 * listens at each number, and gives each name to a number of its own.
 *
 * @param numbers all that it listens at
 * @param names the number of each name
 * @param probe where it is asked whether it serves
 */
public record PagePorts(List<Integer> numbers, Map<String, Integer> names, int probe) {

    private static final int FIRST_NAMED = 18_080;
    private static final int FIRST_PROBE = 18_000;

    /** The ports for Services. Ports that are not TCP are left out: nothing would answer there in HTTP. */
    static PagePorts of(List<ServiceState> services) {
        Set<Integer> numbers = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        for (ServiceState service : services) {
            for (JsonNode port : service.json().path("spec").path("ports")) {
                if (!"TCP".equals(port.path("protocol").asText("TCP"))) {
                    continue;
                }
                JsonNode target = port.path("targetPort");
                if (target.isTextual()) {
                    names.add(target.asText());
                } else {
                    numbers.add(target.asInt(0) == 0 ? port.path("port").asInt() : target.asInt());
                }
            }
        }
        Map<String, Integer> named = new TreeMap<>();
        for (String name : names) {
            int number = free(numbers, FIRST_NAMED);
            numbers.add(number);
            named.put(name, number);
        }
        return new PagePorts(List.copyOf(numbers), named, free(numbers, FIRST_PROBE));
    }

    /** Whether it listens where otherwise only root may. */
    public boolean privileged() {
        return numbers.stream().anyMatch(number -> number < 1024);
    }

    private static int free(Set<Integer> taken, int from) {
        int number = from;
        while (taken.contains(number)) {
            number++;
        }
        return number;
    }
}
