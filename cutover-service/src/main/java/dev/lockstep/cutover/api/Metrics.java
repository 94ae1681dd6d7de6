package dev.lockstep.cutover.api;

import dev.lockstep.cutover.phase.PhaseName;
import io.javalin.http.Context;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The status for Prometheus. What is not known is NaN, which no alert's threshold mistakes for a good value. Every figure is as old as
 * {@code lockstep_status_age_seconds} says.
 */
final class Metrics implements AutoCloseable {

    private static final List<String> STAGES = List.of("captured", "applied", "proven");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Supplier<Status> source;
    private final Clock clock;
    private volatile @Nullable Status status;

    Metrics(Supplier<Status> source, Clock clock) {
        this.source = source;
        this.clock = clock;
        for (String stage : STAGES) lag(stage);
        for (PhaseName phase : PhaseName.values())
            gauge(
                    "lockstep.phase",
                    "1 for the phase that the migration is in",
                    null,
                    Tags.of("phase", phase.name()),
                    now -> now.phase().equals(phase.name()) ? 1 : 0);
        flow();
        proof();
        troubles();
        gauge(
                "lockstep.status.age",
                "since these figures were gathered",
                "seconds",
                Tags.empty(),
                now -> age(now.at()));
    }

    private void lag(String stage) {
        Tags tags = Tags.of("stage", stage);
        gauge(
                "lockstep.lag",
                "since the newest barrier that all lanes have reached",
                "seconds",
                tags,
                now -> seconds(now.lag().get(stage), Status.StageLagStatus::nowMillis));
        gauge(
                "lockstep.lag.p99",
                "99th percentile of the lag over the gates' window",
                "seconds",
                tags,
                now -> seconds(now.lag().get(stage), Status.StageLagStatus::p99Millis));
    }

    private void flow() {
        counter("lockstep.rows", "row changes", "captured", now -> now.changes().captured());
        counter("lockstep.rows", "row changes", "applied", now -> now.changes().applied());
        gauge(
                "lockstep.rows.per.second",
                "row changes applied per second, mean of the last few",
                null,
                Tags.empty(),
                now -> now.changes().perSecond());
        gauge(
                "lockstep.copy.rows",
                "rows of the initial copy applied",
                null,
                Tags.empty(),
                now -> now.copy().rows());
    }

    private void troubles() {
        gauge(
                "lockstep.paused",
                "1 while an operator's word is awaited because a table has changed",
                null,
                Tags.empty(),
                now -> now.paused() == null ? 0 : 1);
        gauge(
                "lockstep.troubles",
                "databases that are waited for, and warnings",
                null,
                Tags.empty(),
                now -> now.troubles().size());
        for (String side : List.of("source", "target"))
            gauge(
                    "lockstep.log.retained",
                    "of its log that a PostgreSQL server keeps for our capture",
                    "bytes",
                    Tags.of("side", side),
                    now -> now.logs().stream()
                            .filter(log -> log.side().equals(side))
                            .mapToLong(Status.LogUse::retainedBytes)
                            .sum());
    }

    private void proof() {
        gauge(
                "lockstep.mismatches.open",
                "rows that differ now",
                null,
                Tags.empty(),
                now -> now.proof().mismatches());
        gauge(
                "lockstep.scan.differences",
                "rows that differ, found by a scan",
                null,
                Tags.empty(),
                now -> now.scan().differences());
        gauge(
                "lockstep.scan.rows.per.second",
                "rows of the source that the scan under way compares",
                null,
                Tags.empty(),
                now -> now.scan().rowsPerSecond());
        gauge(
                "lockstep.dead.letters",
                "rows that are set aside because the target refused them",
                null,
                Tags.empty(),
                now -> now.deadLetters() == null
                        ? Double.NaN
                        : now.deadLetters().open());
        gauge(
                "lockstep.barriers.proven",
                "barriers proven",
                null,
                Tags.empty(),
                now -> now.proof().barriers());
        gauge(
                "lockstep.proof.age",
                "since the newest barrier at which every table has a verdict",
                "seconds",
                Tags.empty(),
                now -> age(now.proof().lastBarrier()));
        gauge(
                "lockstep.gates.closed",
                "gates that let nothing pass, closed or unknown",
                null,
                Tags.empty(),
                now -> now.gates().stream()
                        .filter(gate ->
                                gate.state().equals("CLOSED") || gate.state().equals("UNKNOWN"))
                        .count());
    }

    private void gauge(
            String name, String description, @Nullable String unit, Tags tags, ToDoubleFunction<Status> value) {
        Gauge.builder(name, this, metrics -> metrics.read(value))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    private void counter(String name, String description, String stage, ToDoubleFunction<Status> value) {
        FunctionCounter.builder(name, this, metrics -> metrics.read(value))
                .description(description)
                .tags("stage", stage)
                .register(registry);
    }

    private double read(ToDoubleFunction<Status> value) {
        Status read = status;
        return read == null ? Double.NaN : value.applyAsDouble(read);
    }

    private double age(@Nullable Instant moment) {
        return moment == null
                ? Double.NaN
                : Duration.between(moment, clock.instant()).toMillis() / 1000.0;
    }

    private static double seconds(
            Status.@Nullable StageLagStatus lag, Function<Status.StageLagStatus, @Nullable Long> field) {
        Long millis = lag == null ? null : field.apply(lag);
        return millis == null ? Double.NaN : millis / 1000.0;
    }

    void scrape(Context context) {
        status = source.get();
        context.contentType("text/plain; version=0.0.4; charset=utf-8").result(registry.scrape());
    }

    @Override
    public void close() {
        registry.close();
    }
}
