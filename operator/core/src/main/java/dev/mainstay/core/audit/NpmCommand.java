package dev.mainstay.core.audit;

import dev.mainstay.api.runbook.AuditedDependencies;
import dev.mainstay.core.task.DependencyAuditWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How npm is run in the application's image. A shell of that image does it, with a script that is always the same: what a Runbook
 * says comes as arguments, which the shell does not read as a script. Nothing is installed, and no script of a package runs.
 */
public final class NpmCommand {

    /** Name of the container, and of the volume with what it leaves. */
    public static final String CONTAINER = "npm";

    /** Folder in which it leaves that. */
    public static final String FOLDER = "/var/run/mainstay/npm";

    /** Name of the environment variable with the folder. */
    public static final String FOLDER_VARIABLE = "MAINSTAY_NPM";

    /** File in the folder with what npm prints. */
    public static final String REPORT = "report";

    /** File with what it prints to its standard error. */
    public static final String ERRORS = "errors";

    /** File with its exit code, which decides nothing, or with why it was not begun. */
    public static final String CODE = "code";

    /** Most bytes of a report that is read. */
    public static final int MOST_BYTES = 8 * 1024 * 1024;

    /** Said in place of an exit code when the folder does not exist. */
    static final String NO_DIRECTORY = "directory";

    /** Said in place of an exit code when there is no npm. */
    static final String NO_NPM = "npm";

    private static final int SECONDS = 240;

    static final String TIME_OVER = "npm audit was not done after " + SECONDS / 60
            + " minutes, and was ended: the registry does not answer. Allow Pods of MaintenanceRuns to reach it (NetworkPolicy,"
            + " firewall), or set proxy.https in the chart's values.";

    static final String KILLED = "npm audit was killed, most likely for want of memory. Raise the limit of memory in"
            + " spec.jobTemplate.resources of the ManagedApplication.";

    private static final String SCRIPT = """
            cd "$1" || { echo %s > "$MAINSTAY_NPM/code"; exit 0; }
            shift
            command -v npm > /dev/null || { echo %s > "$MAINSTAY_NPM/code"; exit 0; }
            {
              timeout -k 10 "$MAINSTAY_NPM_SECONDS" npm audit --json --package-lock-only "$@" 2> "$MAINSTAY_NPM/errors"
              echo $? > "$MAINSTAY_NPM/code"
            } | head -c %d > "$MAINSTAY_NPM/report"
            tail -c 4096 "$MAINSTAY_NPM/errors" >&2
            exit 0
            """.formatted(NO_DIRECTORY, NO_NPM, MOST_BYTES + 1);

    private NpmCommand() {}

    /** The command line. */
    public static List<String> line(DependencyAuditWork work) {
        List<String> line = new ArrayList<>(List.of("sh", "-c", SCRIPT, "npm-audit"));
        line.add(work.directory() == null ? "." : work.directory());
        // It is said each time: the .npmrc of an image may say otherwise.
        line.add(work.step().dependencies() == AuditedDependencies.PRODUCTION ? "--omit=dev" : "--include=dev");
        return line;
    }

    /** The environment beside what the image brings. */
    public static Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put(FOLDER_VARIABLE, FOLDER);
        environment.put("MAINSTAY_NPM_SECONDS", String.valueOf(SECONDS));
        // Nothing else can be written to.
        environment.put("HOME", "/tmp");
        environment.put("npm_config_cache", "/tmp/npm");
        environment.put("npm_config_update_notifier", "false");
        environment.put("npm_config_fetch_retries", "1");
        environment.put("npm_config_fetch_timeout", "60000");
        environment.put("npm_config_ignore_scripts", "true");
        environment.put("NODE_ENV", "");
        // What an image has every node process load is the application's, and may want what is not here.
        environment.put("NODE_OPTIONS", "");
        return environment;
    }
}
