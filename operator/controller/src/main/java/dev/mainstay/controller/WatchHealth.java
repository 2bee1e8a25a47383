package dev.mainstay.controller;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;

/** Whether the caches of all controllers are filled, and kept so. */
final class WatchHealth {

    private WatchHealth() {}

    static boolean synced(Operator operator) {
        if (!operator.getRuntimeInfo().isStarted()) {
            return false;
        }
        for (RegisteredController<?> controller : operator.getRegisteredControllers()) {
            for (InformerWrappingEventSourceHealthIndicator<?> source : controller
                    .getControllerHealthInfo()
                    .informerEventSourceHealthIndicators()
                    .values()) {
                // Not isWatching: a watch is renewed every few minutes (java-operator-sdk issue 2978).
                if (!source.informerHealthIndicators().values().stream().allMatch(WatchHealth::synced)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean synced(InformerHealthIndicator informer) {
        return informer.hasSynced() && informer.isRunning();
    }
}
