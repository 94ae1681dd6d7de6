package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.forecast.Forecast;
import dev.lockstep.cutover.gate.GateResult;
import dev.lockstep.cutover.gate.HoldClock;
import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Verdict;
import dev.lockstep.cutover.phase.DnsChange;
import dev.lockstep.cutover.phase.OnTarget;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.ingest.preflight.PreflightReport;
import dev.lockstep.ingest.snapshot.CopyProgress;
import dev.lockstep.ingest.watch.LogUse;
import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.stream.apply.Progress;
import dev.lockstep.stream.lag.LagView;
import dev.lockstep.stream.lag.Percentiles;
import dev.lockstep.stream.lag.ProofView;
import dev.lockstep.stream.lag.StageLag;
import dev.lockstep.stream.scan.ScanView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the status out of what the parts say. */
final class StatusBoard {

    private static final int MISMATCHES = 100;
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Migration migration;
    private final PreflightReport preflight;
    private final Pipeline pipeline;
    private final PhaseOwner owner;
    private final Readiness readiness;
    private final QuietHours quiet;
    private final Rehearsal rehearsal;
    private final SoakWatch soak;
    private final Supplier<List<String>> troubles;
    private final BooleanSupplier askedBack;
    private final Clock clock;
    private final Instant startedAt;
    private volatile @Nullable Status newest;

