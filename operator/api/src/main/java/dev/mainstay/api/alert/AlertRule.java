package dev.mainstay.api.alert;

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

/** What of an application is watched, and who is told. */
@JsonClassDescription(
        "What of an application is watched, from when on it is an alert, and who is told: it is measured again and again, and a message is sent when the alert begins and when it ends.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("AlertRule")
@Plural("alertrules")
@ShortNames("alr")
@Categories("mainstay")
@AdditionalPrinterColumn(name = "Application", jsonPath = ".spec.applicationRef.name")
@AdditionalPrinterColumn(name = "Metric", jsonPath = ".spec.metric")
@AdditionalPrinterColumn(name = "Severity", jsonPath = ".spec.severity")
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state")
@AdditionalPrinterColumn(name = "Since", jsonPath = ".status.firingSince", type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Value", jsonPath = ".status.valueAtTransition")
@AdditionalPrinterColumn(name = "Acknowledged", jsonPath = ".status.acknowledged.by")
@AdditionalPrinterColumn(name = "Muted-By", jsonPath = ".status.muted.by", priority = 1)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class AlertRule extends MainstayResource<AlertRuleSpec, AlertRuleStatus> {

    @Override
    @Required
    public AlertRuleSpec getSpec() {
        return super.getSpec();
    }
}
