package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import dev.lockstep.schemas.migration.Migration.TsigRules;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/**
 * What every {@link DnsProvider} keeps to, on a zone {@code shop.test} with {@link #RECORDS}, which is made anew for each test.
 */
abstract class DnsProviderContract {

    static final List<String> RECORDS = List.of(
            "db.shop.test. 60 IN A 127.0.0.2",
            "db.shop.test. 300 IN AAAA 2001:db8::1",
            "www.shop.test. 60 IN CNAME old.shop.test.",
            "old.shop.test. 60 IN A 127.0.0.2",
            "other.shop.test. 60 IN A 127.0.0.9",
            "shop.test. 60 IN A 127.0.0.2",
            "*.apps.shop.test. 60 IN A 127.0.0.2");

    static final RecordRules A = Rules.record("db.shop.test", "A", List.of("127.0.0.2"), List.of("127.0.0.3"), 5L);
    static final RecordRules AAAA = Rules.record("db.shop.test", "AAAA", "2001:db8::1", "2001:db8::2");
    static final RecordRules FRESH =
            Rules.record("fresh.shop.test", "A", List.of(), List.of("127.0.0.3", "127.0.0.4"), 60L);
    static final RecordRules WWW = Rules.record("www.shop.test", "CNAME", "old.shop.test.", "new.shop.test.");
    /** All servers are named, so nobody is to be asked for them. */
    static final Questions NOBODY = new Questions(List.of(), 1, Duration.ofSeconds(1));

    static final Duration SOON = Duration.ofSeconds(10);
    static final Duration NOW = Duration.ofMillis(200);

    @TempDir
    Path directory;

    /** {@code host:port} of the server that takes updates signed with {@link Rules#KEY} and {@link Rules#SECRET}. */
    abstract String primary();

    /** All servers. */
    abstract List<String> servers();

    /** Rules for the zone, with the provider's own place to make changes. */
    abstract DnsRules rules(List<String> servers, RecordRules... records);

    abstract DnsProvider provider(DnsRules rules);

    DnsProvider provider() {
        return provider(moving());
    }

    DnsRules moving() {
        return rules(servers(), A, AAAA, WWW);
    }

    TsigRules key() {
        return Rules.key(directory, Rules.KEY, Rules.SECRET);
    }

    DnsPlan plan(DnsProvider provider) {
        return DnsPlan.flip(moving(), provider.observe());
    }

    private void moves(RecordRules... records) {
        DnsRules rules = rules(servers(), records);
        DnsProvider provider = provider(rules);
        Observed original = provider.observe();

        DnsPlan there = DnsPlan.flip(rules, original);
        assertThat(provider.apply(there)).isInstanceOf(Outcome.Accepted.class);
        assertThat(provider.readBack(there, SOON).missing()).isEmpty();

        DnsPlan back = DnsPlan.flipBack(rules, provider.observe());
        assertThat(back.isDone()).isFalse();
        assertThat(provider.apply(there.inverse())).isInstanceOf(Outcome.Accepted.class);
        assertThat(provider.readBack(there.inverse(), SOON).missing()).isEmpty();
        assertThat(sets(provider.observe())).isEqualTo(sets(original));
    }

    @Test
    void observesRecordSetsTtlsAndSerialsAtEveryServer() {
        Observed observed = provider().observe();

        assertThat(observed.zone()).isEqualTo("shop.test.");
        assertThat(observed.servers()).hasSameSizeAs(servers()).allSatisfy(view -> {
            View.Seen seen = (View.Seen) view;
            assertThat(seen.sets())
                    .containsExactly(
                            new RecordSet("db.shop.test", RecordType.A, 60, List.of("127.0.0.2")),
                            new RecordSet("db.shop.test", RecordType.AAAA, 300, List.of("2001:db8::1")),
                            new RecordSet("www.shop.test", RecordType.CNAME, 60, List.of("old.shop.test.")));
            assertThat(seen.serial()).isPositive();
            assertThat(seen.others()).isEmpty();
        });
    }

    @Test
    void flipsEveryRecordSetInOneUpdateAndReadsItBackEverywhere() {
        DnsProvider provider = provider();
        DnsPlan plan = plan(provider);

        Outcome outcome = provider.apply(plan);
        ReadBack readBack = provider.readBack(plan, SOON);

        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        assertThat(readBack.missing()).isEmpty();
        assertThat(readBack.everywhere()).isTrue();
        assertThat(readBack.serial()).hasValue(plan.serial() + 1);
        assertThat(plan(provider).isDone()).isTrue();
    }

