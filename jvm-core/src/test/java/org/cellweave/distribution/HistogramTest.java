package org.cellweave.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.cellweave.distribution.Histogram.Bins;
import org.cellweave.distribution.Histogram.Stat;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private static final double NONE = Double.NaN;
  private static final double[] VALUES = {0, 1, 1, 2, 3, 8};

  private static Bins count(int n) {
    return new Bins(null, false, 0, n, NONE, NONE);
  }

  @Test
  void countsByHand() {
    double[] edges = Histogram.edges(VALUES, count(4));
    assertThat(edges).containsExactly(0, 2, 4, 6, 8);
    assertThat(Histogram.counts(VALUES, edges)).containsExactly(3, 2, 0, 1);
    assertThat(Histogram.counts(new double[] {-1, 9, 2, 8}, edges)).containsExactly(0, 1, 0, 1);
  }

  @Test
  void edgesFollowTheWish() {
    assertThat(Histogram.edges(VALUES, new Bins(null, false, 3, 0, NONE, NONE)))
        .containsExactly(0, 3, 6, 9);
    assertThat(Histogram.edges(new double[] {1, 3}, new Bins(null, true, 0, 0, NONE, NONE)))
        .containsExactly(0.5, 1.5, 2.5, 3.5);
    assertThat(Histogram.edges(VALUES, new Bins(null, false, 0, 2, -2, 10)))
        .containsExactly(-2, 4, 10);
    assertThat(Histogram.edges(VALUES, new Bins(new double[] {0, 1, 9}, false, 0, 0, NONE, NONE)))
        .containsExactly(0, 1, 9);
    assertThat(Histogram.edges(new double[] {5, 5}, count(1))).containsExactly(4.5, 5.5);
  }

  @Test
  void theRuleIsSturgesForFew() {
    double[] ten = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    // Freedman and Diaconis would give 2 * 4.5 / 10^(1/3) = 4.2, Sturges 9 / (log2(10) + 1) = 2.08.
    assertThat(Histogram.edges(ten, Bins.AUTO)).hasSize(6);
    assertThat(Histogram.edges(new double[] {2, 2, 2}, Bins.AUTO)).containsExactly(1.5, 2.5);
  }

  @Test
  void heightsAreWhatTheyAreCalled() {
    double[] edges = {0, 1, 3};
    double[] counts = {1, 3};
    assertThat(Histogram.heights(counts, edges, Stat.COUNT)).containsExactly(1, 3);
    assertThat(Histogram.heights(counts, edges, Stat.FREQUENCY)).containsExactly(1, 1.5);
    assertThat(Histogram.heights(counts, edges, Stat.PROBABILITY)).containsExactly(0.25, 0.75);
    assertThat(Histogram.heights(counts, edges, Stat.PERCENT)).containsExactly(25, 75);
    assertThat(Histogram.heights(counts, edges, Stat.DENSITY)).containsExactly(0.25, 0.375);
    assertThat(Histogram.heights(new double[2], edges, Stat.DENSITY)).containsExactly(0, 0);
  }

  @Test
  void everyValueIsInOneBinAndOrderDoesNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          double[] values =
              DoubleStream.generate(new SplittableRandom(seed)::nextGaussian).limit(300).toArray();
          double[] edges = Histogram.edges(values, Bins.AUTO);
          double[] counts = Histogram.counts(values, edges);
          assertThat(Arrays.stream(counts).sum()).isEqualTo(300);
          double area = 0;
          double[] density = Histogram.heights(counts, edges, Stat.DENSITY);
          for (int i = 0; i < density.length; i++) {
            area += density[i] * (edges[i + 1] - edges[i]);
          }
          assertThat(area).isCloseTo(1, within(1e-12));
          double[] reversed = new double[300];
          for (int i = 0; i < 300; i++) {
            reversed[i] = values[299 - i];
          }
          assertThat(Histogram.edges(reversed, Bins.AUTO)).isEqualTo(edges);
          assertThat(Histogram.counts(reversed, edges)).isEqualTo(counts);
        });
  }

  @Test
  void theplaneIsCountedByBoth() {
    double[][] counts =
        Histogram.counts(
            new double[] {0, 0.5, 2, 5},
            new double[] {0, 3, 3, 0},
            new double[] {0, 1, 2},
            new double[] {0, 1, 3});
    assertThat(counts[0]).containsExactly(1, 1);
    assertThat(counts[1]).containsExactly(0, 1);
  }

  @Test
  void refusesBinsThatAreNone() {
    assertThatThrownBy(() -> new Bins(new double[] {1, 1}, false, 0, 0, NONE, NONE))
        .hasMessageContaining("bins must ascend, got 1.0 after 1.0");
    assertThatThrownBy(() -> new Bins(new double[] {1}, false, 0, 0, NONE, NONE))
        .hasMessageContaining("at least two edges");
    assertThatThrownBy(() -> new Bins(null, false, 0, 0, 3, 1))
        .hasMessageContaining("binrange must ascend, got 3.0 and 1.0");
    assertThatThrownBy(
            () ->
                Histogram.edges(new double[] {0, 1e9}, new Bins(null, false, 1e-3, 0, NONE, NONE)))
        .hasMessageContaining("binwidth 0.001 cuts 0.0 to ");
  }
}
