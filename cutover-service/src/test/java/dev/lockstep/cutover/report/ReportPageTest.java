package dev.lockstep.cutover.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportPageTest {

    private final ProofReport report = MadeUpReport.of(
            List.of(new ProofReport.TableProof(
                    "shop.<script>alert(1)</script>",
                    "shop.\"x\" onload='y'",
                    MadeUpReport.AT,
                    1234567,
                    1234566,
                    "0a".repeat(16),
                    "0b".repeat(16),
                    false,
                    1,
                    MadeUpReport.AT,
                    20,
                    19)),
            ChainFacts.of(List.of(new Point(20, 1_795_000_000_000_000L, 1, "ab".repeat(32))), List.of("<i>gone</i>")));

    @Test
    void whatDatabasesAreNamedNeverBecomesMarkup() {
        String page = ReportPage.of(report);

        assertThat(page)
                .doesNotContain("<script", "<b>else", "<i>gone", "onload='y'", "\"x\"")
                .contains("shop.&lt;script&gt;alert(1)", "(&quot;&#39;&amp;)", "nothing &lt;b&gt;else");
    }

    @Test
    void thePageNeedsNothingBesideItAndSaysWhatIsNotProven() {
        String page = ReportPage.of(report);

        assertThat(page)
                .doesNotContainPattern("(src|href)\\s*=|url\\(|@import|https?:")
                .contains(
                        "prefers-color-scheme: dark",
                        "@media print",
                        "Not everything is proven",
                        "No scan has been run")
                .contains("1234567 on the source, 1234566 on the target", "19 of 20", "ab".repeat(32));
    }

    @Test
    void theFactsComeBackFromTheirFile() {
        assertThat(Json.read(Json.write(report), ProofReport.class)).isEqualTo(report);
    }
}
