package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.message.Micros;
import java.time.Instant;
import java.util.Map;

/** A phase to its line in the journal, and back to the very same record. */
final class PhaseEvents {

    private PhaseEvents() {}

    static CutoverEvent toEvent(String migration, Phase phase, String reason) {
        return new CutoverEvent(migration, phase.name().name(), Micros.of(phase.at()), reason, facts(phase));
    }

    /**
     * @throws JournalException if the event is none that this version writes
     */
    static Phase toPhase(CutoverEvent event) {
        Instant at = Micros.toInstant(event.getAtMicros());
        Facts facts = new Facts(event.getFacts());
        return switch (name(event)) {
            case PREPARED -> new Prepared(at);
            case COPYING -> new Copying(at);
            case FOLLOWING -> new Following(at, facts.flag("unfence"));
            case READY -> new Ready(at, facts.duration("held"));
            case FENCED -> new Fenced(at, facts.cutover());
            case DRAINED -> new Drained(at, facts.instant("pausedAt"), facts.proof(), facts.cutover());
            case FLIPPED ->
                new Flipped(
                        at, facts.direction(), facts.instant("pausedAt"), facts.proof(), facts.dns(), facts.opening());
            case OPEN -> new Open(at, facts.moved());
            case SOAKING -> new Soaking(at, facts.moved(), facts.flag("unfence"));
            case ROLLED_BACK -> new RolledBack(at, facts.moved());
            case FINISHED -> new Finished(at);
        };
    }

    private static PhaseName name(CutoverEvent event) {
        try {
            return PhaseName.valueOf(event.getPhase());
        } catch (IllegalArgumentException e) {
            throw new JournalException(
                    "the journal tells of a phase unknown here: " + event.getPhase()
                            + "; start the version of Lockstep that wrote it",
                    e);
        }
    }

    private static Map<String, String> facts(Phase phase) {
        Facts facts = new Facts();
        if (phase instanceof Following p) facts.put("unfence", p.unfence());
        if (phase instanceof Ready p) facts.put("held", p.held());
        if (phase instanceof Fenced p) facts.putCutover(p.moved());
        if (phase instanceof Drained p)
            facts.put("pausedAt", p.pausedAt()).put(p.proof()).putCutover(p.moved());
        if (phase instanceof Flipped p)
            facts.put("pausedAt", p.pausedAt())
                    .put("direction", p.direction())
                    .put("opening", p.opening())
                    .put(p.proof())
                    .put(p.dns());
        if (phase instanceof Open p) facts.put(p.moved());
        if (phase instanceof Soaking p) facts.put(p.moved()).put("unfence", p.unfence());
        if (phase instanceof RolledBack p) facts.put(p.back());
        return facts.asMap();
    }
}
