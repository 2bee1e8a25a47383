package dev.mainstay.e2e.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The open watches, and what is done to their events. */
final class Watches {

    private static final String GONE = """
            {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
            "message":"too old resource version","reason":"Expired","code":410}}
            """;

    private final Map<String, Duration> delays = new HashMap<>();
    private final Set<String> dropped = new HashSet<>();
    private final List<Watch> open = new ArrayList<>();
    private int droppedEvents;

    static boolean isWatch(HttpHead request) {
        return request.method().equals("GET") && request.query().matches("(.*&)?watch=(true|1)(&.*)?");
    }

    synchronized void delay(String resource, Duration time) {
        delays.put(resource, time);
    }

    synchronized void drop(String resource) {
        dropped.add(resource);
    }

    /**
     * Events come as they are again. An API server loses none for ever: a watch that missed some is ended with 410 Gone, so
     * that its client lists and sees only the newest state of what it missed.
     */
    void pass(String resource) throws IOException {
        List<Watch> missed;
        synchronized (this) {
            delays.remove(resource);
            missed = dropped.remove(resource)
                    ? open.stream()
                            .filter(watch -> watch.resource.equals(resource))
                            .toList()
                    : List.of();
        }
        for (Watch watch : missed) {
            watch.end(GONE);
        }
    }

    synchronized Watch opened(HttpHead request, EventSink sink) {
        Watch watch = new Watch(StaleLists.resource(request), sink);
        open.add(watch);
        return watch;
    }

    private synchronized void closed(Watch watch) {
        open.remove(watch);
    }

    private synchronized Duration delayOf(String resource) {
        return delays.getOrDefault(resource, Duration.ZERO);
    }

    private synchronized boolean drops(String resource) {
        boolean drops = dropped.contains(resource);
        droppedEvents += drops ? 1 : 0;
        return drops;
    }

    synchronized int droppedEvents() {
        return droppedEvents;
    }

    /** Where events of a watch go: a stream of chunks or of WebSocket frames. */
    interface EventSink {
        void send(String event) throws IOException;

        void close() throws IOException;
    }

    /** Passes something on to the client. */
    interface Passing {
        void pass() throws IOException;
    }

    /** One open watch. */
    final class Watch implements AutoCloseable {
        private final String resource;
        private final EventSink sink;

        private Watch(String resource, EventSink sink) {
            this.resource = resource;
            this.sink = sink;
        }

        void event(String json) throws IOException, InterruptedException {
            // Waiting here delays what follows too, which keeps the order, as a slow server does.
            Thread.sleep(delayOf(resource));
            if (!drops(resource)) {
                synchronized (this) {
                    sink.send(json);
                }
            }
        }

        /** What is no event (a ping, a close) passes; not in the middle of an event. */
        synchronized void control(Passing passing) throws IOException {
            passing.pass();
        }

        private synchronized void end(String lastEvent) throws IOException {
            sink.send(lastEvent);
            sink.close();
        }

        @Override
        public void close() {
            closed(this);
        }
    }
}
