package dev.mainstay.runner.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.cache.KeySample.Group;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyGroupsTest {

    private final KeyGroups groups = new KeyGroups("shop:");

    private void add(String key, int times) {
        IntStream.range(0, times).forEach(i -> groups.add((key + i).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void givenKeys_whenTheyAreGrouped_thenTheThreeLargestAreToldByTheirFirstWordAlone() {
        add("shop:cart:", 30);
        add("shop:page:de:", 40);
        add("shop:b:", 11);
        add("shop:a:", 11);
        add("shop:rare:", 9);
        add("shop:alice@example.com:", 50);
        add("shop:4711:", 50);
        add("shop:noword", 50);
        add("other:cart:", 50);

        assertThat(groups.largest())
                .containsExactly(new Group("page:", 40), new Group("cart:", 30), new Group("a:", 11));
    }
}
