package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Migration.ApplyRules;
import dev.lockstep.schemas.migration.Migration.RefusedRows;
import dev.lockstep.schemas.table.TableMapping;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Appliers of the source's one lane, as the tests want them. */
final class ApplyConfigs {

    private ApplyConfigs() {}

    /** At full speed, stopping at a refused row. */
    static ApplyConfig of(String bootstrap, Topics topics, Endpoint target, int batchRows, TableMapping... tables) {
        return of(
                bootstrap,
                topics,
                target,
                new ApplyRules(batchRows, 0, RefusedRows.STOP, Migration.Cascades.REFUSE),
                tables);
    }

    /** At full speed, setting refused rows aside. */
    static ApplyConfig quarantining(
            String bootstrap, Topics topics, Endpoint target, int batchRows, TableMapping... tables) {
        return of(
                bootstrap,
                topics,
                target,
                new ApplyRules(batchRows, 0, RefusedRows.QUARANTINE, Migration.Cascades.REFUSE),
                tables);
    }

    static ApplyConfig of(String bootstrap, Topics topics, Endpoint target, ApplyRules rules, TableMapping... tables) {
        return new ApplyConfig(
                bootstrap,
                topics,
                Barrier.Direction.FORWARD,
                target,
                List.of(tables),
                Set.of(),
                0,
                false,
                rules,
                Clock.systemUTC());
    }
}
