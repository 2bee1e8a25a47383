package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgeRecipientTest {

    private static final String LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    @Test
    void givenAKeyAsItWasMade_whenItIsChecked_thenItIsWhole() {
        assertThat(AgeRecipient.isWhole(Shop.RECIPIENT)).isTrue();
    }

    @Test
    void givenAKeyWithUpToFourWrongLetters_whenItIsChecked_thenItIsNeverTakenForWhole() {
        Random random = new Random(20260329);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder mistyped = new StringBuilder(Shop.RECIPIENT);
            for (int i = 0; i <= random.nextInt(4); i++) {
                mistyped.setCharAt(4 + random.nextInt(58), LETTERS.charAt(random.nextInt(32)));
            }
            String key = mistyped.toString();
            assertThat(AgeRecipient.isWhole(key)).as(key).isEqualTo(key.equals(Shop.RECIPIENT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "age1", "AGE-SECRET-KEY-1QQ", "age1b", "ssh-ed25519 AAAA"})
    void givenSomethingElse_whenItIsChecked_thenItIsNoKey(String text) {
        assertThat(AgeRecipient.isWhole(text)).isFalse();
    }
}
