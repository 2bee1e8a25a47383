package dev.mainstay.api.mode;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import java.util.List;

/** Whose Services lead to the page, how long, and what it says. */
@ValidationRule(
        value = "!has(self.until) || !has(self.duration)",
        message = "until and duration both say when it ends: leave one of them out")
@ValidationRule(
        value = "!has(self.stopWorkloads) || self.stopWorkloads.size() == 0 || has(self.cut) && self.cut == 'Hard'",
        message = "stopWorkloads are stopped with cut: Hard alone: add it, or leave stopWorkloads out")
public record MaintenanceModeSpec(
        @JsonPropertyDescription("The ManagedApplication whose Services, those of its spec.services, lead to the page.")
        @Required
        ObjectReference applicationRef,

        @JsonPropertyDescription("Why, for people of the team. The page does not show it.")
        @Required
        @Size(min = 1, max = 256)
        @ValidationRule(value = FieldRules.NOT_BLANK, message = FieldRules.NOT_BLANK_MESSAGE)
        String reason,

        @JsonPropertyDescription(
                "When it ends. Without until and duration it lasts until it is deleted. It may be changed while it lasts.")
        Instant until,

        @JsonPropertyDescription("How long it lasts, counted from its creation, such as 45m.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String duration,

        @JsonPropertyDescription(
                "Hard also stops the application's workloads once its Services lead to the page: their Pods go, "
                        + "with the connections that were open before. At the end they get back what they had. It can't be changed.")
        @Default("Soft")
        Cut cut,

        @JsonPropertyDescription(
                "With cut: Hard the names of those that are stopped, among spec.workloads and spec.cronJobs of "
                        + "the ManagedApplication; all of them when it is left out. It can't be changed.")
        @Size(max = 64)
        List<@Size(min = 1, max = 253) String> stopWorkloads,

        @JsonPropertyDescription("What the page says; each field that is left out is as spec.maintenancePage of the "
                + "ManagedApplication has it.")
        MaintenancePage page,

        @JsonPropertyDescription("true also leads Services to the page that have ports which don't look like HTTP. "
                + "Clients of other protocols get an answer there that they don't understand.")
        @Default("false")
        Boolean allowNonHttp) {

    /** What the page says, as far as the mode says it. */
    @Override
    public MaintenancePage page() {
        return page == null ? MaintenancePage.NONE : page;
    }

    /** What becomes of the application; it goes on running when nothing is given. */
    @Override
    public Cut cut() {
        return cut == null ? Cut.SOFT : cut;
    }

    /** The names of what is stopped; empty for all. */
    @Override
    public List<String> stopWorkloads() {
        return stopWorkloads == null ? List.of() : stopWorkloads;
    }

    @Override
    public Boolean allowNonHttp() {
        return Boolean.TRUE.equals(allowNonHttp);
    }
}
