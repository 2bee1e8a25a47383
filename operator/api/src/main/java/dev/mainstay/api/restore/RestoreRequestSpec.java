package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.SecretKeyReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;

/** What is restored, where to, and what is done about those who use the database. */
@ValidationRule(
        value = "has(self.newDatabase) == (self.mode == 'NewDatabase')",
        message = "newDatabase is the name of what mode: NewDatabase makes: give both, or neither")
@ValidationRule(
        value = "!has(self.source.previousOf) || self.mode == 'Swap'",
        message = "source.previousOf puts a kept database back in its place, which only mode: Swap does")
@ValidationRule(
        value = "self.safetyBackup == 'Never' || self.mode == 'Swap'",
        message = "safetyBackup backs up the database that is replaced, and only mode: Swap replaces one")
public record RestoreRequestSpec(
        @JsonPropertyDescription("The ManagedApplication whose database is restored.") @Required
        ObjectReference applicationRef,

        @JsonPropertyDescription(
                "Name of the database in spec.databases of the application; may be left out when there is one.")
        @Size(min = 1, max = 63)
        String database,

        @JsonPropertyDescription("What is restored.") @Required
        RestoreSource source,

        @JsonPropertyDescription(
                "Swap puts the restored data in the place of the database, which is kept under another "
                        + "name. NewDatabase restores into a new database, and touches nothing else. IntoEmpty restores into the "
                        + "database itself, which must exist and be empty, and makes, renames and keeps none.")
        @Default("Swap")
        RestoreMode mode,

        @JsonPropertyDescription("Name of the new database, which must not exist, with mode: NewDatabase.")
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = "bytes(self).size() <= 63",
                message = "must have at most 63 bytes in UTF-8: PostgreSQL cuts a name there")
        String newDatabase,

        @JsonPropertyDescription(
                "When the application's workloads are stopped and its CronJobs suspended: BeforeSwap, when the restored "
                        + "copy is ready; BeforeRestore, at once, as mode: IntoEmpty does for either; or Never. They are "
                        + "given back as they were.")
        @Default("BeforeSwap")
        StopWorkloads stopWorkloads,

        @JsonPropertyDescription("Whether the application's Services lead to a maintenance page while it is stopped.")
        @Default("true")
        Boolean maintenanceMode,

        @JsonPropertyDescription(
                "Whether the database in use is backed up to the bucket before it is replaced: Never, since it is kept on "
                        + "its server anyway; BestEffort, which goes on without when that fails; or Required.")
        @Default("Never")
        SafetyBackup safetyBackup,

        @JsonPropertyDescription(
                "What the restored copy must hold before it is put in place, or what is restored before it is committed.")
        RestoreVerification verify,

        @JsonPropertyDescription("What becomes of roles that the server lacks.")
        RestoreRoles roles,

        @JsonPropertyDescription("The secret key of age that opens an encrypted backup.")
        SecretKeyReference identitySecretRef,

        @JsonPropertyDescription("true restores a backup of another application, policy or cluster too.")
        @Default("false")
        Boolean allowForeignSource,

        @JsonPropertyDescription(
                "true begins although nothing tells whether the server has room for what is restored beside what it "
                        + "has. A full disk stops every database of the server.")
        @Default("false")
        Boolean acceptUnknownFreeSpace,

        @JsonPropertyDescription("Why, for people.")
        @Required
        @Size(min = 1, max = 256)
        @ValidationRule(value = FieldRules.NOT_BLANK, message = FieldRules.NOT_BLANK_MESSAGE)
        String reason,

        @JsonPropertyDescription(
                "Who asks, for people. Where the chart's policy is installed it is the name of the user who makes "
                        + "the request, as the API server knows it, or is left out.")
        @Size(max = 256)
        String requestedBy,

        @JsonPropertyDescription("true tells what would be done, and changes nothing.") @Default("false")
        Boolean dryRun,

        @JsonPropertyDescription("How long the restore of the data may take.")
        @Default("6h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String timeout,

        @JsonPropertyDescription(
                "After this moment it does not begin any more; one hour after its creation when left out. "
                        + "Required in a request that Argo CD, Flux or Helm applies, since these may apply it again.")
        Instant notAfter) {

    private static final String TIMEOUT = "6h";

    /** Where the data goes; into the place of the database when nothing is said. */
    @Override
    public RestoreMode mode() {
        return mode == null ? RestoreMode.SWAP : mode;
    }

    /** When the workloads are stopped; before the swap when nothing is said. */
    @Override
    public StopWorkloads stopWorkloads() {
        return stopWorkloads == null ? StopWorkloads.BEFORE_SWAP : stopWorkloads;
    }

    @Override
    public Boolean maintenanceMode() {
        return !Boolean.FALSE.equals(maintenanceMode);
    }

    /** Whether the database in use is backed up before; not when nothing is said. */
    @Override
    public SafetyBackup safetyBackup() {
        return safetyBackup == null ? SafetyBackup.NEVER : safetyBackup;
    }

    /** What the copy must hold. */
    @Override
    public RestoreVerification verify() {
        return verify == null ? RestoreVerification.DEFAULTS : verify;
    }

    /** What becomes of roles. */
    @Override
    public RestoreRoles roles() {
        return roles == null ? RestoreRoles.DEFAULTS : roles;
    }

    @Override
    public Boolean allowForeignSource() {
        return Boolean.TRUE.equals(allowForeignSource);
    }

    @Override
    public Boolean acceptUnknownFreeSpace() {
        return Boolean.TRUE.equals(acceptUnknownFreeSpace);
    }

    @Override
    public Boolean dryRun() {
        return Boolean.TRUE.equals(dryRun);
    }

    /** How long it may take; 6 hours when nothing is said. */
    @Override
    public String timeout() {
        return timeout == null ? TIMEOUT : timeout;
    }
}
