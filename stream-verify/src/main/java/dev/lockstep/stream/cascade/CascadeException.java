package dev.lockstep.stream.cascade;

import dev.lockstep.schemas.table.ServerMessages;
import java.sql.SQLException;

/** The target refuses what a foreign key made on the source. The state and code are the database's own, and so are the words, but for the rows' values. */
public final class CascadeException extends SQLException {

    private static final long serialVersionUID = 1;

    CascadeException(Effect effect, SQLException cause) {
        super(
                "rows of table " + effect.tie().child().id() + " cannot be changed as foreign key "
                        + effect.tie().key().name() + " did on the source: " + ServerMessages.of(cause),
                cause.getSQLState(),
                cause.getErrorCode(),
                cause);
    }
}
