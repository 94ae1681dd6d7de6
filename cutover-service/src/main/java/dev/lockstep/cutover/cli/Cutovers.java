package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.audit.Inventory;
import dev.lockstep.cutover.fence.Fences;
import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.DnsProvider;
import dev.lockstep.cutover.flip.Outcome;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.phase.Clearance;
import dev.lockstep.cutover.phase.CutoverPorts;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.DnsChange;
import dev.lockstep.cutover.phase.FlipResult;
import dev.lockstep.cutover.phase.ObservedActs;
import dev.lockstep.cutover.phase.PhaseOwner;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the conductor acts on, made of the real parts. */
final class Cutovers {

    final FencedWrites source;
    final FencedWrites target;
    private final Migration migration;
    private final List<TableMapping> tables;
    private final List<Zone> zones;
    private final DnsFiles dnsFiles;
    private final DnsLook dnsLook;
    private final Clock clock;

    Cutovers(Migration migration, List<TableMapping> tables, Clock clock) {
        this.migration = migration;
        this.tables = tables;
        source = writes(migration, Side.SOURCE);
        target = writes(migration, Side.TARGET);
        this.clock = clock;
        zones = Zone.of(migration.dns(), clock);
        dnsFiles = new DnsFiles(migration.state());
        dnsLook = new DnsLook(zones, dnsFiles);
    }

    private static FencedWrites writes(Migration migration, Side side) {
        return new FencedWrites(side.label(), Fences.of(migration, side), migration.cutover());
    }

    /** Makes what the fences need in the databases, long before they are raised. */
    void prepareFences() {
        source.fence().prepare();
        target.fence().prepare();
    }

    /** Who keeps the application off the target until it is opened. */
    TargetGuard targetGuard(PhaseOwner owner) {
        return new TargetGuard(target, Boolean.TRUE.equals(migration.cutover().guardTarget()), owner::confirm);
    }

    /** Who keeps the application off the source while it writes on the target. */
    SourceGuard sourceGuard(PhaseOwner owner) {
        return new SourceGuard(source, owner);
    }

    Set<String> tableIds() {
        return tables.stream().map(TableMapping::id).collect(Collectors.toUnmodifiableSet());
    }

    /** Of the tables that the logs prove. */
    Set<String> provenIds() {
        return TableMapping.logged(tables);
    }

    DnsLook.Seen lookAtDns(Instant now) {
        return dnsLook.look(now);
    }

    /** What a move would send to each zone as it would be now, after a look at every server; empty without DNS. */
    List<DnsPlan> dnsPlans(Direction direction) {
        return zones.stream()
                .map(zone -> zone.move(direction == Direction.REVERSE).plan())
                .toList();
    }

    /** What hangs on the source, and what becomes of it. */
    Inventory inventory() throws SQLException {
        return Inventory.look(
                migration, tables.stream().map(TableMapping::source).collect(Collectors.toSet()));
    }

    /** The counters that a move would set, as they are now. */
    List<Counters.Counter> counters(Direction direction) throws SQLException {
        return new Counters(migration, tables).look(direction);
    }

    /**
     * Looks whether others' writes are refused on a side, and tries a write; changes nothing.
     *
     * @throws UntriedFenceException if the application's user cannot be tried
     */
    void lookAtFence(Side side) {
        FencedWrites writes = side == Side.SOURCE ? source : target;
        writes.stopped();
        writes.tryOut();
    }

    /**
     * Looks whether a rollback could end as it should: DNS is as it expects on every server and would take the update, and the target's fence can be tried.
     *
     * @throws RuntimeException if not, with the remedy
     */
    void requireWayBack() {
        for (Zone zone : zones) {
            Outcome tried = zone.move(true).tryOut();
            if (!tried.isTaken()) throw new IllegalStateException("zone " + zone.name() + ": " + tried.message());
        }
        target.tryOut();
        target.requireReach();
    }

    /** Each zone's update is an act of its own, too: the process may die between two of them. */
    CutoverPorts ports(Clearance clearance, Streams streams, LagMonitor lag, ObservedActs acts) {
        Counters counters = new Counters(migration, tables);
        return acts.of(new CutoverPorts(
                clearance,
                source,
                target,
                streams,
                proofs(lag),
                direction -> advance(counters, direction),
                zones.isEmpty() ? new ByHand() : new DnsTraffic(observed(acts), dnsFiles, clock),
                provenIds()));
    }

    private List<Zone> observed(ObservedActs acts) {
        return zones.stream()
                .map(zone -> new Zone(
                        zone.rules(),
                        acts.of(DnsProvider.class, "dns " + zone.rules().zone(), zone.provider())))
                .toList();
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
