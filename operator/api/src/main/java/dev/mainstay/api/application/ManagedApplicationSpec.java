package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.alert.ApplicationNotify;
import dev.mainstay.api.metrics.Metrics;
import dev.mainstay.api.mode.MaintenancePage;
import dev.mainstay.api.schedule.Freeze;
import dev.mainstay.api.schedule.MaintenanceWindow;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;

/** What the application is made of. */
@ValidationRule(
        value = "!has(self.health) || has(self.workloads)"
                + " && self.workloads.exists(workload, workload.name == self.health.workload)",
        message = "health.workload must be the name of one of workloads: add it there, or correct the name")
public record ManagedApplicationSpec(
        @JsonPropertyDescription("The application's workloads, in the order in which they are started. "
                + "The first one gives the application's version.")
        @Size(max = 32)
        List<Workload> workloads,

        @JsonPropertyDescription(
                "Names of the CronJobs that work on the application's data, in the same namespace. They are suspended while the "
                        + "application is stopped.")
        @Size(max = 32)
        @ValidationRule(value = FieldRules.OBJECT_NAMES, message = FieldRules.OBJECT_NAMES_MESSAGE)
        List<@Size(min = 1, max = 52) String> cronJobs,

        @JsonPropertyDescription(
                "The Services through which the application is reached. After a rollback those that select "
                        + "its Deployments must lead to a ready Pod of the target.")
        @Size(max = 16)
        List<ApplicationService> services,

        @JsonPropertyDescription("The application's databases, told apart by name.") @Size(max = 16)
        List<Database> databases,

        @JsonPropertyDescription("The application's caches, told apart by name.") @Size(max = 16)
        List<Cache> caches,

        @JsonPropertyDescription(
                "The certificates that the application uses, told apart by name: Secrets, the endpoints that serve them, or both.")
        @Size(max = 16)
        List<Certificate> certificates,

        @JsonPropertyDescription(
                "The URLs that a step httpCheck may ask, told apart by name: of the application, or of what it needs.")
        @Size(max = 16)
        List<ApplicationUrl> urls,

        @JsonPropertyDescription(
                "What the ready Pods of a workload are asked over HTTP, to tell whether the application is "
                        + "healthy. Nothing is asked, and nothing told, when it is left out.")
        HealthCheck health,

        @JsonPropertyDescription("What the Pods of this application's Jobs get besides what Mainstay sets itself.")
        JobTemplate jobTemplate,

        @JsonPropertyDescription("Where the application's metrics are, for checks that ask for them.")
        Metrics metrics,

        @JsonPropertyDescription("When a state of the application's Deployments is good enough to go back to.")
        Releases releases,

        @JsonPropertyDescription(
                "What the page of a MaintenanceMode says, in each field that the mode itself leaves out.")
        MaintenancePage maintenancePage,

        @JsonPropertyDescription(
                "When runs of a MaintenanceSchedule may start that says nothing of windows itself; in its time zone.")
        @Size(max = 16)
        List<MaintenanceWindow> windows,

        @JsonPropertyDescription(
                "When no run of a MaintenanceSchedule may start that says nothing of freezes itself; in its time zone.")
        @Size(max = 32)
        List<Freeze> freezes,

        @JsonProperty("notify")
        @JsonPropertyDescription("Who is told of the alerts of this application that name no channels themselves.")
        @Size(max = 8)
        @ValidationRule(
                value = "self.all(one, self.exists_one(other, other.channel == one.channel))",
                message = "names a channel twice: a channel is told once")
        List<ApplicationNotify> notifyTargets) {

    /** When a state is good enough to go back to. */
    @Override
    public Releases releases() {
        return releases == null ? Releases.DEFAULTS : releases;
    }

    /** What the page says where a mode says nothing. */
    @Override
    public MaintenancePage maintenancePage() {
        return maintenancePage == null ? MaintenancePage.NONE : maintenancePage;
    }

    /** The workloads; empty when none are named. */
    @Override
    public List<Workload> workloads() {
        return workloads == null ? List.of() : workloads;
    }

    /** The CronJobs; empty when none are named. */
    @Override
    public List<String> cronJobs() {
        return cronJobs == null ? List.of() : cronJobs;
    }

    /** The Services; empty when none are named. */
    @Override
    public List<ApplicationService> services() {
        return services == null ? List.of() : services;
    }

    /** The databases; empty when none are named. */
    @Override
    public List<Database> databases() {
        return databases == null ? List.of() : databases;
    }

    /** The caches; empty when none are named. */
    @Override
    public List<Cache> caches() {
        return caches == null ? List.of() : caches;
    }

    /** The certificates; empty when none are named. */
    @Override
    public List<Certificate> certificates() {
        return certificates == null ? List.of() : certificates;
    }

    /** The URLs; empty when none are named. */
    @Override
    public List<ApplicationUrl> urls() {
        return urls == null ? List.of() : urls;
    }

    /** The windows of schedules that have none of their own; empty when none are given. */
    @Override
    public List<MaintenanceWindow> windows() {
        return windows == null ? List.of() : windows;
    }

    /** The freezes of schedules that have none of their own; empty when none are given. */
    @Override
    public List<Freeze> freezes() {
        return freezes == null ? List.of() : freezes;
    }

    /** Who is told of alerts that name no channels; empty when nobody is. */
    @Override
    public List<ApplicationNotify> notifyTargets() {
        return notifyTargets == null ? List.of() : notifyTargets;
    }

    /** The workload whose Pods are asked for the application's health; empty when none is. */
    public Optional<Workload> healthWorkload() {
        return Optional.ofNullable(health)
                .flatMap(check -> workloads().stream()
                        .filter(workload -> workload.name().equals(check.workload()))
                        .findFirst());
    }
}
