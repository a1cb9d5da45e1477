package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cli.report.Page;
import dev.lookback.cli.report.Xml;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeaningsTest {
  @Test
  void theNumbersAreReadOnATerminalAndByAProgram() {
    Cli read = Cli.run("numbers");
    assertThat(read.code()).isZero();
    assertThat(read.out().lines()).allMatch(line -> line.length() <= 80 && !line.startsWith("#"));
    assertThat(read.out()).contains("- relative_bias: |mean_r g_r - g| / |g|.\n", "\nLoss\n");
    JsonObject json = JsonParser.parseString(Cli.run("numbers", "--json").out()).getAsJsonObject();
    assertThat(json.get("relative_bias").getAsString()).isEqualTo("|mean_r g_r - g| / |g|.");
    assertThat(json.get("loss, validation_loss").getAsString())
        .startsWith("mean over the predictions of the validation part (of the training epoch");
  }

  // Every number of summary.csv that needs a word has one.
  @Test
  void whatACompareWritesIsExplained() {
    String all = String.join(" ", Meanings.json().keySet());
    List<String> plain =
        List.of("tokens", "updates", "seconds", "training_perplexity", "clipped_fraction");
    assertThat(ComparisonTable.FIELDS.keySet())
        .allSatisfy(
            name -> assertThat(plain.contains(name) || all.contains(name)).as(name).isTrue());
  }

  @Test
  void aPageHasThemFoldedAtItsEnd() {
    Page page = Page.titled("Any").section("Options");
    Meanings.addTo(page);
    String html = page.html();
    Xml.parse(html);
    assertThat(html)
        .contains("<details>", "<h3>Gradients</h3>", "relative_bias: |mean_r g_r - g| / |g|.")
        .doesNotContain("##");
  }
}
