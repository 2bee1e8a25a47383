package dev.mainstay.api.rollback;

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

/** One rollback of an application's Deployments: made by a person, done once, verified. */
@JsonClassDescription(
        "One rollback of an application's Deployments: by default to the newest release that was seen to work. It acts once, verifies what runs then, and stays as the record of it.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("RollbackRequest")
@Plural("rollbackrequests")
@ShortNames("rbk")
@Categories("mainstay")
@ValidationRule(
        value = "self.spec == oldSelf.spec",
        message = "spec of a RollbackRequest can't be changed: create another RollbackRequest instead")
@AdditionalPrinterColumn(name = "Application", jsonPath = ".spec.applicationRef.name")
@AdditionalPrinterColumn(name = "From", jsonPath = ".status.from")
@AdditionalPrinterColumn(name = "To", jsonPath = ".status.to")
@AdditionalPrinterColumn(name = "Outcome", jsonPath = ".status.outcome")
@AdditionalPrinterColumn(name = "Step", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class RollbackRequest extends MainstayResource<RollbackRequestSpec, RollbackRequestStatus> {

    @Override
    @Required
    public RollbackRequestSpec getSpec() {
        return super.getSpec();
    }
}
