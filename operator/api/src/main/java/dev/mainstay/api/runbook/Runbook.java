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

/** The steps of a piece of maintenance, written once; a MaintenanceRun does them. */
@JsonClassDescription(
        "The steps of a piece of maintenance, for any application: written once, and done by each MaintenanceRun that names it.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("Runbook")
@Plural("runbooks")
@ShortNames("runbook")
@Categories("mainstay")
@AdditionalPrinterColumn(name = "Description", jsonPath = ".spec.description")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class Runbook extends MainstayResource<RunbookSpec, RunbookStatus> {

    @Override
    @Required
    public RunbookSpec getSpec() {
        return super.getSpec();
    }
}
