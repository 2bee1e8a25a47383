package dev.mainstay.core.restore;

import dev.mainstay.core.status.Reason;

/**
 * That the API server did not do what it was asked.
 *
 * @param reason what stands against it
 * @param passes whether that may pass by itself, as a quota that is used up or a webhook that does not answer; else it would
 *     be declined again
 * @param said what the API server said
 */
public record Declined(Reason reason, boolean passes, String said) {

    /** What it said, as a sentence. */
    public String sentence() {
        return sentence(said);
    }

    static String sentence(String said) {
        return said == null || said.endsWith(".") ? said : said + ".";
    }
}
