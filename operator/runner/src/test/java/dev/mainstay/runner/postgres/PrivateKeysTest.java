package dev.mainstay.runner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeysTest {

    @ParameterizedTest
    @CsvSource({"RSA, 1024", "RSA, 2048", "RSA, 4096", "EC, 256", "EC, 384", "EC, 521"})
    void keysOfBothFormsAreRead(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp" + size + "r1"));
        } else {
            generator.initialize(size);
        }
        KeyPair pair = generator.generateKeyPair();
        byte[] pkcs8 = pair.getPrivate().getEncoded();

        assertThat(PrivateKeys.pkcs8(pem("PRIVATE KEY", pkcs8))).hasValue(pkcs8);
        if (algorithm.equals("RSA")) {
            byte[] older =
                    PrivateKeys.pkcs8(pem("RSA PRIVATE KEY", inner(pkcs8))).orElseThrow();
            assertThat(older).isEqualTo(pkcs8);
            assertThat(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(older)))
                    .isEqualTo(pair.getPrivate());
        }
    }

    /** As openssl ecparam -genkey writes it, behind a block of parameters. */
    @Test
    void aKeyOfSec1IsRead() throws Exception {
        byte[] pem = """
                -----BEGIN EC PARAMETERS-----
                BggqhkjOPQMBBw==
                -----END EC PARAMETERS-----
                -----BEGIN EC PRIVATE KEY-----
                MHcCAQEEIJKcTaTteQRdkEYqApkKc9VB2JSw849zGqRZM/dvbp67oAoGCCqGSM49
                AwEHoUQDQgAEhwGQwXP+jbu0fo1MOJR7kHcV3PpaTdivwYG9xllxiwHxwLhSbrPS
                PoFRkXSio7pwcQlSGeOPFSkzErrAbvGbJg==
                -----END EC PRIVATE KEY-----
                """.getBytes(StandardCharsets.US_ASCII);

        byte[] key = PrivateKeys.pkcs8(pem).orElseThrow();

        assertThat(KeyFactory.getInstance("EC")
                        .generatePrivate(new PKCS8EncodedKeySpec(key))
                        .getAlgorithm())
                .isEqualTo("EC");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no key",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----"
            })
    void whatIsNoKeyIsNone(String text) {
        assertThat(PrivateKeys.pkcs8(text.getBytes(StandardCharsets.US_ASCII))).isEmpty();
    }

    private static byte[] pem(String type, byte[] der) {
        return ("-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                        + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The octet string at the end of a PKCS #8 key of RSA; keys of these sizes have lengths of two bytes. */
    private static byte[] inner(byte[] pkcs8) {
        int at = 4 + 3 + 15;
        int header = (pkcs8[at + 1] & 0xff) == 0x82 ? 4 : 3;
        return Arrays.copyOfRange(pkcs8, at + header, pkcs8.length);
    }
}
