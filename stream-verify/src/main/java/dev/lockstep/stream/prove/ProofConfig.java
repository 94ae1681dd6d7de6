package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the proof reads and where it keeps its state.
 *
 * @param bootstrap {@code host:port} of the Kafka cluster that holds the topics, which must be there
 * @param tables every table that gets a verdict; a change of any other is left out, with a warning. Those that the source's log does not
 *     tell all of are not among them, whoever gives them: to find them equal, or not, would mean nothing
 * @param lanes partitions of each topic of changes; nothing is judged before a barrier has passed in each of them
 * @param parallelism of the row comparison; one core handles some ten thousand changes a second
 * @param state directory for checkpoints and working files
 */
public record ProofConfig(
        String bootstrap, Topics topics, List<TableMapping> tables, int lanes, int parallelism, Path state) {

    private static final String STATE_FORMAT = "4";

    public ProofConfig {
        if (lanes < 1) throw new IllegalArgumentException("lanes: at least 1, not " + lanes);
        if (parallelism < 1 || parallelism > ProofSettings.MAX_PARALLELISM)
            throw new IllegalArgumentException(
                    "parallelism: 1 to " + ProofSettings.MAX_PARALLELISM + ", not " + parallelism);
        tables = tables.stream().filter(TableMapping::isLogged).toList();
        for (TableMapping table : tables)
            if (table.lane() < 0 || table.lane() >= lanes)
                throw new IllegalArgumentException(
                        "table " + table.id() + " is in lane " + table.lane() + " of " + lanes + ", counted from 0");
    }

    /**
     * Where checkpoints of just this proof lie. Sums gathered over other tables, lanes or columns would be wrong from then on, so
     * whoever changes those starts from the topics' beginning.
     */
    Path checkpoints() {
        List<Value> parts = new ArrayList<>();
        parts.add(new Value.Text(topics.migration()));
        parts.add(new Value.Whole(lanes));
        tables.stream()
                .sorted(Comparator.comparing(TableMapping::id))
                .map(table -> new Value.Binary(Messages.encode(table)))
                .forEach(parts::add);
        String proof = RowDigest.of(new RowKey(STATE_FORMAT, parts)).toString();
        return state.resolve("checkpoints").resolve(proof.substring(0, 16)).toAbsolutePath();
    }
}
