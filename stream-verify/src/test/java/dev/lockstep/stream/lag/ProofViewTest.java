package dev.lockstep.stream.lag;

import static dev.lockstep.schemas.avro.Stage.PROVEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Micros;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofViewTest {

    @TempDir
    Path state;

    private LagDriver driver;

    @BeforeEach
    void open() {
        driver = new LagDriver(1, state);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void showsTheNewestVerdictOfEachTable() {
        // given
        driver.verdict("shop.orders", 2_000, 20, 0);
        driver.verdict("shop.items", 2_000, 7, 0);

        // when older and equal ones come after
        driver.verdict("shop.orders", 1_000, 10, 5);
        driver.verdict("shop.orders", 2_000, 99, 1);

        // then
        assertThat(driver.proof().verdicts())
                .extracting(TableVerdict::getTable, TableVerdict::getBarrierMicros, TableVerdict::getRowsSource)
                .containsExactlyInAnyOrder(tuple("shop.orders", 2_000L, 20L), tuple("shop.items", 2_000L, 7L));
    }

    @Test
    void findsTheNewestBarrierThatAllTablesHave() {
        // given one table ahead of the other
        for (long barrier = 1_000; barrier <= 20_000; barrier += 1_000) driver.verdict("a", barrier, 1, 0);
        for (long barrier = 1_000; barrier <= 18_000; barrier += 1_000) driver.verdict("b", barrier, 1, 0);

        // then
        assertThat(driver.proof().complete())
                .extracting(TableVerdict::getTable, TableVerdict::getBarrierMicros)
                .containsExactly(tuple("a", 18_000L), tuple("b", 18_000L));

        // when a table appears that shares no barrier
        driver.verdict("c", 500, 1, 0);

        // then nothing is complete
        assertThat(driver.proof().complete()).isEmpty();
    }

    @Test
    void removesAMismatchThatHasHealedButRemembersThatItWas() {
        // given
        driver.mismatch(1, 7_000);
        driver.mismatch(2, 5_000);
        assertThat(driver.proof().openMismatches()).isEqualTo(2);

        // when
        driver.heal(2);

        // then
        ProofView proof = driver.proof();
        assertThat(proof.openMismatches()).isEqualTo(1);
        assertThat(proof.mismatches()).extracting(Mismatch::getKey).containsExactly("(1)");
        assertThat(proof.firstMismatch()).contains(Micros.toInstant(5_000));
    }

    @Test
    void countsProvenBarriers() {
        // given
        driver.reachAt(PROVEN, 0, 1_000, 0, 0);
        driver.reachAt(PROVEN, 0, 2_000, 0, 0);
        driver.reachAt(PROVEN, 0, 2_000, 0, 0);

        // then
        assertThat(driver.proof().barriers()).isEqualTo(2);
        assertThat(driver.proof().newestBarrier()).contains(Micros.toInstant(2_000));
    }

    @Test
    void saysNothingBeforeTheFirstVerdict() {
        ProofView proof = driver.proof();

        assertThat(proof.known()).isTrue();
        assertThat(proof.newestBarrier()).isEmpty();
        assertThat(proof.complete()).isEmpty();
        assertThat(proof.firstMismatch()).isEmpty();
        assertThat(proof.openMismatches()).isZero();
    }
}
