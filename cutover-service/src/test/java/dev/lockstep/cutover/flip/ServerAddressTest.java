package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.migration.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @Test
    void readsHostAndPort() {
        assertThat(ServerAddress.parse("ns1.shop.test:5353")).isEqualTo(new ServerAddress("ns1.shop.test", 5353));
        assertThat(ServerAddress.parse("ns1.shop.test")).isEqualTo(new ServerAddress("ns1.shop.test", 53));
        assertThat(ServerAddress.parse("[2001:db8::1]:5353")).isEqualTo(new ServerAddress("2001:db8::1", 5353));
    }

    @Test
    void spellsItAsTheRulesDo() {
        assertThat(ServerAddress.parse("[2001:db8::1]")).hasToString("[2001:db8::1]:53");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ns1:", "ns1:0", "ns1:70000", "ns1:dns", "2001:db8::1"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> ServerAddress.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(text);
    }
}
