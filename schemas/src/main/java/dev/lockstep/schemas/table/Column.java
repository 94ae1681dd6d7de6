package dev.lockstep.schemas.table;

import org.jspecify.annotations.Nullable;

/**
 * A column as its catalog describes it.
 *
 * @param type the type as the engine spells it, usable in a cast
 * @param kind as what its values are carried; null where Lockstep cannot carry them without loss
 * @param generated computed by the server: not carried, not compared
 */
public record Column(String name, String type, @Nullable Kind kind, boolean nullable, boolean generated) {}
