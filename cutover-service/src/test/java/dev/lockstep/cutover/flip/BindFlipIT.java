package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** The contract on BIND, a primary and a secondary. */
@SuppressWarnings("NullAway.Init")
class BindFlipIT extends Rfc2136Contract {

    @TempDir
    Path home;

    private Bind bind;

    @BeforeEach
    void start() {
        Bind.named();
        bind = Bind.start(home.resolve("following"), RECORDS, true);
    }

    @AfterEach
    void stop() {
        if (bind != null) bind.close();
    }

    @Override
    String primary() {
        return bind.primary();
    }

    @Override
    List<String> servers() {
        return List.of(bind.primary(), bind.secondary());
    }

    @Override
    void foreignWriter(Update update) throws java.io.IOException {
        super.foreignWriter(update);
        bind.awaitTransfer();
    }

    @Test
    void namesTheSecondaryThatIsStale() {
        try (Bind stale = Bind.start(home.resolve("stale"), RECORDS, false)) {
            List<String> servers = List.of(stale.primary(), stale.secondary());
            DnsProvider provider = provider(stale.primary(), Rules.key(directory, Rules.KEY, Rules.SECRET), servers);
            DnsPlan plan = DnsPlan.flip(moving(), provider.observe());

            Outcome outcome = provider.apply(plan);
            ReadBack readBack = provider.readBack(plan, Duration.ofSeconds(1));

            assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
            assertThat(readBack.everywhere()).isFalse();
            assertThat(readBack.missing()).singleElement().asString().contains(stale.secondary(), "127.0.0.2");
        }
    }

    @Test
    void saysThatAFrozenZoneTakesNoUpdates() throws Exception {
        DnsProvider provider = provider();
        DnsPlan plan = plan(provider);
        bind.control("freeze", "shop.test");

        Outcome frozen = provider.apply(plan);
        bind.control("thaw", "shop.test");

        assertThat(frozen).isInstanceOf(Outcome.Refused.class);
        assertThat(frozen.message()).contains("REFUSED", "frozen");
        assertThat(provider.apply(plan(provider))).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void saysThatASecondaryTakesNoUpdates() {
        DnsProvider provider = provider(bind.secondary(), Rules.key(directory, Rules.KEY, Rules.SECRET));

        Outcome outcome = provider.apply(plan(provider()));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).contains(bind.secondary());
    }

    @Test
    void saysThatAKeyMayNotUpdateTheZone() {
        DnsProvider provider = provider(primary(), Rules.key(directory, "readonly.key", Rules.SECRET));

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).contains("REFUSED", "readonly.key", "allow-update");
    }

    @Test
    void doesNotTakeAWildcardForARecordSet() throws Exception {
        Update wildcard = new Update(Name.fromConstantString("shop.test."));
        wildcard.delete(Name.fromConstantString("db.shop.test."));
        wildcard.add(Name.fromConstantString("*.shop.test."), Type.A, 60, "127.0.0.2");
        wildcard.add(Name.fromConstantString("*.shop.test."), Type.AAAA, 300, "2001:db8::1");
        foreignWriter(wildcard);
        DnsProvider provider = provider();

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Conflict.class);
    }
}
