package dev.mainstay.runner.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mainstay.core.mode.PageContent;
import dev.mainstay.core.task.TaskJson;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the page of the environment until it is told to stop. */
public final class PageProgram {

    private static final Logger LOG = LoggerFactory.getLogger(PageProgram.class);

    /** How long it goes on after that: whoever was led here has not heard yet that it stops. */
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private PageProgram() {}

    /**
     * Runs; returns when it has stopped.
     *
     * @param json what is to be served
     * @throws IOException when a port can't be listened at
     * @throws IllegalArgumentException when the content is not what this program knows
     */
    public static void run(String json, Clock clock) throws IOException {
        PageServer server = new PageServer(read(json), clock);
        server.start();
        LOG.info("the page is served at ports {}", server.ports());
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            pause();
            server.close();
            stopped.countDown();
        }));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static PageContent read(String json) {
        try {
            PageContent content = TaskJson.mapper().readValue(json, PageContent.class);
            if (content != null && content.title() != null && content.ports() != null) {
                return content;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    PageContent.ENVIRONMENT_VARIABLE + " is not what this program knows: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException(PageContent.ENVIRONMENT_VARIABLE + " holds no page");
    }

    private static void pause() {
        try {
            Thread.sleep(FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
