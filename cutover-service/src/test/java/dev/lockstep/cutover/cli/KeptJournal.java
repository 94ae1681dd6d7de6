package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.FencedOffException;
import dev.lockstep.cutover.phase.Journal;
import dev.lockstep.schemas.avro.CutoverEvent;
import java.util.ArrayList;
import java.util.List;

/** A journal in memory, which another controller can take over. */
final class KeptJournal implements Journal {

    final List<CutoverEvent> events = new ArrayList<>();
    boolean takenOver;

    @Override
    public List<CutoverEvent> read() {
        return List.of();
    }

    @Override
    public void append(CutoverEvent event) {
        events.add(event);
    }

    @Override
    public void confirm() {
        if (takenOver) throw new FencedOffException("shop", new IllegalStateException("newer"));
    }

    @Override
    public void close() {}
}
