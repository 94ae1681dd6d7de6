package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.demo.DemoDns;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract on the demo's own name server. */
class Rfc2136ProviderTest extends Rfc2136Contract {

    private final DemoDns dns = DemoDns.start("shop.test", Rules.KEY, Rules.SECRET, RECORDS);

    @AfterEach
    void close() {
        dns.close();
    }

    @Override
    String primary() {
        return dns.address();
    }

    @Override
    List<String> servers() {
        return List.of(dns.address());
    }
}
