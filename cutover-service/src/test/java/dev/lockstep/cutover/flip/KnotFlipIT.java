package dev.lockstep.cutover.flip;

import dev.lockstep.schemas.embedded.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Update;

/** The contract on Knot DNS, a primary and a secondary. */
@SuppressWarnings("NullAway.Init")
class KnotFlipIT extends Rfc2136Contract {

    @TempDir
    Path home;

    private final List<NameServerProcess> servers = new ArrayList<>();
    private final String primary = "127.0.0.1:" + Ports.free();
    private final String secondary = "127.0.0.1:" + Ports.free();

    @BeforeEach
    void start() throws IOException {
        Knot.knotd();
        String records = Bind.ZONE_HEAD + String.join("\n", RECORDS) + "\n";
        servers.add(Knot.primary(home.resolve("primary"), primary, "shop.test", records, List.of(secondary)));
        NameServerProcess.awaitAnswer(primary);
        servers.add(Knot.secondary(home.resolve("secondary"), secondary, "shop.test", primary));
        NameServerProcess.awaitSameSerial(primary, secondary);
    }

    @AfterEach
    void stop() {
        servers.forEach(NameServerProcess::close);
    }

    @Override
    String primary() {
        return primary;
    }

    @Override
    List<String> servers() {
        return List.of(primary, secondary);
    }

    @Override
    void foreignWriter(Update update) throws IOException {
        super.foreignWriter(update);
        NameServerProcess.awaitSameSerial(primary, secondary);
    }
}
