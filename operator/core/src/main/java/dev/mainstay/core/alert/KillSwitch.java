package dev.mainstay.core.alert;

/** What the ConfigMap says with which an administrator stops all remediation of a release at once. */
public sealed interface KillSwitch {

    /** Name of the ConfigMap, in the operator's own namespace. */
    String CONFIG_MAP = "mainstay-remediation";

    /** Its key: any value but an empty one stops all. */
    String KEY = "disabled";

    /** It was not read, since nothing is about to be done. */
    record NotRead() implements KillSwitch {}

    /** It stops nothing: it is not there, or has no value. */
    record Off() implements KillSwitch {}

    /**
     * It stops all.
     *
     * @param value what stands there, for people
     */
    record On(String value) implements KillSwitch {}

    /**
     * It could not be read, and may stop all.
     *
     * @param why what the API server said
     */
    record Unreadable(String why) implements KillSwitch {}
}
