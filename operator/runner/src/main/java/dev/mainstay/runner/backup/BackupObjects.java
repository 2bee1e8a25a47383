package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that Mainstay gives in a policy's folder. What is called otherwise is somebody else's, and not touched. */
final class BackupObjects {

    /** Creation of the object, beginning of its uid, attempt. */
    private static final Pattern FOLDER = Pattern.compile("\\d{8}T\\d{6}Z-([0-9A-Za-z-]{1,8})-(\\d+)");

    /** In the order in which they go: data, what is beside it, proofs. */
    private static final List<Pattern> REMOVABLE = List.of(
            Pattern.compile("data\\.\\d{3,}"),
            Pattern.compile("(globals|settings)\\.sql(\\.age)?"),
            Pattern.compile("verified-[a-z]+\\.json"),
            Pattern.compile("manifest\\.damaged\\.json"));

    private static final int NONE = REMOVABLE.size();

    private BackupObjects() {}

    /** Whether it is the name of an attempt's folder. */
    static boolean isAttempt(String folder) {
        return FOLDER.matcher(folder).matches();
    }

    /** Whether the folder is the one that the backup was made in: a copy under another name is not ours to remove. */
    static boolean isFolderOf(String folder, Manifest.Backup backup) {
        Matcher matcher = FOLDER.matcher(folder);
        return matcher.matches()
                && backup.uid() != null
                && backup.uid().startsWith(matcher.group(1))
                && matcher.group(2).equals("" + backup.attempt());
    }

    /** Whether an object of an attempt, the manifest aside, is ours. */
    static boolean isRemovable(String name) {
        return turn(name) < NONE;
    }

    /** When it is the object's turn to go; the lowest first. */
    static int turn(String name) {
        for (int turn = 0; turn < NONE; turn++) {
            if (REMOVABLE.get(turn).matcher(name).matches()) {
                return turn;
            }
        }
        return NONE;
    }

    /** The level that an object of this name proves. */
    static VerificationLevel proves(String name) {
        return switch (name) {
            case AttemptFolder.CHECKSUM_PROOF -> VerificationLevel.CHECKSUM;
            case AttemptFolder.FULL_READ_PROOF -> VerificationLevel.FULL_READ;
            case AttemptFolder.RESTORE_TEST_PROOF -> VerificationLevel.RESTORE_TEST;
            default -> VerificationLevel.NONE;
        };
    }
}
