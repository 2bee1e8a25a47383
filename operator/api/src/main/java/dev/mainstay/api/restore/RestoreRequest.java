package dev.mainstay.api.restore;

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

/** One restore of an application's database: made by a person, done once, and the old database is kept. */
@JsonClassDescription(
        "One restore of an application's database from a backup. The backup is restored beside the database and verified "
                + "there; then it takes its place, and the old database is kept under another name. A database that is "
                + "empty can be filled in its place.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("RestoreRequest")
@Plural("restorerequests")
@ShortNames("rst")
@Categories("mainstay")
@ValidationRule(
        value = "self.spec == oldSelf.spec",
        message = "spec of a RestoreRequest can't be changed: create another RestoreRequest instead")
@AdditionalPrinterColumn(name = "Application", jsonPath = ".spec.applicationRef.name")
@AdditionalPrinterColumn(name = "Goes-Back-To", jsonPath = ".status.plan.goesBackTo")
@AdditionalPrinterColumn(name = "Step", jsonPath = ".status.step")
@AdditionalPrinterColumn(name = "Outcome", jsonPath = ".status.outcome")
@AdditionalPrinterColumn(name = "Previous-Kept", jsonPath = ".status.previous.database")
@AdditionalPrinterColumn(name = "Mode", jsonPath = ".spec.mode", priority = 1)
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class RestoreRequest extends MainstayResource<RestoreRequestSpec, RestoreRequestStatus> {

    @Override
    @Required
    public RestoreRequestSpec getSpec() {
        return super.getSpec();
    }
}
