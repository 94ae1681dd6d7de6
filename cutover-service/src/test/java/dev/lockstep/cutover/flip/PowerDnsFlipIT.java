package dev.lockstep.cutover.flip;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on PowerDNS. */
@SuppressWarnings("NullAway.Init")
class PowerDnsFlipIT extends Rfc2136Contract {

    @TempDir
    Path home;

    private PowerDns dns;

    @BeforeEach
    void start() throws Exception {
        dns = PowerDns.start(home, RECORDS);
    }

    @AfterEach
    void stop() {
        dns.close();
    }

    /** It says REFUSED of all of them, and no more. */
    @Override
    String[] about(String error, String... rest) {
        return new String[] {"REFUSED", "a key, a secret or a clock that is wrong"};
    }

    @Override
    String primary() {
        return servers().get(0);
    }

    @Override
    List<String> servers() {
        return dns.servers();
    }
}
