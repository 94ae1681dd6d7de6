package dev.lockstep.schemas.row;

import java.util.List;

/** A whole row: a value for every column, in the table schema's column order. */
public record Row(List<Value> values) {

    public Value get(int column) {
        return values.get(column);
    }
}
