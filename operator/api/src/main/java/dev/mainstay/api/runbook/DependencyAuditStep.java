package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What of the application's npm dependencies is looked at, and which of their known vulnerabilities count. */
public record DependencyAuditStep(
        @JsonPropertyDescription(
                "Name of the workload in spec.workloads of the ManagedApplication in whose image npm audit is run. Left out: "
                        + "the first one.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String workload,

        @JsonPropertyDescription("Name of the container of the workload whose image it is. Left out: the first one.")
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String container,

        @JsonPropertyDescription(
                "Folder in the image that has package.json and package-lock.json. Left out: the folder that the container "
                        + "begins in.")
        @Size(min = 1, max = 256)
        @ValidationRule(
                value = "self.matches('^/[A-Za-z0-9@._/-]*$') && !self.matches('(^|/)[.][.](/|$)')",
                message = "must be an absolute path without .., such as /app")
        String directory,

        @JsonPropertyDescription(
                "Which dependencies are looked at: All that the lock file names, or those of Production alone.")
        @Default("All")
        AuditedDependencies dependencies,

        @JsonPropertyDescription(
                "From which severity on a vulnerability has the step fail: Critical, High, Moderate or Low. Below it, and "
                        + "with Never, it is a finding.")
        @Default("Never")
        AuditFailAt failAt,

        @JsonPropertyDescription("Vulnerabilities that do not count for now.")
        @Size(max = 64)
        @ValidationRule(
                value = "self.all(one, self.exists_one(other, other.advisory == one.advisory))",
                message = "must have each advisory once")
        List<AuditAllowance> allow) {

    /** Which dependencies are looked at; all when nothing is said. */
    @Override
    public AuditedDependencies dependencies() {
        return dependencies == null ? AuditedDependencies.ALL : dependencies;
    }

    /** From which severity on it fails; never when nothing is said. */
    @Override
    public AuditFailAt failAt() {
        return failAt == null ? AuditFailAt.NEVER : failAt;
    }

    /** What does not count; nothing when nothing is said. */
    @Override
    public List<AuditAllowance> allow() {
        return allow == null ? List.of() : allow;
    }
}
