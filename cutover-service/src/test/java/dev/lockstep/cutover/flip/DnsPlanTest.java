package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.flip.DnsPlan.Change;
import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsPlanTest {

    private static final DnsRules FLIP = Rules.of(
            Rules.record("db.shop.test", "A", "10.0.0.1", "10.0.0.2"),
            Rules.record("db.shop.test", "AAAA", "2001:db8::1", "2001:db8::2"));

    private static final RecordSet OLD_A = set("A", 60, "10.0.0.1");
    private static final RecordSet NEW_A = set("A", 60, "10.0.0.2");
    private static final RecordSet OLD_AAAA = set("AAAA", 300, "2001:db8::1");
    private static final RecordSet NEW_AAAA = set("AAAA", 300, "2001:db8::2");

    @Test
    void movesAllRecordSetsOfTheZoneAndKeepsTheirTtls() {
        DnsPlan plan = DnsPlan.flip(FLIP, observed(OLD_A, OLD_AAAA));

        assertThat(plan.changes())
                .containsExactly(new Change(OLD_A, NEW_A, false), new Change(OLD_AAAA, NEW_AAAA, false));
        assertThat(plan.isDone()).isFalse();
        assertThat(plan.serial()).isEqualTo(7);
    }

    @Test
    void takesTheTtlOfTheRule() {
        DnsRules rules = Rules.of(Rules.record("db.shop.test", "A", List.of("10.0.0.1"), List.of("10.0.0.2"), 5L));

        DnsPlan plan = DnsPlan.flip(rules, observed(OLD_A));

        assertThat(plan.changes()).containsExactly(new Change(OLD_A, set("A", 5, "10.0.0.2"), false));
    }

    @Test
    void knowsThatNothingIsLeftToDo() {
        DnsPlan plan = DnsPlan.flip(FLIP, observed(NEW_A, NEW_AAAA));

        assertThat(plan.isDone()).isTrue();
        assertThat(plan.lines().get(0)).contains("nothing to do");
    }

    @Test
    void changesOnlyWhatIsNotYetThereButExpectsTheRestToStay() {
        DnsPlan plan = DnsPlan.flip(FLIP, observed(NEW_A, OLD_AAAA));

        assertThat(plan.changes()).extracting(Change::done).containsExactly(true, false);
        assertThat(plan.changes()).extracting(Change::expected).containsExactly(NEW_A, OLD_AAAA);
    }

    @Test
    void inverseRestoresEveryRecordSetWithItsTtl() {
        DnsRules rules = Rules.of(Rules.record("db.shop.test", "A", List.of("10.0.0.1"), List.of("10.0.0.2"), 5L));

        DnsPlan back = DnsPlan.flip(rules, observed(OLD_A)).inverse();

        assertThat(back.changes()).containsExactly(new Change(set("A", 5, "10.0.0.2"), OLD_A, false));
    }

    @Test
    void inverseOfWhatWasFlippedAlreadyStillGoesBack() {
        DnsPlan back = DnsPlan.flip(FLIP, observed(NEW_A, NEW_AAAA)).inverse();

        assertThat(back.isDone()).isFalse();
        assertThat(back.changes()).extracting(Change::after).containsExactly(OLD_A, OLD_AAAA);
    }

    @Test
    void inverseOfTheInverseIsThePlan() {
        DnsPlan plan = DnsPlan.flip(FLIP, observed(OLD_A, OLD_AAAA));

        assertThat(plan.inverse().inverse()).isEqualTo(plan);
    }

    @Test
    void drainsAsLongAsTheLongestOldTtl() {
        assertThat(DnsPlan.flip(FLIP, observed(OLD_A, OLD_AAAA)).drainTime()).isEqualTo(Duration.ofSeconds(300));
    }

    @Test
    void lowersTheTtlAheadWithoutTouchingTheValues() {
        DnsPlan plan = DnsPlan.lowerTtl(FLIP, observed(OLD_A, OLD_AAAA), Duration.ofSeconds(60));

        assertThat(plan.changes())
                .containsExactly(
                        new Change(OLD_A, OLD_A, true), new Change(OLD_AAAA, set("AAAA", 60, "2001:db8::1"), false));
    }

    @Test
    void addsARecordSetThatIsNewAndWaitsForItsAbsenceToLeaveTheCaches() {
        DnsRules rules = Rules.of(
                Rules.record("db.shop.test", "A", "10.0.0.1", "10.0.0.2"),
                Rules.record("db.shop.test", "AAAA", List.of(), List.of("2001:db8::2"), 60L));

        DnsPlan plan = DnsPlan.flip(rules, observed(OLD_A, set("AAAA", 900)));

        assertThat(plan.changes().get(1).after()).isEqualTo(set("AAAA", 60, "2001:db8::2"));
        assertThat(plan.drainTime()).isEqualTo(Duration.ofSeconds(900));
    }

    @Test
    void replacesAddressesByAnAlias() {
        DnsRules rules = Rules.of(
                Rules.record("db.shop.test", "A", List.of("10.0.0.1"), List.of(), null),
                Rules.record("db.shop.test", "CNAME", List.of(), List.of("DB.new.example."), 60L));

        DnsPlan plan = DnsPlan.flip(rules, observed(OLD_A, set("CNAME", 900)));

        assertThat(plan.lines())
                .containsExactly(
                        "zone shop.test. (serial 7): 1 update of 2 record sets",
                        "~ db.shop.test. A: 10.0.0.1 (ttl 60) -> nothing",
                        "~ db.shop.test. CNAME: nothing -> db.new.example. (ttl 60)");
    }

    @Test
    void comparesDataAndNotItsSpelling() {
        DnsRules rules = Rules.of(Rules.record(
                "DB.Shop.TEST.", "aaaa", List.of("2001:DB8:0::1", "2001:db8::3"), List.of("2001:db8::2"), null));

        DnsPlan plan = DnsPlan.flip(rules, observed(set("AAAA", 60, "2001:db8::3", "2001:db8::1")));

        assertThat(plan.isDone()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOA", "NS", "TXT", "NONSENSE"})
    void refusesTypesThatAFlipDoesNotChange(String type) {
        refuses(Rules.of(Rules.record("db.shop.test", type, "a", "b")), "type " + type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"db.other.test", "db", "shop.test.evil.", "notshop.test"})
    void refusesNamesOutsideTheZone(String name) {
        refuses(Rules.of(Rules.record(name, "A", "10.0.0.1", "10.0.0.2")), "outside the zone");
    }

    @Test
    void refusesValuesThatAreNone() {
        refuses(Rules.of(Rules.record("db.shop.test", "A", "10.0.0.1", "10.0.0.256")), "10.0.0.256");
        refuses(Rules.of(Rules.record("db.shop.test", "AAAA", "10.0.0.1", "2001:db8::2")), "10.0.0.1");
    }

    @Test
    void refusesTheSameRecordSetTwice() {
        refuses(
                Rules.of(
                        Rules.record("db.shop.test", "A", "10.0.0.1", "10.0.0.2"),
                        Rules.record("DB.shop.test.", "A", "10.0.0.1", "10.0.0.3")),
                "twice");
    }

    @Test
    void refusesToLeaveANameEmpty() {
        refuses(
                Rules.of(Rules.record("db.shop.test", "A", List.of("10.0.0.1"), List.of(), null)),
                "nothing would be left");
    }

    @Test
    void leavesNothingOnTheWayBackOfANameThatWasNew() {
        DnsRules rules = Rules.of(Rules.record("db.shop.test", "A", List.of(), List.of("10.0.0.2"), 60L));

        DnsPlan back = DnsPlan.flipBack(rules, observed(NEW_A));

        assertThat(back.changes()).containsExactly(new Change(NEW_A, set("A", 60), false));
        assertThat(back.steps()).containsExactly("requires db.shop.test. A 10.0.0.2", "deletes db.shop.test. A");
        assertThat(DnsPlan.flipBack(rules, observed(set("A", 900))).isDone()).isTrue();
    }

    @Test
    void refusesTheWayBackOfWhatMayNotMoveThere() {
        DnsRules rules = Rules.of(Rules.record("db.shop.test", "A", List.of("10.0.0.1"), List.of(), null));

        assertThatThrownBy(() -> DnsPlan.flipBack(rules, observed(set("A", 900))))
                .isInstanceOf(UnsafePlanException.class)
                .hasMessageContaining("nothing would be left");
    }

    @Test
    void refusesAnAliasBesideOtherData() {
        refuses(
                Rules.of(
                        Rules.record("db.shop.test", "A", "10.0.0.1", "10.0.0.2"),
                        Rules.record("db.shop.test", "CNAME", List.of(), List.of("x.test."), 60L)),
                "CNAME cannot stand beside");
        refuses(Rules.of(Rules.record("shop.test", "CNAME", "a.test.", "b.test.")), "SOA and NS");
        refuses(
                Rules.of(
                        Rules.record("db.shop.test", "CNAME", List.of("a.test."), List.of("b.test.", "c.test."), null)),
                "one value");
    }

    @Test
    void refusesAnAliasWhereTheZoneHasOtherData() {
        DnsRules rules = Rules.of(Rules.record("db.shop.test", "CNAME", "a.test.", "b.test."));
        View.Seen seen = new View.Seen("ns1:53", 7, List.of(set("CNAME", 60, "a.test.")), List.of("db.shop.test. TXT"));

        assertThatThrownBy(() -> DnsPlan.flip(rules, observed(seen, seen)))
                .isInstanceOf(UnsafePlanException.class)
                .hasMessageContaining("db.shop.test. TXT");
    }

    @Test
    void refusesToLeaveIpv6ClientsBehind() {
        DnsRules rules = Rules.of(Rules.record("db.shop.test", "A", "10.0.0.1", "10.0.0.2"));
        View.Seen seen = new View.Seen("ns1:53", 7, List.of(OLD_A), List.of("db.shop.test. AAAA"));

        assertThatThrownBy(() -> DnsPlan.flip(rules, observed(seen, seen)))
                .isInstanceOf(UnsafePlanException.class)
                .hasMessageContaining("left behind");
    }

    @Test
    void refusesWhatIsNeitherBeforeNorAfter() {
        assertThatThrownBy(() -> DnsPlan.flip(FLIP, observed(set("A", 60, "10.0.0.9"), OLD_AAAA)))
                .isInstanceOf(UnsafePlanException.class)
                .hasMessageContaining("10.0.0.9")
                .hasMessageContaining("ns1:53");
    }

    @Test
    void refusesAValueTooManyOrTooFew() {
        assertThatThrownBy(() -> DnsPlan.flip(FLIP, observed(set("A", 60, "10.0.0.1", "10.0.0.9"), OLD_AAAA)))
                .isInstanceOf(UnsafePlanException.class);
        assertThatThrownBy(() -> DnsPlan.flip(FLIP, observed(set("A", 60), OLD_AAAA)))
                .isInstanceOf(UnsafePlanException.class);
    }

    @Test
    void refusesANewRecordSetWithoutATtl() {
        DnsRules rules = Rules.of(
                Rules.record("db.shop.test", "A", "10.0.0.1", "10.0.0.2"),
                Rules.record("db.shop.test", "AAAA", List.of(), List.of("2001:db8::2"), null));

        assertThatThrownBy(() -> DnsPlan.flip(rules, observed(OLD_A, set("AAAA", 900))))
                .isInstanceOf(UnsafePlanException.class)
                .hasMessageContaining("give it a ttl");
    }

    @Test
    void refusesWhenAServerCannotBeRead() {
        View.Seen primary = new View.Seen("ns1:53", 7, List.of(OLD_A, OLD_AAAA), List.of());
        Observed observed = observed(primary, primary, new View.Unseen("ns2:53", "dns server ns2:53 does not answer"));

        assertThatThrownBy(() -> DnsPlan.flip(FLIP, observed))
                .isInstanceOf(UnsafePlanException.class)
                .hasMessageContaining("ns2:53");
    }

    @Test
    void acceptsASecondaryThatIsStillToFollow() {
        View.Seen primary = new View.Seen("ns1:53", 7, List.of(NEW_A, NEW_AAAA), List.of());
        View.Seen secondary = new View.Seen("ns2:53", 6, List.of(OLD_A, OLD_AAAA), List.of());

        assertThat(DnsPlan.flip(FLIP, observed(primary, primary, secondary)).isDone())
                .isTrue();
    }

    private static void refuses(DnsRules rules, String because) {
        assertThatThrownBy(() -> DnsPlan.flip(rules, observed(OLD_A)))
                .isInstanceOf(UnsafePlanException.class)
                .hasMessageContaining(because);
    }

    private static RecordSet set(String type, long ttl, String... values) {
        return new RecordSet("db.shop.test.", RecordType.of(type), ttl, List.of(values));
    }

    private static Observed observed(RecordSet... sets) {
        View.Seen seen = new View.Seen("ns1:53", 7, Arrays.asList(sets), List.of());
        return observed(seen, seen);
    }

    private static Observed observed(View primary, View... servers) {
        return new Observed("shop.test.", Instant.EPOCH, primary, List.of(servers));
    }
}
