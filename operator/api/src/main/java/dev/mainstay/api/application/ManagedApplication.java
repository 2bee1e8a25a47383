package dev.mainstay.api.application;

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

/** What is maintained: the workloads and databases of one application. */
@JsonClassDescription(
        "What is maintained: the workloads and databases of one application. It makes nothing happen by itself; policies and requests name it.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("ManagedApplication")
@Plural("managedapplications")
@ShortNames("mapp")
@Categories("mainstay")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.version")
@AdditionalPrinterColumn(name = "Healthy", jsonPath = ".status.conditions[?(@.type==\"Healthy\")].status")
@AdditionalPrinterColumn(name = "Maintenance", jsonPath = ".status.conditions[?(@.type==\"InMaintenance\")].status")
@AdditionalPrinterColumn(name = "Operation", jsonPath = ".status.operations[0].name")
@AdditionalPrinterColumn(name = "Alerts", jsonPath = ".status.firingAlerts")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
        name = "Restore-Ready",
        jsonPath = ".status.conditions[?(@.type==\"RestoreReady\")].status",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class ManagedApplication extends MainstayResource<ManagedApplicationSpec, ManagedApplicationStatus> {

    @Override
    @Required
    public ManagedApplicationSpec getSpec() {
        return super.getSpec();
    }
}
