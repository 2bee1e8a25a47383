package dev.mainstay.controller.alert;

import static dev.mainstay.controller.alert.AlertObjects.application;
import static dev.mainstay.controller.alert.AlertObjects.percent;
import static dev.mainstay.controller.alert.AlertObjects.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.controller.alert.AlertSampler.Failing;
import dev.mainstay.controller.kube.PodUsages;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import dev.mainstay.core.alert.PodUse;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricVector;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AlertSamplerTest {

    private static final String URL = "http://prometheus:9090";
    private static final List<String> METRICS = List.of(
            "RequestRate",
            "ErrorRate",
            "ResponseTime",
            "DiskSpace",
            "CacheHitRate",
            "DatabaseConnections",
            "CertificateExpiry");

    private final FakeSources sources = new FakeSources();
    private final HandClock clock = new HandClock();
    private final List<ResourceID> woken = new CopyOnWriteArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();

    /** Measures as soon as something is due. */
    private final AlertSampler sampler = sampler(true);

    private AlertSampler sampler(boolean atOnce) {
        return new AlertSampler(
                sources, true, AlertSides::mayChange, woken::add, clock, atOnce ? Runnable::run : waiting::add);
    }

    @Test
    void givenTenThousandRules_whenTheyAreMeasured_thenEachKindIsOneQueryASweep() {
        List<AlertRule> kinds = new ArrayList<>(METRICS.stream()
                .map(metric -> percent(metric.toLowerCase(Locale.ROOT), "app", metric))
                .toList());
        kinds.add(
                rule("long", "app", "metric: ErrorRate, window: 1h, comparison: GreaterThan, threshold: {percent: 1}"));
        for (int number = 0; number < 1250; number++) {
            ManagedApplication one = application("app-" + number);
            for (AlertRule kind : kinds) {
                sampler.of(named(kind, kind.getMetadata().getName() + "-" + number), one);
            }
        }
        pass(Duration.ofSeconds(2));
        assertThat(sources.asked.stream().distinct()).as("first look").hasSize(8);
        sources.asked.clear();

        pass(Duration.ofSeconds(300));

        assertThat(sources.asked).as("ten sweeps of 30 s").hasSize(80);
        assertThat(sources.asked.stream().map(FakeSources.Asked::promql).distinct())
                .hasSize(8)
                .allSatisfy(promql -> assertThat(promql).contains("job!=\"\"").doesNotContain("=~\"app"));
    }

    /** Without another reading of YAML. */
    private static AlertRule named(AlertRule kind, String name) {
        AlertRule rule = new AlertRule();
        rule.setMetadata(new ObjectMetaBuilder(kind.getMetadata())
                .withName(name)
                .withUid("uid-" + name)
                .build());
        rule.setSpec(kind.getSpec());
        return rule;
    }

    @Test
    void givenRulesOfDifferentIntervals_whenTheyAreMeasured_thenEachIsAskedAtItsOwn() {
        ManagedApplication shop = application("shop");
        sampler.of(percent("slow", "shop", "ErrorRate"), shop);
        sampler.of(
                rule(
                        "quick",
                        "shop",
                        "metric: ErrorRate, interval: 10s, comparison: GreaterThan, threshold: {percent: 1}"),
                shop);
        pass(Duration.ofSeconds(60));
        sources.asked.clear();

        pass(Duration.ofSeconds(60));

        assertThat(sources.asked).hasSize(2 + 6);
    }

    @Test
    void givenManyQuestions_whenTheyAreDue_thenTheyAreSpreadOverTheInterval() {
        List<Instant> due = new ArrayList<>();
        for (int number = 0; number < 30; number++) {
            AlertRule rule = rule(
                    "r" + number, "shop", "promql: up == " + number + ", comparison: LessThan, threshold: {value: 1}");
            sampler.of(rule, application("shop"));
            due.add(sampler.due(rule).orElseThrow());
        }

        assertThat(due)
                .allMatch(at -> at.isAfter(clock.instant())
                        && !at.isAfter(clock.instant().plusSeconds(30)));
        assertThat(due.stream().map(at -> at.getEpochSecond() / 5).distinct().count())
                .as("sixths of the interval")
                .isGreaterThanOrEqualTo(5);
        AlertRule first = rule("r0", "shop", "promql: up == 0, comparison: LessThan, threshold: {value: 1}");
        pass(Duration.ofSeconds(30));
        assertThat(sampler.due(first)).contains(due.getFirst().plusSeconds(30));
    }

    @Test
    void givenASweepThatTakesLong_whenItIsDueAgain_thenThereIsNoSecondOne() {
        AlertSampler slow = sampler(false);
        ManagedApplication shop = application("shop");
        AlertRule rule = percent("errors", "shop", "ErrorRate");
        slow.of(rule, shop);
        pass(slow, Duration.ofSeconds(120));
        assertThat(waiting).hasSize(1);

        // An edit puts the rule into the same group anew.
        slow.of(rule("errors", "shop", "metric: ErrorRate, comparison: GreaterThan, threshold: {percent: 2}"), shop);
        pass(slow, Duration.ofSeconds(120));
        assertThat(waiting).hasSize(1);

        waiting.removeFirst().run();
        pass(slow, Duration.ofSeconds(1));
        assertThat(waiting).hasSize(1);
    }

    @Test
    void givenValues_whenTheyStayOnTheirSide_thenTheRuleIsNotWoken() {
        ManagedApplication shop = application("shop");
        AlertRule rule = percent("errors", "shop", "ErrorRate");
        sampler.of(rule, shop);
        errors("shop", 0);
        pass(Duration.ofSeconds(2));
        assertThat(woken).as("the first").containsExactly(ResourceID.fromResource(rule));

        errors("shop", 5);
        pass(Duration.ofSeconds(90));
        assertThat(woken).as("0.5 %").hasSize(1);
        assertThat(newest(rule, shop))
                .hasValueSatisfying(now -> assertThat(((Measured) now).text()).isEqualTo("0.5 %"));

        errors("shop", 50);
        pass(Duration.ofSeconds(90));
        assertThat(woken).as("5 %, once").hasSize(2);

        sources.vectors = ignored -> new MetricVector.Found(List.of(), null);
        pass(Duration.ofSeconds(90));
        assertThat(woken).as("no data, once").hasSize(3);
        assertThat(newest(rule, shop)).hasValueSatisfying(now -> assertThat(now).isInstanceOf(NoData.class));
    }

    @Test
    void givenTwoApplicationsOfAGroup_whenOneChanges_thenTheOtherIsNotWoken() {
        sampler.of(percent("one", "one", "ErrorRate"), application("one"));
        sampler.of(percent("two", "two", "ErrorRate"), application("two"));
        errors("one", 0);
        pass(Duration.ofSeconds(2));
        woken.clear();

        errors("one", 500);
        pass(Duration.ofSeconds(30));

        assertThat(woken).extracting(ResourceID::getName).containsExactly("one");
        assertThat(sources.asked).allSatisfy(asked -> assertThat(asked.promql()).contains("job=~\"one|two\""));
    }

    @Test
    void givenAQueryThatIsEdited_whenItIsAskedFor_thenTheOldValueIsGoneAndTheNewOneComesSoon() {
        ManagedApplication shop = application("shop");
        errors("shop", 500);
        sampler.of(percent("rule", "shop", "ErrorRate"), shop);
        pass(Duration.ofSeconds(40));
        AlertRule edited =
                rule("rule", "shop", "metric: ErrorRate, window: 1m, comparison: GreaterThan, threshold: {percent: 1}");

        assertThat(newest(edited, shop)).isEmpty();
        pass(Duration.ofSeconds(2));

        assertThat(newest(edited, shop)).isPresent();
        assertThat(sources.asked.getLast().promql()).contains("[1m]");
    }

    @Test
    void givenAThresholdThatIsEdited_whenItIsAskedFor_thenTheValueStandsUntilItIsMeasuredSoon() {
        ManagedApplication shop = application("shop");
        errors("shop", 500);
        sampler.of(percent("rule", "shop", "ErrorRate"), shop);
        pass(Duration.ofSeconds(40));
        int before = sources.asked.size();
        AlertRule edited = rule("rule", "shop", "metric: ErrorRate, comparison: GreaterThan, threshold: {percent: 60}");

        assertThat(newest(edited, shop)).isPresent();
        pass(Duration.ofSeconds(2));

        assertThat(sources.asked.size()).isBetween(before + 1, before + 2);
    }

    @Test
    void givenAnAnswerToAQuestionOfBefore_whenTheRuleWasEditedMeanwhile_thenItIsNotTaken() {
        AlertSampler slow = sampler(false);
        ManagedApplication shop = application("shop");
        errors("shop", 500);
        slow.of(percent("rule", "shop", "ErrorRate"), shop);
        pass(slow, Duration.ofSeconds(2));
        AlertRule edited = percent("rule", "shop", "RequestRate");
        slow.of(edited, shop);

        waiting.removeFirst().run();

        assertThat(slow.of(edited, shop).newest()).isEmpty();
        assertThat(woken).isEmpty();
    }

    @Test
    void givenARuleThatJoins_whenItIsMeasuredSoon_thenTheOthersAreNotAskedForAgain() {
        AlertRule first = percent("one", "one", "ErrorRate");
        sampler.of(first, application("one"));
        pass(Duration.ofSeconds(2));
        pass(Duration.between(clock.instant(), sampler.due(first).orElseThrow()).plusMillis(500));
        sources.asked.clear();

        sampler.of(percent("two", "two", "ErrorRate"), application("two"));
        pass(Duration.ofMillis(1500));

        assertThat(sources.asked)
                .singleElement()
                .satisfies(asked -> assertThat(asked.promql()).contains("job=\"two\""));
    }

    @Test
    void givenARuleThatIsGone_whenTimePasses_thenNothingIsAsked() {
        ManagedApplication shop = application("shop");
        AlertRule rule = percent("rule", "shop", "ErrorRate");
        sources.vectors = ignored -> new MetricVector.Failed("away", false);
        sampler.of(rule, shop);
        pass(Duration.ofSeconds(2));
        assertThat(sampler.failing()).hasSize(1);
        sources.asked.clear();

        AlertRule another = percent("rule", "shop", "ErrorRate");
        another.getMetadata().setUid("another");
        sampler.forget(another);
        assertThat(sampler.failing()).as("another object of that name").hasSize(1);
        sampler.forget(rule);
        pass(Duration.ofSeconds(90));

        assertThat(sources.asked).isEmpty();
        assertThat(sampler.failing()).isEmpty();
        assertThat(sampler.due(rule)).isEmpty();
    }

    @Test
    void givenAnObjectMadeAnew_whenItIsAskedFor_thenItHasNothingOfTheOneBefore() {
        ManagedApplication shop = application("shop");
        sampler.of(percent("rule", "shop", "ErrorRate"), shop);
        pass(Duration.ofSeconds(2));
        AlertRule anew = percent("rule", "shop", "ErrorRate");
        anew.getMetadata().setUid("another");

        assertThat(newest(anew, shop)).isEmpty();
    }

    @Test
    void givenASourceThatIsAway_whenItHasFiveHundredRules_thenItIsOneTrouble() {
        for (int number = 0; number < 500; number++) {
            sampler.of(percent("r" + number, "app-" + number, METRICS.get(number % 7)), application("app-" + number));
        }
        AlertRule elsewhere = percent("elsewhere", "app", "ErrorRate");
        sampler.of(elsewhere, application("app", "http://other:9090", "job: app", ""));
        sources.vectors = asked -> asked.source().url().equals(URL)
                ? new MetricVector.Failed("the connection was refused.", false)
                : new MetricVector.Found(List.of(), null);
        pass(Duration.ofSeconds(2));
        Instant since = sampler.failing().get(URL).since();
        pass(Duration.ofSeconds(60));

        Map<String, Failing> failing = sampler.failing();

        assertThat(failing).containsOnlyKeys(URL);
        assertThat(failing.get(URL).rules()).hasSize(500);
        assertThat(failing.get(URL).why()).isEqualTo("the connection was refused.");
        assertThat(failing.get(URL).since())
                .isEqualTo(since)
                .isBefore(clock.instant().minusSeconds(50));
        assertThat(woken).as("each rule once").hasSize(501);

        sources.vectors = ignored -> new MetricVector.Found(List.of(), null);
        pass(Duration.ofSeconds(30));
        assertThat(sampler.failing()).isEmpty();
    }

    @Test
    void givenAQueryThatIsNoPromql_whenItIsMeasured_thenNoSourceIsInTrouble() {
        AlertRule rule = rule("free", "shop", "promql: sum(, comparison: LessThan, threshold: {value: 1}");
        sources.values = ignored -> new AlertSources.OneValue(new MetricSample.Failed("bad_data"), null, true);
        sampler.of(rule, application("shop"));
        pass(Duration.ofSeconds(2));

        assertThat(newest(rule, application("shop")))
                .hasValueSatisfying(
                        found -> assertThat(((Failed) found).source()).isNull());
        assertThat(sampler.failing()).isEmpty();
    }

    /** Its own answer is at fault: the others of its group have theirs, and the Prometheus is in no trouble. */
    @Test
    void givenAnApplicationWhoseAnswerIsTooLarge_whenItSharesAQuery_thenTheOthersHaveTheirValues() {
        for (int number = 0; number < 20; number++) {
            sampler.of(percent("r" + number, "app-" + number, "ErrorRate"), application("app-" + number));
        }
        sources.vectors = asked -> asked.promql().matches(".*[\"|]app-7[\"|].*")
                ? new MetricVector.TooWide("The answer was larger than 8.00 MiB.")
                : errorsOf("app-3", 50);
        pass(Duration.ofSeconds(2));

        assertThat(newest(percent("r3", "app-3", "ErrorRate"), application("app-3")))
                .hasValueSatisfying(
                        found -> assertThat(((Measured) found).text()).isEqualTo("5 %"));
        assertThat(newest(percent("r4", "app-4", "ErrorRate"), application("app-4")))
                .hasValueSatisfying(found -> assertThat(found).isInstanceOf(NoData.class));
        assertThat(newest(percent("r7", "app-7", "ErrorRate"), application("app-7")))
                .hasValueSatisfying(found -> {
                    assertThat(((Failed) found).why()).isEqualTo("The answer was larger than 8.00 MiB.");
                    assertThat(((Failed) found).source()).isNull();
                });
        assertThat(sampler.failing()).isEmpty();
        assertThat(woken).hasSize(20);

        sources.asked.clear();
        pass(Duration.ofSeconds(30));
        assertThat(sources.asked).as("the next sweep: the others, and it alone").hasSize(2);
    }

    static Stream<Arguments> noNumbers() {
        return Stream.of(
                Arguments.of(Double.POSITIVE_INFINITY, "the value is +Inf, as 1/0 is, and no number"),
                Arguments.of(Double.NEGATIVE_INFINITY, "the value is -Inf, as -1/0 is, and no number"));
    }

    @ParameterizedTest
    @MethodSource("noNumbers")
    void givenAQueryOfAUserThatIsInfinite_whenItIsMeasured_thenThereIsNoData(double value, String why) {
        AlertRule rule = rule("free", "shop", "promql: a / b, comparison: GreaterThan, threshold: {value: 1}");
        sources.values = ignored -> new AlertSources.OneValue(new MetricSample.Value(value), null, false);
        sampler.of(rule, application("shop"));
        pass(Duration.ofSeconds(2));
        assertThat(newest(rule, application("shop")))
                .hasValueSatisfying(found -> assertThat(((NoData) found).why()).isEqualTo(why));

        sources.values = ignored -> new AlertSources.OneValue(new MetricSample.Value(value), "a store is away", false);
        pass(Duration.ofSeconds(30));
        assertThat(newest(rule, application("shop")))
                .hasValueSatisfying(found -> assertThat(((Failed) found).why())
                        .endsWith("its answer is only a part (a store is away), and " + why + "."));
    }

    @Test
    void givenManyQuestionsToASourceThatIsAway_whenTheFirstFails_thenTheOthersDoNotTry() {
        AlertSampler slow = sampler(false);
        sources.values = ignored -> new AlertSources.OneValue(new MetricSample.Failed("it hangs"), null, false);
        for (int number = 0; number < 500; number++) {
            slow.of(free(number), application("shop", URL, "job: shop", ""));
        }
        pass(slow, Duration.ofSeconds(2));
        assertThat(waiting).as("of one source at a time").hasSize(Lanes.OF_ONE_SOURCE);

        runAll();

        assertThat(sources.asked).hasSize(Lanes.OF_ONE_SOURCE);
        assertThat(slow.failing().get(URL).rules()).hasSize(500);

        sources.values = ignored -> new AlertSources.OneValue(new MetricSample.Value(1), null, false);
        for (int second = 0; second < 60; second++) {
            pass(slow, Duration.ofSeconds(1));
            runAll();
        }
        assertThat(slow.failing()).isEmpty();
    }

    private void runAll() {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().run();
        }
    }

    private static AlertRule free(int number) {
        return rule(
                "free-" + number, "shop", "promql: up == " + number + ", comparison: LessThan, threshold: {value: 1}");
    }

    @Test
    void givenASourceThatHangs_whenItHasManyQuestions_thenThereIsRoomForOthers() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        sources.values = asked -> {
            if (asked.source().url().equals(URL)) {
                untilOver(hangs);
            }
            return new AlertSources.OneValue(new MetricSample.Value(1), null, false);
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(AlertSampler.AT_ONCE)) {
            AlertSampler busy = new AlertSampler(sources, true, AlertSides::mayChange, woken::add, clock, threads);
            for (int number = 0; number < 20; number++) {
                busy.of(free(number), application("shop", URL, "job: shop", ""));
            }
            AlertRule other = rule("other", "shop", "promql: up, comparison: LessThan, threshold: {value: 1}");
            ManagedApplication elsewhere = application("shop", "http://other:9090", "job: shop", "");
            busy.of(other, elsewhere);
            pass(busy, Duration.ofSeconds(2));

            await().until(() -> busy.of(other, elsewhere).newest().isPresent());
            hangs.countDown();
            await().until(() -> woken.size() == 21);
        }
    }

    @Test
    void givenManySources_whenAllAreSlow_thenEightQueriesAreUnderWayAtOnce() {
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        sources.values = asked -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            untilOver(slow);
            now.decrementAndGet();
            return new AlertSources.OneValue(new MetricSample.Value(1), null, false);
        };
        try (AlertSampler real =
                AlertSampler.start(sources, true, AlertSides::mayChange, woken::add, Clock.systemUTC())) {
            for (int number = 0; number < 20; number++) {
                real.of(free(number), application("shop", "http://p" + number + ":9090", "job: shop", ""));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> now.get() == AlertSampler.AT_ONCE);
            slow.countDown();
            await().atMost(Duration.ofSeconds(30)).until(() -> woken.size() == 20);
        }
        assertThat(most).hasValue(AlertSampler.AT_ONCE);
    }

    @Test
    void givenAShortInterval_whenASourceMayTakeAsLong_thenItIsGivenLess() {
        sampler.of(
                rule(
                        "quick",
                        "shop",
                        "metric: ErrorRate, interval: 5s, comparison: GreaterThan, threshold: {percent: 1}"),
                application("shop"));
        pass(Duration.ofSeconds(2));
        assertThat(sources.asked.getFirst().source().timeout()).isEqualTo("4s");

        sampler.of(percent("slow", "shop", "RequestRate"), application("shop"));
        pass(Duration.ofSeconds(2));
        assertThat(sources.asked)
                .filteredOn(asked -> !asked.promql().contains("increase"))
                .singleElement()
                .satisfies(asked -> assertThat(asked.source().timeout()).isEqualTo("5s"));
    }

    @Test
    void givenAnErrorThatNobodyThoughtOf_whenItIsMeasured_thenItIsAFailureAndTheNextSweepComes() {
        ManagedApplication shop = application("shop");
        AlertRule rule = percent("rule", "shop", "ErrorRate");
        sampler.of(rule, shop);
        sources.vectors = ignored -> {
            throw new IllegalStateException("broken");
        };
        pass(Duration.ofSeconds(2));
        assertThat(newest(rule, shop))
                .hasValueSatisfying(found -> assertThat(((Failed) found).why()).contains("broken"));

        errors("shop", 0);
        pass(Duration.ofSeconds(30));
        assertThat(newest(rule, shop))
                .hasValueSatisfying(found -> assertThat(found).isInstanceOf(Measured.class));
    }

    @Test
    void givenAClockThatIsSetBack_whenTimePasses_thenItIsMeasuredWithinTheInterval() {
        sampler.of(percent("rule", "shop", "ErrorRate"), application("shop"));
        pass(Duration.ofSeconds(2));
        clock.move(Duration.ofHours(-5));
        sources.asked.clear();

        pass(Duration.ofSeconds(31));

        assertThat(sources.asked).isNotEmpty();
    }

    @Test
    void givenHealthAndBackups_whenTheyAreMeasured_thenTheCachesAreReadAndNoPrometheus() {
        ManagedApplication asked = healthy("True", "Healthy");
        AlertRule health = rule("health", "web", "metric: HealthCheck");
        AlertRule backups =
                rule("backups", "web", "metric: BackupAge, comparison: GreaterThan, threshold: {duration: 26h}");
        sampler.of(health, asked);
        sampler.of(backups, asked);
        sources.cached = healthy("False", "Unhealthy");
        sources.policies = List.of(Serialization.unmarshal("""
                metadata: {name: nightly, creationTimestamp: "2026-02-28T12:00:00Z"}
                spec: {applicationRef: {name: web}}
                """, BackupPolicy.class));
        pass(Duration.ofSeconds(2));

        assertThat(newest(health, asked))
                .hasValueSatisfying(
                        found -> assertThat(((Measured) found).value()).isEqualTo(1));
        assertThat(newest(backups, asked))
                .hasValueSatisfying(
                        found -> assertThat(((Measured) found).text()).isEqualTo("1d"));
        assertThat(sources.asked).isEmpty();

        sources.cached = healthy("Unknown", "Unreachable");
        pass(Duration.ofSeconds(30));
        assertThat(sampler.failing()).containsOnlyKeys("spec.health of ManagedApplication shop/web");
    }

    @Test
    void givenPodsWithoutLimits_whenTheyAreMeasured_thenThatIsAnObstacleUntilItIsMended() {
        ManagedApplication web = healthy("True", "Healthy");
        AlertRule cpu = percent("cpu", "web", "Cpu");
        sampler.of(cpu, web);
        sources.pods = pods("{}");
        pass(Duration.ofSeconds(60));

        Evaluations.Known known = sampler.of(cpu, web);
        assertThat(known.newest()).isEmpty();
        assertThat(known.obstacle())
                .hasValueSatisfying(obstacle -> assertThat(obstacle.reason()).isEqualTo(Reason.RESOURCES_NOT_SET));
        assertThat(woken).as("once").hasSize(1);

        sources.pods = pods("{limits: {cpu: 2}}");
        pass(Duration.ofSeconds(30));
        known = sampler.of(cpu, web);
        assertThat(known.obstacle()).isEmpty();
        assertThat(known.newest())
                .hasValueSatisfying(
                        found -> assertThat(((Measured) found).text()).isEqualTo("50 %"));

        sources.pods = new PodUsages.Read(null, "metrics.k8s.io is not served");
        pass(Duration.ofSeconds(30));
        assertThat(sampler.failing()).containsOnlyKeys("metrics.k8s.io");
        assertThat(woken).hasSize(3);
    }

    @Test
    void givenAnApplicationThatIsGone_whenItIsAskedFor_thenThatIsAnObstacleAndNothingIsAsked() {
        AlertRule rule = percent("rule", "shop", "ErrorRate");
        sampler.of(rule, application("shop"));

        Evaluations.Known known = sampler.of(rule, null);
        pass(Duration.ofSeconds(60));

        assertThat(known.query()).isEmpty();
        assertThat(known.obstacle())
                .hasValueSatisfying(obstacle -> assertThat(obstacle.reason()).isEqualTo(Reason.APPLICATION_NOT_FOUND));
        assertThat(sources.asked).isEmpty();
    }

    /** As the timer does, each half second. */
    private void pass(Duration time) {
        pass(sampler, time);
    }

    private void pass(AlertSampler one, Duration time) {
        for (long passed = 0; passed < time.toMillis(); passed += 500) {
            clock.move(Duration.ofMillis(500));
            one.tick();
        }
    }

    private Optional<Evaluation> newest(AlertRule rule, ManagedApplication application) {
        return sampler.of(rule, application).newest();
    }

    /** So many of a thousand requests of a job failed. */
    private void errors(String job, double failed) {
        sources.vectors = ignored -> errorsOf(job, failed);
    }

    private static MetricVector errorsOf(String job, double failed) {
        return new MetricVector.Found(
                List.of(
                        new MetricVector.Series(Map.of("job", job, "mainstay_part", "all"), 1000),
                        new MetricVector.Series(Map.of("job", job, "mainstay_part", "of_them"), failed)),
                null);
    }

    private static void untilOver(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ManagedApplication healthy(String status, String reason) {
        return Serialization.unmarshal("""
                metadata: {name: web, namespace: shop}
                spec: {workloads: [{kind: Deployment, name: web}], health: {workload: web, port: http}}
                status: {conditions: [{type: Healthy, status: "%s", reason: %s, message: so it is}]}
                """.formatted(status, reason), ManagedApplication.class);
    }

    private static PodUsages.Read pods(String resources) {
        Pod pod = Serialization.unmarshal("""
                metadata: {name: web-1}
                spec: {containers: [{name: web, resources: %s}]}
                """.formatted(resources), Pod.class);
        return new PodUsages.Read(
                List.of(new PodUse("Deployment web", List.of(pod), Map.of("web-1", Map.of("cpu", BigDecimal.ONE)))),
                null);
    }
}
