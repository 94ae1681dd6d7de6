package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import dev.lockstep.schemas.migration.Migration.TsigRules;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** What every server that takes dynamic updates keeps to, whatever stands between it and Lockstep. */
abstract class Rfc2136Contract extends DnsProviderContract {

    @Override
    DnsRules rules(List<String> servers, RecordRules... records) {
        return Rules.of(primary(), servers, key(), records);
    }

    @Override
    DnsProvider provider(DnsRules rules) {
        return provider(rules, Clock.systemUTC());
    }

    DnsProvider provider(String primary, @Nullable TsigRules key) {
        return provider(primary, key, servers());
    }

    static DnsProvider provider(String primary, @Nullable TsigRules key, List<String> servers) {
        return provider(Rules.of(primary, servers, key, A, AAAA, WWW), Clock.systemUTC());
    }

    static DnsProvider provider(DnsRules rules, Clock clock) {
        Rfc2136Provider.Timeouts timeouts = new Rfc2136Provider.Timeouts(Duration.ofSeconds(2), Duration.ofMillis(500));
        return new Rfc2136Provider(rules, clock, timeouts, NOBODY);
    }

    /** What is said of a request whose signature is wrong in this way. */
    String[] about(String error, String... rest) {
        return Stream.concat(Stream.of("NOTAUTH", error), Arrays.stream(rest)).toArray(String[]::new);
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

    static Stream<Arguments> forgeries() {
        return Stream.of(
                Arguments.of(Rcode.NOERROR, Rcode.NOERROR),
                Arguments.of(Rcode.REFUSED, Rcode.NOERROR),
                Arguments.of(Rcode.NXRRSET, Rcode.NOERROR),
                Arguments.of(Rcode.NOTAUTH, Rcode.NOERROR),
                Arguments.of(Rcode.NOTAUTH, Rcode.BADKEY),
                Arguments.of(Rcode.NOTAUTH, Rcode.BADTIME));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void doesNotBelieveAForgedAnswer(int rcode, int error) throws Exception {
        AtomicReference<byte[]> held = new AtomicReference<>();
        TcpProxy.Fault holdBack = (update, server) -> {
            held.set(update);
            return forged(update, rcode, error);
        };
        try (TcpProxy proxy = new TcpProxy(primary(), holdBack)) {
            DnsProvider provider = provider(proxy.address(), key());
            DnsPlan plan = plan(provider);

            Outcome outcome = provider.apply(plan);

            assertThat(outcome).isInstanceOf(Outcome.Unsettled.class);
            assertThat(outcome.message()).contains(Rcode.string(rcode), "no valid signature");
            send(held.get()); // it lands after all
            assertThat(provider.readBack(plan, SOON).missing()).isEmpty();
        }
    }

    @Test
    void seesTheChangeOfAnUpdateWhoseRefusalIsForged() throws Exception {
        TcpProxy.Fault deny = (update, server) -> {
            server.ask(update);
            return forged(update, Rcode.REFUSED, Rcode.NOERROR);
        };
        try (TcpProxy proxy = new TcpProxy(primary(), deny)) {
            DnsProvider provider = provider(proxy.address(), key());

            Outcome outcome = provider.apply(plan(provider));

            assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
            assertThat(outcome.message()).contains("shows the change", "REFUSED");
        }
    }

    @Test
    void sendsNoChangeToWhoeverTakesAnythingOrIsSilent() throws Exception {
        TcpProxy.Fault agree = (trial, server) -> forged(trial, Rcode.NOERROR, Rcode.NOERROR);
        try (TcpProxy stray = TcpProxy.ofTrials(primary(), agree);
                TcpProxy silent = TcpProxy.ofTrials(primary(), (trial, server) -> null)) {
            DnsPlan plan = plan(provider());

            Outcome taken = provider(stray.address(), key()).apply(plan);
            Outcome nothing = provider(silent.address(), key()).apply(plan);

            assertThat(taken).isInstanceOf(Outcome.Refused.class);
            assertThat(taken.message()).contains("without a valid signature", Rules.KEY, stray.address());
            assertThat(nothing).isInstanceOf(Outcome.Unreachable.class);
            assertThat(serial(provider())).isEqualTo(plan.serial());
        }
    }

    @Test
    void changesNothingIfAnotherWritesBetweenTrialAndUpdate() throws Exception {
        Update foreign = new Update(Name.fromConstantString("shop.test."));
        foreign.add(Name.fromConstantString("db.shop.test."), Type.AAAA, 300, "2001:db8::9");
        TcpProxy.Fault race = (update, server) -> {
            foreignWriter(foreign);
            return server.ask(update);
        };
        try (TcpProxy proxy = new TcpProxy(primary(), race)) {
            DnsProvider provider = provider(proxy.address(), key());

            Outcome outcome = provider.apply(plan(provider));

            assertThat(outcome).isInstanceOf(Outcome.Conflict.class);
            assertThat(primarySets(provider.observe()).get(0).values()).containsExactly("127.0.0.2");
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
        assertThat(outcome.message()).contains(about("BADSIG", Rules.KEY, "dns.key.secret"));
        assertThat(provider.tryOut(plan)).isEqualTo(outcome);
        assertThat(serial(provider)).isEqualTo(plan.serial());
    }

    @Test
    void namesTheKeyThatTheServerDoesNotKnow() {
        DnsProvider provider = provider(primary(), Rules.key(directory, "stranger.key", Rules.SECRET));

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).contains(about("BADKEY", "stranger.key"));
    }

    @Test
    void namesAClockThatIsWrong() {
        Clock late = Clock.fixed(Instant.now().minusSeconds(3600), ZoneOffset.UTC);
        DnsProvider provider = provider(moving(), late);

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).contains(about("BADTIME", Rules.KEY, "its clock: "));
    }

    @Test
    void saysThatAnUnsignedUpdateIsRefused() {
        DnsProvider provider = provider(primary(), null);

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).containsAnyOf("allow-update", "wants updates signed");
    }

