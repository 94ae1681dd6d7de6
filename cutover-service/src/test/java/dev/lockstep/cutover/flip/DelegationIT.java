package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Finding a zone's servers on Knot DNS. All are on one port, as name servers are: a hidden primary on 127.0.9.1, secondaries on 127.0.9.2 and
 * 127.0.9.3, and the parent {@code test}, whose server is asked as a resolver, too, on 127.0.9.9.
 */
@SuppressWarnings("NullAway.Init")
class DelegationIT {

    private static final String HIDDEN = "127.0.9.1";
    private static final String NS1 = "127.0.9.2";
    private static final String NS2 = "127.0.9.3";
    private static final String PARENT = "127.0.9.9";

    @TempDir
    Path home;

    private final List<NameServerProcess> servers = new ArrayList<>();
    private final int port = Ports.free();

    private Instant now = Instant.now();
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    @BeforeEach
    void start() throws IOException {
        Knot.knotd();
        server(PARENT, "test", """
                $TTL 60
                @ IN SOA ns.test. hostmaster.test. 1 3600 600 86400 60
                @ IN NS ns.test.
                ns IN A %s
                shop IN NS ns1.shop.test.
                shop IN NS ns2.elsewhere.test.
                ns1.shop IN A %s
                ns2.elsewhere IN A %s
                """.formatted(PARENT, NS1, NS2), List.of());
        NameServerProcess.awaitAnswer(at(PARENT), "test");
    }

    @AfterEach
    void stop() {
        servers.forEach(NameServerProcess::close);
    }

    @Test
    void findsWhomTheParentAndTheZoneNameAndReadsEachBackBesideTheHiddenPrimary() throws IOException {
        primary("@ IN NS ns1.shop.test.");
        secondary(NS1);
        secondary(NS2);
        DnsProvider provider = provider();

        Observed observed = provider.observe();
        DnsPlan plan = DnsPlan.flip(rules(), observed);
        Outcome outcome = provider.apply(plan);
        ReadBack readBack = provider.readBack(plan, Duration.ofSeconds(20));

        assertThat(observed.servers())
                .extracting(View::server)
                .containsExactlyInAnyOrder(
                        "ns1.shop.test (" + NS1 + ":" + port + ")", "ns2.elsewhere.test (" + NS2 + ":" + port + ")");
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        assertThat(readBack.missing()).isEmpty();
        assertThat(readBack.servers()).hasSize(3);
    }

    @Test
    void findsWhomTheZoneAloneNames() throws IOException {
        primary("@ IN NS ns1.shop.test.\n@ IN NS ns3.shop.test.\nns3 IN A " + HIDDEN);
        secondary(NS1);
        secondary(NS2);

        assertThat(provider().observe().servers()).hasSize(3);
        assertThat(provider().observe().servers()).extracting(View::server).contains(HIDDEN + ":" + port);
    }

    @Test
    void namesTheServerOfTheDelegationThatDoesNotAnswerAndPlansNothing() throws IOException {
        primary("@ IN NS ns1.shop.test.");
        secondary(NS1); // nobody is at the other one

        assertThat(provider().observe().servers())
                .filteredOn(View.Unseen.class::isInstance)
                .singleElement()
                .satisfies(view -> assertThat(((View.Unseen) view).reason()).contains("ns2.elsewhere.test", NS2));
        assertUnsafe("ns2.elsewhere.test");
    }

    @Test
    void namesTheServerThatHasNoAddress() throws IOException {
        primary("@ IN NS ns1.shop.test.\n@ IN NS gone.shop.test.");
        secondary(NS1);
        secondary(NS2);

        assertUnsafe("gone.shop.test", "has no address", "dns.servers");
    }

    @Test
    void saysThatTheDelegationCannotBeReadWhenNoResolverAnswers() throws IOException {
        primary("@ IN NS ns1.shop.test.");
        secondary(NS1);
        servers.get(0).close();

        assertUnsafe("delegation of zone shop.test.", PARENT, "dns.servers");
    }

    @Test
    void keepsWhatItKnowsForAWhileWhenItCannotBeFoundAnewButNotForEver() throws IOException {
        primary("@ IN NS ns1.shop.test.");
        secondary(NS1);
        secondary(NS2);
        DnsProvider provider = provider();
        List<String> found =
                provider.observe().servers().stream().map(View::server).toList();
        servers.get(0).close();

        now = now.plusSeconds(300);
        assertThat(provider.observe().servers()).extracting(View::server).isEqualTo(found);
        now = now.plusSeconds(400);
        assertThat(provider.observe().unseen()).singleElement().asString().contains("delegation of zone shop.test.");
    }

    private void assertUnsafe(String... because) {
        Observed observed = provider().observe();
        assertThatThrownBy(() -> DnsPlan.flip(rules(), observed))
                .isInstanceOf(UnsafePlanException.class)
                .hasMessageContainingAll(because);
    }

    private void primary(String nameServers) throws IOException {
        server(HIDDEN, "shop.test", """
                $TTL 60
                @ IN SOA ns1.shop.test. hostmaster.shop.test. 100 3600 600 86400 60
                %s
                ns1 IN A %s
                db IN A 127.0.0.2
                """.formatted(nameServers, NS1), List.of(at(NS1), at(NS2)));
        NameServerProcess.awaitAnswer(at(HIDDEN));
    }

    private void server(String address, String zone, String records, List<String> secondaries) throws IOException {
        servers.add(Knot.primary(home.resolve(address), at(address), zone, records, secondaries));
    }

    private void secondary(String address) throws IOException {
        servers.add(Knot.secondary(home.resolve(address), at(address), "shop.test", at(HIDDEN)));
        NameServerProcess.awaitSameSerial(at(HIDDEN), at(address));
    }

    private String at(String address) {
        return address + ":" + port;
    }

    private DnsRules rules() {
        return Rules.of(
                HIDDEN + ":" + port,
                List.of(),
                Rules.key(home, Rules.KEY, Rules.SECRET),
                Rules.record("db.shop.test", "A", "127.0.0.2", "127.0.0.3"));
    }

    private DnsProvider provider() {
        Questions questions = new Questions(List.of(new ServerAddress(PARENT, port)), port, Duration.ofSeconds(2));
        return new Rfc2136Provider(rules(), clock, Rfc2136Provider.Timeouts.DEFAULT, questions);
    }
}
