package dev.lockstep.cutover.report;

import dev.lockstep.schemas.avro.TableVerdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A chain over verdicts in the order in which they were first given. Each link is the SHA-256 of the link before it and of all that
 * the verdict says, so the newest one stands for every verdict before it: change, drop, add or swap one, and all later links are
 * others. The time at which a verdict was reached is left out, as it alone differs in a repeat.
 *
 * @param verdicts how many it goes over
 * @param link 64 hexadecimal digits
 */
public record Chain(long verdicts, String link) {

    /** Over no verdict; no two migrations' chains begin alike. */
    static Chain of(String migration) {
        byte[] seed = ("lockstep verdicts of " + migration).getBytes(StandardCharsets.UTF_8);
        return new Chain(0, HexFormat.of().formatHex(sha256().digest(seed)));
    }

    Chain plus(TableVerdict verdict) {
        MessageDigest digest = sha256();
        digest.update(HexFormat.of().parseHex(link));
        digest.update(canonical(verdict));
        return new Chain(verdicts + 1, HexFormat.of().formatHex(digest.digest()));
    }

    /** The table's name with its length, then fields of fixed length: no two verdicts have the same bytes. */
    private static byte[] canonical(TableVerdict verdict) {
        byte[] table = verdict.getTable().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + table.length + 4 * Long.BYTES + 2 * 16)
                .putInt(table.length)
                .put(table)
                .putLong(verdict.getBarrierMicros())
                .putLong(verdict.getRowsSource())
                .putLong(verdict.getRowsTarget())
                .put(verdict.getDigestSource().bytes())
                .put(verdict.getDigestTarget().bytes())
                .putLong(verdict.getMismatches())
                .array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
