package org.cellweave.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.Test;

class LisiTest {
  private static List<String[]> table(String name) throws IOException {
    var path = SharedData.require("data/harmony/" + name);
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
      return in.lines().skip(1).map(line -> line.split("\t")).toList();
    }
  }

  /** Five cells at distance one of each other. */
  private static NearestNeighbors.Result fiveAtOnce() {
    int[] ids = new int[25];
    double[] distances = new double[25];
    for (int i = 0; i < 5; i++) {
      ids[i * 5] = i;
      for (int c = 1; c < 5; c++) {
        ids[i * 5 + c] = (i + c) % 5;
        distances[i * 5 + c] = 1;
      }
    }
    return new NearestNeighbors.Result(5, 5, ids, distances, NearestNeighbors.Search.EXACT);
  }

  private static Lisi.Params perplexity(double value) {
    return Lisi.Params.builder().perplexity(value).build();
  }

  @Test
  void countsLabelsByHand() {
    var result = Lisi.run(fiveAtOnce(), new int[] {0, 0, 0, 1, 1}, perplexity(3));
    // others of cell 0: two of each label; of cell 3: three and one
    assertThat(result.values()[0]).isCloseTo(2, within(1e-12));
    assertThat(result.values()[3]).isCloseTo(16 / 10.0, within(1e-12));
    assertThat(result.median()).isCloseTo(2, within(1e-12));
    assertThat(result.integration()).isCloseTo(1, within(1e-12));
    assertThat(result.conservation()).isCloseTo(0, within(1e-12));
  }

  @Test
  void equalsTheFixtureOfTheRPackage() throws IOException {
    var rows = table("lisi_x.tsv.gz");
    var x =
        DenseMatrix.ofRows(
            rows.stream()
                .map(r -> new double[] {Double.parseDouble(r[0]), Double.parseDouble(r[1])})
                .toArray(double[][]::new));
    var labels = table("lisi_metadata.tsv.gz");
    var expected = table("lisi_lisi.tsv.gz");
    var lists = NearestNeighbors.run(x, NearestNeighbors.Params.builder().nNeighbors(90).build());
    for (int column = 0; column < 2; column++) {
      int c = column;
      int[] codes = labels.stream().mapToInt(r -> r[c].charAt(0) - 'A').toArray();
      double[] values = Lisi.run(lists, codes, Lisi.Params.DEFAULTS).values();
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i])
            .as("label%d of cell %d", c + 1, i)
            .isCloseTo(Double.parseDouble(expected.get(i)[c + 1]), within(1e-9));
      }
    }
  }

  @Test
  void liesBetweenOneAndTheNumberOfLabels() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Clouds.of(3, 60, 4, 1, seed);
          var lists =
              NearestNeighbors.run(
                  x.points(), NearestNeighbors.Params.builder().nNeighbors(30).build());
          var values = Lisi.run(lists, x.labels(), perplexity(10)).values();
          assertThat(java.util.Arrays.stream(values))
              .allMatch(v -> v >= 1 - 1e-12 && v <= 3 + 1e-12);
          assertThat(
                  Seeds.withThreads(7, () -> Lisi.run(lists, x.labels(), perplexity(10)).values()))
              .isEqualTo(
                  Seeds.withThreads(1, () -> Lisi.run(lists, x.labels(), perplexity(10)).values()));
        });
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> Lisi.run(fiveAtOnce(), new int[5], perplexity(3)))
        .hasMessage("labels must have at least two levels, got 1: one label cannot mix.");
    assertThatThrownBy(() -> Lisi.run(fiveAtOnce(), new int[] {0, 1, -1, 0, 0}, perplexity(3)))
        .hasMessageStartingWith("labels has 1 missing label, for cell 2. Give every cell a label");
    assertThatThrownBy(() -> Lisi.run(fiveAtOnce(), new int[] {0, 1}, perplexity(3)))
        .hasMessage("labels has length 2, but the number of cells is 5");
    assertThatThrownBy(() -> Lisi.run(fiveAtOnce(), new int[] {0, 1, 1, 0, 0}, perplexity(4)))
        .hasMessageContaining("perplexity must be smaller than the number of neighbours, got 4.0");
    assertThatThrownBy(() -> perplexity(0)).hasMessage("perplexity must be positive, got 0.0");
  }
}
