package dev.mainstay.controller.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.core.alert.AlertGroup;
import dev.mainstay.core.metrics.MetricVector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartsTest {

    private static final AlertGroup GROUP = new AlertGroup(
            new Prometheus("http://prometheus:9090", null),
            AlertMetric.REQUEST_RATE,
            List.of("http_requests_total"),
            List.of("job"),
            "5m");
    private static final MetricVector FOUND = new MetricVector.Found(List.of(), null);
    private static final MetricVector TOO_WIDE = new MetricVector.TooWide("The answer was larger than 8.00 MiB.");
    private static final Pattern NAMES = Pattern.compile("job=~?\"([^\"]*)\"");

    private final Parts parts = new Parts();
    private final List<Set<String>> asked = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 51, 10_000})
    void givenAPrometheusThatAnswers_whenAllAreAskedFor_thenThatIsOneQuery(int count) {
        List<Parts.Part> answered = ask(count, _ -> FOUND);

        assertThat(answered)
                .singleElement()
                .satisfies(part -> assertThat(part.applications()).hasSize(count));
        assertThat(asked).hasSize(1);
    }

    /** Series of others, which Mainstay does not ask about, are in the answer to a query without names. */
    @ParameterizedTest
    @CsvSource({"51, 1", "250, 1", "251, 2", "1000, 4", "10000, 40"})
    void givenAnAnswerThatIsTooLargeForTheOthersInIt_whenItIsAskedByName_thenThatIsKept(int count, int lists) {
        Function<Set<String>, MetricVector> source = names -> names.isEmpty() ? TOO_WIDE : FOUND;

        assertThat(found(ask(count, source))).hasSize(count);
        assertThat(asked).hasSize(1 + lists);

        assertThat(found(ask(count, source))).hasSize(count);
        assertThat(asked).as("the next time").hasSize(lists).noneMatch(Set::isEmpty);

        now = now.plus(Duration.ofMinutes(61));
        ask(count, _ -> FOUND);
        assertThat(asked)
                .as("an hour later")
                .singleElement()
                .satisfies(names -> assertThat(names).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"2, 3", "8, 7", "50, 13", "1000, 21", "10000, 57"})
    void givenOneApplicationWhoseAnswerIsTooLarge_whenAllAreAskedFor_thenItAloneHasNone(int count, int most) {
        Function<Set<String>, MetricVector> source =
                names -> names.isEmpty() || names.contains("app-1") ? TOO_WIDE : FOUND;

        List<Parts.Part> answered = ask(count, source);

        assertThat(found(answered)).hasSize(count - 1).doesNotContain("app-1");
        assertThat(unanswered(answered)).containsExactly("app-1");
        assertThat(asked).hasSizeLessThanOrEqualTo(most);

        answered = ask(count, source);
        assertThat(unanswered(answered)).containsExactly("app-1");
        int lists = count > 50 ? (count - 2) / Parts.LONGEST_LIST + 1 : 1;
        assertThat(asked).as("the next time").hasSize(lists + 1).contains(Set.of("app-1"));

        ask(count, _ -> FOUND);
        ask(count, _ -> FOUND);
        assertThat(asked).as("once it is mended").hasSize(count > 50 ? (count - 1) / Parts.LONGEST_LIST + 1 : 1);
    }

    /** Each of them may cost a Prometheus what its limits allow: a fault of all is found out by a few, in each sweep. */
    @ParameterizedTest
    @CsvSource({"1000, 16", "3, 5", "8, 15"})
    void givenAllAreAtFault_whenTheyAreAskedFor_thenTheQueriesAreFewAndNoneIsForgotten(int count, int queries) {
        for (int sweep = 0; sweep < 3; sweep++) {
            List<Parts.Part> answered = ask(count, _ -> TOO_WIDE);

            assertThat(asked).hasSizeLessThanOrEqualTo(queries);
            assertThat(unanswered(answered)).hasSize(count);
        }
    }

    @Test
    void givenMoreAtFaultThanAreFound_whenTheyAreAskedFor_thenTheQueriesAreBoundedAndTheMessageSaysWhy() {
        List<Parts.Part> answered = ask(
                1000,
                names -> names.isEmpty() || names.stream().anyMatch(name -> name.matches("app-[13579]?11"))
                        ? TOO_WIDE
                        : FOUND);

        assertThat(asked).hasSize(Parts.MOST_QUERIES);
        assertThat(names(answered)).hasSize(1000).doesNotHaveDuplicates();
        assertThat(answered.getLast().answer())
                .isEqualTo(new MetricVector.TooWide(
                        "It was not measured: Prometheus could not answer for all applications at"
                                + " once, and 64 queries for fewer of them, which is the most at a time, did not find those that are at"
                                + " fault. The last answer: The answer was larger than 8.00 MiB."));
    }

    /** Two answers that fit alone, and not together. */
    @Test
    void givenAnswersThatFitAlone_whenTheyAreAskedFor_thenEachHasOne() {
        Function<Set<String>, MetricVector> source = names -> names.size() > 1 ? TOO_WIDE : FOUND;

        assertThat(found(ask(8, source))).hasSize(8);
        assertThat(found(ask(8, source))).hasSize(8);
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 1000", "3, 750", "5, 250"})
    void givenASourceThatGoesAway_whenSomeWereAnswered_thenTheOthersAreNotTried(int query, int unanswered) {
        MetricVector away = new MetricVector.Failed("the connection was refused.", false);

        List<Parts.Part> answered =
                ask(1000, names -> asked.size() == query ? away : names.isEmpty() ? TOO_WIDE : FOUND);

        assertThat(asked).hasSize(query);
        assertThat(names(answered.stream()
                        .filter(part -> part.answer().equals(away))
                        .toList()))
                .hasSize(unanswered);
        assertThat(names(answered)).hasSize(1000);
    }

    /** What is wrong with the question itself is wrong with each part of it. */
    @Test
    void givenAQueryThatIsNoPromql_whenItIsAsked_thenItIsNotHalved() {
        ask(50, _ -> new MetricVector.Failed("bad_data", true));

        assertThat(asked).hasSize(1);
    }

    @Test
    void givenAClockThatIsSetBack_whenAllAreAskedFor_thenThatIsNotPutOffForAsLong() {
        ask(100, names -> names.isEmpty() ? TOO_WIDE : FOUND);
        now = now.minus(Duration.ofDays(30));

        ask(100, _ -> FOUND);

        assertThat(asked).singleElement().satisfies(names -> assertThat(names).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void givenAnyOfThemAtFault_whenTheyAreAskedFor_thenEachIsInOneAnswerAndNoneHasThatOfAnother(long seed) {
        Random random = new Random(seed);
        for (int sweep = 0; sweep < 50; sweep++) {
            int count = 1 + random.nextInt(random.nextBoolean() ? 20 : 600);
            int faults = random.nextInt(8);
            Set<String> bad = IntStream.range(0, faults)
                    .mapToObj(_ -> "app-" + random.nextInt(count))
                    .collect(Collectors.toSet());
            boolean open = random.nextBoolean();

            List<Parts.Part> answered = ask(
                    count,
                    names -> names.isEmpty()
                            ? open && bad.isEmpty() ? FOUND : TOO_WIDE
                            : names.stream().anyMatch(bad::contains) ? TOO_WIDE : FOUND);

            assertThat(names(answered)).hasSize(count).doesNotHaveDuplicates();
            assertThat(asked).hasSizeLessThanOrEqualTo(Parts.MOST_QUERIES);
            assertThat(found(answered)).noneMatch(bad::contains);
            if (asked.size() < Parts.MOST_WITHOUT_ANSWER) {
                assertThat(unanswered(answered)).containsExactlyInAnyOrderElementsOf(bad);
            }
            now = now.plusSeconds(30);
        }
    }

    /** @param source answers by the names that are asked for, which are none in a query for all */
    private List<Parts.Part> ask(int count, Function<Set<String>, MetricVector> source) {
        asked.clear();
        List<List<String>> applications = IntStream.range(0, count)
                .mapToObj(number -> List.of("app-" + number))
                .toList();
        return parts.ask(
                GROUP,
                applications,
                promql -> {
                    Matcher names = NAMES.matcher(promql);
                    Set<String> found = names.find() ? Set.of(names.group(1).split("\\|")) : Set.of();
                    asked.add(found);
                    return source.apply(found);
                },
                now);
    }

    private static List<String> found(List<Parts.Part> answered) {
        return names(answered.stream()
                .filter(part -> part.answer() instanceof MetricVector.Found)
                .toList());
    }

    private static List<String> unanswered(List<Parts.Part> answered) {
        return names(answered.stream()
                .filter(part -> part.answer() instanceof MetricVector.TooWide)
                .toList());
    }

    private static List<String> names(List<Parts.Part> answered) {
        return answered.stream()
                .map(Parts.Part::applications)
                .flatMap(Collection::stream)
                .map(List::getFirst)
                .toList();
    }
}
