package dev.mainstay.api.backup;

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

/** One backup: made by a schedule, by hand or by run-now; it lives as long as its data. */
@JsonClassDescription(
        "One backup: made by a schedule, by hand or by run-now. It runs once, proves its result, and stays as the record of its data in the bucket.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("DatabaseBackup")
@Plural("databasebackups")
@ShortNames("dbb")
@Categories("mainstay")
@ValidationRule(
        value = "self.spec == oldSelf.spec",
        message = "spec of a DatabaseBackup can't be changed: create another DatabaseBackup instead")
@AdditionalPrinterColumn(name = "Policy", jsonPath = ".spec.policyRef.name")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(
        name = "Progress",
        jsonPath = ".status.progress.percent",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Size", jsonPath = ".status.size.stored")
@AdditionalPrinterColumn(name = "Duration", jsonPath = ".status.duration")
@AdditionalPrinterColumn(name = "Verified", jsonPath = ".status.verified.level")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class DatabaseBackup extends MainstayResource<DatabaseBackupSpec, DatabaseBackupStatus> {

    @Override
    @Required
    public DatabaseBackupSpec getSpec() {
        return super.getSpec();
    }
}
