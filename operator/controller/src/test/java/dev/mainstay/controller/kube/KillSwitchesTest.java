package dev.mainstay.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.alert.KillSwitch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stops all remediation. */
class KillSwitchesTest {

    private static final String ASKED = "GET configmaps/mainstay-remediation";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"disabled": "true"}  | On
            {"disabled": "false"} | On
            {"disabled": " "}     | On
            {"disabled": ""}      | Off
            {"other": "true"}     | Off
            null                  | Off
            """)
    void givenAConfigMap_whenItIsRead_thenAnyValueStopsAll(String data, String wanted) {
        try (AnsweringApi api = new AnsweringApi()) {
            api.says(ASKED, "{\"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"x\"}, \"data\": " + data + "}");
            assertThat(new KillSwitches(api.client(), "mainstay")
                            .read()
                            .getClass()
                            .getSimpleName())
                    .isEqualTo(wanted);
        }
    }

    @Test
    void givenNoConfigMap_whenItIsRead_thenNothingIsStopped() {
        try (AnsweringApi api = new AnsweringApi()) {
            assertThat(new KillSwitches(api.client(), "mainstay").read()).isEqualTo(new KillSwitch.Off());
        }
    }

    @ParameterizedTest
    @CsvSource({"403, forbidden", "500, away"})
    void givenItCanNotBeRead_whenItIsAskedFor_thenThatIsNotTakenForOff(int code, String message) {
        try (AnsweringApi api = new AnsweringApi().refuses(ASKED, code, message)) {
            assertThat(new KillSwitches(api.client(), "mainstay").read()).isEqualTo(new KillSwitch.Unreadable(message));
        }
    }
}
