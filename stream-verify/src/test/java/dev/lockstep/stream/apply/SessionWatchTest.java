package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.stream.apply.SessionWatch.Answer;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionWatchTest {

    private final List<String> asked = new ArrayList<>();
    private final List<String> cut = new ArrayList<>();
    private Answer answer = Answer.KNOWN;
    private long seconds;

    private final SessionWatch watch = new SessionWatch(
            SessionWatch.Bounds.USUAL,
            this::ask,
            () -> Duration.ofSeconds(seconds).toNanos());

    @BeforeEach
    void begin() {
        watch.waitsFor(line("7"));
        watch.begin();
    }

    @Test
    void asksNothingBeforeSomethingTakesLong() {
        seconds = 14;
        watch.look();
        watch.end();
        seconds = 1000;
        watch.look();
        watch.begin();
        seconds = 1014;
        watch.look();
        watch.waitsFor(null);
        seconds = 1100;
        watch.look();

        assertThat(asked).isEmpty();
    }

    @Test
    void waitsForASessionThatIsKnownHoweverLong() {
        for (seconds = 15; seconds < 10_000; seconds += 5) watch.look();

        assertThat(asked).contains("7");
        assertThat(cut).isEmpty();
        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void waitsWhereAServerAnswersAndDoesNotTell() {
        answer = Answer.REFUSED;
        for (seconds = 15; seconds < 10_000; seconds += 5) watch.look();

        assertThat(cut).isEmpty();
    }

    @Test
    void cutsTheLineOfASessionThatIsNotKnown() {
        answer = Answer.UNKNOWN;
        seconds = 15;
        watch.look();

        assertThat(cut).containsExactly("7");
    }

    @Test
    void cutsTheLineOnceTheServerHasNotAnsweredForAWhile() {
        answer = Answer.NONE;
        for (seconds = 20; seconds < 50; seconds += 5) watch.look();
        assertThat(cut).isEmpty();
        assertThat(watch.trouble()).hasValueSatisfying(said -> assertThat(said).contains("cannot be reached"));

        watch.look();
        assertThat(cut).containsExactly("7");
    }

    @Test
    void countsTheWhileAnewAfterAnyAnswer() {
        for (seconds = 15; seconds < 10_000; seconds += 5) {
            answer = seconds % 25 == 0 ? Answer.KNOWN : Answer.NONE;
            watch.look();
        }

        assertThat(cut).isEmpty();
    }

    @Test
    void cutsNothingThatWentOnWhileItWasAsking() {
        answer = Answer.UNKNOWN;
        SessionWatch[] asking = new SessionWatch[1];
        asking[0] = new SessionWatch(
                SessionWatch.Bounds.USUAL,
                session -> {
                    asking[0].end();
                    asking[0].begin();
                    return ask(session);
                },
                () -> Duration.ofSeconds(seconds++).toNanos());
        asking[0].waitsFor(line("8"));
        asking[0].begin();
        seconds = 15;
        asking[0].look();

        assertThat(asked).containsExactly("8");
        assertThat(cut).isEmpty();
    }

    private Answer ask(String session) {
        asked.add(session);
        return answer;
    }

    private Line line(String session) {
        Connection connection = (Connection) Proxy.newProxyInstance(
                SessionWatchTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("abort")) cut.add(session);
                    return null;
                });
        return new Line(connection, session, null);
    }
}
