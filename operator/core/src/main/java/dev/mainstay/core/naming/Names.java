package dev.mainstay.core.naming;

import dev.mainstay.core.task.TaskKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Names of what the operator makes: pure functions of what they are made for, so that making twice makes once. They never
 * change between releases: a running Job must be found by the next one. Too long a name with a suffix has kept backups
 * from running without a word (postgres-operator issue 1470, CrunchyData issue 3170), so all are cut, with a hash tail.
 */
public final class Names {

    /** Longest name of a Job, whose Pods carry it as a label. */
    public static final int LABEL_LENGTH = 63;

    /** Longest name of most other objects. */
    private static final int OBJECT_LENGTH = 253;

    private static final String PREFLIGHT = "-preflight";
    private static final String CLAIMS = ".claims.mainstay.dev";

    /** Longest part of a policy's name in the names of what it makes, which leaves 15 characters to a slot. */
    private static final int POLICY_LENGTH = 48;

    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMdd't'HHmm'z'").withZone(ZoneOffset.UTC);

    private Names() {}

    /**
     * Name of a task's Job: {@code <backup>-<attempt>[-settle-2]-<8 hex of the uid and the task>}.
     *
     * @param backup name of the DatabaseBackup
     * @param uid its uid, so that one made again under the same name never finds the Jobs of the first
     * @param attempt number of the attempt, from 1
     * @param kind what the Job is for
     * @param sequence which try of this kind within the attempt, from 1
     */
    public static String job(String backup, String uid, int attempt, TaskKind kind, int sequence) {
        String task = kind == TaskKind.BACKUP ? "" + attempt : attempt + "-" + kind.text() + "-" + sequence;
        String tail = "-" + task + "-" + hash(uid + "/" + task);
        return cut(backup.replace('.', '-'), LABEL_LENGTH - tail.length()) + tail;
    }

    /**
     * Name of a preflight's Job: {@code <policy>-preflight-<8 hex of the uid and the key>}.
     *
     * @param policy name of the policy
     * @param uid its uid
     * @param key what the preflight is made for
     */
    public static String preflight(String policy, String uid, String key) {
        String tail = "-preflight-" + hash(uid + "/" + key);
        return cut(policy.replace('.', '-'), LABEL_LENGTH - tail.length()) + tail;
    }

    /**
     * Name of a restore test's Job: {@code <policy>-restore-test-<8 hex of the uid, the slot and the number>}.
     *
     * @param policy name of the policy
     * @param uid its uid
     * @param slot the slot that it is made for
     * @param number which Job of the slot, from 1
     */
    public static String restoreTest(String policy, String uid, Instant slot, int number) {
        String tail = "-restore-test-" + hash(uid + "/" + slot + "/" + number);
        return cut(policy.replace('.', '-'), LABEL_LENGTH - tail.length()) + tail;
    }

