package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.table.TransientErrors;
import java.io.IOException;
import java.sql.SQLException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/** Which failures pass by themselves, or are gone once what was cut off is begun again. */
final class Trouble {

    private Trouble() {}

    /** Whether it, or what caused it, is a failure of that kind. */
    static boolean passes(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) if (isPassing(cause)) return true;
        return false;
    }

    /** {@link IOException}: Kafka Connect's REST interface does not answer, or cannot reach the database that a connector is for. */
    private static boolean isPassing(Throwable failure) {
        if (failure instanceof SQLException sql) return TransientErrors.contain(sql);
        if (failure instanceof KafkaException kafka) return isPassing(kafka);
        return failure instanceof IOException;
    }

    /** A broker that is away, and a transaction that it does not know: a new producer begins another. Not being fenced off. */
    private static boolean isPassing(KafkaException e) {
        return e instanceof RetriableException
                || e instanceof TransactionAbortableException
                || e instanceof InvalidTxnStateException
                || e instanceof InvalidPidMappingException
                || e instanceof OutOfOrderSequenceException;
    }
}
