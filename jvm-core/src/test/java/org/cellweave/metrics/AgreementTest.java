package org.cellweave.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** Labelings against labelings, and clusters against labels. */
class AgreementTest {
  @Test
  void mutualInformationByHand() {
    assertThat(MutualInformation.normalized(new int[] {0, 0, 1, 1}, new int[] {1, 1, 0, 0}))
        .isCloseTo(1, within(1e-12));
    assertThat(MutualInformation.normalized(new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1}))
        .isCloseTo(0, within(1e-12));
    // 3 + 1 cells against 2 + 2
    double joint =
        0.5 * Math.log(0.5 / (0.75 * 0.5))
            + 0.25 * Math.log(0.25 / (0.75 * 0.5))
            + 0.25 * Math.log(0.25 / (0.25 * 0.5));
    double entropies = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25) + Math.log(2);
    assertThat(MutualInformation.normalized(new int[] {0, 0, 0, 1}, new int[] {0, 0, 1, 1}))
        .isCloseTo(joint / (entropies / 2), within(1e-12));
    assertThat(MutualInformation.normalized(new int[3], new int[3])).isEqualTo(1);
  }

  @EachReference
  void equalsScikitLearn(H5Reference kang) {
    try (kang) {
      int[] a = kang.ints("obs/leiden/codes");
      int[] b = kang.ints("obs/leiden_rb/codes");
      assertThat(MutualInformation.normalized(a, b))
          .isCloseTo(kang.metric("leiden_vs_leiden_rb", "nmi"), within(1e-12));
      assertThat(AdjustedRand.of(a, b))
          .isCloseTo(kang.metric("leiden_vs_leiden_rb", "ari"), within(1e-12));
    }
  }

  @Test
  void doesNotDependOnNamesOrOrder() {
    Seeds.forEach(
        20,
        seed -> {
          int[] order = Seeds.permutation(90, seed);
          int[] a = Arrays.stream(order).map(i -> i % 4).toArray();
          int[] b = Arrays.stream(order).map(i -> i / 20).toArray();
          int[] renamed = Arrays.stream(a).map(l -> 3 - l).toArray();
          double nmi = MutualInformation.normalized(a, b);
          assertThat(nmi).isBetween(0.0, 1.0);
          assertThat(MutualInformation.normalized(renamed, b)).isCloseTo(nmi, within(1e-12));
          assertThat(MutualInformation.normalized(b, a)).isCloseTo(nmi, within(1e-12));
        });
  }

  @Test
  void confusionByHand() {
    long[][] counts = ConfusionMatrix.counts(new int[] {0, 0, 1}, 3, new int[] {1, 0, 1}, 2);
    assertThat(counts).isDeepEqualTo(new long[][] {{1, 1}, {0, 1}, {0, 0}});
    assertThat(ConfusionMatrix.shares(counts))
        .isDeepEqualTo(new double[][] {{0.5, 0.5}, {0, 1}, {0, 0}});
  }

  @Test
  void findsSeparateClouds() {
    var clouds = Clouds.of(4, 40, 5, 30, 3);
    var kMeans = ClusterAgreement.kMeans(clouds.points(), clouds.labels(), 0);
    assertThat(kMeans.nmi()).isCloseTo(1, within(1e-12));
    var lists =
        NearestNeighbors.run(
            clouds.points(), NearestNeighbors.Params.builder().nNeighbors(15).build());
    CsrMatrix graph = FuzzyGraph.run(lists);
    var leiden = ClusterAgreement.leiden(graph, clouds.labels(), 0, Progress.NONE);
    assertThat(leiden.ari()).isGreaterThan(0.99);
    assertThat(leiden.resolution()).isBetween(0.2, 2.0);
    int[] batches = Arrays.stream(clouds.labels()).map(l -> l == 0 ? 0 : 1).toArray();
    batches[1] = 0;
    assertThat(
            ClusterAgreement.isolatedLabelF1(graph, clouds.labels(), batches, 1, 0, Progress.NONE))
        .isGreaterThan(0.99);
  }

  @Test
  void spearmanByHand() {
    assertThat(RankCorrelation.spearman(new double[] {1, 5, 9}, new double[] {2, 3, 100}))
        .isEqualTo(1);
    // ranks 1, 2.5, 2.5, 4 against 4, 3, 2, 1
    double r = (-1.5 * 1.5 - 1.5 * 1.5) / Math.sqrt(4.5 * 5);
    assertThat(RankCorrelation.spearman(new double[] {1, 2, 2, 3}, new double[] {9, 8, 7, 6}))
        .isCloseTo(r, within(1e-12));
    assertThat(RankCorrelation.spearman(new double[] {1, 1}, new double[] {1, 2})).isNaN();
    assertThatThrownBy(
            () -> RankCorrelation.spearman(new double[] {1, Double.NaN}, new double[] {1, 2}))
        .hasMessage("a must have no NaN, got one at position 1");
  }
}
