package dev.mainstay.core.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.claims.ExecutedRequests.ExecutedRequest;
import org.junit.jupiter.api.Test;

class ExecutedRequestsTest {

    @Test
    void givenMoreThanAreKept_whenAdded_thenTheOldestGo() {
        ExecutedRequests executed = ExecutedRequests.NONE;
        for (int number = 0; number < 60; number++) {
            executed = executed.with(request("shop-" + number, "uid-" + number));
        }

        assertThat(executed.list()).hasSize(50);
        assertThat(executed.before(request("shop-9", "other"))).isEmpty();
        assertThat(executed.before(request("shop-10", "other"))).isPresent();
    }

    @Test
    void givenTheSameOneTwice_whenAdded_thenItIsThereOnceAndNoRepetitionOfItself() {
        ExecutedRequests executed =
                ExecutedRequests.NONE.with(request("shop", "uid")).with(request("shop", "uid"));

        assertThat(executed.list()).hasSize(1);
        assertThat(executed.before(request("shop", "uid"))).isEmpty();
    }

    private static ExecutedRequest request(String name, String uid) {
        return new ExecutedRequest("RollbackRequest", name, uid, "0a1b2c3d");
    }
}
