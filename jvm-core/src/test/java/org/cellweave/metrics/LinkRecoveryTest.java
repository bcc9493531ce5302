package org.cellweave.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.integrate.mosaic.FeatureLinks;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.MosaicCells;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class LinkRecoveryTest {
  private static LinkRecovery.Params.Builder top(int top) {
    return LinkRecovery.Params.builder().top(top);
  }

  /** Of four first features the links lie in places 1, 2 and 3.5 of their second features. */
  @Test
  void byHand() {
    var scores = DenseMatrix.ofRows(new double[][] {{4, 5, 0}, {3, 9, 0}, {2, 1, 7}, {1, 0, 7}});
    int[] x = {0, 0, 0};
    int[] y = {0, 1, 2};
    var all = LinkRecovery.run(v -> scores, x, y, top(2).hidden(1).nSplits(1).build());
    assertThat(all.shares()[0]).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(all.ranks()).containsExactly(2);
    assertThat(all.nHidden()).isEqualTo(3);
    assertThat(all.chance()).isEqualTo(0.5);
    assertThat(all.deviation()).isNaN();
    var best = LinkRecovery.run(v -> scores, x, y, top(1).hidden(1).nSplits(2).build());
    assertThat(best.mean()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(best.deviation()).isZero();
  }

  @Test
  void hiddenLinksAreNotVisibleAndSplitsDiffer() {
    int n = 20;
    int[] of = IntStream.range(0, n).toArray();
    var scores = DenseMatrix.zeros(n, n, DType.FLOAT64);
    for (int i = 0; i < n; i++) {
      scores.set(i, i, 1);
    }
    List<List<Integer>> seen = new ArrayList<>();
    LinkRecovery.Finder finder =
        visible -> {
          seen.add(IntStream.of(visible).boxed().toList());
          // what is visible is scored wrongly: a hidden link that were visible would be lost
          var own = scores.copy();
          for (int link : visible) {
            own.set(link, link, -1);
          }
          return own;
        };
    var made = LinkRecovery.run(finder, of, of, top(1).build());
    assertThat(made.shares()).containsOnly(1).hasSize(10);
    assertThat(seen).allMatch(v -> v.size() == 10);
    assertThat(new HashSet<>(seen)).hasSizeGreaterThan(8);
    seen.clear();
    LinkRecovery.run(finder, of, of, top(1).build());
    var first = List.copyOf(seen);
    seen.clear();
    LinkRecovery.run(finder, of, of, top(1).seed(7).build());
    assertThat(seen).isNotEqualTo(first);
  }

  @Test
  void aFinderThatKnowsNothingIsAtChance() {
    var random = new SplittableRandom(1);
    var scores = DenseMatrix.zeros(50, 300, DType.FLOAT64);
    for (int i = 0; i < 50; i++) {
      for (int j = 0; j < 300; j++) {
        scores.set(i, j, random.nextDouble());
      }
    }
    int[] y = IntStream.range(0, 300).toArray();
    int[] x = IntStream.range(0, 300).map(j -> j % 50).toArray();
    var made = LinkRecovery.run(v -> scores, x, y, top(10).nSplits(20).build());
    assertThat(made.chance()).isEqualTo(0.2);
    assertThat(made.mean()).isCloseTo(0.2, within(0.05));
    var constant = DenseMatrix.zeros(50, 300, DType.FLOAT64);
    assertThat(LinkRecovery.run(v -> constant, x, y, top(10).build()).mean())
        .as("equal scores take the middle")
        .isZero();
  }

  @Test
  void sameForAnyNumberOfThreads() {
    var scores = Seeds.counts(40, 30, 0.5, 1).toDense();
    int[] y = IntStream.range(0, 30).toArray();
    double[] one =
        Seeds.withThreads(1, () -> LinkRecovery.run(v -> scores, y, y, top(5).build()).shares());
    for (int threads : new int[] {2, 7}) {
      assertThat(
              Seeds.withThreads(
                  threads, () -> LinkRecovery.run(v -> scores, y, y, top(5).build()).shares()))
          .isEqualTo(one);
    }
  }

  /** 72 links of 500 genes and 224 proteins, half of them hidden; chance is 2 %. */
  @Test
  void namesOfATableAreFoundAgain() {
    var cells = new MosaicCells();
    int[] x = cells.links().stream().mapToInt(link -> link[0]).toArray();
    int[] y = cells.links().stream().mapToInt(link -> link[1]).toArray();
    for (var association : FeatureLinks.Association.values()) {
      var params = FeatureLinks.Params.builder().association(association).build();
      var scores =
          FeatureLinks.run(cells.pairedGenes(), cells.pairedProteins(), params, Progress.NONE)
              .scores();
      var made = LinkRecovery.run(v -> scores, x, y, LinkRecovery.Params.DEFAULTS);
      boolean plain = association == FeatureLinks.Association.CORRELATION;
      assertThat(made.nHidden()).isEqualTo(36);
      assertThat(made.chance()).isEqualTo(0.02);
      assertThat(made.mean()).isGreaterThan(plain ? 0.38 : 0.32);
      assertThat(made.deviation()).isLessThan(0.1);
    }
  }

  @Test
  void messages() {
    var scores = DenseMatrix.zeros(3, 3, DType.FLOAT64);
    var params = LinkRecovery.Params.DEFAULTS;
    assertThatThrownBy(() -> LinkRecovery.run(v -> scores, new int[0], new int[0], params))
        .hasMessageContaining("needs known links, got none");
    assertThatThrownBy(() -> LinkRecovery.run(v -> scores, new int[1], new int[0], params))
        .hasMessageContaining("the second features");
    assertThatThrownBy(() -> top(0).build()).hasMessageContaining("top must be positive, got 0");
    assertThatThrownBy(() -> top(1).hidden(0).build())
        .hasMessageContaining("hidden must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(() -> top(1).nSplits(0).build()).hasMessageContaining("nSplits");
  }
}
