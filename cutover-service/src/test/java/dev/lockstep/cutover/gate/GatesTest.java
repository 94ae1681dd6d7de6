package dev.lockstep.cutover.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.avro.Digest128;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import dev.lockstep.schemas.migration.WindowRules;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GatesTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final long BARRIER = ChronoUnit.MICROS.between(Instant.EPOCH, NOW.minusMillis(400));
    private static final Findings CLEAN = new Findings.Seen(List.of());

    /** Limits: 2 s applied, 5 s proven and age of the proof; at any time. */
    private static final CutoverRules RULES = within(new WindowRules(List.of(), null, null));

    /** Inputs at which every gate is open, to be spoiled one by one. */
    private static final class Gathered {
        Lag applied = lag(300, 1900);
        Lag proven = lag(400, 2000);
        Set<String> tables = Set.of("shop.orders", "shop.items");
        Set<String> byScan = Set.of();
        Optional<Proof> proof = Optional.of(proof(equal("shop.orders"), equal("shop.items")));
        OptionalLong mismatches = OptionalLong.of(0);
        List<Scans.Scanned> scans = List.of(scanned("shop.orders", 3, 0), scanned("shop.items", 5, 0));
        OptionalLong deadLetters = OptionalLong.of(0);
        Findings sequences = CLEAN;
        Findings dns = CLEAN;
        Findings waves = CLEAN;
        CachedTtl ttl = new CachedTtl.Seen(List.of(new CachedTtl.Zone(
                "shop.test.", Duration.ofSeconds(60), Duration.ofSeconds(5), "db.shop.test. A", Optional.empty())));
        Findings pause = CLEAN;
        Findings check = CLEAN;
        Findings inventory = CLEAN;
        WayBack wayBack = new WayBack(true, Optional.of(Duration.ofSeconds(1)), Optional.empty());
        Capacity capacity = new Capacity.Seen(40, 97);
        CutoverRules rules = RULES;

        List<GateResult> evaluate() {
            return Gates.evaluate(
                    new Inputs(
                            NOW,
                            applied,
                            proven,
                            tables,
                            logged(),
                            proof,
                            mismatches,
                            new Scans(scans, Duration.ofDays(7)),
                            deadLetters,
                            sequences,
                            dns,
                            waves,
                            ttl,
                            new Findings.Seen(List.of()),
                            pause,
                            wayBack,
                            capacity,
                            check,
                            inventory),
                    rules);
        }

        private Set<String> logged() {
            Set<String> logged = new HashSet<>(tables);
            logged.removeAll(byScan);
            return logged;
        }
    }

    @Test
    void asksTheScanAloneForTablesThatNoLogTellsAllOf() {
        Gathered gathered = new Gathered();
        gathered.byScan = Set.of("shop.items");
        gathered.proof = Optional.of(proof(equal("shop.orders")));
        assertThat(Gates.allOpen(gathered.evaluate())).isTrue();

        gathered.scans = List.of(scanned("shop.orders", 3, 0));
        assertThat(Gates.notOpen(gathered.evaluate()))
                .extracting(GateResult::rule)
                .containsExactly(Rule.SCAN, Rule.SCAN_AGE);
    }

    @Test
    void opensEveryGateWhenAllFiguresAreGood() {
        List<GateResult> results = new Gathered().evaluate();

        assertThat(results)
                .extracting(result -> result.rule().label())
                .containsExactly(
                        "appliedLag",
                        "provenLag",
                        "proofAge",
                        "proof",
                        "mismatches",
                        "scan",
                        "scanAge",
                        "deadLetters",
                        "schema",
                        "pause",
                        "wayBack",
                        "check",
                        "inventory",
                        "capacity",
                        "window",
                        "sequences",
                        "dns",
                        "waves",
                        "ttl");
        assertThat(Gates.allOpen(results)).isTrue();
        assertThat(Gates.notOpen(results)).isEmpty();
    }

    @Test
    void staysShutUntilTheWayBackIsRehearsedAndClosesWhenItDoesNotWork() {
        assertOnly(
                Rule.WAY_BACK,
                new Verdict.Unknown("the way back has not been rehearsed yet"),
                with(g -> g.wayBack = new WayBack(true, Optional.empty(), Optional.empty())));
        assertOnly(
                Rule.WAY_BACK,
                new Verdict.Closed(
                        "the way back does not work: the newest barrier from the target to the source was sent 6 s ago:"
                                + " the source refuses"),
                with(g -> g.wayBack =
                        new WayBack(true, Optional.of(Duration.ofSeconds(6)), Optional.of("the source refuses"))));
    }

    @Test
    void doesNotAskForAWayBackThatTheMigrationFileDoesWithout() {
        List<GateResult> results = with(g -> g.wayBack = new WayBack(false, Optional.empty(), Optional.empty()))
                .evaluate();

        assertThat(results).extracting(GateResult::rule).doesNotContain(Rule.WAY_BACK);
    }

    @Test
    void closesWhenTheAppliedLagOrItsP99ExceedsItsLimit() {
        assertOnly(
                Rule.APPLIED_LAG,
                new Verdict.Closed("applied lag p99 2.4 s exceeds 2 s"),
                with(g -> g.applied = lag(1000, 2400)));
        assertOnly(
                Rule.APPLIED_LAG,
                new Verdict.Closed("applied lag 2.001 s exceeds 2 s"),
                with(g -> g.applied =
                        new Lag(Optional.of(Duration.ofNanos(2_000_000_001L)), Optional.of(Duration.ZERO))));
        assertOnly(
                Rule.PROVEN_LAG,
                new Verdict.Closed("proven lag 61 s exceeds 5 s"),
                with(g -> g.proven = lag(61_000, 10)));
    }

    @Test
    void isOpenAtTheVeryLimit() {
        assertThat(Gates.allOpen(with(g -> g.applied = lag(2000, 2000)).evaluate()))
                .isTrue();
    }

    @Test
    void closesWhileAnOperatorHoldsTheChangesBack() {
        assertOnly(
                Rule.PAUSE,
                new Verdict.Closed("held by me@here"),
                with(g -> g.pause = new Findings.Seen(List.of("held by me@here"))));
    }

    @Test
    void doesNotKnowALagThatIsMissingOrNegative() {
        assertOnly(
                Rule.APPLIED_LAG,
                new Verdict.Unknown("applied lag is not measured yet"),
                with(g -> g.applied = Lag.UNKNOWN));
        assertOnly(
                Rule.PROVEN_LAG,
                new Verdict.Unknown("proven lag p99 is not measured yet"),
                with(g -> g.proven = new Lag(Optional.of(Duration.ZERO), Optional.empty())));
        assertOnly(
                Rule.APPLIED_LAG,
                new Verdict.Unknown("applied lag of -20 ms makes no sense; check clocks"),
                with(g -> g.applied = lag(-20, 5)));
    }

    @Test
    void closesWhenTheNewestProofIsOldAndDoesNotKnowOneFromTheFuture() {
        assertOnly(
                Rule.PROOF_AGE,
                new Verdict.Closed("the newest proof is 5.4 s old, more than 5 s"),
                with(g -> g.proof = Optional.of(aged(Duration.ofMillis(5400)))));
        assertOnly(
                Rule.PROOF_AGE,
                new Verdict.Unknown("the newest proof is dated 3 s ahead; check clocks"),
                with(g -> g.proof = Optional.of(aged(Duration.ofSeconds(-3)))));
    }

    @Test
    void closesWhenARowThatAScanFoundDiffersOrTheLastCleanScanIsOld() {
        assertOnly(
                Rule.SCAN,
                new Verdict.Closed(
                        "a scan found that 2 rows of shop.items differ; see lockstep repair, then scan again"),
                with(g -> g.scans = List.of(scanned("shop.orders", 3, 0), scanned("shop.items", 5, 2))));
        assertOnly(
                Rule.SCAN_AGE,
                new Verdict.Closed("the last clean scan of shop.items is 691200 s old, more than 604800 s"),
                with(g -> g.scans = List.of(scanned("shop.orders", 3, 0), scanned("shop.items", 8 * 24, 0))));
    }

    @Test
    void doesNotKnowATableThatNoScanHasEverGoneThrough() {
        Verdict unscanned = new Verdict.Unknown("table shop.items has not been scanned from end to end");
        Gathered gathered = with(g ->
                g.scans = List.of(scanned("shop.orders", 3, 0), new Scans.Scanned("shop.items", Optional.empty(), 0)));

        assertThat(Gates.notOpen(gathered.evaluate()))
                .containsExactly(new GateResult(Rule.SCAN, unscanned), new GateResult(Rule.SCAN_AGE, unscanned));
    }

    @Test
    void closesOutsideTheWindowAndSaysWhenItBegins() {
        WindowRules sunday = new WindowRules(List.of("sun"), "01:00-05:00", "Europe/Berlin");
        assertOnly(
                Rule.WINDOW,
                new Verdict.Closed("it is not sun 01:00-05:00 Europe/Berlin; that begins 2026-05-03T01:00"),
                with(g -> g.rules = within(sunday)));
        WindowRules friday = new WindowRules(List.of("fri"), "14:00-14:01", "Europe/Berlin");
        assertThat(Gates.allOpen(with(g -> g.rules = within(friday)).evaluate()))
                .isTrue();
    }

    @Test
    void closesWhenTheTargetTakesFewerConnectionsThanTheSourceHasInUse() {
        assertOnly(
                Rule.CAPACITY,
                new Verdict.Closed("the target takes 1 more connection, and the source has 2 in use;"
                        + " raise the target's max_connections"),
                with(g -> g.capacity = new Capacity.Seen(2, 1)));
        assertOnly(
                Rule.CAPACITY,
                new Verdict.Unknown("the target is away"),
                with(g -> g.capacity = new Capacity.Unseen("the target is away")));
        assertThat(Gates.allOpen(with(g -> g.capacity = new Capacity.Seen(2, 2)).evaluate()))
                .isTrue();
    }

    private static CutoverRules within(WindowRules window) {
        return new CutoverRules(null, null, null, null, null, null, null, null, null, window, null, null, null, null);
    }

    private static Scans.Scanned scanned(String table, int hoursAgo, long differences) {
        return new Scans.Scanned(table, Optional.of(NOW.minus(Duration.ofHours(hoursAgo))), differences);
    }

    @Test
    void doesNotKnowATableWithoutVerdictAtTheNewestBarrier() {
        assertOnly(
                Rule.PROOF,
                new Verdict.Unknown("at barrier 2026-05-01T11:59:59.600Z no verdict on shop.items yet"),
                with(g -> g.proof = Optional.of(proof(equal("shop.orders")))));
        TableVerdict older = verdict("shop.items", BARRIER - 1, 5, 5, 1, 1, 0);
        assertThat(Proof.at(BARRIER, List.of(equal("shop.orders"), older)).covers(Set.of("shop.orders", "shop.items")))
                .isInstanceOf(Verdict.Unknown.class);
        assertThat(proof(equal("shop.orders"), older).covers(Set.of("shop.orders", "shop.items")))
                .isInstanceOf(Verdict.Unknown.class);
        assertOnly(
                Rule.PROOF,
                new Verdict.Unknown("the migration names no table to prove"),
                with(g -> g.tables = Set.of()));
    }

    @Test
    void doesNotKnowAnythingWithoutAProof() {
        List<GateResult> results = with(g -> g.proof = Optional.empty()).evaluate();

        assertThat(Gates.notOpen(results))
                .containsExactly(
                        new GateResult(Rule.PROOF_AGE, new Verdict.Unknown("nothing is proven yet")),
                        new GateResult(Rule.PROOF, new Verdict.Unknown("nothing is proven yet")));
    }

    @Test
    void closesAndNamesTheTableWhenCountsOrDigestsOrRowsDiffer() {
        assertThat(closedProof(verdict("shop.items", BARRIER, 100, 99, 1, 1, 0)))
                .isEqualTo(
                        "table shop.items differs at barrier 2026-05-01T11:59:59.600Z: 100 rows on the source, 99 on the target");
        assertThat(closedProof(verdict("shop.items", BARRIER, 1, 1, 1, 2, 0)))
                .isEqualTo("table shop.items differs at barrier 2026-05-01T11:59:59.600Z: digest sums are not the same"
                        + " over 1 row, 0 known to differ");
        assertThat(closedProof(verdict("shop.items", BARRIER, 7, 7, 1, 1, 2)))
                .contains("shop.items", "2 known to differ");
    }

    @Test
    void closesOnMismatchesAndDeadLettersAndDoesNotKnowTheirAbsence() {
        assertOnly(
                Rule.MISMATCHES, new Verdict.Closed("1 mismatched row"), with(g -> g.mismatches = OptionalLong.of(1)));
        assertOnly(
                Rule.MISMATCHES,
                new Verdict.Unknown("the number of mismatches is not known"),
                with(g -> g.mismatches = OptionalLong.empty()));
        assertOnly(
                Rule.DEAD_LETTERS, new Verdict.Closed("3 dead letters"), with(g -> g.deadLetters = OptionalLong.of(3)));
        assertOnly(
                Rule.DEAD_LETTERS,
                new Verdict.Unknown("the number of dead letters is not known"),
                with(g -> g.deadLetters = OptionalLong.empty()));
    }

    @Test
    void tellsWhatDnsAndSequencesAreNot() {
        assertOnly(Rule.DNS, new Verdict.Closed("a; b"), with(g -> g.dns = new Findings.Seen(List.of("a", "b"))));
        assertOnly(
                Rule.DNS,
                new Verdict.Unknown("no server answers"),
                with(g -> g.dns = new Findings.Unseen("no server answers")));
        assertOnly(
                Rule.CHECK,
                new Verdict.Closed("the check failed"),
                with(g -> g.check = new Findings.Seen(List.of("the check failed"))));
        assertOnly(
                Rule.INVENTORY,
                new Verdict.Closed("1 item is not accounted for"),
                with(g -> g.inventory = new Findings.Seen(List.of("1 item is not accounted for"))));
        assertOnly(
                Rule.WAVES,
                new Verdict.Closed("wave reports has not moved"),
                with(g -> g.waves = new Findings.Seen(List.of("wave reports has not moved"))));
        assertOnly(
                Rule.TTL,
                new Verdict.Unknown("no server answers"),
                with(g -> g.ttl = new CachedTtl.Unseen("no server answers")));
        assertOnly(
                Rule.SEQUENCES,
                new Verdict.Unknown("target is down"),
                with(g -> g.sequences = new Findings.Unseen("target is down")));
    }

    @Test
    void leavesOutOnlyWhatIsSaidNotToApply() {
        List<GateResult> results = with(g -> {
                    g.dns = new Findings.NotApplicable();
                    g.waves = new Findings.NotApplicable();
                    g.check = new Findings.NotApplicable();
                    g.inventory = new Findings.NotApplicable();
                    g.ttl = new CachedTtl.NotApplicable();
                    g.sequences = new Findings.NotApplicable();
                    g.rules = CutoverRules.DEFAULT;
                })
                .evaluate();

        assertThat(results)
                .extracting(GateResult::rule)
                .containsExactlyElementsOf(EnumSet.complementOf(EnumSet.of(
                        Rule.CHECK, Rule.INVENTORY, Rule.DNS, Rule.WAVES, Rule.TTL, Rule.SEQUENCES, Rule.WINDOW)));
        assertThat(Gates.allOpen(results)).isTrue();
    }

    @Test
    void noResultIsNotAPass() {
        assertThat(Gates.allOpen(List.of())).isFalse();
    }

    private static String closedProof(TableVerdict spoiled) {
        Verdict verdict = proof(equal("shop.orders"), spoiled).covers(Set.of("shop.orders", "shop.items"));
        assertThat(verdict).isInstanceOf(Verdict.Closed.class);
        return verdict.reason();
    }

    private static void assertOnly(Rule rule, Verdict expected, Gathered gathered) {
        assertThat(Gates.notOpen(gathered.evaluate())).containsExactly(new GateResult(rule, expected));
    }

    private static Gathered with(java.util.function.Consumer<Gathered> spoil) {
        Gathered gathered = new Gathered();
        spoil.accept(gathered);
        return gathered;
    }

    private static Lag lag(long nowMillis, long p99Millis) {
        return new Lag(Optional.of(Duration.ofMillis(nowMillis)), Optional.of(Duration.ofMillis(p99Millis)));
    }

    private static Proof aged(Duration age) {
        long barrier = ChronoUnit.MICROS.between(Instant.EPOCH, NOW.minus(age));
        UnaryOperator<TableVerdict> moved =
                v -> verdict(v.getTable(), barrier, v.getRowsSource(), v.getRowsTarget(), 1, 1, 0);
        return new Proof(barrier, List.of(moved.apply(equal("shop.orders")), moved.apply(equal("shop.items"))));
    }

    private static Proof proof(TableVerdict... verdicts) {
        return new Proof(BARRIER, new ArrayList<>(List.of(verdicts)));
    }

    private static TableVerdict equal(String table) {
        return verdict(table, BARRIER, 5, 5, 1, 1, 0);
    }

    private static TableVerdict verdict(
            String table, long barrier, long rowsSource, long rowsTarget, int source, int target, long mismatches) {
        return new TableVerdict(
                table, barrier, rowsSource, rowsTarget, digest(source), digest(target), mismatches, barrier + 1);
    }

    private static Digest128 digest(int value) {
        byte[] bytes = new byte[16];
        bytes[15] = (byte) value;
        return new Digest128(bytes);
    }
}
