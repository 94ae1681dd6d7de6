package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.fence.Fence;
import dev.lockstep.cutover.fence.Fences;
import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.Rfc2136Provider;
import dev.lockstep.cutover.gate.Findings;
import dev.lockstep.cutover.phase.CutoverPorts;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.DnsChange;
import dev.lockstep.cutover.phase.FlipResult;
import dev.lockstep.cutover.phase.ProofAt;
import dev.lockstep.cutover.phase.Traffic;
import dev.lockstep.cutover.sequence.Counters;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.lag.LagMonitor;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the conductor acts on, made of the real parts. */
final class Cutovers {

    final FencedWrites source;
    final FencedWrites target;
    private final Migration migration;
    private final List<TableMapping> tables;
    private final @Nullable DnsTraffic dns;

    Cutovers(Migration migration, List<TableMapping> tables, Clock clock) {
        this.migration = migration;
        this.tables = tables;
        source = writes("source", Fences.of(migration.source(), migration.cutover()));
        target = writes("target", Fences.of(migration.target(), migration.cutover()));
        dns = migration.dns() == null
                ? null
                : new DnsTraffic(migration.dns(), new Rfc2136Provider(migration.dns(), clock), clock);
    }

    private static FencedWrites writes(String side, Fence fence) {
        return new FencedWrites(side, fence);
    }

    /** Makes what the fences need in the databases, long before they are raised. */
    void prepareFences() {
        source.fence().prepare();
        target.fence().prepare();
    }

    /** Who keeps the application off the target until it is opened. */
    TargetGuard targetGuard() {
        return new TargetGuard(target, Boolean.TRUE.equals(migration.cutover().guardTarget()));
    }

    Set<String> tableIds() {
        return tables.stream().map(TableMapping::id).collect(Collectors.toUnmodifiableSet());
    }

    Findings dnsFindings() {
        return dns == null ? new Findings.NotApplicable() : dns.ready();
    }

    /** The DNS plan of a move as it would be now, after a look at every server; empty without DNS. */
    Optional<DnsPlan> dnsPlan(Direction direction) {
        return Optional.ofNullable(dns).map(traffic -> traffic.plan(direction));
    }

    /** The counters that a move would set, as they are now. */
    List<Counters.Counter> counters(Direction direction) throws SQLException {
        return new Counters(migration, tables).look(direction);
    }

    /** Whether others' writes are refused on a side; changes nothing. */
    boolean isFenced(Side side) {
        return (side == Side.SOURCE ? source : target).stopped();
    }

    CutoverPorts ports(Streams streams, LagMonitor lag) {
        Counters counters = new Counters(migration, tables);
        return new CutoverPorts(
                source,
                target,
                streams,
                proofs(lag),
                direction -> advance(counters, direction),
                dns == null ? new ByHand() : dns,
                tableIds());
    }

    private static ProofAt proofs(LagMonitor lag) {
        return barrierMicros -> {
            List<TableVerdict> verdicts = lag.proof().verdicts().stream()
                    .filter(verdict -> verdict.getBarrierMicros() == barrierMicros)
                    .toList();
            return verdicts.isEmpty() ? Optional.empty() : Optional.of(verdicts);
        };
    }

    private static void advance(Counters counters, Direction direction) {
        try {
            counters.advance(direction);
        } catch (SQLException e) {
            throw new IllegalStateException("the counters cannot be set: " + e.getMessage(), e);
        }
    }

    /** A migration whose file names no DNS: the operator moves the traffic once the target is open. */
    private record ByHand() implements Traffic {

        @Override
        public FlipResult flip(Direction direction, Deadline deadline) {
            return new FlipResult.Done(DnsChange.NONE);
        }

        @Override
        public FlipResult look(Direction direction) {
            return new FlipResult.NotDone("the migration has no DNS to look at");
        }
    }
}
