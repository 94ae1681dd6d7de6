package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.avro.CutoverEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts an observer before whatever the runbook acts through: every method of every port is an act, so that no new one can go by unseen. */
public final class ObservedActs {

    private final ActObserver observer;

    public ObservedActs(ActObserver observer) {
        this.observer = observer;
    }

    public CutoverPorts of(CutoverPorts ports) {
        return new CutoverPorts(
                of(Clearance.class, "clearance", ports.clearance()),
                of(Writes.class, "source", ports.source()),
                of(Writes.class, "target", ports.target()),
                of(Flow.class, "flow", ports.flow()),
                of(ProofAt.class, "proof", ports.proofs()),
                of(Sequences.class, "sequences", ports.sequences()),
                of(Traffic.class, "traffic", ports.traffic()),
                ports.tables());
    }

    public Journal of(Journal journal) {
        return of(Journal.class, "journal", journal);
    }

    /** Whatever else is acted through. */
    public <T> T of(Class<T> port, String name, T real) {
        Object proxy = Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (self, method, arguments) -> act(name(name, method, arguments), method, real, arguments));
        return port.cast(proxy);
    }

    private static String name(String port, Method method, Object @Nullable [] arguments) {
        if (arguments != null && arguments.length == 1 && arguments[0] instanceof CutoverEvent entry)
            return port + " " + entry.getPhase();
        return port + "." + method.getName();
    }

    private @Nullable Object act(String act, Method method, Object real, Object @Nullable [] arguments)
            throws Throwable {
        observer.before(act);
        long begun = System.nanoTime();
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        } finally {
            observer.after(act, Duration.ofNanos(System.nanoTime() - begun));
        }
    }
}
