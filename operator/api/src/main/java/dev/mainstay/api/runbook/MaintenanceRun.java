package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import dev.mainstay.api.MainstayResource;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One run of a Runbook's steps for one application. */
@JsonClassDescription(
        "One run of a Runbook's steps for one application: the steps as they stood when it began, one after the other.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("MaintenanceRun")
@Plural("maintenanceruns")
@ShortNames("mrun")
@Categories("mainstay")
@ValidationRule(
        value = "self.spec == oldSelf.spec",
        message = "spec of a MaintenanceRun can't be changed: create another MaintenanceRun instead")
@AdditionalPrinterColumn(name = "Application", jsonPath = ".spec.applicationRef.name")
@AdditionalPrinterColumn(name = "Runbook", jsonPath = ".spec.runbookRef.name")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Step", jsonPath = ".status.step")
@AdditionalPrinterColumn(name = "Outcome", jsonPath = ".status.outcome")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class MaintenanceRun extends MainstayResource<MaintenanceRunSpec, MaintenanceRunStatus> {

    @Override
    @Required
    public MaintenanceRunSpec getSpec() {
        return super.getSpec();
    }
}
