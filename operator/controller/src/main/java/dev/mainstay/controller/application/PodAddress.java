package dev.mainstay.controller.application;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * The address of a Pod, as its status has it.
 *
 * @param host how it is written in a URL; null when it is not called
 * @param refusal why it is not called; null when it is
 */
record PodAddress(String host, String refusal) {

    static PodAddress of(String podIp) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(podIp);
        } catch (IllegalArgumentException e) {
            return new PodAddress(null, "the address in the Pod's status is none");
        }
        if (address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return new PodAddress(null, "the Pod's address is no Pod's own, and is never called");
        }
        return new PodAddress(
                address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress(),
                null);
    }
}
