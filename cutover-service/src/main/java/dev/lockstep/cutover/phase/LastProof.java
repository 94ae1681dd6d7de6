package dev.lockstep.cutover.phase;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.schemas.avro.TableVerdict;
import java.math.BigInteger;

/**
 * What was proven equal before the flip: the whole database at the last barrier.
 *
 * @param barrierMicros written after the fence held, microseconds since the epoch
 * @param tables how many
 * @param rows of all tables, the same on both sides
 * @param digest sum of all row digests of all tables modulo 2^128, the same on both sides, as 32 hexadecimal digits
 */
public record LastProof(long barrierMicros, int tables, long rows, String digest) {

    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);

    /**
     * @param proof found equal on every table
     */
    static LastProof of(Proof proof) {
        long rows = 0;
        BigInteger sum = BigInteger.ZERO;
        for (TableVerdict verdict : proof.verdicts()) {
            rows += verdict.getRowsSource();
            sum = sum.add(new BigInteger(1, verdict.getDigestSource().bytes()));
        }
        String hex = sum.mod(MODULUS).toString(16);
        return new LastProof(proof.barrierMicros(), proof.verdicts().size(), rows, "0".repeat(32 - hex.length()) + hex);
    }
}
