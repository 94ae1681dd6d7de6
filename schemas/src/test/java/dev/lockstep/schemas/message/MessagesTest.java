package dev.lockstep.schemas.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.CascadingKey.Action;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {

    private static final List<Value> EVERY_KIND = List.of(
            Value.NULL,
            new Value.Whole(Long.MIN_VALUE),
            new Value.Exact(new BigDecimal("-12345678901234567890.1200")),
            new Value.Single(-0f),
            new Value.Double(Double.NaN),
            new Value.Text("zwölf \uD83D\uDE80"),
            new Value.Binary(new byte[] {0, -1, 7}),
            new Value.Date(-1),
            new Value.Time(86_399_999_999L),
            new Value.LocalTimestamp(-1),
            new Value.Instant(1_700_000_000_000_001L),
            new Value.Json("{\"b\": 1.0, \"a\": null}"));

    @Test
    void carriesEveryKindOfValueUnchanged() {
        ChangeEvent change = new ChangeEvent(
                "shop.item", Operation.UPDATE, null, new Row(EVERY_KIND), new Position(1, 2, 3), "tx 7");

        assertThat(Messages.decodeChange(Messages.encode(change))).isEqualTo(change);
        RowKey key = new RowKey("shop.item", EVERY_KIND);
        assertThat(Messages.decodeKey(Messages.encode(key))).isEqualTo(key);
    }

    @Test
    void leavesTheRowBeforeOutOfAMessageThatWouldBeTooLargeAndNamesARowThatIs() {
        RowKey key = new RowKey("shop.doc", List.of(new Value.Whole(7)));
        Row row = new Row(List.of(new Value.Whole(7), new Value.Binary(new byte[60 << 20])));
        ChangeEvent change = new ChangeEvent("shop.doc", Operation.UPDATE, row, row, new Position(1, 2, 3), "tx 7");

        ChangeEvent carried = Messages.decodeChange(LargestMessage.encode(key, 100, change));

        assertThat(carried.before()).isNull();
        assertThat(carried.after()).isEqualTo(row);
        assertThat(carried.position()).isEqualTo(change.position());
        Row larger = new Row(List.of(new Value.Whole(7), new Value.Binary(new byte[LargestMessage.BYTES])));
        ChangeEvent refused = new ChangeEvent("shop.doc", Operation.INSERT, null, larger, change.position(), "tx 7");
        assertThatThrownBy(() -> LargestMessage.encode(key, 100, refused))
                .hasMessageContainingAll("row shop.doc (7) takes 100 MB", "excludeColumns");
    }

    @Test
    void carriesATableMapping() {
        assertThat(Messages.decodeTable(Messages.encode(Barrier.MAPPING))).isEqualTo(Barrier.MAPPING);
        TableMapping child = Barrier.MAPPING.withCascades(List.of(new CascadingKey(
                "fk", List.of("lane"), new TableId("shop", "lane"), List.of("id"), Action.SET_NULL, Action.NOTHING)));
        assertThat(Messages.decodeTable(Messages.encode(child))).isEqualTo(child);
    }

    @Test
    void refusesBytesThatAreNoSuchMessage() {
        byte[] other = Messages.STAGE_REPORT.encode(
                new StageReport(dev.lockstep.schemas.avro.Stage.APPLIED, 0, 1L, 2L, 3L, 4L));

        assertThatThrownBy(() -> Messages.decodeChange(other)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> Messages.decodeChange("text".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void seesABarrierInItsRowButNotInTheSnapshotsCopyOfIt() {
        Row row = new Row(List.of(new Value.Text("FORWARD"), new Value.Whole(2), new Value.Whole(77)));
        ChangeEvent streamed =
                new ChangeEvent("lockstep.barrier", Operation.UPDATE, null, row, new Position(1, 1, 1), "tx");
        ChangeEvent copied = new ChangeEvent("lockstep.barrier", Operation.READ, null, row, Position.SNAPSHOT, null);

        assertThat(Barrier.in(streamed)).contains(new Barrier(Barrier.Direction.FORWARD, 2, 77));
        assertThat(Barrier.in(copied)).isEmpty();
    }
}