    @Test
    void startsTheDrainClockWhenTheLastServerShowsIt() {
        DnsProvider provider = provider();
        DnsPlan plan = plan(provider);
        Instant before = Instant.now();

        provider.apply(plan);
        ReadBack readBack = provider.readBack(plan, SOON);

        Instant shown = readBack.shownEverywhereAt().orElseThrow();
        assertThat(shown).isBetween(before, Instant.now());
        assertThat(readBack.servers()).allSatisfy(s -> assertThat(s.shownAt()).isBeforeOrEqualTo(shown));
        assertThat(readBack.drainedAt()).hasValue(shown.plusSeconds(300));
    }

    @Test
    void goesBackToWhatWasThereWithItsTtl() {
        DnsProvider provider = provider();
        Observed original = provider.observe();
        DnsPlan plan = plan(provider);
        provider.apply(plan);

        Outcome outcome = provider.apply(plan.inverse());
        ReadBack readBack = provider.readBack(plan.inverse(), SOON);

        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        assertThat(readBack.everywhere()).isTrue();
        assertThat(sets(provider.observe())).isEqualTo(sets(original));
    }

    @Test
    void applyingTwiceChangesNothingTheSecondTime() {
        DnsProvider provider = provider();
        DnsPlan plan = plan(provider);
        provider.apply(plan);
        long serial = serial(provider);

        assertThat(provider.apply(plan)).isInstanceOf(Outcome.AlreadyDone.class);
        assertThat(provider.apply(plan(provider))).isInstanceOf(Outcome.AlreadyDone.class);
        assertThat(serial(provider)).isEqualTo(serial);
    }

    @Test
    void changesNothingIfAnyRecordSetWasWrittenInBetween() throws Exception {
        DnsProvider provider = provider();
        DnsPlan plan = plan(provider);
        Update foreign = new Update(Name.fromConstantString("shop.test."));
        foreign.add(Name.fromConstantString("db.shop.test."), Type.AAAA, 300, "2001:db8::9");
        foreignWriter(foreign);
        Observed before = provider.observe();

        Outcome outcome = provider.apply(plan);

        assertThat(outcome).isInstanceOf(Outcome.Conflict.class);
        assertThat(primarySets(provider.observe())).isEqualTo(primarySets(before));
        assertThat(serial(provider)).isEqualTo(((View.Seen) before.primary()).serial());
        assertThatThrownBy(() -> plan(provider)).isInstanceOf(UnsafePlanException.class);
    }

    @Test
    void triesOutWhetherTheZoneIsAsPlannedAndChangesNothing() throws Exception {
        DnsProvider provider = provider();
        DnsPlan plan = plan(provider);

        assertThat(provider.tryOut(plan)).isInstanceOf(Outcome.Accepted.class);
        assertThat(serial(provider)).isEqualTo(plan.serial());
        assertThat(plan(provider)).isEqualTo(plan);

        Update foreign = new Update(Name.fromConstantString("shop.test."));
        foreign.add(Name.fromConstantString("db.shop.test."), Type.AAAA, 300, "2001:db8::9");
        foreignWriter(foreign);
        assertThat(provider.tryOut(plan)).isInstanceOf(Outcome.Conflict.class);
    }

