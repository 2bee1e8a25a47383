package dev.mainstay.runner.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A real Redis server in a temporary folder. */
final class RedisServer implements AutoCloseable {

    private final Path folder;
    private final int port = Programs.freePort();
    private final List<String> options;
    private Process process;

    /** Starts one with these options beside its defaults, such as {@code --cluster-enabled yes}. */
    RedisServer(String... options) {
        this.options = List.of(options);
        try {
            folder = Files.createTempDirectory("mainstay-redis-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Programs.deleteAtExit(folder);
        start();
        answers();
    }

    int port() {
        return port;
    }

    /** Starts it anew with the data that it has saved, and these options too. */
    void restart(String... more) {
        close();
        start(more);
    }

    private void start(String... more) {
        List<String> command = new ArrayList<>(List.of(
                Programs.redis().toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--dir",
                folder.toString(),
                "--save",
                ""));
        command.addAll(options);
        command.addAll(List.of(more));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Programs.endAtExit(process);
    }

    private void answers() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(JedisConnectionException.class)
                .until(this::pinged);
    }

    private boolean pinged() {
        try {
            return "PONG".equals(ask("PING"));
        } catch (JedisAccessControlException e) {
            return true;
        }
    }

    /** Sends one command of an administrator; its answer as text, or {@code null}. */
    String ask(String command, String... arguments) {
        try (Connection connection = connection()) {
            connection.sendCommand(Command.valueOf(command), arguments);
            Object answer = connection.getOne();
            return answer instanceof byte[] bytes
                    ? new String(bytes, StandardCharsets.UTF_8)
                    : answer == null ? null : answer.toString();
        }
    }

    /** A connection of an administrator. */
    Connection connection() {
        return Connection.builder()
                .socketFactory(new DefaultJedisSocketFactory(new HostAndPort("127.0.0.1", port)))
                .clientConfig(DefaultJedisClientConfig.builder().resp2().build())
                .build();
    }

    /** Sets so many keys {@code <prefix><number>}, with a time to live unless it is 0. */
    void fill(String prefix, int count, long secondsToLive) {
        try (Connection connection = connection()) {
            for (int i = 0; i < count; i++) {
                CommandArguments set =
                        new CommandArguments(Command.SET).add(prefix + i).add("value-" + i);
                connection.sendCommand(secondsToLive == 0 ? set : set.add("EX").add(secondsToLive));
                if (i % 1000 == 999) {
                    connection.getMany(1000);
                }
            }
            connection.getMany(count % 1000);
        }
    }

    /** How many keys begin with a text; asked with KEYS, which a test may. */
    long count(String prefix) {
        try (Connection connection = connection()) {
            connection.sendCommand(Command.KEYS, "*");
            byte[] beginning = prefix.getBytes(StandardCharsets.UTF_8);
            return connection.getBinaryMultiBulkReply().stream()
                    .filter(key -> key.length >= beginning.length
                            && Arrays.equals(key, 0, beginning.length, beginning, 0, beginning.length))
                    .count();
        }
    }

    /** How often a command was called since the start. */
    long calls(String command) {
        String statistics = ask("INFO", "commandstats");
        return statistics
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
                .mapToLong(line -> Long.parseLong(line.replaceAll("^[^=]*=(\\d+),.*", "$1")))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
