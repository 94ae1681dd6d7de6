package dev.lockstep.ingest.canonical;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one table out of Debezium's structs, in the mapping's column order. */
final class TableReader {

    final TableMapping table;
    private final Side side;
    private @Nullable Schema schema;
    private Field[] fields = {};

    TableReader(TableMapping table, Side side) {
        this.table = table;
        this.side = side;
    }

    Row row(Struct struct) {
        Field[] fields = fields(struct.schema());
        List<Value> values = new ArrayList<>(fields.length);
        for (int column = 0; column < fields.length; column++) values.add(value(struct, fields[column], column));
        return new Row(values);
    }

    /** The key alone, from a struct whose other fields need not be there. */
    RowKey key(Struct struct) {
        Field[] fields = fields(struct.schema());
        List<Value> values = new ArrayList<>(table.key().size());
        for (int column : table.key()) values.add(value(struct, fields[column], column));
        return new RowKey(table.id(), values);
    }

    private Value value(Struct struct, Field field, int column) {
        try {
            return read(struct, field, column);
        } catch (RuntimeException e) {
            String name = table.id() + "." + table.columns().get(column).name();
            DataException error = new DataException(name + " of row " + keyForError(struct) + ": " + e.getMessage());
            error.addSuppressed(e); // no cause: the worker's last cause is what is shown
            throw error;
        }
    }

    private Value read(Struct struct, Field field, int column) {
        ColumnMapping mapping = table.columns().get(column);
        return RecordValue.of(mapping.kind(), side.typeOf(mapping), field.schema(), struct.get(field));
    }

    private String keyForError(Struct struct) {
        List<Value> key = new ArrayList<>();
        try {
            for (int column : table.key()) key.add(read(struct, fields(struct.schema())[column], column));
        } catch (RuntimeException e) {
            return "(unreadable)";
        }
        return new RowKey(table.id(), key).display();
    }

    private Field[] fields(Schema current) {
        if (current != schema) {
            fields = table.columns().stream()
                    .map(column -> field(current, column))
                    .toArray(Field[]::new);
            schema = current;
        }
        return fields;
    }

    private Field field(Schema current, ColumnMapping column) {
        String name = side.nameOf(column);
        Field field = current.field(name);
        if (field == null)
            throw new DataException(table.id() + " on the " + side.label() + " has no column " + name
                    + " any more; give it back, or start the migration anew without it");
        return field;
    }
}
