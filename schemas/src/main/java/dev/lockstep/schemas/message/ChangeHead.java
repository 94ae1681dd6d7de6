package dev.lockstep.schemas.message;

/** What a change says of itself before its rows: enough to know what to do with them, and when. */
public record ChangeHead(String table, ChangeEvent.Operation operation) {}
