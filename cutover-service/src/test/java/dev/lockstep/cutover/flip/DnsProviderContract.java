package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import dev.lockstep.schemas.migration.Migration.TsigRules;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
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
            "other.shop.test. 60 IN A 127.0.0.9");

    private static final RecordRules A =
            Rules.record("db.shop.test", "A", List.of("127.0.0.2"), List.of("127.0.0.3"), 5L);
    private static final RecordRules AAAA = Rules.record("db.shop.test", "AAAA", "2001:db8::1", "2001:db8::2");
    private static final RecordRules WWW = Rules.record("www.shop.test", "CNAME", "old.shop.test.", "new.shop.test.");
    /** All servers are named, so nobody is to be asked for them. */
    private static final Questions NOBODY = new Questions(List.of(), 1, Duration.ofSeconds(1));

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration NOW = Duration.ofMillis(200);

    @TempDir
    Path directory;

    /** {@code host:port} of the server that takes updates signed with {@link Rules#KEY} and {@link Rules#SECRET}. */
    abstract String primary();

    /** All servers. */
    abstract List<String> servers();

    DnsProvider provider() {
        return provider(primary(), key());
    }

    private TsigRules key() {
        return Rules.key(directory, Rules.KEY, Rules.SECRET);
    }

    DnsProvider provider(String primary, @Nullable TsigRules key) {
        return provider(primary, key, servers());
    }

    static DnsProvider provider(String primary, @Nullable TsigRules key, List<String> servers) {
        return provider(rules(primary, servers, key));
    }

    private static DnsProvider provider(DnsRules rules) {
        return provider(rules, Clock.systemUTC());
    }

    private static DnsProvider provider(DnsRules rules, Clock clock) {
        return new Rfc2136Provider(
                rules, clock, new Rfc2136Provider.Timeouts(Duration.ofSeconds(2), Duration.ofMillis(500)), NOBODY);
    }

    static DnsRules rules(String primary, List<String> servers, @Nullable TsigRules key) {
        return Rules.of(primary, servers, key, A, AAAA, WWW);
    }

    private DnsPlan plan(DnsProvider provider) {
        return DnsPlan.flip(rules(primary(), servers(), null), provider.observe());
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
        assertThat(DnsPlan.flip(rules(primary(), servers(), null), provider.observe())
                        .isDone())
                .isTrue();
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
    void leavesTheRestOfTheZoneAlone() throws Exception {
        DnsProvider provider = provider();
        Update foreign = new Update(Name.fromConstantString("shop.test."));
        foreign.add(Name.fromConstantString("other.shop.test."), Type.A, 60, "127.0.0.10");
        DnsPlan plan = plan(provider);
        foreignWriter(foreign);

        assertThat(provider.apply(plan)).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void settlesALostReplyByReading() throws Exception {
        TcpProxy.Fault swallow = (update, server) -> {
            server.ask(update);
            return null;
        };
        try (TcpProxy proxy = new TcpProxy(primary(), swallow)) {
            DnsProvider provider = provider(proxy.address(), key());
            DnsPlan plan = plan(provider);

            Outcome outcome = provider.apply(plan);

            assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
            assertThat(outcome.message()).contains("lost");
            assertThat(provider.readBack(plan, SOON).serial()).hasValue(plan.serial() + 1); // sent once
        }
    }

    @Test
    void doesNotGuessWhenAnUpdateIsLostOnItsWay() throws Exception {
        try (TcpProxy proxy = new TcpProxy(primary(), (update, server) -> null)) {
            DnsProvider provider = provider(proxy.address(), key());
            DnsPlan plan = plan(provider);

            assertThat(provider.apply(plan)).isInstanceOf(Outcome.Unsettled.class);
            assertThat(provider.readBack(plan, NOW).everywhere()).isFalse();
        }
    }

    @Test
    void doesNotBelieveAForgedAnswer() throws Exception {
        try (TcpProxy proxy = new TcpProxy(primary(), (update, server) -> forged(update))) {
            DnsProvider provider = provider(proxy.address(), key());
            DnsPlan plan = plan(provider);

            Outcome outcome = provider.apply(plan);

            assertThat(outcome).isInstanceOf(Outcome.Unsettled.class);
            assertThat(outcome.message()).contains("no valid signature");
        }
    }

    @Test
    void doesNotBelieveAnAnswerWhoseSignatureWasDamaged() throws Exception {
        TcpProxy.Fault damage = (update, server) -> {
            byte[] answer = server.ask(update);
            answer[answer.length - 8] ^= 1;
            return answer;
        };
        try (TcpProxy proxy = new TcpProxy(primary(), damage)) {
            DnsProvider provider = provider(proxy.address(), key());

            Outcome outcome = provider.apply(plan(provider));

            assertThat(outcome).isInstanceOf(Outcome.Accepted.class); // it reads that it was applied
            assertThat(outcome.message()).contains("shows the change");
        }
    }

    @Test
    void namesTheKeyThatHasAnotherSecret() {
        DnsProvider provider = provider(primary(), Rules.key(directory, Rules.KEY, Rules.OTHER_SECRET));
        DnsPlan plan = plan(provider);

        Outcome outcome = provider.apply(plan);

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).contains("NOTAUTH", "BADSIG", Rules.KEY, "dns.key.secret");
        assertThat(serial(provider)).isEqualTo(plan.serial());
    }

    @Test
    void namesTheKeyThatTheServerDoesNotKnow() {
        DnsProvider provider = provider(primary(), Rules.key(directory, "stranger.key", Rules.SECRET));

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).contains("NOTAUTH", "BADKEY", "stranger.key");
    }

    @Test
    void namesAClockThatIsWrong() {
        Clock late = Clock.fixed(Instant.now().minusSeconds(3600), ZoneOffset.UTC);
        DnsProvider provider = provider(rules(primary(), servers(), key()), late);

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).contains("BADTIME", Rules.KEY, "its clock: ");
    }

    @Test
    void saysThatAnUnsignedUpdateIsRefused() {
        DnsProvider provider = provider(primary(), null);

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).contains("REFUSED", "allow-update");
    }

    @Test
    void namesTheServerThatIsNotThere() {
        String nobody = "127.0.0.1:" + freePort();
        DnsProvider elsewhere = provider(rules(nobody, servers(), key()));

        Outcome outcome = elsewhere.apply(plan(provider()));

        assertThat(outcome).isInstanceOf(Outcome.Unreachable.class);
        assertThat(outcome.message()).contains(nobody);
        assertThat(elsewhere.observe().primary()).isInstanceOf(View.Unseen.class);
    }

    @Test
    void namesTheServerThatDoesNotShowTheChange() {
        String nobody = "127.0.0.1:" + freePort();
        DnsProvider provider = provider(rules(primary(), List.of(primary(), nobody), key()));
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

    /** What another tool does: a signed update of its own. */
    void foreignWriter(Update update) throws IOException {
        Signer signer = Signer.of(key(), Clock.systemUTC());
        try (TcpExchange exchange = TcpExchange.open(ServerAddress.parse(primary()), Duration.ofSeconds(2))) {
            exchange.send(List.of(signer.sign(update)));
            assertThat(signer.judge(update, exchange.receive()).rcode()).isEqualTo(Rcode.NOERROR);
        }
    }

    private static byte[] forged(byte[] update) throws IOException {
        Message answer = new Message(new Message(update).getHeader().getID());
        answer.getHeader().setOpcode(Opcode.UPDATE);
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(
                org.xbill.DNS.Record.newRecord(Name.fromConstantString("shop.test."), Type.SOA, DClass.IN),
                org.xbill.DNS.Section.ZONE);
        return answer.toWire();
    }

    private static List<List<RecordSet>> sets(Observed observed) {
        return observed.servers().stream()
                .map(view -> ((View.Seen) view).sets())
                .toList();
    }

    private static List<RecordSet> primarySets(Observed observed) {
        return ((View.Seen) observed.primary()).sets();
    }

    private static long serial(DnsProvider provider) {
        return ((View.Seen) provider.observe().primary()).serial();
    }

    static int freePort() {
        try (var socket = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
