package dev.mainstay.core.mode;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.JobTemplate;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationSpec;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenancePage;
import dev.mainstay.core.Durations;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.task.TaskJson;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The page that an application is to have: made of all its modes, so that each of them comes to the same.
 *
 * @param application name of the application
 * @param name of its Deployment and Service
 * @param content what its program is told
 * @param ports where Services look for it
 * @param image image of its container
 * @param template what the user chose for Pods of Mainstay; null for nothing
 */
public record PageSpec(
        String application, String name, PageContent content, PagePorts ports, String image, JobTemplate template) {

    /** How many Pods serve it: a node may go down for the very maintenance. */
    public static final int REPLICAS = 2;

    /**
     * The page for these modes, of which the earliest gives the text.
     *
     * @param modes those that want it, in any order; at least one
     * @param application null when it is gone
     */
    static PageSpec of(
            List<MaintenanceMode> modes, ManagedApplication application, List<ServiceState> services, String image) {
        MaintenanceMode earliest = earliest(modes);
        ManagedApplicationSpec known = application == null ? null : application.getSpec();
        MaintenancePage page = page(earliest, application);
        PagePorts ports = PagePorts.of(services);
        String name = earliest.getSpec().applicationRef().name();
        return new PageSpec(
                name,
                Names.page(name),
                new PageContent(
                        page.title(),
                        page.message(),
                        page.contact(),
                        page.language(),
                        Durations.parse(page.retryAfter()).toSeconds(),
                        expectedEnd(modes),
                        page.passPaths(),
                        ports.numbers(),
                        ports.probe()),
                ports,
                image,
                known == null ? null : known.jobTemplate());
    }

    private static MaintenanceMode earliest(List<MaintenanceMode> modes) {
        return modes.stream()
                .min(Comparator.comparing((MaintenanceMode mode) ->
                                Objects.requireNonNullElse(mode.getMetadata().getCreationTimestamp(), ""))
                        .thenComparing(mode -> mode.getMetadata().getName()))
                .orElseThrow();
    }

    private static MaintenancePage page(MaintenanceMode mode, ManagedApplication application) {
        return mode.getSpec()
                .page()
                .orElse(
                        application == null || application.getSpec() == null
                                ? MaintenancePage.NONE
                                : application.getSpec().maintenancePage())
                .orElse(MaintenancePage.DEFAULTS);
    }

    /** What is told of a mode whose page is not shown, since an earlier mode gives it; empty when nothing of it is lost. */
    static Optional<String> notShown(
            MaintenanceMode mode, List<MaintenanceMode> modes, ManagedApplication application) {
        MaintenanceMode earliest = earliest(modes);
        MaintenancePage wanted = page(mode, application);
        MaintenancePage shown = page(earliest, application);
        if (wanted.equals(shown)) {
            return Optional.empty();
        }
        return Optional.of("spec.page is not shown: MaintenanceMode "
                + earliest.getMetadata().getName()
                + " was made earlier, and gives the page for as long as it lasts."
                + (wanted.passPaths().equals(shown.passPaths())
                        ? ""
                        : " spec.page.passPaths of this one is without effect until then: write it into that one's spec.page, or"
                                + " into spec.maintenancePage of the ManagedApplication."));
    }

    /** It is over when all are; one without an end leaves that open. */
    private static Instant expectedEnd(List<MaintenanceMode> modes) {
        List<Instant> ends =
                modes.stream().flatMap(mode -> ModeState.endsAt(mode).stream()).toList();
        return ends.size() < modes.size()
                ? null
                : ends.stream().max(Comparator.naturalOrder()).orElse(null);
    }

    /** Labels by which its Pods are selected. */
    public Map<String, String> selector() {
        return selector(application);
    }

    static Map<String, String> selector(String application) {
        return Map.of(Annotations.PAGE, Names.label(application));
    }

    /** Differs when anything of it does. */
    public String hash() {
        return Names.digest(TaskJson.write(this), REPLICAS);
    }
}
