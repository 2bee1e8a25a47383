package dev.mainstay.runner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LockKeyTest {

    @Test
    void theNumbersStayForEver() {
        assertThat(LockKey.of("ecommerce")).isEqualTo(-7908026344428390490L);
        assertThat(LockKey.of("Größe \"odd\"")).isEqualTo(5570382292090229585L);
    }
}
