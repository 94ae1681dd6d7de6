package dev.lockstep.schemas.message;

import java.util.List;

/** The topics of one migration. Their partitions are lanes where they carry changes, and one elsewhere. */
public record Topics(String migration) {

    /** Changes committed on the source, a partition a lane. */
    public String sourceChanges() {
        return changes(Side.SOURCE);
    }

    /** The echo: changes that the target's own log shows. */
    public String targetChanges() {
        return changes(Side.TARGET);
    }

    public String changes(Side side) {
        return name(side.label() + ".changes");
    }

    /** Compacted: table id to its mapping. */
    public String tables() {
        return name("tables");
    }

    /** Compacted: how far the initial copies are, as a whole and by chunk. */
    public String copy() {
        return name("copy");
    }

    public String stages() {
        return name("stages");
    }

    public String verdicts() {
        return name("verdicts");
    }

    /** Compacted: row key to its mismatch; a tombstone once it has healed. */
    public String mismatches() {
        return name("mismatches");
    }

    /** Compacted: table id to how far its newest scan is, and row key to what a scan found of it; a tombstone once it is the same. */
    public String scans() {
        return name("scans");
    }

    public String deadLetters() {
        return name("dead-letters");
    }

    /** One partition, never deleted. */
    public String journal() {
        return name("journal");
    }

    public List<String> compacted() {
        return List.of(tables(), mismatches(), copy(), scans());
    }

    private String name(String what) {
        return "lockstep." + migration + "." + what;
    }
}
