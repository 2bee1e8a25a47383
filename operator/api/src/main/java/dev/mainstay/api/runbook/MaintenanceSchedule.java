package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import dev.mainstay.api.MainstayResource;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** When a Runbook's steps are done for an application. */
@JsonClassDescription(
        "When a Runbook's steps are done for an application, and when they may not be: it makes a MaintenanceRun at each slot, or "
                + "for each rollout.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("MaintenanceSchedule")
@Plural("maintenanceschedules")
@ShortNames("msched")
@Categories("mainstay")
@AdditionalPrinterColumn(name = "Application", jsonPath = ".spec.applicationRef.name")
@AdditionalPrinterColumn(name = "Runbook", jsonPath = ".spec.runbookRef.name")
@AdditionalPrinterColumn(name = "Schedule", jsonPath = ".spec.schedule")
@AdditionalPrinterColumn(name = "Rollout", jsonPath = ".spec.trigger.rollout", priority = 1)
@AdditionalPrinterColumn(name = "Zone", jsonPath = ".spec.timeZone")
@AdditionalPrinterColumn(name = "Active", jsonPath = ".status.active")
@AdditionalPrinterColumn(
        name = "Last-Success",
        jsonPath = ".status.lastSuccess.completedAt",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Failures", jsonPath = ".status.consecutiveFailures", priority = 1)
@AdditionalPrinterColumn(name = "Next", jsonPath = ".status.next")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", priority = 1)
@AdditionalPrinterColumn(name = "Waiting", jsonPath = ".status.waiting.reason", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class MaintenanceSchedule extends MainstayResource<MaintenanceScheduleSpec, MaintenanceScheduleStatus> {

    @Override
    @Required
    public MaintenanceScheduleSpec getSpec() {
        return super.getSpec();
    }
}
