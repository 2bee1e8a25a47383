package dev.mainstay.core.http;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which addresses nothing is sent to, though an object names them: those where clouds hand out the credentials of the node.
 * They are looked for in what a host's name stands for, not in the name.
 */
public final class CredentialAddresses {

    private static final int IPV4_LENGTH = 4;
    /** The metadata service of AWS over IPv6, fd00:ec2::254, which is no link-local address. */
    private static final byte[] AWS_METADATA = HexFormat.of().parseHex("fd000ec2000000000000000000000254");

    private static final byte[] ALIBABA_METADATA = {100, 100, 100, (byte) 200};
    /** Google's over IPv6, fd20:ce::254. */
    private static final byte[] GOOGLE_METADATA = HexFormat.of().parseHex("fd2000ce000000000000000000000254");
    /** 64:ff9b::/96 of NAT64 (RFC 6052), which ends with an IPv4 address. */
    private static final byte[] NAT64 = HexFormat.of().parseHex("0064ff9b0000000000000000");

    private CredentialAddresses() {}

    /**
     * The first of a host's addresses that nothing is sent to; empty when all are fine.
     *
     * @param bytes gives the bytes of an address: four, or sixteen
     */
    public static <A> Optional<A> refused(A[] addresses, Function<A, byte[]> bytes) {
        return Arrays.stream(addresses)
                .filter(address -> isRefused(bytes.apply(address)))
                .findFirst();
    }

    private static boolean isRefused(byte[] address) {
        return address.length == IPV4_LENGTH
                ? isRefusedOfIpv4(address)
                : isLinkLocalOfIpv6(address)
                        || Arrays.equals(address, AWS_METADATA)
                        || Arrays.equals(address, GOOGLE_METADATA)
                        || isRefusedBehindNat64(address);
    }

    /** 169.254.0.0/16 (RFC 3927), and 100.100.100.200 of Alibaba Cloud, which is no link-local address. */
    private static boolean isRefusedOfIpv4(byte[] address) {
        return (address[0] & 0xff) == 169 && (address[1] & 0xff) == 254 || Arrays.equals(address, ALIBABA_METADATA);
    }

    /** fe80::/10 (RFC 4291). */
    private static boolean isLinkLocalOfIpv6(byte[] address) {
        return (address[0] & 0xff) == 0xfe && (address[1] & 0xc0) == 0x80;
    }

    private static boolean isRefusedBehindNat64(byte[] address) {
        return Arrays.equals(address, 0, NAT64.length, NAT64, 0, NAT64.length)
                && isRefusedOfIpv4(Arrays.copyOfRange(address, NAT64.length, address.length));
    }
}