    /**
     * @param troubles what a part waits for, or an operator should look at
     * @param askedBack whether a rollback follows the cutover under way
     */
    StatusBoard(
            Migration migration,
            PreflightReport preflight,
            Pipeline pipeline,
            PhaseOwner owner,
            Readiness readiness,
            QuietHours quiet,
            Rehearsal rehearsal,
            SoakWatch soak,
            Supplier<List<String>> troubles,
            BooleanSupplier askedBack,
            Clock clock) {
        this.migration = migration;
        this.preflight = preflight;
        this.pipeline = pipeline;
        this.owner = owner;
        this.readiness = readiness;
        this.quiet = quiet;
        this.rehearsal = rehearsal;
        this.soak = soak;
        this.troubles = troubles;
        this.askedBack = askedBack;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** The last one gathered, or one of now if that is older than a second, as while the traffic moves. */
    Status newest() {
        Instant now = clock.instant();
        Status status = newest;
        return status != null && status.at().plus(FRESH).isAfter(now)
                ? status
                : gather(
                        pipeline.lag.view(migration.cutover().hold()),
                        pipeline.lag.proof(),
                        pipeline.scanner.view(),
                        now);
    }

    Status gather(LagView lag, ProofView proof, ScanView scans, Instant now) {
        Phase phase = owner.current();
        List<GateResult> gates = readiness.gates();
        HoldClock hold = readiness.hold();
        Status status = new Status(
                migration.name(),
                phase.name().name(),
                phase.at(),
                owner.history().stream()
                        .map(t -> new Status.PhaseEntry(
                                t.phase().name().name(), t.phase().at(), t.reason()))
                        .toList(),
                new Awaited(
                                phase,
                                pipeline.pause(),
                                pipeline.held(),
                                gates,
                                hold,
                                migration.cutover(),
                                phase.name().isMoving() ? askedBack.getAsBoolean() : readiness.isWanted(),
                                left(now))
                        .text(),
                new Status.Database(migration.source().dialect().engine(), preflight.sourceVersion()),
                new Status.Database(migration.target().dialect().engine(), preflight.targetVersion()),
                copy(pipeline, pipeline.streams.appliers().progress()),
                changes(lag, pipeline.streams.appliers().progress()),
                lags(lag),
                proof(proof),
                mismatches(proof),
                ScanLines.of(scans, MISMATCHES),
                AppliedLetters.of(pipeline).map(StatusBoard::letters).orElse(null),
                gates.stream().map(StatusBoard::gate).toList(),
                seconds(hold.openFor()),
                seconds(migration.cutover().hold()),
                cutover(phase),
                rehearsal.newest().map(StatusBoard::forecast).orElse(null),
                soak.status().orElse(null),
                pipeline.pause()
                        .map(paused -> pause(paused, phase))
                        .or(() -> pipeline.held().map(StatusBoard::pause))
                        .orElse(null),
                troubles.get(),
                pipeline.logs().stream().map(StatusBoard::log).toList(),
                quiet.quietest().orElse(null),
                startedAt,
                now);
        newest = status;
        return status;
    }

    private static Status.LogUse log(LogUse use) {
        return new Status.LogUse(use.side(), use.retainedBytes(), use.safeBytes(), use.state());
    }

    private static Status.Pause pause(Pause pause, Phase phase) {
        return new Status.Pause(pause.change(), pause.remedy(phase instanceof OnTarget), pause.since());
    }

    private static Status.Pause pause(Hold hold) {
        return new Status.Pause(hold.reason(), "lockstep resume", hold.since());
    }

    private static Status.ForecastStatus forecast(Forecast forecast) {
        var pause = forecast.pause();
        return new Status.ForecastStatus(
                forecast.move(),
                forecast.at(),
                forecast.drills(),
                pause.expectedMillis(),
                pause.upperMillis(),
                forecast.budgetMillis(),
                pause.complete(),
                forecast.trouble());
    }

    private Optional<Duration> left(Instant now) {
        return soak.opened()
                .map(opened ->
                        Duration.between(now, opened.plus(migration.soak().time())));
    }

    private static Status.Copy copy(Pipeline pipeline, Progress progress) {
        Instant first = progress.firstCopied();
        Instant last = progress.lastCopied();
        double seconds = first == null || last == null ? 0 : seconds(Duration.between(first, last));
        return new Status.Copy(
                progress.copiedRows(),
                seconds,
                seconds == 0 ? 0 : Math.round(progress.copiedRows() / seconds),
                pipeline.copyOf(Side.SOURCE).map(StatusBoard::reading).orElse(null),
                pipeline.copyOf(Side.TARGET).map(StatusBoard::reading).orElse(null));
    }

    private static Status.Reading reading(CopyProgress copy) {
        Duration left = copy.left();
        return new Status.Reading(
                copy.note(),
                copy.rows(),
                copy.bytes(),
                copy.estimatedRows(),
                Math.round(copy.rowsPerSecond()),
                left == null ? null : seconds(left),
                copy.done());
    }

    private static Status.Changes changes(LagView lag, Progress progress) {
        long captured = Math.max(0, lag.captured().throughput().rows() - progress.copiedRows());
        return new Status.Changes(
                Math.max(captured, progress.changedRows()),
                progress.changedRows(),
                Math.round(lag.applied().throughput().rowsPerSecond()));
    }

    private static Map<String, Status.StageLagStatus> lags(LagView lag) {
        Map<String, Status.StageLagStatus> lags = new LinkedHashMap<>();
        for (Stage stage : Stage.values())
            lags.put(stage.name().toLowerCase(Locale.ROOT), lag(lag.of(stage), lag.window()));
        return lags;
    }

    private static Status.StageLagStatus lag(StageLag lag, Duration window) {
        return new Status.StageLagStatus(
                millis(lag.now()),
                millis(lag.window().map(Percentiles::p50)),
                millis(lag.window().map(Percentiles::p95)),
                millis(lag.window().map(Percentiles::p99)),
                millis(lag.window().map(Percentiles::max)),
                seconds(window));
    }

    private Status.ProofStatus proof(ProofView proof) {
        return new Status.ProofStatus(
                proof.barriers(),
                proof.complete().stream()
                        .findFirst()
                        .map(v -> Micros.toInstant(v.getBarrierMicros()))
                        .orElse(null),
                proof.openMismatches(),
                proof.verdicts().stream()
                        .filter(v -> !v.getTable().equals(Barrier.MAPPING.id()))
                        .map(StatusBoard::table)
                        .toList(),
                pipeline.agreement().byScan());
    }

    private static Status.TableStatus table(TableVerdict verdict) {
        return new Status.TableStatus(
                verdict.getTable(),
                verdict.getRowsSource(),
                verdict.getRowsTarget(),
                RowDigest.fromBytes(verdict.getDigestSource().bytes()).toString(),
                RowDigest.fromBytes(verdict.getDigestTarget().bytes()).toString(),
                Proof.isEqual(verdict),
                verdict.getMismatches());
    }

    private static List<Status.MismatchStatus> mismatches(ProofView proof) {
        return proof.mismatches().stream()
                .limit(MISMATCHES)
                .map(m -> new Status.MismatchStatus(
                        m.getTable(), m.getKey(), m.getKind().name(), Micros.toInstant(m.getFirstSeenMicros())))
                .toList();
    }

    private static Status.DeadLetters letters(List<Status.Letter> open) {
        return new Status.DeadLetters(
                open.size(), open.stream().limit(MISMATCHES).toList());
    }

    private static Status.Gate gate(GateResult result) {
        Verdict verdict = result.verdict();
        return new Status.Gate(
                result.rule().label(), verdict.getClass().getSimpleName().toUpperCase(Locale.ROOT), verdict.reason());
    }

    private static Status.@Nullable Cutover cutover(Phase phase) {
        if (!(phase instanceof OnTarget onTarget)) return null;
        DnsChange dns = onTarget.moved().dns();
        return new Status.Cutover(
                onTarget.moved().writePause().toMillis(),
                new Status.Dns(dns.before(), dns.after(), number(dns.serialBefore()), number(dns.serialAfter())));
    }

    private static @Nullable Long number(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static @Nullable Long millis(Optional<Duration> duration) {
        Function<Duration, Long> millis = Duration::toMillis;
        return duration.map(millis).orElse(null);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
