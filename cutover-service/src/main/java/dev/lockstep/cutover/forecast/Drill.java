package dev.lockstep.cutover.forecast;

import java.time.Duration;
import java.util.Optional;

/**
 * A move tried without stopping anybody's writes.
 *
 * @param applied from before a barrier was written on the origin until it was applied on the other side
 * @param proven from there until every table was proven equal at it, or at one right behind it
 * @param turn until a trial had come the way that does not carry now; empty: there is no such way
 * @param look whether one side's fence is up, as asked of its database
 * @param dns until all authoritative servers had been read; empty: the migration has no DNS
 */
public record Drill(
        Duration applied, Duration proven, Optional<Duration> turn, Duration look, Optional<Duration> dns) {}
