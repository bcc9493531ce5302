package org.cellweave.integrate.pivots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.metrics.Foscttm;
import org.cellweave.metrics.LabelTransfer;
import org.cellweave.metrics.PairMetric;
import org.cellweave.preprocess.Pca;
import org.cellweave.preprocess.Scale;
import org.cellweave.testing.MosaicCells;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class PivotMatchingTest {
  private static DenseMatrix scaled(Matrix x) {
    DenseMatrix dense = x.toDense().toFloat32();
    Scale.run(dense, null, Scale.Params.DEFAULTS);
    return dense;
  }

  private static PivotMatching.Side side(DenseMatrix all, int[] linked, int k) {
    var places = Pca.run(all, null, Pca.Params.builder().nComps(k).build()).scores();
    return new PivotMatching.Side(all.takeCols(linked), places);
  }

  /**
   * RNA and proteins of the same cells, taken as two sets, with 72 links by name. Correlations of
   * the linked features alone reach a FOSCTTM of .155 and transfer .875 and .768 of the labels.
   */
  @Test
  void realCellsLieNearTheirOthers() {
    var cells = new MosaicCells();
    int[] genes = cells.links().stream().mapToInt(l -> l[0]).toArray();
    int[] proteins = cells.links().stream().mapToInt(l -> l[1]).toArray();
    var x = side(scaled(cells.pairedGenes()), genes, 30);
    var y = side(scaled(cells.pairedProteins()), proteins, 15);
    var made = PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE);
    int[] types = cells.pairedTypes().codes();
    int right = 0;
    for (int m = 0; m < made.pivots().size(); m++) {
      right += types[made.pivots().x()[m]] == types[made.pivots().y()[m]] ? 1 : 0;
    }
    int whole = 0;
    for (int i = 0; i < types.length; i++) {
      whole += types[i] == types[made.partnerOfX()[i]] ? 1 : 0;
    }
    double foscttm = Foscttm.run(made.x(), made.y(), PairMetric.EUCLIDEAN).mean();
    var transfer =
        LabelTransfer.both(made.x(), types, made.y(), types, LabelTransfer.Params.DEFAULTS);
    assertThat(right / (double) made.pivots().size()).isGreaterThan(0.94);
    assertThat(whole / (double) types.length).isGreaterThan(0.89);
    assertThat(foscttm).isLessThan(0.12);
    assertThat(transfer.forward().accuracy()).isGreaterThan(0.89);
    assertThat(transfer.backward().accuracy()).isGreaterThan(0.92);
  }

  /** Cells along a bow, whose height is linked, the rest seen by features of each side's own. */
  private static PivotMatching.Side bow(int n, int side, long seed) {
    var random = new SplittableRandom(seed + side);
    double[][] linked = new double[n][9];
    double[][] places = new double[n][6];
    for (int i = 0; i < n; i++) {
      double t = (i + 0.5) / n * Math.PI;
      for (int j = 0; j < 9; j++) {
        linked[i][j] = Math.cos((1 + j % 3) * t + j) + 0.3 * (random.nextDouble() - 0.5);
      }
      for (int j = 0; j < 6; j++) {
        double angle = (1 + j % 3) * t + (side == 0 ? j : 7 - 2 * j);
        places[i][j] = (side == 0 ? 1 : -3) * Math.cos(angle) + 0.1 * (random.nextDouble() - 0.5);
      }
    }
    return new PivotMatching.Side(DenseMatrix.ofRows(linked), DenseMatrix.ofRows(places));
  }

  @Test
  void cellsAlongABowFindTheirPlace() {
    Seeds.forEach(
        10,
        seed -> {
          var made =
              PivotMatching.run(
                  bow(200, 0, seed),
                  bow(150, 1, seed),
                  PivotMatching.Params.DEFAULTS,
                  Progress.NONE);
          double off = 0;
          for (int i = 0; i < 200; i++) {
            off += Math.abs(i / 200.0 - made.partnerOfX()[i] / 150.0) / 200;
          }
          assertThat(off).isLessThan(0.04);
          assertThat(made.pivots().x()).doesNotHaveDuplicates();
          assertThat(made.pivots().y()).doesNotHaveDuplicates();
          assertThat(made.pivots().size()).isBetween(90, 105);
        });
  }

  @Test
  void sidesCanBeSwappedAndThreadsDoNotMatter() {
    var x = bow(300, 0, 1);
    var y = bow(200, 1, 1);
    var one =
        Seeds.withThreads(
            1, () -> PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE));
    for (int threads : new int[] {2, 7}) {
      var made =
          Seeds.withThreads(
              threads, () -> PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE));
      assertThat(made.x().doubleData()).isEqualTo(one.x().doubleData());
      assertThat(made.partnerOfY()).isEqualTo(one.partnerOfY());
    }
    var swapped = PivotMatching.run(y, x, PivotMatching.Params.DEFAULTS, Progress.NONE);
    // ties of equal costs go another way round
    long same =
        IntStream.range(0, 300).filter(i -> swapped.partnerOfY()[i] == one.partnerOfX()[i]).count();
    assertThat(same).isGreaterThan(285);
  }

  @Test
  void messages() {
    var x = bow(60, 0, 1);
    var y = bow(60, 1, 1);
    var narrow = new PivotMatching.Side(x.linked().takeCols(new int[] {0, 1}), x.places());
    refused(narrow, y, "linked features of y");
    refused(
        new PivotMatching.Side(x.linked().takeCols(new int[] {0}), x.places()),
        new PivotMatching.Side(y.linked().takeCols(new int[] {0}), y.places()),
        "at least 2 linked features");
    refused(bow(10, 0, 1), y, "at least 15 cells in x");
    assertThatThrownBy(() -> new PivotMatching.Side(x.linked(), bow(10, 0, 1).places()))
        .hasMessageContaining("places");
    assertThatThrownBy(() -> PivotMatching.Params.builder().dropped(1).build())
        .hasMessageContaining("dropped must lie in [0, 1), got 1.0");
  }

  private static void refused(PivotMatching.Side x, PivotMatching.Side y, String part) {
    assertThatThrownBy(() -> PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE))
        .hasMessageContaining(part);
  }
}
