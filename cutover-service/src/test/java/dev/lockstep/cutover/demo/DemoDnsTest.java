package dev.lockstep.cutover.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** RFC 1034, 2136, 2308 and 8945, as a client meets them. */
class DemoDnsTest {

    private static final String SECRET = Base64.getEncoder().encodeToString(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    private static final String OTHER_SECRET = Base64.getEncoder().encodeToString(new byte[] {8, 7, 6, 5, 4, 3, 2, 1});
    private static final Name ZONE = Name.fromConstantString("shop.test.");
    private static final Name DB = Name.fromConstantString("db.shop.test.");
    private static final Name WWW = Name.fromConstantString("www.shop.test.");
    private static final Name NEW = Name.fromConstantString("new.shop.test.");

    private final DemoDns dns = DemoDns.start(
            "shop.test",
            "demo.key",
            SECRET,
            List.of(
                    "db.shop.test. 5 IN A 127.0.0.2",
                    "db.shop.test. 5 IN A 127.0.0.3",
                    "db.shop.test. 7 IN TXT \"two words\"",
                    "www.shop.test. 5 IN CNAME db.shop.test.",
                    "shop.test. 5 IN MX 10 db.shop.test.",
                    "a.b.shop.test. 5 IN AAAA ::1"));

    @AfterEach
    void close() {
        dns.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersWithAuthorityOverUdpAndTcp(boolean tcp) throws Exception {
        Message answer = ask(DB, Type.A, tcp);

        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(data(answer)).containsExactlyInAnyOrder("127.0.0.2", "127.0.0.3");
    }

    @Test
    void answersEveryTypeThatTheZoneHolds() throws Exception {
        assertThat(data(ask(ZONE, Type.SOA, false))).singleElement().asString().contains(" 1 ");
        assertThat(data(ask(ZONE, Type.NS, false))).containsExactly("ns.shop.test.");
        assertThat(data(ask(ZONE, Type.MX, false))).containsExactly("10 db.shop.test.");
        assertThat(data(ask(DB, Type.TXT, false))).containsExactly("\"two words\"");
        assertThat(data(ask(Name.fromString("A.B.Shop.Test."), Type.AAAA, false)))
                .containsExactly("0:0:0:0:0:0:0:1");
    }

    @Test
    void followsAnAlias() throws Exception {
        assertThat(data(ask(WWW, Type.A, false))).containsExactlyInAnyOrder("db.shop.test.", "127.0.0.2", "127.0.0.3");
        assertThat(data(ask(WWW, Type.CNAME, false))).containsExactly("db.shop.test.");
    }

    @Test
    void tellsANameThatIsNotFromOneWithoutData() throws Exception {
        Message nowhere = ask(NEW, Type.A, false);
        Message noData = ask(DB, Type.AAAA, false);
        Message emptyNonTerminal = ask(Name.fromString("b.shop.test."), Type.A, false);

        assertThat(nowhere.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(noData.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(emptyNonTerminal.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(List.of(nowhere, noData, emptyNonTerminal)).allSatisfy(answer -> {
            assertThat(answer.getSection(Section.ANSWER)).isEmpty();
            assertThat(answer.getSection(Section.AUTHORITY)).singleElement().isInstanceOf(SOARecord.class);
        });
    }

    @Test
    void refusesOtherZones() throws Exception {
        assertThat(ask(Name.fromString("example.org."), Type.A, false).getRcode())
                .isEqualTo(Rcode.REFUSED);
    }

    @Test
    void saysThatALongAnswerIsCutOverUdp() throws Exception {
        Update update = update();
        for (int i = 1; i < 200; i++) update.add(NEW, Type.A, 5, "10.0.0." + i);
        send(update);
        SimpleResolver udp = resolver(false);
        udp.setEDNS(-1);
        udp.setIgnoreTruncation(true);

        Message cut = udp.send(query(NEW, Type.A));

        assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(data(ask(NEW, Type.A, true))).hasSize(199);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesASignedUpdateAndSignsItsAnswer(boolean tcp) throws Exception {
        Update update = update();
        update.replace(DB, Type.A, 9, "127.0.0.4");

        Message answer = send(update, key("demo.key", SECRET), tcp);

        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.isVerified()).isTrue();
        assertThat(data(ask(DB, Type.A, tcp))).containsExactly("127.0.0.4");
        assertThat(ask(DB, Type.A, tcp).getSection(Section.ANSWER).get(0).getTTL())
                .isEqualTo(9);
        assertThat(dns.serial()).isEqualTo(2);
    }

    @Test
    void refusesAnUnsignedUpdate() throws Exception {
        Update update = update();
        update.replace(DB, Type.A, 5, "127.0.0.4");

        assertThat(resolver(true).send(update).getRcode()).isEqualTo(Rcode.REFUSED);
        assertUnchanged();
    }

    @Test
    void saysWhatIsWrongWithASignature() throws Exception {
        assertThat(signatureError(key("demo.key", OTHER_SECRET))).isEqualTo(Rcode.BADSIG);
        assertThat(signatureError(key("other.key", SECRET))).isEqualTo(Rcode.BADKEY);
        Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
        assertThat(signatureError(new TSIG(
                        TSIG.HMAC_SHA256,
                        Name.fromString("demo.key."),
                        new SecretKeySpec(Base64.getDecoder().decode(SECRET), "HmacSHA256"),
                        slow)))
                .isEqualTo(Rcode.BADTIME);
        assertUnchanged();
    }

    @Test
    void prerequisitesThatHoldLetTheUpdateThrough() throws Exception {
        Update update = update();
        update.present(DB);
        update.present(DB, Type.TXT);
        update.present(DB, Type.A, "127.0.0.3");
        update.present(DB, Type.A, "127.0.0.2");
        update.absent(NEW);
        update.absent(DB, Type.AAAA);
        update.add(NEW, Type.A, 5, "127.0.0.4");

        assertThat(send(update).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(data(ask(NEW, Type.A, false))).containsExactly("127.0.0.4");
    }

    /** RFC 2136 section 3.2.5's answers; whichever fails, nothing of the update is done. */
    @Test
    void aPrerequisiteThatFailsLeavesTheZoneAsItIs() throws Exception {
        refusedWith(Rcode.NXDOMAIN, update -> update.present(NEW));
        refusedWith(Rcode.NXRRSET, update -> update.present(DB, Type.AAAA));
        refusedWith(Rcode.YXDOMAIN, update -> update.absent(DB));
        refusedWith(Rcode.YXRRSET, update -> update.absent(DB, Type.A));
        refusedWith(Rcode.NXRRSET, update -> update.present(DB, Type.A, "127.0.0.2")); // one of two
        refusedWith(Rcode.NXRRSET, update -> {
            for (String address : List.of("127.0.0.2", "127.0.0.3", "127.0.0.4")) update.present(DB, Type.A, address);
        });
        refusedWith(Rcode.NOTZONE, update -> update.present(Name.fromString("example.org.")));
    }

    @Test
    void anUpdateThatIsPartlyOutsideTheZoneIsNotDoneAtAll() throws Exception {
        refusedWith(Rcode.NOTZONE, update -> update.add(Name.fromString("example.org."), Type.A, 5, "127.0.0.4"));
    }

    @Test
    void knowsNoOtherZone() throws Exception {
        Update update = new Update(Name.fromString("example.org."));
        update.add(Name.fromString("db.example.org."), Type.A, 5, "127.0.0.4");

        assertThat(send(update).getRcode()).isEqualTo(Rcode.NOTAUTH);
    }

    @Test
    void deletesOneRecordOneSetOrAName() throws Exception {
        Update record = update();
        record.delete(DB, Type.A, "127.0.0.2");
        send(record);
        assertThat(data(ask(DB, Type.A, false))).containsExactly("127.0.0.3");

        Update set = update();
        set.delete(DB, Type.A);
        send(set);
        assertThat(ask(DB, Type.A, false).getRcode()).isEqualTo(Rcode.NOERROR); // TXT is still there

        Update name = update();
        name.delete(DB);
        send(name);
        assertThat(ask(DB, Type.A, false).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(dns.serial()).isEqualTo(4);
    }

    @Test
    void keepsTheZonesOwnSoaAndNameServer() throws Exception {
        Update update = update();
        update.delete(ZONE);
        update.delete(ZONE, Type.NS, "ns.shop.test.");

        send(update);

        assertThat(data(ask(ZONE, Type.SOA, false))).hasSize(1);
        assertThat(data(ask(ZONE, Type.NS, false))).hasSize(1);
        assertThat(data(ask(ZONE, Type.MX, false))).isEmpty();
    }

    /** Section 3.4.2.2: skipped in silence, which is why NOERROR is no proof. */
    @Test
    void skipsAnAliasBesideOtherDataAndDataBesideAnAlias() throws Exception {
        Update update = update();
        update.add(DB, Type.CNAME, 5, "elsewhere.shop.test.");
        update.add(WWW, Type.A, 5, "127.0.0.4");

        assertThat(send(update).getRcode()).isEqualTo(Rcode.NOERROR);

        assertThat(data(ask(DB, Type.CNAME, false))).isEmpty();
        assertThat(data(ask(WWW, Type.CNAME, false))).containsExactly("db.shop.test.");
        assertUnchanged();
    }

    @Test
    void replacesAddressesByAnAliasInOneUpdate() throws Exception {
        Update update = update();
        update.delete(DB);
        update.add(DB, Type.CNAME, 5, "new.shop.test.");

        send(update);

        assertThat(data(ask(DB, Type.CNAME, false))).containsExactly("new.shop.test.");
    }

    @Test
    void serialStaysWhenNothingChanges() throws Exception {
        Update update = update();
        update.add(DB, Type.A, 5, "127.0.0.2");

        assertThat(send(update).getRcode()).isEqualTo(Rcode.NOERROR);

        assertUnchanged();
    }

    @Test
    void oneRecordSetHasOneTtl() throws Exception {
        Update update = update();
        update.add(DB, Type.A, 30, "127.0.0.4");

        send(update);

        assertThat(ask(DB, Type.A, true).getSection(Section.ANSWER))
                .hasSize(3)
                .allSatisfy(record -> assertThat(record.getTTL()).isEqualTo(30));
    }

    @Test
    void countsEveryUpdateOfManyAtOnce() throws Exception {
        Stream<Update> updates = IntStream.range(0, 20).mapToObj(i -> {
            Update update = update();
            update.add(Record.newRecord(
                    Name.fromConstantString("n" + i + ".shop.test."), Type.A, DClass.IN, 5, new byte[] {10, 0, 0, 1}));
            return update;
        });

        updates.parallel().forEach(update -> {
            try {
                assertThat(send(update).getRcode()).isEqualTo(Rcode.NOERROR);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        assertThat(dns.serial()).isEqualTo(21);
        assertThat(data(ask(Name.fromString("n19.shop.test."), Type.A, false))).hasSize(1);
    }

    @Test
    void saysThatItKnowsNoOtherOperation() throws Exception {
        Message notify = query(ZONE, Type.SOA);
        Header header = notify.getHeader();
        header.setOpcode(Opcode.NOTIFY);

        assertThat(resolver(true).send(notify).getRcode()).isEqualTo(Rcode.NOTIMP);
    }

    private interface Prerequisite {
        void on(Update update) throws IOException;
    }

    private void refusedWith(int rcode, Prerequisite prerequisite) throws IOException {
        Update update = update();
        update.replace(DB, Type.A, 5, "127.0.0.4");
        prerequisite.on(update);

        assertThat(Rcode.string(send(update).getRcode())).isEqualTo(Rcode.string(rcode));
        assertUnchanged();
    }

    private void assertUnchanged() throws IOException {
        assertThat(data(ask(DB, Type.A, false))).containsExactlyInAnyOrder("127.0.0.2", "127.0.0.3");
        assertThat(dns.serial()).isEqualTo(1);
    }

    private int signatureError(TSIG key) throws IOException {
        Update update = update();
        update.replace(DB, Type.A, 5, "127.0.0.4");
        Message answer = send(update, key, true);
        assertThat(answer.getHeader().getRcode()).isEqualTo(Rcode.NOTAUTH);
        return answer.getTSIG().getError();
    }

    private static Update update() {
        return new Update(ZONE);
    }

    private static TSIG key(String name, String secret) {
        return new TSIG(TSIG.HMAC_SHA256, name + ".", secret);
    }

    private Message send(Update update) throws IOException {
        return send(update, key("demo.key", SECRET), true);
    }

    private Message send(Update update, TSIG key, boolean tcp) throws IOException {
        SimpleResolver resolver = resolver(tcp);
        resolver.setTSIGKey(key);
        return resolver.send(update);
    }

    private Message ask(Name name, int type, boolean tcp) throws IOException {
        return resolver(tcp).send(query(name, type));
    }

    private static Message query(Name name, int type) {
        return Message.newQuery(Record.newRecord(name, type, DClass.IN));
    }

    private SimpleResolver resolver(boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver("127.0.0.1");
        resolver.setPort(dns.port());
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver;
    }

    private static List<String> data(Message answer) {
        return answer.getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .toList();
    }
}
