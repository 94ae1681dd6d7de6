package dev.lockstep.cutover.flip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Knot DNS servers; unlike BIND they listen on any address of loopback. Each serves one zone. */
final class Knot {

    private static final String COMMON = """
            server:
              rundir: %1$s
              listen: %2$s@%3$d
            control:
              listen: %1$s/knot.sock
            database:
              storage: %1$s
            log:
              - target: stdout
                any: info
            acl:
              - id: transfer
                address: 127.0.0.0/8
                action: [transfer, notify]
            """;

    private Knot() {}

    static String knotd() {
        return NameServerProcess.program("knotd", "knot");
    }

    /**
     * A primary that takes updates signed with {@link Rules#KEY}.
     *
     * @param address {@code host:port}
     * @param zone its name, and what is in its file
     * @param secondaries that it tells of changes
     */
    static NameServerProcess primary(Path home, String address, String zone, String records, List<String> secondaries)
            throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("zone.db"), records);
        String remotes = remotes(secondaries);
        String names = secondaries.stream().map(Knot::id).collect(Collectors.joining(", "));
        String notify = names.isEmpty() ? "" : "    notify: [" + names + "]\n";
        return start(home, address, """
                key:
                  - id: %1$s
                    algorithm: hmac-sha256
                    secret: %2$s
                acl:
                  - id: update
                    key: %1$s
                    action: update
                %3$szone:
                  - domain: %4$s
                    storage: %5$s
                    file: zone.db
                    serial-policy: increment
                    acl: [update, transfer]
                %6$s""".formatted(Rules.KEY, Rules.SECRET, remotes, zone, home, notify));
    }

    static NameServerProcess secondary(Path home, String address, String zone, String primary) throws IOException {
        Files.createDirectories(home);
        return start(home, address, """
                %1$szone:
                  - domain: %2$s
                    storage: %3$s
                    master: %4$s
                    acl: transfer
                """.formatted(remotes(List.of(primary)), zone, home, id(primary)));
    }

    private static NameServerProcess start(Path home, String address, String rest) throws IOException {
        ServerAddress server = ServerAddress.parse(address);
        Path config = Files.writeString(
                home.resolve("knot.conf"), COMMON.formatted(home, server.host(), server.port()) + rest);
        return NameServerProcess.start(home, List.of(knotd(), "-c", config.toString()));
    }

    private static String remotes(List<String> servers) {
        if (servers.isEmpty()) return "";
        return servers.stream()
                .map(server -> "  - id: %s%n    address: %s%n".formatted(id(server), server.replace(':', '@')))
                .collect(Collectors.joining("", "remote:\n", ""));
    }

    private static String id(String server) {
        return "at-" + server.replaceAll("[.:]", "-");
    }
}
