package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** {@code sslmode} of libpq. */
public enum SslMode {
    /** Never encrypted. */
    @JsonProperty("disable")
    DISABLE("disable"),
    /** Encrypted if the server insists. */
    @JsonProperty("allow")
    ALLOW("allow"),
    /** Encrypted if the server can. */
    @JsonProperty("prefer")
    PREFER("prefer"),
    /** Always encrypted, certificate not checked. */
    @JsonProperty("require")
    REQUIRE("require"),
    /** Always encrypted, certificate signed by the given authority. */
    @JsonProperty("verify-ca")
    VERIFY_CA("verify-ca"),
    /** Always encrypted, certificate signed by the given authority and made out to the host. */
    @JsonProperty("verify-full")
    VERIFY_FULL("verify-full"),
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED("Unrecognized");

    private final String text;

    SslMode(String text) {
        this.text = text;
    }

    /** The mode as libpq spells it. */
    public String text() {
        return text;
    }
}
