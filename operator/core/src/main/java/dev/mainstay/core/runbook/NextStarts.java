package dev.mainstay.core.runbook;

import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.core.runbook.ScheduleClock.Held;
import dev.mainstay.core.runbook.ScheduleObstacle.Preview;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.schedule.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The runs of a schedule that are to come. Of the slots that wait for one window the last one starts, so only that is among
 * them; slots that no window lets start in time are not.
 *
 * @param next when the next one starts, or the reason why none does
 * @param runs the next three starts; the next three slots when none starts
 */
record NextStarts(String next, List<NextRun> runs) {

    private static final int MOST = 3;

    /** How many slots are looked at: each is the last before an opening, so that these are many openings. */
    private static final int LOOKS = 200;

    /**
     * Those of a schedule.
     *
     * @param waiting the slot that waits for a window, or for the end of a freeze; null when none does
     * @param first the first slot to come
     * @param held why no slot starts; null when they may
     */
    static NextStarts of(
            Schedule schedule, ScheduleObstacle obstacle, Slot waiting, Slot first, Held held, Instant now) {
        if (held != null) {
            String why = "will be skipped: " + held.reason().text().toLowerCase(Locale.ROOT);
            return new NextStarts(
                    held.reason().text(),
                    slots(schedule, first).stream()
                            .map(slot -> new NextRun(slot.at().toString(), why))
                            .toList());
        }
        List<NextRun> starts = new ArrayList<>();
        Optional.ofNullable(waiting)
                .map(slot -> obstacle.preview(slot, now))
                .filter(preview -> preview.start() != null && preview.start().isBefore(first.instant()))
                .ifPresent(preview -> starts.add(preview.run()));
        Preview skipped = null;
        Slot slot = first;
        for (int looks = 0; looks < LOOKS && starts.size() < MOST; looks++) {
            Preview preview = obstacle.preview(slot, slot.instant());
            Slot last = last(schedule, obstacle, slot, preview);
            if (last.instant().isAfter(slot.instant())) {
                skipped = preview.start() == null ? first(skipped, preview) : skipped;
                slot = last;
                continue;
            }
            if (preview.start() != null) {
                starts.add(skipped == null ? preview.run() : ScheduleObstacle.after(preview.run(), skipped));
                skipped = null;
            } else if (preview.opens() == null) {
                break;
            } else {
                skipped = first(skipped, preview);
            }
            slot = schedule.next(slot.instant());
        }
        return starts.isEmpty()
                ? none(schedule, obstacle, first)
                : new NextStarts(starts.getFirst().at(), starts);
    }

    private static Preview first(Preview before, Preview now) {
        return before == null ? now : before;
    }

    /** The newest slot until the opening takes the place of those before it; one that overrides windows does not wait. */
    private static Slot last(Schedule schedule, ScheduleObstacle obstacle, Slot slot, Preview preview) {
        if (preview.opens() == null) {
            return slot;
        }
        Slot last = schedule.previous(preview.opens().plusNanos(1));
        return obstacle.lastChance()
                .filter(chance -> chance.instant().isAfter(slot.instant())
                        && chance.instant().isBefore(last.instant())
                        && obstacle.overridden(chance).isPresent())
                .orElse(last.instant().isAfter(slot.instant()) ? last : slot);
    }

    private static NextStarts none(Schedule schedule, ScheduleObstacle obstacle, Slot first) {
        List<Preview> previews = slots(schedule, first).stream()
                .map(slot -> obstacle.preview(slot, slot.instant()))
                .toList();
        return new NextStarts(
                previews.getFirst().reason().text(),
                previews.stream().map(Preview::run).toList());
    }

    private static List<Slot> slots(Schedule schedule, Slot first) {
        List<Slot> slots = new ArrayList<>(List.of(first));
        while (slots.size() < MOST) {
            slots.add(schedule.next(slots.getLast().instant()));
        }
        return slots;
    }
}
