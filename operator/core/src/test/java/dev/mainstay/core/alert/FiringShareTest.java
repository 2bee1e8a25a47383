package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertState;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FiringShareTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, false",
        "4, 4, false",
        "5, 5, true",
        "5, 16, true",
        "5, 17, false",
        "30, 100, false",
        "31, 100, true",
        "3000, 10000, false",
        "3001, 10000, true"
    })
    void givenAShare_whenItIsMoreThanThirtyOfAHundredAndFive_thenItIsAStorm(int firing, int known, boolean storm) {
        assertThat(new FiringShare(firing, known).storm()).isEqualTo(storm);
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                row("state: Firing", 1, 1),
                row("state: Pending", 0, 1),
                row("state: Inactive", 0, 1),
                // Nothing is known: it has no value, its application is paused, or an obstacle is in its way.
                row("state: Unknown", 0, 0),
                row("{}", 0, 0),
                row(null, 0, 0),
                // What a newer version wrote is read from what stands beside it.
                row(
                        "state: Unrecognized, firingSince: '2026-03-29T02:00:00Z', activeSince: '2026-03-29T01:00:00Z'",
                        1,
                        1),
                row("state: Unrecognized, activeSince: '2026-03-29T01:00:00Z'", 0, 1),
                row("state: Unrecognized", 0, 0));
    }

    private static Arguments row(String status, int firing, int known) {
        return Arguments.of(status, firing, known);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void givenARule_whenTheShareIsCounted_thenItIsAsItsAlertStands(String status, int firing, int known) {
        assertThat(of(rule("other", "", status))).isEqualTo(new FiringShare(1 + firing, 1 + known));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "annotations: {mainstay.dev/paused: 'a test'}     | 0",
                "deletionTimestamp: '2026-03-29T02:00:00Z'        | 0",
                "annotations: {mainstay.dev/remediation: disabled} | 1",
                "annotations: {mainstay.dev/acknowledge: '1@bob'}  | 1",
                "labels: {team: other}                            | 1"
            })
    void givenARuleThatFires_whenItIsPausedOrDeleted_thenItDoesNotCount(String metadata, int counts) {
        assertThat(of(rule("other", metadata, "state: Firing"))).isEqualTo(new FiringShare(1 + counts, 1 + counts));
    }

    /** Rules of all namespaces are looked at: what they have in common may be a node or a Prometheus. */
    @Test
    void givenRulesOfOtherNamespaces_whenTheShareIsCounted_thenTheyCount() {
        AlertRule other = rule("other", "", "state: Firing");
        other.getMetadata().setNamespace("blog");

        assertThat(of(other)).isEqualTo(new FiringShare(2, 2));
    }

    /** Its own status was written before: the fifth rule of a storm would see four. */
    @ParameterizedTest
    @CsvSource({"Pending, FIRING, 1, 1", "Firing, INACTIVE, 0, 1", "Firing, UNKNOWN, 0, 0", "Unknown, FIRING, 1, 1"})
    void givenTheRuleItself_whenTheShareIsCounted_thenItIsAsItStandsNow(
            String written, AlertState state, int firing, int known) {
        AlertRule one = rule("one", "", "state: " + written);

        assertThat(FiringShare.of(List.of(one), one, state)).isEqualTo(new FiringShare(firing, known));
        assertThat(FiringShare.of(List.of(), one, state)).isEqualTo(new FiringShare(firing, known));
    }

    /** Ninety rules that measure nothing must not make six of ten look few. */
    @Test
    void givenManyRulesOfWhichNothingIsKnown_whenMostOfTheOthersFire_thenItIsAStorm() {
        List<AlertRule> rules = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            rules.add(rule(
                    "rule-" + number,
                    "",
                    number < 6 ? "state: Firing" : number < 10 ? "state: Inactive" : "state: Unknown"));
        }

        FiringShare share = FiringShare.of(rules, rules.getFirst(), AlertState.FIRING);

        assertThat(share).isEqualTo(new FiringShare(6, 10));
        assertThat(share.storm()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "7, 12, 7 of 12",
        "100, 100, 100 of 100",
        "101, 333, about 100 of about 330",
        "344, 995, about 340 of about 1000",
        "345, 1249, about 350 of about 1200",
        "4321, 9999, about 4300 of about 10000"
    })
    void givenAShare_whenItIsTold_thenItHasTwoFiguresOfWhatIsMany(int firing, int known, String text) {
        assertThat(new FiringShare(firing, known).text()).isEqualTo(text);
    }

    private static FiringShare of(AlertRule other) {
        AlertRule one = rule("one", "", "state: Pending");
        return FiringShare.of(List.of(one, other), one, AlertState.FIRING);
    }

    private static AlertRule rule(String name, String metadata, String status) {
        return Serialization.unmarshal(
                "metadata: {name: %1$s, namespace: shop, uid: uid-%1$s%2$s}%n"
                                .formatted(name, metadata.isEmpty() ? "" : ", " + metadata)
                        + "spec: {applicationRef: {name: shop}, metric: HealthCheck}\n"
                        + (status == null ? "" : "status: {" + (status.equals("{}") ? "" : status) + "}\n"),
                AlertRule.class);
    }
}
