package dev.mainstay.core.cache;

import java.util.List;

/**
 * Keys that were looked at.
 *
 * @param keys how many
 * @param withoutTtl how many of them have no time to live
 * @param groups under which first words most of those are
 */
public record KeySample(long keys, long withoutTtl, List<Group> groups) {

    /**
     * Keys with the same first word.
     *
     * @param prefix the word with the colon after it
     * @param withoutTtl how many of the sample's keys without a time to live begin with it
     */
    public record Group(String prefix, long withoutTtl) {}
}
