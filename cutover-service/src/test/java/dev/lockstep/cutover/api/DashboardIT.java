package dev.lockstep.cutover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.stream.lag.LagSample;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The page in a real browser: Chromium with its driver, both from the system. */
class DashboardIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path profile;

    private static WebDriver browser;

    private final AtomicLong appliedMillis = new AtomicLong(120);
    private volatile boolean soaking;
    private ApiServer api;

    @BeforeAll
    static void open() {
        Optional<File> driver = executable("chromedriver");
        Optional<File> chromium = executable("chromium").or(() -> executable("google-chrome"));
        boolean required =
                System.getenv("LOCKSTEP_REQUIRE_LANES") != null || System.getProperty("LOCKSTEP_REQUIRE_LANES") != null;
        assumeTrue(required || (driver.isPresent() && chromium.isPresent()), "no Chromium with its driver here");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1360,960",
                "--user-data-dir=" + profile);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.orElseThrow())
                        .build(),
                options);
    }

    @AfterAll
    static void quit() {
        if (browser != null) browser.quit();
    }

    @BeforeEach
    void start() {
        api = start(0);
        browser.get(api.url().toString());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private ApiServer start(int port) {
        return ApiServer.start(
                port,
                () -> soaking
                        ? MadeUpStatus.soaking(Instant.now(), "<i>10.0.0.7</i>")
                        : MadeUpStatus.following(Instant.now(), appliedMillis.get(), "<b>orders</b>"),
                () -> List.of(
                        sample(Instant.now().minusSeconds(2)),
                        sample(Instant.now().minusSeconds(1))),
                MadeUpStatus.noActions(),
                "token");
    }

    private static LagSample sample(Instant at) {
        Optional<Duration> lag = Optional.of(Duration.ofMillis(250));
        return new LagSample(at, lag, lag, Optional.empty(), 10, 9);
    }

    @Test
    void showsThePhaseAndALagThatMovesWithItsUnit() {
        // given
        awaitText("#phases [aria-current=step] b", "Following");
        awaitText("#lag-applied", "120 ms");
        assertThat(text("#lag-proven")).isEqualTo("unknown");

        // when
        appliedMillis.set(3_450);

        // then, without a reload
        awaitText("#lag-applied", "3.45 s");
        assertThat(attribute("#lag-chart", "aria-label")).contains("captured at most 250 ms", "proven unknown");
        assertThat(browser.findElements(By.cssSelector("#lag-chart canvas"))).hasSize(1);
    }

    @Test
    void namesTheRowThatDiffersByTableKeyAndKind() {
        // then a name is shown as it is, and does not become a part of the page
        awaitText("#mismatches tr td:nth-child(1)", "shop.<b>orders</b>");
        assertThat(text("#mismatches tr td:nth-child(2)")).isEqualTo("(4711)");
        assertThat(text("#mismatches tr td:nth-child(3)")).isEqualTo("differs");
        assertThat(text("#tables tr:nth-child(1)")).contains("shop.customers", "20,004", "equal");
        assertThat(text("#tables tr:nth-child(2)")).contains("41,215", "differs, 1 row known");
        assertThat(text("#gates li:nth-child(3)")).contains("closed", "mismatches", "1 mismatched row");
    }

    @Test
    void showsWhatIsWatchedAfterTheTrafficHasMoved() {
        // given
        awaitText("#phases [aria-current=step] b", "Following");
        assertThat(browser.findElement(By.id("soak-panel")).isDisplayed()).isFalse();

        // when
        soaking = true;

        // then
        awaitText("#alarm", "the check failed twice");
        assertThat(text("#soak")).contains("failed 2 times in a row: orders: 502", "1 session");
        assertThat(text("#stragglers tr")).contains("app", "<i>10.0.0.7</i>", "3", "12");
        assertThat(text("#forecast")).contains("rollback", "730 ms", "1.90 s", "10.0 s");
        assertThat(text("#cutover")).contains("748 ms");
    }

    @Test
    void saysSoWhenNobodyAnswersAnyMoreAndComesBackByItself() {
        // given
        awaitText("#connection", "Live");
        int port = api.url().getPort();

        // when
        api.close();

        // then
        awaitText("#connection", "Connection lost: nothing below is current");
        assertThat(attribute("body", "data-connection")).isEqualTo("lost");

        // when it is there again
        api = start(port);

        // then
        awaitText("#connection", "Live");
        assertThat(attribute("body", "data-connection")).isEqualTo("live");
    }

    private static void awaitText(String selector, String expected) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(text(selector)).isEqualTo(expected));
    }

    private static String text(String selector) {
        return browser.findElement(By.cssSelector(selector)).getText();
    }

    private static String attribute(String selector, String name) {
        return String.valueOf(browser.findElement(By.cssSelector(selector)).getDomAttribute(name));
    }

    private static Optional<File> executable(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
    }
}
