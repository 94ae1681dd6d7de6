package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.fence.Connections;
import dev.lockstep.cutover.gate.Capacity;
import dev.lockstep.cutover.gate.Findings;
import dev.lockstep.cutover.gate.Inputs;
import dev.lockstep.cutover.gate.Lag;
import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Scans;
import dev.lockstep.cutover.gate.WayBack;
import dev.lockstep.cutover.watch.CheckState;
import dev.lockstep.cutover.watch.OperatorCheck;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.WaveRules;
import dev.lockstep.stream.lag.LagView;
import dev.lockstep.stream.lag.Percentiles;
import dev.lockstep.stream.lag.ProofView;
import dev.lockstep.stream.lag.StageLag;
import dev.lockstep.stream.scan.ScanView;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what the gates judge: from the lag's view, the proof's, DNS, and the applier's dead letters. */
final class GateInputs {

    private static final Duration DNS_AGE = Duration.ofSeconds(3);
    private static final Duration CAPACITY_AGE = Duration.ofSeconds(15);
    private static final Duration SEQUENCES_AGE = Duration.ofMinutes(1);
    private static final Duration INVENTORY_AGE = Duration.ofMinutes(1);

    private final Pipeline pipeline;
    private final Cutovers cutovers;
    private final Migration migration;
    private final @Nullable OperatorCheck check;
    private final Duration maxScanAge;
    private final boolean wayBack;
    private final Set<String> tables;
    private final Set<String> proven;
    private final Looked<DnsLook.Seen> dns;
    private final Looked<Capacity> capacity;
    private final Looked<Findings> sequences;
    private final Looked<Findings> inventory;

    /**
     * @param check the operator's own; null: there is none
     */
    GateInputs(Pipeline pipeline, Cutovers cutovers, Migration migration, @Nullable OperatorCheck check) {
        this.check = check;
        this.pipeline = pipeline;
        this.cutovers = cutovers;
        this.migration = migration;
        this.maxScanAge = migration.scan().maxAge();
        this.wayBack = migration.cutover().keepsWayBack();
        this.tables = cutovers.tableIds();
        this.proven = cutovers.provenIds();
        dns = new Looked<>(DNS_AGE, cutovers::lookAtDns);
        capacity = new Looked<>(CAPACITY_AGE, now -> capacity());
        sequences = new Looked<>(SEQUENCES_AGE, now -> sequences());
        inventory = new Looked<>(INVENTORY_AGE, now -> inventory());
    }

    Inputs gather(LagView lag, ProofView proof, ScanView scans, Instant now) {
        DnsLook.Seen records = dns.at(now);
        return new Inputs(
                now,
                lag(lag.applied()),
                lag(lag.proven()),
                tables,
                proven,
                proof(proof),
                proof.known() ? OptionalLong.of(proof.openMismatches()) : OptionalLong.empty(),
                scans(scans),
                deadLetters(),
                sequences.at(now),
                records.dns(),
                waves(),
                records.ttl(),
                new Findings.Seen(pipeline.pause()
                        .map(pause -> List.of("paused: " + pause.change()))
                        .orElse(List.of())),
                new Findings.Seen(pipeline.held().map(Hold::reason).stream().toList()),
                wayBack(),
                capacity.at(now),
                check(),
                inventory.at(now));
    }

    /** They are set in the cutover itself; this is whether they can be. */
    private Findings sequences() {
        try {
            return new Findings.Seen(cutovers.counters(Direction.FORWARD).stream()
                    .filter(counter -> counter.destination().isEmpty())
                    .map(counter -> counter.name() + ": the source gives out numbers, the next is " + counter.origin()
                            + ", and the target has nothing that does; create it there")
                    .toList());
        } catch (SQLException e) {
            return new Findings.Unseen("what gives out numbers cannot be read: " + e.getMessage());
        }
    }

    private Findings inventory() {
        if (migration.inventory() == null) return new Findings.NotApplicable();
        try {
            return new Findings.Seen(cutovers.inventory().problems());
        } catch (SQLException e) {
            return new Findings.Unseen("what hangs on the source cannot be read: " + e.getMessage());
        }
    }

    private Findings check() {
        OperatorCheck wanted = check;
        if (wanted == null) return new Findings.NotApplicable();
        Optional<CheckState> state = wanted.state();
        if (state.isEmpty()) return new Findings.Unseen("the check has not ended yet");
        int failures = state.get().failures();
        return new Findings.Seen(
                failures == 0
                        ? List.of()
                        : List.of("the check failed " + failures + " times in a row: "
                                + state.get().said()));
    }

    private WayBack wayBack() {
        return new WayBack(wayBack, pipeline.streams.rehearsed(), pipeline.streams.rehearsalTrouble());
    }

    private Capacity capacity() {
        try {
            return new Capacity.Seen(Connections.inUse(migration.source()), Connections.free(migration.target()));
        } catch (SQLException e) {
            return new Capacity.Unseen("connections cannot be counted: " + e.getMessage());
        }
    }

    private Findings waves() {
        if (migration.waves().isEmpty()) return new Findings.NotApplicable();
        Set<String> held = new WaveFiles(migration.state()).held().keySet();
        return new Findings.Seen(migration.waves().stream()
                .map(WaveRules::name)
                .filter(wave -> !held.contains(wave))
                .map(wave -> "wave " + wave + " has not moved and held; see `lockstep wave move`")
                .toList());
    }

    private static Lag lag(StageLag stage) {
        return new Lag(stage.now(), stage.window().map(Percentiles::p99));
    }

    private static Optional<Proof> proof(ProofView proof) {
        return proof.complete().stream()
                .findFirst()
                .map(TableVerdict::getBarrierMicros)
                .map(barrier -> Proof.at(barrier, proof.complete()));
    }

    private Scans scans(ScanView scans) {
        return new Scans(
                scans.passes().stream()
                        .map(pass ->
                                new Scans.Scanned(pass.table(), Optional.ofNullable(pass.clean()), pass.differences()))
                        .toList(),
                maxScanAge);
    }

    private OptionalLong deadLetters() {
        return pipeline.streams
                .appliers()
                .deadLetters()
                .map(letters -> OptionalLong.of(letters.open().size()))
                .orElse(OptionalLong.empty());
    }
}
