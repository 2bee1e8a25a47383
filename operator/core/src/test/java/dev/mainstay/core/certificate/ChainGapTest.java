package dev.mainstay.core.certificate;

import static dev.mainstay.core.certificate.Certificates.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a chain leads to no authority. */
class ChainGapTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a<between             | the certificate of its issuer CN=between does not come along with it, and is none of OURS. Add it behind the certificate, or correct caSecretRef.",
                "a<between between<top | the certificate of its issuer CN=top does not come along",
                "a<between x<y         | the certificate of its issuer CN=between does not come along",
                "a<a                   | it is signed by itself, and is none of OURS. Name the Secret of its authority in caSecretRef.",
                "a<top top<top         | its root CN=top is none of OURS.",
                "a<b b<top top<top     | its root CN=top is none of OURS.",
                "a<b b<a               | the certificate of its issuer",
                "a<root                | its chain leads to CN=root, and does not stand up to a look",
                "a<b b<root root<root  | its chain leads to CN=root, and does not stand up to a look"
            })
    void givenAChain_whenItIsNotTrusted_thenTheGapIsNamed(String chain, String told) {
        List<SeenCertificate> certificates = Arrays.stream(chain.split(" "))
                .map(pair -> pair.split("<"))
                .map(pair ->
                        Certificates.of(pair[0], "CN=" + pair[0], "CN=" + pair[1], NOW, NOW.plusSeconds(60), "EC", 256))
                .toList();

        assertThat(ChainGap.told(certificates, "CN=root"::equals, "OURS")).startsWith(told);
    }
}
