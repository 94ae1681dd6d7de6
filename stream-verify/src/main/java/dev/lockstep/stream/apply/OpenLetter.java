package dev.lockstep.stream.apply;

import dev.lockstep.schemas.avro.DeadLetter;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.row.RowKey;
import java.time.Instant;

/**
 * A row that is set aside: the target refused a change of it, and gets none until an operator has retried or discarded them.
 *
 * @param newest what the row is to become; every change carries its whole row, so the earlier ones are not needed
 * @param sqlState of the refusal
 * @param error what the target said, and what to do
 * @param letters batches that had changes of it since
 * @param since when it was refused first
 * @param at when its newest change came
 */
public record OpenLetter(
        RowKey key, ChangeEvent newest, String sqlState, String error, long letters, Instant since, Instant at) {

    static OpenLetter of(RowKey key, DeadLetter letter) {
        Instant at = Micros.toInstant(letter.getAtMicros());
        return new OpenLetter(
                key, Messages.fromAvro(letter.getChange()), letter.getSqlState(), letter.getError(), 1, at, at);
    }

    /** With one more change behind it. */
    OpenLetter then(OpenLetter later) {
        boolean refused = !later.sqlState.isEmpty();
        return new OpenLetter(
                key,
                later.newest,
                refused ? later.sqlState : sqlState,
                refused ? later.error : error,
                letters + 1,
                since,
                later.at);
    }
}
