package dev.mainstay.core.audit;

import java.util.List;

/**
 * What {@code npm audit} found.
 *
 * @param dependencies how many dependencies it looked at
 * @param packages those with a known vulnerability
 */
record AuditReport(long dependencies, List<VulnerablePackage> packages) {}
