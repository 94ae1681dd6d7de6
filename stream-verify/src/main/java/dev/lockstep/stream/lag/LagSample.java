package dev.lockstep.stream.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One second of the recent past.
 *
 * @param at the second's end
 * @param captured the largest lag in that second; empty before the first barrier
 * @param applied the largest lag in that second; empty before the first barrier
 * @param proven the largest lag in that second; empty before the first barrier
 * @param capturedRows row changes captured in it
 * @param appliedRows row changes applied in it
 */
public record LagSample(
        Instant at,
        Optional<Duration> captured,
        Optional<Duration> applied,
        Optional<Duration> proven,
        long capturedRows,
        long appliedRows) {}
