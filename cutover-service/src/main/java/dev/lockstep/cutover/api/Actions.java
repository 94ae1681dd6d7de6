package dev.lockstep.cutover.api;

import dev.lockstep.cutover.forecast.Forecast;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What may be asked of a migration. What acts gives the reason if it is refused.
 *
 * @param cutover asks for the cutover
 * @param rollback asks for the traffic to stay on the source or to go back there; its argument is who asks
 * @param finish asks for the end, after which there is no way back; likewise
 * @param resume asks to go on after a pause
 * @param pause asks to give the target no more changes; its argument is who asks
 * @param letters the rows that the target refused
 * @param scanning reading both databases themselves, and mending what differs
 * @param rehearse tries the next move with so many drills, without stopping writes, and foretells it; throws IllegalStateException or
 *     IllegalArgumentException with the reason if it does not
 * @param report gathers the proof as it stands
 * @param kafka tells where the topics are
 */
public record Actions(
        Function<CutoverRequest, Optional<String>> cutover,
        Function<String, Optional<String>> rollback,
        Function<String, Optional<String>> finish,
        Supplier<Optional<String>> resume,
        Function<String, Optional<String>> pause,
        Letters letters,
        Scanning scanning,
        IntFunction<Forecast> rehearse,
        Supplier<? extends Record> report,
        Supplier<String> kafka) {}
