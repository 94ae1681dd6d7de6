package dev.lockstep.schemas.table;

/**
 * One column on both sides.
 *
 * @param name as the source names it
 * @param kind as what both sides' values are compared
 * @param sourceType as the source's catalog spells it
 * @param targetName as the target names it
 * @param targetType as the target's catalog spells it, usable in a cast
 */
public record ColumnMapping(String name, Kind kind, String sourceType, String targetName, String targetType) {}
