package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class StopTest {

    @Test
    void whatPassesIsTriedAgain() {
        for (Exception failure : List.of(
                new SQLException("connection refused", "08001"),
                new SQLException("the server is shutting down", "57P01"),
                new TimeoutException("no broker"),
                new InvalidTxnStateException("a transaction that the broker does not know"),
                new KafkaException("cannot commit", new TimeoutException("no broker")),
                new IllegalStateException(new ExecutionException(new TimeoutException("no broker"))),
                new IOException("Kafka Connect refuses connector c")))
            assertThat(Stop.of("c", failure).kind()).as("%s", failure).isEqualTo(Stop.Kind.AWAY);
    }

    @Test
    void whatIsRefusedForGoodIsNot() {
        for (Exception failure : List.of(
                new SQLException("permission denied", "42501"),
                new ProducerFencedException("another process copies"),
                new KafkaException("cannot commit", new ProducerFencedException("another process copies")),
                new RecordTooLargeException("a row")))
            assertThat(Stop.of("c", failure).kind()).as("%s", failure).isEqualTo(Stop.Kind.BROKEN);
    }

    @Test
    void theReasonNamesTheConnector() {
        assertThat(Stop.of("lockstep.shop.source.0", new SQLException("permission denied", "42501"))
                        .reason())
                .isEqualTo("lockstep.shop.source.0: permission denied");
    }
}
