package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.http.HttpReply.Answered;
import dev.mainstay.core.http.HttpReply.BodyFound;
import dev.mainstay.core.http.HttpWanted;
import dev.mainstay.core.runbook.RunnerStepType.Order;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.UrlAnswer;
import dev.mainstay.core.task.UrlCheckWork;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which URL a step means, what the runner is told of it, and what follows from the answer. */
class UrlCheckStepTypeTest {

    private static final String APPLICATION = """
            metadata: {name: shop, namespace: shop}
            spec:
              urls:
              - {name: public, url: "https://shop.example.org/api/health?key=geheim", caSecretRef: {name: shop-ca, key: ca.crt}}
              - {name: bare, url: "http://pay.example.org:8080"}""";

    private static final UrlCheckWork WORK = new UrlCheckWork(
            "public",
            "https://shop.example.org/api/health?key=geheim",
            null,
            new HttpWanted(List.of(200), "ok", 500),
            10_000);

    private final UrlCheckStepType type = new UrlCheckStepType();

    @Test
    void givenAUrl_whenTheTaskIsMade_thenItHasThatOfTheApplicationAndMountsTheAuthorityAlone() {
        Task task = RunnerSteps.task(
                        type,
                        turn(
                                "{url: public, expectStatuses: [200, 204], expectBody: ok, maxLatencyMilliseconds: 20000}"),
                        List.of(),
                        "cluster",
                        RunWorld.START)
                .orElseThrow();

        assertThat(task.step().work())
                .isEqualTo(new UrlCheckWork(
                        "public",
                        "https://shop.example.org/api/health?key=geheim",
                        MountedSecret.ofKey("url-ca", "shop-ca", "ca", "ca.crt")
                                .namedBy("spec.urls[public].caSecretRef", "ManagedApplication shop"),
                        new HttpWanted(List.of(200, 204), "ok", 20_000),
                        20_000));
        assertThat(task.secrets()).singleElement().satisfies(secret -> {
            assertThat(secret.name()).isEqualTo("shop-ca");
            assertThat(secret.onlyKeys()).isTrue();
        });
        assertThat(TaskJson.readTask(TaskJson.write(task))).isEqualTo(task);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {url: public}              | https://shop.example.org/api/health?key=geheim | Asks https://shop.example.org/api/health?… in a Job and wants 200.
            {url: public, path: /a?b}  | https://shop.example.org/a?b                   | Asks https://shop.example.org/a?… in a Job and wants 200.
            {url: bare}                | http://pay.example.org:8080                    | Asks http://pay.example.org:8080 in a Job and wants 200.
            {url: bare, path: /live, expectStatus: 204} | http://pay.example.org:8080/live | Asks http://pay.example.org:8080/live in a Job and wants 204.
            """)
    void givenAPathOfTheStep_whenTheUrlIsAsked_thenItStandsInThePlaceOfItsOwn(String step, String url, String plan) {
        StepTurn turn = turn(step);

        assertThat(type.order(turn, List.of()))
                .isInstanceOfSatisfying(
                        Order.Ready.class,
                        ready -> assertThat(((UrlCheckWork) ready.work()).url()).isEqualTo(url));
        assertThat(type.plan(turn)).isEqualTo(plan);
    }

    @Test
    void givenAUrlThatNobodyNames_whenTheTaskIsMade_thenThereIsNoneAndTheFieldsAreNamed() {
        StepTurn turn = turn("{url: other}");

        assertThat(type.order(turn, List.of()))
                .isEqualTo(new Order.Missing(
                        Reason.URL_NOT_FOUND,
                        "httpCheck.url of the step is other, and ManagedApplication shop has no URL of that name in spec.urls"
                                + " (found: public, bare). Name one that it has, or add it there."));
        assertThat(type.plan(turn)).isEqualTo("Asks URL other, which ManagedApplication shop does not name.");
    }

    @Test
    void givenBothKindsOfSteps_whenTheirTypeIsLookedFor_thenAUrlIsForTheRunnerAndTheRestForTheOperator() {
        assertThat(StepType.of(StepTurns.step("httpCheck: {url: public}"))).containsInstanceOf(UrlCheckStepType.class);
        assertThat(StepType.of(StepTurns.step("httpCheck: {}"))).containsInstanceOf(HttpCheckStepType.class);
        assertThat(StepType.of(StepTurns.step("httpCheck: {service: {name: web}}")))
                .containsInstanceOf(HttpCheckStepType.class);
    }

    @Test
    void givenAGoodAnswer_whenItIsJudged_thenItPassesWithItsNumbers() {
        assertThat(report(new Answered(200, 120, BodyFound.FOUND, null)))
                .isEqualTo(StepReport.passed(
                        "URL public (GET https://shop.example.org/api/health?…) answered with 200.",
                        Map.of("status", 200L, "latencyMilliseconds", 120L)));
    }

    @Test
    void givenOtherAnswers_whenTheyAreJudged_thenFailedIsKeptApartFromCouldNotCheck() {
        assertThat(report(new Answered(503, 20, BodyFound.MISSING, null)))
                .isEqualTo(StepReport.failed(
                        Reason.ANSWER_WRONG,
                        "URL public (GET https://shop.example.org/api/health?…): 503 instead of 200. Look at what serves it,"
                                + " or correct the step or spec.urls[public] of ManagedApplication shop.",
                        Map.of("status", 503L, "latencyMilliseconds", 20L)));
        StepReport late = report(new HttpReply.Late(10_000));
        assertThat(late.reason()).isEqualTo(Reason.ANSWER_WRONG.text());
        assertThat(late.facts()).isEmpty();
        assertThat(report(new HttpReply.Refused("TLS failed, since its certificate has ended"))
                        .reason())
                .isEqualTo(Reason.CERTIFICATE_REFUSED.text());
        assertThat(report(new HttpReply.Silent("its port takes no connection"))).satisfies(silent -> {
            assertThat(silent.outcome().text()).isEqualTo("CouldNotCheck");
            assertThat(silent.reason()).isEqualTo(Reason.ENDPOINT_UNREACHABLE.text());
        });
        assertThat(report(new Answered(200, 20, BodyFound.CUT, null)).outcome().text())
                .isEqualTo("CouldNotCheck");
        assertThat(report(new Answered(302, 20, BodyFound.NOT_LOOKED_FOR, "https://sso.example.org"))
                        .message())
                .contains("leading to https://sso.example.org")
                .endsWith(" or add the status to expectStatuses of the step.");
    }

    private static StepReport report(HttpReply reply) {
        StepReport report = new UrlAnswer(WORK, "shop", reply).report();
        assertThat(report.message()).doesNotContain("geheim");
        return report;
    }

    private static StepTurn turn(String step) {
        StepTurn turn = StepTurns.of("httpCheck: " + step);
        return new StepTurn(
                turn.run(),
                Serialization.unmarshal(APPLICATION, ManagedApplication.class),
                turn.step(),
                turn.attempt());
    }
}
