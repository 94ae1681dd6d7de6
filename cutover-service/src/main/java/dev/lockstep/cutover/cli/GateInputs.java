package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.gate.Findings;
import dev.lockstep.cutover.gate.Inputs;
import dev.lockstep.cutover.gate.Lag;
import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.stream.lag.LagView;
import dev.lockstep.stream.lag.Percentiles;
import dev.lockstep.stream.lag.ProofView;
import dev.lockstep.stream.lag.StageLag;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Gathers what the gates judge: from the lag's view, the proof's, DNS, and the dead letters' topic. */
final class GateInputs implements AutoCloseable {

    private static final Duration DNS_AGE = Duration.ofSeconds(3);

    private final Pipeline pipeline;
    private final Cutovers cutovers;
    private final Set<String> tables;
    private final Admin admin;
    private Findings dns = new Findings.Unseen("DNS has not been looked at yet");
    private Instant dnsAt = Instant.MIN;

    GateInputs(Pipeline pipeline, Cutovers cutovers) {
        this.pipeline = pipeline;
        this.cutovers = cutovers;
        this.tables = cutovers.tableIds();
        this.admin = Admin.create(Map.of("bootstrap.servers", pipeline.bootstrap));
    }

    Inputs gather(LagView lag, ProofView proof, Instant now) {
        return new Inputs(
                now,
                lag(lag.applied()),
                lag(lag.proven()),
                tables,
                proof(proof),
                proof.known() ? OptionalLong.of(proof.openMismatches()) : OptionalLong.empty(),
                deadLetters(),
                new Findings.NotApplicable(), // counters are set in the cutover itself
                dns(now),
                new Findings.Seen(pipeline.pause()
                        .map(pause -> List.of("paused: " + pause.change()))
                        .orElse(List.of())));
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

    private OptionalLong deadLetters() {
        TopicPartition topic = new TopicPartition(pipeline.topics.deadLetters(), 0);
        try {
            return OptionalLong.of(admin.listOffsets(Map.of(topic, OffsetSpec.latest()))
                    .partitionResult(topic)
                    .get(2, TimeUnit.SECONDS)
                    .offset());
        } catch (ExecutionException | TimeoutException e) {
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }

    private Findings dns(Instant now) {
        if (dnsAt.equals(Instant.MIN) || dnsAt.plus(DNS_AGE).isBefore(now)) {
            dns = cutovers.dnsFindings();
            dnsAt = now;
        }
        return dns;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