    @Test
    void namesTheServerThatIsNotThere() {
        String nobody = "127.0.0.1:" + Ports.free();
        DnsProvider elsewhere = provider(nobody, key());

        Outcome outcome = elsewhere.apply(plan(provider()));

        assertThat(outcome).isInstanceOf(Outcome.Unreachable.class);
        assertThat(outcome.message()).contains(nobody);
        assertThat(elsewhere.observe().primary()).isInstanceOf(View.Unseen.class);
    }

    private void send(byte[] update) throws IOException {
        try (TcpExchange exchange = TcpExchange.open(ServerAddress.parse(primary()), Duration.ofSeconds(2))) {
            exchange.send(List.of(update));
            exchange.receive();
        }
    }

    /**
     * @param error what is said of the request's signature; NOERROR: nothing
     */
    private static byte[] forged(byte[] update, int rcode, int error) throws IOException {
        Message request = new Message(update);
        Message answer = new Message(request.getHeader().getID());
        answer.getHeader().setRcode(rcode);
        answer.getHeader().setOpcode(Opcode.UPDATE);
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(
                org.xbill.DNS.Record.newRecord(Name.fromConstantString("shop.test."), Type.SOA, DClass.IN),
                org.xbill.DNS.Section.ZONE);
        TSIGRecord signature = Objects.requireNonNull(request.getTSIG());
        if (error != Rcode.NOERROR)
            answer.addRecord(
                    new TSIGRecord(
                            signature.getName(),
                            DClass.ANY,
                            0,
                            signature.getAlgorithm(),
                            signature.getTimeSigned(),
                            signature.getFudge(),
                            new byte[0],
                            signature.getOriginalID(),
                            error,
                            null),
                    org.xbill.DNS.Section.ADDITIONAL);
        return answer.toWire();
    }
}
