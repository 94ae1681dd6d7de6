package dev.lockstep.cutover.report;

import static dev.lockstep.cutover.report.Verdicts.FIRST;
import static dev.lockstep.cutover.report.Verdicts.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.schemas.avro.TableVerdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ChainTest {

    private final List<TableVerdict> verdicts = Verdicts.equal(10);

    private static Chain chained(List<TableVerdict> verdicts) {
        VerdictBook book = VerdictBook.begin("shop");
        verdicts.forEach(book::add);
        return book.chain();
    }

    private static void set(TableVerdict verdict, String field, Object value) {
        verdict.put(verdict.getSchema().getField(field).pos(), value);
    }

    private Chain changed(Consumer<List<TableVerdict>> change) {
        List<TableVerdict> copy = new ArrayList<>();
        verdicts.forEach(verdict -> copy.add(TableVerdict.newBuilder(verdict).build()));
        change.accept(copy);
        return chained(copy);
    }

    @Test
    void aRepeatedVerdictChangesNothing() {
        Chain chain = chained(verdicts);

        assertThat(changed(list -> list.add(7, list.get(6)))).isEqualTo(chain);
        assertThat(changed(list -> list.addAll(list.subList(5, 20)))).isEqualTo(chain);
        assertThat(changed(list -> list.addAll(15, List.copyOf(list.subList(2, 15)))))
                .as("a restart in the middle of a barrier")
                .isEqualTo(chain);
        assertThat(changed(list -> set(list.get(3), "provenMicros", 1L)))
                .as("only the time of saying it")
                .isEqualTo(chain);
    }

    @Test
    void whateverIsChangedDroppedAddedOrSwappedShows() {
        Chain chain = chained(verdicts);

        assertThat(changed(list -> set(list.get(4), "rowsSource", 99L))).isNotEqualTo(chain);
        assertThat(changed(list -> set(list.get(4), "rowsTarget", 99L))).isNotEqualTo(chain);
        assertThat(changed(list -> list.get(4).getDigestSource().bytes()[0]++)).isNotEqualTo(chain);
        assertThat(changed(list -> list.get(4).getDigestTarget().bytes()[0]++)).isNotEqualTo(chain);
        assertThat(changed(list -> set(list.get(4), "mismatches", 1L))).isNotEqualTo(chain);
        assertThat(changed(list -> set(list.get(4), "table", "shop.items"))).isNotEqualTo(chain);
        assertThat(changed(list -> set(list.get(4), "barrierMicros", list.get(4).getBarrierMicros() + 1)))
                .isNotEqualTo(chain);
        assertThat(changed(list -> list.remove(4))).isNotEqualTo(chain);
        assertThat(changed(list -> list.remove(19))).isNotEqualTo(chain);
        assertThat(changed(list -> Collections.swap(list, 4, 5))).isNotEqualTo(chain);
        assertThat(changed(list -> list.add(4, Verdicts.verdict("shop.other", FIRST, 0, 0))))
                .isNotEqualTo(chain);
        VerdictBook other = VerdictBook.begin("stock");
        verdicts.forEach(other::add);
        assertThat(other.chain()).isNotEqualTo(chain);
    }

    @Test
    void carriesOnWhereItWas() {
        VerdictBook first = VerdictBook.begin("shop");
        verdicts.subList(0, 7).forEach(first::add);
        VerdictBook second = VerdictBook.resume(first.chain(), first.tables());
        verdicts.subList(3, 20).forEach(second::add);

        assertThat(second.chain()).isEqualTo(chained(verdicts));
        assertThat(second.tables().get("shop.item").verdicts()).isEqualTo(10);
    }

    @Test
    void theReportShowsTheNewestTheHoursAndWhatWasUnequal() {
        VerdictBook book = VerdictBook.begin("shop");
        List<Point> all = new ArrayList<>();
        for (int i = 0; i < 9000; i++) {
            boolean unequal = i == 100 || i == 101;
            book.add(Verdicts.verdict("shop.item", FIRST + i * SECOND, 5, unequal ? 4 : 5));
            all.add(book.point());
        }
        ChainFacts facts = ChainFacts.of(all, List.of());

        assertThat(facts.newest()).isEqualTo(all.get(8999));
        assertThat(facts.points()).contains(all.get(100), all.get(101), all.get(102), all.get(8999));
        assertThat(facts.points()).as("beside two or three ends of hours").hasSizeBetween(6, 7);
    }

    private static ProofReport report(List<TableVerdict> verdicts) {
        VerdictBook book = VerdictBook.begin("shop");
        verdicts.forEach(book::add);
        TableVerdict last = verdicts.get(verdicts.size() - 1);
        ProofReport.TableProof table = new ProofReport.TableProof(
                last.getTable(),
                last.getTable(),
                dev.lockstep.schemas.message.Micros.toInstant(last.getBarrierMicros()),
                last.getRowsSource(),
                last.getRowsTarget(),
                Recount.digest(last.getDigestSource().bytes()),
                Recount.digest(last.getDigestTarget().bytes()),
                Proof.isEqual(last),
                last.getMismatches(),
                Instant.EPOCH,
                10,
                10);
        return MadeUpReport.of(List.of(table), ChainFacts.of(points(verdicts), List.of()));
    }

    private static List<Point> points(List<TableVerdict> verdicts) {
        VerdictBook book = VerdictBook.begin("shop");
        List<Point> points = new ArrayList<>();
        for (TableVerdict verdict : verdicts) {
            book.add(verdict);
            points.add(book.point());
        }
        return points;
    }

    private static Optional<String> recount(ProofReport report, List<Point> file, List<TableVerdict> topic) {
        Recount recount = new Recount(report, file);
        topic.forEach(recount::add);
        return recount.end();
    }

    @Test
    void anUntouchedRecordVerifiesAlsoWhenItHasGrown() {
        List<TableVerdict> more = Verdicts.equal(15);

        assertThat(recount(report(verdicts), points(more), more)).isEmpty();
    }

    @Test
    void theFirstDifferenceIsNamed() {
        List<TableVerdict> tampered = new ArrayList<>(Verdicts.equal(10));
        set(tampered.get(6), "rowsTarget", 3L);
        assertThat(recount(report(verdicts), points(verdicts), tampered))
                .hasValueSatisfying(said -> assertThat(said)
                        .contains("after verdict 7 ", "the chain's file", "up to verdict 6 ", "all is as it was"));

        assertThat(recount(report(verdicts), points(verdicts), verdicts.subList(0, 18)))
                .hasValueSatisfying(said -> assertThat(said).contains("ends after verdict 18"));

        List<Point> file = new ArrayList<>(points(verdicts));
        file.remove(19);
        assertThat(recount(report(verdicts), file, verdicts))
                .hasValueSatisfying(said -> assertThat(said).contains("the chain's file has no link after verdict 20"));

        ProofReport embellished = report(verdicts);
        ProofReport.TableProof table = embellished.tables().get(0);
        ProofReport.TableProof better = new ProofReport.TableProof(
                table.table(),
                table.target(),
                table.barrier(),
                1_000_000,
                1_000_000,
                table.digestSource(),
                table.digestTarget(),
                true,
                0,
                table.firstBarrier(),
                10,
                10);
        assertThat(recount(MadeUpReport.of(List.of(better), embellished.chain()), points(verdicts), verdicts))
                .hasValueSatisfying(said -> assertThat(said).contains("figures of table shop.order"));
    }

    @Test
    void aLaterChangeOfBothTheTopicAndTheFileShowsInAReportHandedOut() {
        List<TableVerdict> tampered = new ArrayList<>(Verdicts.equal(10));
        set(tampered.get(6), "rowsTarget", 3L);

        assertThat(recount(report(verdicts), points(tampered), tampered))
                .hasValueSatisfying(said -> assertThat(said).contains("after verdict 20 ", "the report has link"));
    }
}
