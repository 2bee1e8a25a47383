package dev.mainstay.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialAddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "::ffff:169.254.169.254",
                "fe80::1",
                "febf::1",
                "fd00:ec2::254",
                "fd20:ce::254",
                "100.100.100.200",
                "64:ff9b::169.254.169.254"
            })
    void givenAnAddressWhereCloudsHandOutCredentials_whenItIsLookedAt_thenItIsRefused(String address)
            throws UnknownHostException {
        assertThat(CredentialAddresses.refused(InetAddress.getAllByName(address), InetAddress::getAddress))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.96.0.10",
                "169.253.0.1",
                "::1",
                "fd00:ec2::255",
                "100.100.100.201",
                "fec0::1",
                "64:ff9b::10.0.0.1",
                "2001:db8::a9fe:a9fe"
            })
    void givenAnyOtherAddress_whenItIsLookedAt_thenItIsAsked(String address) throws UnknownHostException {
        assertThat(CredentialAddresses.refused(InetAddress.getAllByName(address), InetAddress::getAddress))
                .isEmpty();
    }

    @Test
    void givenANameOfSeveralAddresses_whenOneIsRefused_thenTheNameIs() throws UnknownHostException {
        InetAddress refused = InetAddress.getByName("169.254.169.254");

        assertThat(CredentialAddresses.refused(
                        new InetAddress[] {InetAddress.getByName("10.0.0.1"), refused}, InetAddress::getAddress))
                .contains(refused);
    }
}
