package dev.lockstep.cutover.api;

import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;

/** Serves what the scans found, and what may be done about it. */
final class ScanRoutes {

    private final Scanning scanning;
    private final Guard guard;

    ScanRoutes(Scanning scanning, Guard guard) {
        this.scanning = scanning;
        this.guard = guard;
    }

    void rows(Context context) {
        ApiServer.json(context, scanning.rows());
    }

    void ask(Context context) throws Exception {
        String since = context.queryParam("since");
        act(
                context,
                () -> scanning.ask(
                        context.queryParams("table"), since == null ? null : ApiServer.instant("since", since)));
    }

    /** Values are the application's data: only who may act sees them. */
    void values(Context context) throws Exception {
        act(context, () -> scanning.values(choice(context)));
    }

    void repair(Context context) throws Exception {
        act(context, () -> scanning.repair(choice(context)));
    }

    private static Scanning.Choice choice(Context context) {
        return new Scanning.Choice(context.queryParam("table"), context.queryParam("key"), ApiServer.asker(context));
    }

    private interface Action {
        Object run() throws Exception;
    }

    private void act(Context context, Action action) throws Exception {
        guard.checkToken(context);
        try {
            ApiServer.json(context, action.run());
        } catch (RuntimeException | java.sql.SQLException e) {
            throw new ConflictResponse(String.valueOf(e.getMessage()));
        }
    }
}
