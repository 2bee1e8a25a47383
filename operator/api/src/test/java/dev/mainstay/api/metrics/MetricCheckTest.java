package dev.mainstay.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.api.json.TolerantReading;
import org.junit.jupiter.api.Test;

class MetricCheckTest {

    private final ObjectMapper mapper = TolerantReading.configure(new ObjectMapper());

    @Test
    void givenAllFields_whenRead_thenTheyAreThere() throws JsonProcessingException {
        assertThat(read("""
                {"promql": "up", "comparison": "GreaterThan", "threshold": {"percent": 0.5}, "window": "5m",
                 "onNoData": "Ignore"}"""))
                .isEqualTo(new MetricCheck(
                        "up", Comparison.GREATER_THAN, new Threshold(0.5, null, null), "5m", NoDataPolicy.IGNORE));
    }

    @Test
    void givenTheLeast_whenRead_thenTheRestIsWhatTheSchemaSays() throws JsonProcessingException {
        MetricCheck check = read("""
                {"promql": "up", "comparison": "LessThan", "threshold": {"milliseconds": 500}}""");

        assertThat(check.window()).isEqualTo("1m");
        assertThat(check.onNoData()).isEqualTo(NoDataPolicy.FAIL);
        assertThat(new Prometheus("http://prometheus", null).timeout()).isEqualTo("5s");
    }

    @Test
    void givenWordsOfALaterVersion_whenRead_thenTheyAreNotTakenForKnownOnes() throws JsonProcessingException {
        MetricCheck check = read("""
                {"promql": "up", "comparison": "Near", "threshold": {"value": 1}, "onNoData": "Ask", "later": 1}""");

        assertThat(check.comparison()).isEqualTo(Comparison.UNRECOGNIZED);
        assertThat(check.onNoData()).isEqualTo(NoDataPolicy.UNRECOGNIZED);
    }

    private MetricCheck read(String json) throws JsonProcessingException {
        return mapper.readValue(json, MetricCheck.class);
    }
}
