package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicySizeTest {

    @ParameterizedTest(name = "{0}, then {1}: {2}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            100 100          | 1   | -
            100 100 100      | 100 | TRUE Succeeded
            100 100 100      | 50  | TRUE Succeeded
            100 100 100      | 49  | FALSE SizeDropped
            100 100 100      | 900 | TRUE Succeeded
            10 100 1000      | 50  | TRUE Succeeded
            10 100 1000      | 49  | FALSE SizeDropped
            10 100 300 1000  | 100 | TRUE Succeeded
            10 100 300 1000  | 99  | FALSE SizeDropped
            9000 9000 9000 9000 100 100 100 100 100 100 100 | 60 | TRUE Succeeded
            0 0 0            | 0   | TRUE Succeeded
            """)
    void givenSizesOfBackups_whenTheNewestIsSmall_thenThatIsTold(String before, long newest, String told) {
        List<DatabaseBackup> backups = new ArrayList<>();
        for (String bytes : before.split(" ")) {
            backups.add(backup(backups.size(), Long.parseLong(bytes)));
        }
        backups.add(backup(backups.size(), newest));

        assertThat(condition(Shop.policy(), backups)
                        .map(condition -> condition.status().name() + " " + condition.reason()))
                .isEqualTo(Optional.ofNullable(told));
    }

    @Test
    void givenASizeThatDropped_whenItIsTold_thenTheMessageHasTheFigures() {
        List<DatabaseBackup> backups =
                List.of(backup(0, 3 << 20), backup(1, 4 << 20), backup(2, 5 << 20), backup(3, 1 << 20));

        assertThat(condition(Shop.policy(), backups).orElseThrow().message())
                .isEqualTo("DatabaseBackup b3 has 1.00 MiB, less than half of the 4.00 MiB that is the median of the 3"
                        + " before it. See whether data is missing in the database.");
    }

    @Test
    void givenObjectsThatAreGone_whenTooFewAreLeft_thenWhatWasToldStays() {
        BackupPolicy policy = Shop.policy();
        List<DatabaseBackup> backups = List.of(backup(0, 100), backup(1, 100), backup(2, 100), backup(3, 1));
        policy.setStatus(
                PolicyDecider.decide(new PolicyObservation(policy, Shop.application(), backups), Shop.at("10h"))
                        .status());

        assertThat(condition(policy, List.of(backup(3, 1))))
                .isEqualTo(Conditions.find(policy.getStatus().conditions(), "SizeUsual"));
    }

    private static Optional<Condition> condition(BackupPolicy policy, List<DatabaseBackup> backups) {
        return Conditions.find(
                PolicyDecider.decide(new PolicyObservation(policy, Shop.application(), backups), Shop.at("10h"))
                        .status()
                        .conditions(),
                "SizeUsual");
    }

    private static DatabaseBackup backup(int number, long bytes) {
        DatabaseBackup backup = Backups.succeeded("b" + number, number + "m", VerificationLevel.FULL_READ);
        backup.setStatus(Fields.with(backup.getStatus(), "{size: {storedBytes: %d}}".formatted(bytes)));
        return backup;
    }
}
