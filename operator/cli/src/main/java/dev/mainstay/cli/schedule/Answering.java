package dev.mainstay.cli.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.cli.schedule.ScheduleOptions.Output;
import dev.mainstay.core.schedule.Parsed.Refused;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/** Writes answers, and says with which exit code the program ends. */
final class Answering {

    static final int ANSWERED = 0;
    static final int REFUSED = 1;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DefaultPrettyPrinter LINES = new DefaultPrettyPrinter()
            .withArrayIndenter(new DefaultIndenter("  ", "\n"))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"));

    private Answering() {}

    /** Writes an answer in one of its two forms. */
    static int answer(CommandLine command, Output output, List<String> lines, Object json) {
        PrintWriter out = command.getOut();
        if (output == Output.JSON) {
            out.print(json(json) + "\n");
        } else {
            lines.forEach(line -> out.print(line + "\n"));
        }
        return ANSWERED;
    }

    /** Writes a refusal: the answer itself in JSON, beside the answer that there is none in text. */
    static int refuse(CommandLine command, Output output, Refused<?> refused) {
        if (output == Output.JSON) {
            command.getOut().print(json(new Answers.Refusal(false, refused.field(), refused.message())) + "\n");
        } else {
            command.getErr().print("refused: " + refused.message() + "\n");
        }
        return REFUSED;
    }

    private static String json(Object value) {
        try {
            return JSON.writer(LINES).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is no JSON", e);
        }
    }
}
