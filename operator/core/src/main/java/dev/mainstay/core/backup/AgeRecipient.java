package dev.mainstay.core.backup;

/**
 * Public keys of age. Length and letters are checked when a policy is applied; what remains is the checksum that the key
 * itself carries (Bech32, BIP 173), so that one mistyped letter is told before a backup is made and not at its first run.
 */
final class AgeRecipient {

    private static final String LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static final String PREFIX = "age";
    private static final int[] GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};

    private AgeRecipient() {}

    /** Whether it is a key as it was made. */
    static boolean isWhole(String recipient) {
        if (!recipient.startsWith(PREFIX + "1")) {
            return false;
        }
        int checksum = 1;
        for (char letter : PREFIX.toCharArray()) {
            checksum = step(checksum, letter >> 5);
        }
        checksum = step(checksum, 0);
        for (char letter : PREFIX.toCharArray()) {
            checksum = step(checksum, letter & 31);
        }
        for (char letter : recipient.substring(PREFIX.length() + 1).toCharArray()) {
            int value = LETTERS.indexOf(letter);
            if (value < 0) {
                return false;
            }
            checksum = step(checksum, value);
        }
        return checksum == 1;
    }

    private static int step(int checksum, int value) {
        int top = checksum >>> 25;
        int next = (checksum & 0x1ffffff) << 5 ^ value;
        for (int i = 0; i < GENERATOR.length; i++) {
            if ((top >> i & 1) == 1) {
                next ^= GENERATOR[i];
            }
        }
        return next;
    }
}
