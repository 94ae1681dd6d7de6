package dev.lockstep.ingest.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.canonical.Positions;
import dev.lockstep.schemas.message.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class FailoversTest {

    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("file", Schema.STRING_SCHEMA)
            .field("pos", Schema.INT64_SCHEMA)
            .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema ROW = SchemaBuilder.struct()
            .name("shop.item.Envelope")
            .field("op", Schema.STRING_SCHEMA)
            .field("source", SOURCE)
            .build();
    private static final Schema END =
            SchemaBuilder.struct().field("status", Schema.STRING_SCHEMA).build();

    @Test
    void positionsGrowOverAFailoverToAServerWhoseFilesHaveSmallerNumbers() {
        Failovers failovers = Failovers.since(null);
        List<SourceRecord> before = failovers.counted(List.of(row("binlog.000007", 900), end("binlog.000007", 950)));
        List<SourceRecord> after =
                failovers.counted(List.of(row("mysql-bin.000002", 400), end("mysql-bin.000002", 450)));

        assertThat(place(after.get(0))).isGreaterThan(place(before.get(0)));
        assertThat(before).allMatch(record -> Positions.failovers(record.sourceOffset()) == 0);
        assertThat(after).allMatch(record -> Positions.failovers(record.sourceOffset()) == 1);
    }

    @Test
    void carriesTheCountOnAfterARestartAndCountsAFailoverWhileItWasAway() {
        SourceRecord last = Failovers.since(offset("binlog.000007", 900))
                .counted(List.of(row("binlog.000002", 400), end("binlog.000002", 450)))
                .get(1);

        SourceRecord same = Failovers.since(last.sourceOffset())
                .counted(List.of(row("binlog.000002", 500)))
                .get(0);
        SourceRecord third = Failovers.since(last.sourceOffset())
                .counted(List.of(row("binlog.000001", 9000)))
                .get(0);

        assertThat(Positions.failovers(same.sourceOffset())).isEqualTo(1);
        assertThat(Positions.failovers(third.sourceOffset())).isEqualTo(2);
        assertThat(place(third)).isGreaterThan(place(same));
    }

    @Test
    void aLogThatGoesOnIsTheSameServers() {
        List<SourceRecord> records = Failovers.since(offset("binlog.000001", 4))
                .counted(List.of(
                        row("binlog.000001", 400), // two rows of one event
                        row("binlog.000001", 400),
                        row("binlog.000002", 4)));
        assertThat(records).allMatch(record -> Positions.failovers(record.sourceOffset()) == 0);
    }

    /** Its offset says where its transaction begins; the other server has the next row behind that, and before this one. */
    @Test
    void noticesAFailoverInsideATransactionThatWasCut() {
        SourceRecord cut = Failovers.since(null)
                .counted(List.of(row("binlog.000001", 9100, offset("binlog.000001", 9000))))
                .get(0);
        SourceRecord next = Failovers.since(cut.sourceOffset())
                .counted(List.of(row("binlog.000001", 9050, offset("binlog.000001", 8950))))
                .get(0);
        assertThat(place(next)).isGreaterThan(place(cut));
    }

    @Test
    void aRecordOfTheFirstLookIsNoPlaceToGoBackFrom() {
        SourceRecord structure = row("binlog.000009", 4, offset("binlog.000009", 4), "true");
        List<SourceRecord> records =
                Failovers.since(offset("binlog.000003", 4)).counted(List.of(structure, row("binlog.000003", 100)));
        assertThat(records).allMatch(record -> Positions.failovers(record.sourceOffset()) == 0);
    }

    private static Position place(SourceRecord record) {
        return Positions.placeOf(record);
    }

    private static Map<String, Object> offset(String file, long pos) {
        return new HashMap<>(Map.of("file", file, "pos", pos));
    }

    private static SourceRecord row(String file, long pos) {
        return row(file, pos, offset(file, pos));
    }

    private static SourceRecord row(String file, long pos, Map<String, Object> offset) {
        return row(file, pos, offset, null);
    }

    private static SourceRecord row(String file, long pos, Map<String, Object> offset, String snapshot) {
        Struct source = new Struct(SOURCE).put("file", file).put("pos", pos).put("snapshot", snapshot);
        return record(offset, new Struct(ROW).put("op", "c").put("source", source));
    }

    private static SourceRecord end(String file, long pos) {
        return record(offset(file, pos), new Struct(END).put("status", "END"));
    }

    private static SourceRecord record(Map<String, Object> offset, Struct value) {
        return new SourceRecord(Map.of("server", "x"), offset, "topic", value.schema(), value);
    }
}
