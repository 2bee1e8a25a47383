package dev.mainstay.core.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Which addresses nothing is sent to, though an object names them: those where clouds hand out the credentials of the node.
 * They are looked for in what a host's name stands for, not in the name.
 */
public final class CredentialAddresses {

    private static final int IPV4_LENGTH = 4;
    /** The metadata service of AWS over IPv6, fd00:ec2::254, which is no link-local address. */
    private static final byte[] AWS_METADATA = HexFormat.of().parseHex("fd000ec2000000000000000000000254");
    /** 64:ff9b::/96 of NAT64 (RFC 6052), which ends with an IPv4 address. */
    private static final byte[] NAT64 = HexFormat.of().parseHex("0064ff9b0000000000000000");

    private CredentialAddresses() {}

    /** The first of a host's addresses that nothing is sent to; empty when all are fine. */
    public static Optional<InetAddress> refused(InetAddress[] addresses) {
        return Arrays.stream(addresses).filter(CredentialAddresses::isRefused).findFirst();
    }

    private static boolean isRefused(InetAddress address) {
        if (address.isLinkLocalAddress()) {
            return true;
        }
        return address instanceof Inet6Address
                && (Arrays.equals(address.getAddress(), AWS_METADATA) || isRefusedBehindNat64(address.getAddress()));
    }

    private static boolean isRefusedBehindNat64(byte[] address) {
        return Arrays.equals(address, 0, NAT64.length, NAT64, 0, NAT64.length) && isLinkLocal(address);
    }

    private static boolean isLinkLocal(byte[] endsWithIpv4) {
        try {
            byte[] last = Arrays.copyOfRange(endsWithIpv4, endsWithIpv4.length - IPV4_LENGTH, endsWithIpv4.length);
            return Inet4Address.getByAddress(last).isLinkLocalAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }
}