    /**
     * What marks the databases of a policy's restore tests: the same for a policy made again under its name, so that what
     * the first one left behind is known.
     */
    public static String restoreTestMark(String clusterId, String namespace, String policy) {
        return UUID.nameUUIDFromBytes((clusterId + "/" + namespace + "/" + policy).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** Name of the database that a policy's backups are restored into to be tested. */
    public static String testDatabase(String mark) {
        return "mainstay_test_" + mark.replace("-", "");
    }

    /**
     * Name of the Job that looks whether a restore would succeed: {@code <application>-restore-ready-<8 hex of the uid and the
     * key>}.
     *
     * @param application name of the application
     * @param uid its uid
     * @param key what is looked at, and what for
     */
    public static String restoreReady(String application, String uid, String key) {
        String tail = "-restore-ready-" + hash(uid + "/" + key);
        return cut(application.replace('.', '-'), LABEL_LENGTH - tail.length()) + tail;
    }

    /** Name of the ConfigMap that holds what a policy's preflight found. */
    public static String findings(String policy) {
        return cut(policy, OBJECT_LENGTH - PREFLIGHT.length()) + PREFLIGHT;
    }

    /** Label value of a database server, by which its dumps are counted. */
    public static String server(String host, int port) {
        return hash(host + ":" + port);
    }

    /** A short text that differs when one of the parts does. */
    public static String digest(Object... parts) {
        return hash(Arrays.toString(parts));
    }

    /** Name of the DatabaseBackup that a value of the annotation run-now makes. */
    public static String runNow(String policy, String value) {
        return cut(policy, POLICY_LENGTH) + "-run-" + hash(value);
    }

    /**
     * Name of the object that a policy makes at a slot: {@code <policy>-20260329t0100z}. It is the slot's lock: what is
     * made twice under it is made once.
     *
     * @param policy name of the policy
     * @param slot when it runs, without jitter
     */
    public static String slot(String policy, Instant slot) {
        return cut(policy, POLICY_LENGTH) + "-" + MINUTE.format(slot);
    }

    /**
     * Name of the run that a schedule makes for a rollout: {@code <schedule>-rollout-<8 hex>}. It is the rollout's lock, as that of
     * a slot is.
     *
     * @param schedule name of the schedule
     * @param rollout identifies the rollout
     */
    public static String rollout(String schedule, String rollout) {
        String tail = "-rollout-" + rollout;
        return cut(schedule, LABEL_LENGTH - tail.length()) + tail;
    }

    /** The slot of an object that a policy has made under this name; empty when it is no such name. */
    public static Optional<Instant> slotOf(String policy, String name) {
        String beginning = cut(policy, POLICY_LENGTH) + "-";
        if (!name.startsWith(beginning)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MINUTE.parse(name.substring(beginning.length()), Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Name of the object that is made for a backup in the bucket whose own name is taken. */
    public static String attached(String policy, String folder) {
        return cut(policy, POLICY_LENGTH) + "-" + folder.toLowerCase(Locale.ROOT);
    }

    /** Name of the Lease in which an application's claims are kept. */
    public static String claims(String application) {
        return cut(application, OBJECT_LENGTH - CLAIMS.length()) + CLAIMS;
    }

    /**
     * Name of the Deployment and of the Service of an application's maintenance page. A Service's name is a label, and the hash
     * keeps it apart from what people have called so.
     */
    public static String page(String application) {
        String tail = "-maintenance-" + hash(application);
        return cut(application.replace('.', '-'), LABEL_LENGTH - 11 - tail.length()) + tail;
    }

    /** Name of the maintenance mode that a request makes. */
    public static String mode(String request, String uid) {
        String tail = "-mode-" + hash(uid);
        return cut(request, OBJECT_LENGTH - tail.length()) + tail;
    }

    /** Name of the backup that a restore makes of the database which it replaces. */
    public static String safetyBackup(String request, String uid) {
        String tail = "-safety-" + hash(uid);
        return cut(request, OBJECT_LENGTH - tail.length()) + tail;
    }

    /** Name of the ControllerRevision that holds a release of an application. */
    public static String release(String application, String hash) {
        String tail = "-release-" + hash;
        return cut(application, OBJECT_LENGTH - tail.length()) + tail;
    }

    /** Name of the ControllerRevision that holds what a request is to do. */
    public static String plan(String request, String uid) {
        String tail = "-plan-" + hash(uid);
        return cut(request, OBJECT_LENGTH - tail.length()) + tail;
    }

    /** Name of the ControllerRevision that holds the Runbook of a run as it stood when the run began. */
    public static String runbook(String run, String uid) {
        String tail = "-runbook-" + hash(uid);
        return cut(run, OBJECT_LENGTH - tail.length()) + tail;
    }

    /** Name of the ConfigMap that holds the report of a run. */
    public static String report(String run, String uid) {
        String tail = "-report-" + hash(uid);
        return cut(run, OBJECT_LENGTH - tail.length()) + tail;
    }

    /**
     * Name of what an attempt of a run's step makes: {@code <run>-<step>-<attempt>-<8 hex of the uid and both>}.
     *
     * @param run name of the MaintenanceRun
     * @param uid its uid
     * @param step name of the step
     * @param attempt number of the attempt, from 1
     */
    public static String runStep(String run, String uid, String step, int attempt) {
        String tail = "-" + step + "-" + attempt + "-" + hash(uid + "/" + step + "/" + attempt);
        return cut(run, OBJECT_LENGTH - tail.length()) + tail;
    }

    /**
     * Name of the Job of an attempt of a run's step: {@code <run>-<step>-<attempt>-<8 hex of the uid and both>}, which is a label.
     *
     * @param run name of the MaintenanceRun
     * @param uid its uid
     * @param step name of the step
     * @param attempt number of the attempt, from 1
     */
    public static String stepJob(String run, String uid, String step, int attempt) {
        String tail = "-" + attempt + "-" + hash(uid + "/" + step + "/" + attempt);
        return cut((run + "-" + step).replace('.', '-'), LABEL_LENGTH - tail.length()) + tail;
    }

    /**
     * Name of the MaintenanceRun of an attempt to do something about an alert: {@code <rule>-<episode>-<attempt>-<8 hex of the uid
     * and both>}. It is the attempt's lock: what is made twice under it is made once.
     *
     * @param rule name of the AlertRule
     * @param uid its uid
     * @param episode which time the alert fires
     * @param attempt number of the attempt within it, from 1
     */
    public static String remediation(String rule, String uid, long episode, int attempt) {
        String tail = "-" + episode + "-" + attempt + "-" + hash(uid + "/" + episode + "/" + attempt);
        return cut(rule, LABEL_LENGTH - tail.length()) + tail;
    }

    /** A label value for a name: the name itself, or its beginning with a hash tail when it is too long. */
    public static String label(String name) {
        return cut(name, LABEL_LENGTH);
    }

    /** Folder of a policy in the bucket, with a slash at its end. */
    public static String policyFolder(String prefix, String namespace, String policy) {
        return (prefix.isEmpty() ? "" : prefix + "/") + namespace + "/" + policy + "/";
    }

    /** Folder of an attempt in the bucket, with a slash at its end; it sorts by the creation of its object, in UTC. */
    public static String attemptFolder(String policyFolder, Instant createdAt, String uid, int attempt) {
        return policyFolder + COMPACT.format(createdAt) + "-" + uid.substring(0, Math.min(8, uid.length())) + "-"
                + attempt + "/";
    }

    /** The folder that a folder is in; both with a slash at their end. */
    public static String parentFolder(String folder) {
        return folder.substring(0, folder.lastIndexOf('/', folder.length() - 2) + 1);
    }

    /** The name, or its beginning and a hash of the whole when it is longer than the given number of characters. */
    public static String cut(String name, int length) {
        if (name.length() <= length) {
            return name;
        }
        String beginning = name.substring(0, length - 9).replaceFirst("[-.]+$", "");
        return beginning + "-" + hash(name);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
