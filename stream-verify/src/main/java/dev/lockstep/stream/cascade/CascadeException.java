package dev.lockstep.stream.cascade;

import java.sql.SQLException;

/** The target refuses what a foreign key made on the source. The state and code are the database's own. */
public final class CascadeException extends SQLException {

    private static final long serialVersionUID = 1;

    CascadeException(Effect effect, SQLException cause) {
        super(
                "rows of table " + effect.tie().child().id() + " cannot be changed as foreign key "
                        + effect.tie().key().name() + " did on the source: " + cause.getMessage(),
                cause.getSQLState(),
                cause.getErrorCode(),
                cause);
    }
}
