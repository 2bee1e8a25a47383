package dev.mainstay.api.mode;

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

/** While it exists, the Services of an application lead to a maintenance page. */
@JsonClassDescription(
        "While it exists, the Services of an application lead to a page that answers 503. Deleting it, or its end, leads them back.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("MaintenanceMode")
@Plural("maintenancemodes")
@ShortNames("mmode")
@Categories("mainstay")
@ValidationRule(
        value = "self.spec.applicationRef == oldSelf.spec.applicationRef",
        message =
                "spec.applicationRef can't be changed: delete this MaintenanceMode, and create one of the other application")
@ValidationRule(
        value = "self.spec.cut == oldSelf.spec.cut"
                + " && (has(self.spec.stopWorkloads) ? self.spec.stopWorkloads : [])"
                + " == (has(oldSelf.spec.stopWorkloads) ? oldSelf.spec.stopWorkloads : [])",
        message =
                "spec.cut and spec.stopWorkloads can't be changed: create a second MaintenanceMode, and delete this one then")
@AdditionalPrinterColumn(name = "Application", jsonPath = ".spec.applicationRef.name")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Active", jsonPath = ".status.conditions[?(@.type==\"Active\")].status")
@AdditionalPrinterColumn(name = "Ends", jsonPath = ".status.endsAt")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class MaintenanceMode extends MainstayResource<MaintenanceModeSpec, MaintenanceModeStatus> {

    @Override
    @Required
    public MaintenanceModeSpec getSpec() {
        return super.getSpec();
    }
}
