package dev.lockstep.cutover.api;

import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;

/** Serves what may be seen of the dead letters, and done about them. */
final class LetterRoutes {

    private interface Action {
        Letters.Outcome run(Letters.Choice choice) throws InterruptedException;
    }

    private final Letters letters;
    private final Guard guard;

    LetterRoutes(Letters letters, Guard guard) {
        this.letters = letters;
        this.guard = guard;
    }

    void list(Context context) {
        ApiServer.json(
                context,
                letters.open().orElseThrow(() -> new ConflictResponse("not known yet: the target is waited for")));
    }

    void retry(Context context) throws InterruptedException {
        act(context, letters::retry);
    }

    void discard(Context context) throws InterruptedException {
        act(context, letters::discard);
    }

    private void act(Context context, Action action) throws InterruptedException {
        guard.checkToken(context);
        String until = context.queryParam("until");
        var choice = new Letters.Choice(
                context.queryParam("table"),
                context.queryParam("key"),
                until == null ? null : ApiServer.instant("until", until),
                ApiServer.asker(context));
        try {
            ApiServer.json(context, action.run(choice));
        } catch (RuntimeException e) {
            throw new ConflictResponse(String.valueOf(e.getMessage()));
        }
    }
}
