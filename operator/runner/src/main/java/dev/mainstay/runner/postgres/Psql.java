package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.postgres.Pipeline.Program;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A session of psql, which takes a script of any size, and answers questions in the transaction of that script. Its first
 * error ends it, and what was not committed is gone then. Nothing that a person wrote is ever sent but as a literal: psql
 * takes a backslash for a command to itself.
 */
public final class Psql implements AutoCloseable {

    private static final Pattern LINE = Pattern.compile("psql:<stdin>:(\\d+): (?:error: )?(.*)");

    private static final String FIELD_END = "\u001f";
    private static final char RECORD_END = '\0';

    private final Pipeline pipeline;
    private final ScriptLines input;
    private final InputStream output;
    private final StopSignal stop;
    private final String nonce = UUID.randomUUID().toString();

    private Psql(Pipeline pipeline, StopSignal stop) {
        this.pipeline = pipeline;
        this.input = new ScriptLines(pipeline.input());
        this.output = new BufferedInputStream(pipeline.output());
        this.stop = stop;
    }

    /**
     * Connects, and begins a transaction.
     *
     * @param folder folder of the program
     * @param application name of the session, by which others know it
     */
    public static Psql inTransaction(Path folder, DatabaseAccess access, String application, StopSignal stop) {
        Map<String, String> environment = new TreeMap<>(access.environment());
        environment.put("PGAPPNAME", application);
        List<String> command = List.of(
                folder.resolve("psql").toString(),
                "--no-psqlrc",
                "--quiet",
                "--no-align",
                "--no-password",
                "--set=ON_ERROR_STOP=1",
                "--dbname=" + access.connectionString(),
                "--file=-");
        Psql psql =
                new Psql(Pipeline.start(List.of(new Program("psql", command, environment, line -> {})), stop), stop);
        psql.run("\\pset footer off\n\\pset tuples_only on\n\\pset recordsep_zero on\n\\pset fieldsep '\\x1f'\n"
                + "\\pset null '" + psql.nonce + "'\n"
                + "SET client_min_messages = error; BEGIN;\n\\o /dev/null");
        return psql;
    }

    /** What it reads. */
    public OutputStream input() {
        return input;
    }

    /** The script has ended: what follows is none of the archive's. */
    public void endScript() {
        input.endEntries();
    }

    /** Has it run statements, and waits for their end. Throws a TaskFailure when it has ended instead. */
    public void run(String statements) {
        said(statements);
    }

    /** From here on answers are told, and not passed over. */
    public void listen() {
        run("\\o");
    }

    /** The rows that a query answers; a value of null is null. */
    public List<List<String>> ask(String query) {
        String said = said(query + ";");
        List<List<String>> rows = new ArrayList<>();
        for (String record : records(said)) {
            rows.add(Arrays.stream(record.split(FIELD_END, -1))
                    .map(value -> value.equals(nonce) ? null : value)
                    .toList());
        }
        return rows;
    }

    /** The first value of an answer. */
    public String value(String query) {
        return ask(query).getFirst().getFirst();
    }

    /** What a cursor has in its first column, two rows at most; throws a TaskFailure when it has more columns. */
    public List<String> firstColumn(String cursor, TaskFailure moreColumns) {
        List<String> records =
                records(said("\\pset tuples_only off\nFETCH 2 FROM " + cursor + ";\n\\pset tuples_only on"));
        if (records.getFirst().contains(FIELD_END)) {
            throw moreColumns;
        }
        return records.stream()
                .skip(1)
                .map(value -> value.equals(nonce) ? null : value)
                .toList();
    }

    private static List<String> records(String said) {
        if (said.isEmpty()) {
            return List.of();
        }
        String whole = said.charAt(said.length() - 1) == RECORD_END ? said.substring(0, said.length() - 1) : said;
        return List.of(whole.split(String.valueOf(RECORD_END), -1));
    }

    private String said(String text) {
        stop.check();
        try {
            input.write((text + "\n\\echo " + nonce + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
            return readToNonce();
        } catch (IOException e) {
            throw ended();
        }
    }

    private String readToNonce() throws IOException {
        byte[] end = (nonce + "\n").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        byte[] tail = new byte[end.length];
        int next;
        while ((next = output.read()) >= 0) {
            said.write(next);
            System.arraycopy(tail, 1, tail, 0, tail.length - 1);
            tail[tail.length - 1] = (byte) next;
            if (next == '\n' && Arrays.equals(tail, end)) {
                byte[] whole = said.toByteArray();
                return new String(whole, 0, whole.length - end.length, StandardCharsets.UTF_8);
            }
        }
        throw ended();
    }

    /** Why it has ended. */
    public TaskFailure ended() {
        Exit exit = exit();
        List<String> lines = exit.tail().stream().flatMap(this::asOfPgRestore).toList();
        return RestoreErrors.of(new Exit(exit.program(), exit.code(), lines))
                .orElseGet(() -> new TaskFailure(Reason.INTERNAL_ERROR, "psql ended too early."));
    }

    /** What pg_restore itself would say: the entry, and the error. */
    private Stream<String> asOfPgRestore(String line) {
        Matcher of = LINE.matcher(line);
        if (!of.matches()) {
            return Stream.of(line);
        }
        String said = of.group(2);
        if (said.startsWith("WARNING:") || said.startsWith("NOTICE:")) {
            return Stream.of("pg_restore: " + said);
        }
        return Stream.concat(
                input.entryAt(Long.parseLong(of.group(1))).stream()
                        .map(entry -> "pg_restore: from TOC entry 0; 0 0 " + entry),
                Stream.of("pg_restore: error: " + said));
    }

    /** How it has ended. */
    public Exit exit() {
        try {
            input.close();
        } catch (IOException e) {
            // It has ended.
        }
        Exit exit = pipeline.await().getFirst();
        stop.check();
        return exit;
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
