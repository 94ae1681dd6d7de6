package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.time.Duration;

/** A controller's process on the simulated world. */
final class Controller {

    /** Budget of the write pause: 10 s. */
    static final CutoverRules RULES = new CutoverRules(null, null, null, null, null, null, null, null, null);

    final PhaseOwner owner;
    final Conductor conductor;

    Controller(SimulatedWorld world) {
        owner = PhaseOwner.open(world.openJournal(), "shop", world);
        conductor = new Conductor(owner, world.ports(), RULES, world, world::rest);
    }

    /** As if copied and all gates open. */
    static Controller ready(SimulatedWorld world) {
        Controller controller = new Controller(world);
        PhaseOwner owner = controller.owner;
        Copying copying = owner.enter(owner.current(), ((Prepared) owner.current()).copying(world.instant()), "start");
        Following following = owner.enter(copying, copying.following(world.instant()), "copied");
        owner.enter(following, following.ready(world.instant(), Duration.ofSeconds(30)), "gates held");
        world.acts.clear();
        return controller;
    }

    String lastReason() {
        return owner.history().get(owner.history().size() - 1).reason();
    }
}
