package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.time.Duration;

/** A controller's process on the simulated world. */
final class Controller {

    /** Budget of the write pause: 10 s. */
    static final CutoverRules RULES = CutoverRules.DEFAULT;

    final PhaseOwner owner;
    final Conductor conductor;

    Controller(SimulatedWorld world) {
        this(world, world.openJournal(), world.ports());
    }

    /** One whose acts are observed. */
    Controller(SimulatedWorld world, ObservedActs acts) {
        this(world, acts.of(world.openJournal()), acts.of(world.ports()));
    }

    private Controller(SimulatedWorld world, Journal journal, CutoverPorts ports) {
        owner = PhaseOwner.open(journal, "shop", world);
        conductor = new Conductor(owner, ports, RULES, world, world::rest, world.patience());
    }

    /** As if copied and all gates open. */
    static Controller ready(SimulatedWorld world) {
        return ready(world, new Controller(world));
    }

    static Controller ready(SimulatedWorld world, Controller controller) {
        controller.conductor.resume();
        return controller.readyAgain(world);
    }

    /** The same after a way back. */
    Controller readyAgain(SimulatedWorld world) {
        if (owner.current() instanceof Prepared prepared)
            owner.enter(prepared, prepared.copying(world.instant()), "start");
        if (owner.current() instanceof Copying copying)
            owner.enter(copying, copying.following(world.instant()), "copied");
        if (owner.current() instanceof RolledBack back)
            owner.enter(back, back.following(world.instant()), "follows again");
        Following following = (Following) owner.current();
        owner.enter(following, following.ready(world.instant(), Duration.ofSeconds(30)), "gates held");
        world.acts.clear();
        return this;
    }

    String lastReason() {
        return owner.history().get(owner.history().size() - 1).reason();
    }
}
