package dev.lockstep.ingest.capture;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/** Which failures pass by themselves, or are gone once what was cut off is begun again. */
final class Trouble {

    /** MySQL and MariaDB: too many connections, of the server and of users; shutdown, lock wait, query or connection ended by somebody. */
    private static final Set<Integer> PASSING_CODES = Set.of(1040, 1203, 1226, 1053, 1205, 1317, 1927, 4031);

    private Trouble() {}

    /** Whether it, or what caused it, is a failure of that kind. */
    static boolean passes(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) if (isPassing(cause)) return true;
        return false;
    }

    /** {@link IOException}: Kafka Connect's REST interface does not answer, or cannot reach the database that a connector is for. */
    private static boolean isPassing(Throwable failure) {
        if (failure instanceof SQLException sql) return isPassing(sql);
        if (failure instanceof KafkaException kafka) return isPassing(kafka);
        return failure instanceof IOException;
    }

    /** A cut connection, a server that restarts or is full for the moment, a lock that was waited for in vain, a query that was ended. */
    private static boolean isPassing(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.startsWith("08")
                || state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.equals("55P03")
                || state.equals("57014")
                || e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || PASSING_CODES.contains(e.getErrorCode());
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
