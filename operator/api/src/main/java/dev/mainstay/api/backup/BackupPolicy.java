package dev.mainstay.api.backup;

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

/** How one database of an application is backed up, and where to. */
@JsonClassDescription("How one database of an application is backed up, and where to.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("BackupPolicy")
@Plural("backuppolicies")
@ShortNames("bkp")
@Categories("mainstay")
@AdditionalPrinterColumn(name = "Application", jsonPath = ".spec.applicationRef.name")
@AdditionalPrinterColumn(name = "Schedule", jsonPath = ".spec.schedule")
@AdditionalPrinterColumn(name = "Zone", jsonPath = ".spec.timeZone")
@AdditionalPrinterColumn(
        name = "Last-Success",
        jsonPath = ".status.lastSuccess.completedAt",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Verified", jsonPath = ".status.lastSuccess.verified")
@AdditionalPrinterColumn(name = "Size", jsonPath = ".status.lastSuccess.size")
@AdditionalPrinterColumn(name = "Next", jsonPath = ".status.nextRuns[0].at")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", priority = 1)
@AdditionalPrinterColumn(
        name = "Preflight",
        jsonPath = ".status.conditions[?(@.type==\"PreflightPassed\")].reason",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class BackupPolicy extends MainstayResource<BackupPolicySpec, BackupPolicyStatus> {

    @Override
    @Required
    public BackupPolicySpec getSpec() {
        return super.getSpec();
    }
}
