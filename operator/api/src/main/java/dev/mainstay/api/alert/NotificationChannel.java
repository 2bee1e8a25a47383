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

/** Where messages on alerts go. */
@JsonClassDescription(
        "Where messages on alerts go: Slack, a webhook or an Alertmanager. It is named by AlertRules and ManagedApplications.")
@Group(MainstayResource.GROUP)
@Version(MainstayResource.VERSION)
@Kind("NotificationChannel")
@Plural("notificationchannels")
@ShortNames("nchan")
@Categories("mainstay")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Delivering", jsonPath = ".status.conditions[?(@.type==\"Delivering\")].status")
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Delivering\")].reason",
        priority = 1)
@AdditionalPrinterColumn(name = "Last-Test", jsonPath = ".status.lastTest.state")
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class NotificationChannel extends MainstayResource<NotificationChannelSpec, NotificationChannelStatus> {

    @Override
    @Required
    public NotificationChannelSpec getSpec() {
        return super.getSpec();
    }
}
