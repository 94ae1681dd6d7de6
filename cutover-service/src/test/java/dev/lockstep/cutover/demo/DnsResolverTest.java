package dev.lockstep.cutover.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsResolverTest {

    private final DemoDns dns = DemoDns.start(
            "shop.test",
            "key.shop.test",
            "bG9ja3N0ZXA=",
            List.of("db.shop.test. 5 IN A 127.0.0.2", "text.shop.test. 5 IN TXT \"no address\""));

    @AfterEach
    void stop() {
        dns.close();
    }

    @Test
    void findsTheAddressAndForHowLongItHolds() throws IOException {
        Resolver.Answer expected = new Resolver.Answer("127.0.0.2", Duration.ofSeconds(5));

        assertThat(new DnsResolver("db.shop.test", "127.0.0.1", dns.port()).resolve())
                .isEqualTo(expected);
        assertThat(new DnsResolver("db.shop.test.", "127.0.0.1", dns.port()).resolve())
                .isEqualTo(expected);
    }

    @Test
    void saysWhatTheServerAnswersWhereThereIsNoSuchName() {
        assertThatThrownBy(() -> new DnsResolver("no.shop.test", "127.0.0.1", dns.port()).resolve())
                .isInstanceOf(IOException.class)
                .hasMessage("no.shop.test.: the server answers NXDOMAIN");
        assertThatThrownBy(() -> new DnsResolver("text.shop.test", "127.0.0.1", dns.port()).resolve())
                .hasMessage("text.shop.test.: the answer holds no A record");
    }

    @Test
    void isAnErrorWithinSecondsWhereNobodyAnswers() {
        dns.close();

        assertThatThrownBy(() -> new DnsResolver("db.shop.test", "127.0.0.1", dns.port()).resolve())
                .isInstanceOf(IOException.class);
    }
}