    @Test
    void leavesTheRestOfTheZoneAlone() throws Exception {
        DnsProvider provider = provider();
        Update foreign = new Update(Name.fromConstantString("shop.test."));
        foreign.add(Name.fromConstantString("other.shop.test."), Type.A, 60, "127.0.0.10");
        DnsPlan plan = plan(provider);
        foreignWriter(foreign);

        assertThat(provider.apply(plan)).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void namesTheServerThatDoesNotShowTheChange() {
        String nobody = "127.0.0.1:" + Ports.free();
        DnsProvider provider = provider(rules(List.of(primary(), nobody), A, AAAA, WWW));
        DnsPlan plan = plan(provider());

        provider.apply(plan);
        ReadBack readBack = provider.readBack(plan, NOW);

        assertThat(readBack.everywhere()).isFalse();
        assertThat(readBack.drainedAt()).isEmpty();
        assertThat(readBack.missing()).singleElement().asString().contains(nobody);
    }

    @Test
    void readsBackThatNothingHasChanged() {
        DnsProvider provider = provider();

        ReadBack readBack = provider.readBack(plan(provider), NOW);

        assertThat(readBack.everywhere()).isFalse();
        assertThat(readBack.missing().get(0)).contains(primary(), "127.0.0.2");
    }

    @Test
    void movesTheApexAndAWildcard() {
        moves(
                Rules.record("shop.test", "A", "127.0.0.2", "127.0.0.3"),
                Rules.record("*.apps.shop.test", "A", "127.0.0.2", "127.0.0.3"));
    }

    @Test
    void replacesAddressesByAnAlias() {
        moves(
                Rules.record("db.shop.test", "A", List.of("127.0.0.2"), List.of(), null),
                Rules.record("db.shop.test", "AAAA", List.of("2001:db8::1"), List.of(), null),
                Rules.record("db.shop.test", "CNAME", List.of(), List.of("new.shop.test."), 60L));
    }

    @Test
    void replacesAnAliasByAddresses() {
        moves(
                Rules.record("www.shop.test", "CNAME", List.of("old.shop.test."), List.of(), null),
                Rules.record("www.shop.test", "A", List.of(), List.of("127.0.0.3", "127.0.0.4"), 60L),
                Rules.record("www.shop.test", "AAAA", List.of(), List.of("2001:db8::3"), 60L));
    }

    @Test
    void makesANameThatIsNewAndLeavesNothingOfItOnTheWayBack() {
        DnsRules rules = rules(servers(), FRESH);
        DnsProvider provider = provider(rules);
        Observed original = provider.observe();
        DnsPlan there = DnsPlan.flip(rules, original);
        assertThat(provider.apply(there)).isInstanceOf(Outcome.Accepted.class);
        assertThat(provider.readBack(there, SOON).missing()).isEmpty();

        DnsPlan back = DnsPlan.flipBack(rules, provider.observe());
        assertThat(provider.apply(back)).isInstanceOf(Outcome.Accepted.class);

        assertThat(provider.readBack(back, SOON).missing()).isEmpty();
        assertThat(sets(provider.observe())).isEqualTo(sets(original));
        assertThat(provider.apply(back)).isInstanceOf(Outcome.AlreadyDone.class);
        assertThat(DnsPlan.flipBack(rules, provider.observe()).isDone()).isTrue();
    }

    @Test
    void leavesANewNameAloneThatAnotherHasWrittenTo() throws Exception {
        DnsRules rules = rules(servers(), FRESH);
        DnsProvider provider = provider(rules);
        DnsPlan there = DnsPlan.flip(rules, provider.observe());
        provider.apply(there);
        assertThat(provider.readBack(there, SOON).missing()).isEmpty();
        DnsPlan back = DnsPlan.flipBack(rules, provider.observe());
        Update foreign = new Update(Name.fromConstantString("shop.test."));
        foreign.add(Name.fromConstantString("fresh.shop.test."), Type.A, 60, "127.0.0.9");
        foreignWriter(foreign);

        assertThat(provider.apply(back)).isInstanceOf(Outcome.Conflict.class);

        assertThat(primarySets(provider.observe()).get(0).values())
                .containsExactly("127.0.0.3", "127.0.0.4", "127.0.0.9");
    }

    @Test
    void lowersTtlsAloneAndRestoresThemAfterTheFlip() {
        DnsProvider provider = provider();
        List<RecordSet> originals = primarySets(provider.observe());
        DnsPlan lower = DnsPlan.lowerTtl(moving(), provider.observe(), Duration.ofSeconds(10));

        assertThat(provider.apply(lower)).isInstanceOf(Outcome.Accepted.class);
        ReadBack lowered = provider.readBack(lower, SOON);
        assertThat(lowered.missing()).isEmpty();
        assertThat(lowered.drainedAt())
                .hasValue(lowered.shownEverywhereAt().orElseThrow().plusSeconds(300));
        DnsPlan flip = plan(provider);
        provider.apply(flip);
        assertThat(provider.readBack(flip, SOON).missing()).isEmpty();
        DnsPlan restore = DnsPlan.restoreTtl(moving(), provider.observe(), originals);
        assertThat(provider.apply(restore)).isInstanceOf(Outcome.Accepted.class);
        assertThat(provider.readBack(restore, SOON).missing()).isEmpty();

        assertThat(primarySets(provider.observe()))
                .containsExactly(
                        new RecordSet("db.shop.test", RecordType.A, 5, List.of("127.0.0.3")), // its rule says so
                        new RecordSet("db.shop.test", RecordType.AAAA, 300, List.of("2001:db8::2")),
                        new RecordSet("www.shop.test", RecordType.CNAME, 60, List.of("new.shop.test.")));
    }

    /** What another tool does: a signed update of its own. */
    void foreignWriter(Update update) throws IOException {
        Signer signer = Signer.of(key(), Clock.systemUTC());
        try (TcpExchange exchange = TcpExchange.open(ServerAddress.parse(primary()), Duration.ofSeconds(2))) {
            exchange.send(List.of(signer.sign(update)));
            assertThat(signer.judge(update, exchange.receive()).rcode()).isEqualTo(Rcode.NOERROR);
        }
    }

    private static List<List<RecordSet>> sets(Observed observed) {
        return observed.servers().stream()
                .map(view -> ((View.Seen) view).sets())
                .toList();
    }

    static List<RecordSet> primarySets(Observed observed) {
        return ((View.Seen) observed.primary()).sets();
    }

    static long serial(DnsProvider provider) {
        return ((View.Seen) provider.observe().primary()).serial();
    }
}
