package dev.mainstay.runner.postgres;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys as certificate tools write them, made into what the driver reads: PKCS #8 in DER. libpq reads all of them;
 * cert-manager writes the older forms (PKCS #1, SEC 1) unless it is told otherwise.
 */
final class PrivateKeys {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
    private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int PARAMETERS = 0xa0;

    private PrivateKeys() {}

    /** The key in DER; empty when there is none, or one that is encrypted or in a form of its own. */
    static Optional<byte[]> pkcs8(byte[] pem) {
        Matcher matcher = PEM.matcher(new String(pem, StandardCharsets.US_ASCII));
        if (!matcher.find() || matcher.group(2).contains(":")) {
            return Optional.empty();
        }
        try {
            byte[] key = Base64.getMimeDecoder().decode(matcher.group(2));
            return switch (matcher.group(1)) {
                case "RSA PRIVATE KEY" -> Optional.of(wrapped(RSA, key));
                case "EC PRIVATE KEY" -> curve(key).map(curve -> wrapped(joined(EC, curve), key));
                default -> Optional.of(key);
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, joined(VERSION_0, element(SEQUENCE, algorithm), element(OCTET_STRING, key)));
    }

    /** The curve, which a key of SEC 1 holds behind its version and its number. */
    private static Optional<byte[]> curve(byte[] key) {
        int at = contentOf(key, 0);
        at = endOf(key, at);
        at = endOf(key, at);
        return at < key.length && (key[at] & 0xff) == PARAMETERS
                ? Optional.of(Arrays.copyOfRange(key, contentOf(key, at), endOf(key, at)))
                : Optional.empty();
    }

    private static int contentOf(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
    }

    private static int endOf(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        if (length >= 0x80) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der[at + 2 + i] & 0xff;
            }
        }
        return contentOf(der, at) + length;
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >> 8 * i);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
