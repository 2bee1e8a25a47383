package dev.mainstay.core.alert;

import java.time.Instant;

/**
 * What keeps the alerts of an application from being told.
 *
 * @param by the object, such as {@code MaintenanceMode shop-release}
 * @param until when it ends at the latest; null where no end is set
 */
public record AlertMute(String by, Instant until) {}
