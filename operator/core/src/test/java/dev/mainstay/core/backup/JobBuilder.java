package dev.mainstay.core.backup;

import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.time.Instant;
import java.util.List;

/** A Job as it is seen, with or without a Pod; times are offsets from the backup's creation. */
final class JobBuilder {

    private final String name;
    private boolean ours = true;
    private boolean deleting;
    private boolean ending;
    private Instant startBy = Shop.at("10m");
    private Instant endBy;
    private boolean finished;
    private String finishedMessage;
    private boolean hadPod;
    private List<String> finishedBackups = List.of();
    private PodObservation pod;

    private JobBuilder(String name) {
        this.name = name;
    }

    /** The Job of an attempt's own task; its Pod does not exist yet. */
    static JobBuilder backupJob(int attempt) {
        return new JobBuilder(Names.job("first", Shop.UID, attempt, TaskKind.BACKUP, 1));
    }

    static JobBuilder settleJob(int attempt, int sequence) {
        return new JobBuilder(Names.job("first", Shop.UID, attempt, TaskKind.SETTLE, sequence));
    }

    static JobBuilder verifyJob(int attempt, int sequence) {
        return new JobBuilder(Names.job("first", Shop.UID, attempt, TaskKind.VERIFY, sequence));
    }

    static JobBuilder removeJob(int attempt, int sequence) {
        return new JobBuilder(Names.job("first", Shop.UID, attempt, TaskKind.REMOVE, sequence));
    }

    static JobBuilder named(String name) {
        return new JobBuilder(name);
    }

    JobBuilder startBy(String offset) {
        startBy = Shop.at(offset);
        return this;
    }

    /** As a Job without our annotation. */
    JobBuilder withoutStartBy() {
        startBy = null;
        return this;
    }

    JobBuilder foreign() {
        ours = false;
        return this;
    }

    JobBuilder deleting() {
        deleting = true;
        return this;
    }

    /** It was told to end. */
    JobBuilder ending() {
        ending = true;
        return this;
    }

    JobBuilder finished(String why) {
        finished = true;
        finishedMessage = why;
        return this;
    }

    /** The Job controller counts a Pod that is not seen. */
    JobBuilder hadPod() {
        hadPod = true;
        return this;
    }

    /** Its task was told of these finished backups. */
    JobBuilder toldOf(String... folders) {
        finishedBackups = List.of(folders);
        return this;
    }

    JobBuilder endBy(Instant time) {
        endBy = time;
        return this;
    }

    JobBuilder pending() {
        return pod(null, false, null, null, null, null, null);
    }

    JobBuilder unschedulable(String why) {
        return pod(null, false, null, null, why, null, null);
    }

    JobBuilder waiting(String reason, String message) {
        return pod(null, false, null, null, null, reason, message);
    }

    JobBuilder running() {
        return pod(Shop.at("1m"), false, null, null, null, null, null);
    }

    /** The container ended, and left nothing. */
    JobBuilder dead(String exit) {
        return pod(Shop.at("1m"), true, null, exit, null, null, null);
    }

    /** The Pod ended before its container began, as an evicted one does. */
    JobBuilder deadBeforeStart(String exit) {
        return pod(null, true, null, exit, null, null, null);
    }

    JobBuilder left(String message) {
        return pod(Shop.at("1m"), true, message, "Completed (exit code 0)", null, null, null);
    }

    JobBuilder result(TaskResult result) {
        return left(TaskJson.write(result));
    }

    /** The Pod's deletion has begun, and should be over by then. */
    JobBuilder podGoneBy(Instant goneBy) {
        pod = new PodObservation(
                pod.name(),
                goneBy,
                "node-7",
                pod.startedAt(),
                pod.ended(),
                pod.terminationMessage(),
                pod.exit(),
                pod.unschedulable(),
                pod.waitingReason(),
                pod.waitingMessage());
        return this;
    }

    /** The kubelet evicted its Pod, with these words. */
    JobBuilder evicted(String words) {
        pod = new PodObservation(
                pod.name(),
                pod.goneBy(),
                pod.node(),
                pod.startedAt(),
                pod.ended(),
                pod.terminationMessage(),
                pod.exit(),
                pod.unschedulable(),
                pod.waitingReason(),
                pod.waitingMessage(),
                words);
        return this;
    }

    private JobBuilder pod(
            Instant startedAt,
            boolean ended,
            String terminationMessage,
            String exit,
            String unschedulable,
            String waitingReason,
            String waitingMessage) {
        pod = new PodObservation(
                name + "-x7k2p",
                null,
                null,
                startedAt,
                ended,
                terminationMessage,
                exit,
                unschedulable,
                waitingReason,
                waitingMessage);
        return this;
    }

    JobObservation build() {
        return new JobObservation(
                "webshop",
                name,
                ours,
                deleting,
                ending,
                startBy,
                endBy,
                finished,
                finishedMessage,
                hadPod || pod != null,
                finishedBackups,
                pod);
    }
}
