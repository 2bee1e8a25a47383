package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What of a database is left out of its backups. */
public record Exclude(
        @JsonPropertyDescription("Tables whose rows are left out, while their definitions stay: schema.table, as the "
                + "server spells them, without quotes. * stands for any characters, ? for any one.")
        @Size(max = 64)
        @ValidationRule(
                value = "self.all(table, table.matches('^[^.]+[.].'))",
                message = "must be schema.table, such as public.audit_log or public.log_*")
        List<@Size(min = 3, max = 127) String> tableData) {

    /** The tables; empty when none are given. */
    @Override
    public List<String> tableData() {
        return tableData == null ? List.of() : tableData;
    }
}
