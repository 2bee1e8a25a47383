package dev.mainstay.cli;

import dev.mainstay.core.schedule.TimeZones;
import picocli.CommandLine.IVersionProvider;

/** Versions of the program and of the zone data that it reckons with. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "mainstay " + (version == null ? "(not packaged)" : version),
            "zone data " + TimeZones.dataVersion() + " of Java " + Runtime.version()
        };
    }
}
