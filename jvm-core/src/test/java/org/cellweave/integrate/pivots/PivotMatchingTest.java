package org.cellweave.integrate.pivots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.metrics.Foscttm;
import org.cellweave.metrics.LabelTransfer;
import org.cellweave.metrics.PairMetric;
import org.cellweave.preprocess.Pca;
import org.cellweave.preprocess.Scale;
import org.cellweave.simulate.BatchSimulator;
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

  private static int[] genes(MosaicCells cells) {
    return cells.links().stream().mapToInt(l -> l[0]).toArray();
  }

  private static int[] proteins(MosaicCells cells) {
    return cells.links().stream().mapToInt(l -> l[1]).toArray();
  }

  private static double foscttm(PivotMatching.Result made) {
    return Foscttm.run(made.x(), made.y(), PairMetric.EUCLIDEAN).mean();
  }

  private static double right(int[] types, int[] partners) {
    return IntStream.range(0, types.length).filter(i -> types[i] == types[partners[i]]).count()
        / (double) types.length;
  }

  /**
   * RNA and proteins of the same cells, taken as two sets, with 72 links by name. Correlations of
   * the linked features alone reach a FOSCTTM of .155 and transfer .875 and .768 of the labels. The
   * number of components hardly matters.
   */
  @Test
  void realCellsLieNearTheirOthers() {
    var cells = new MosaicCells();
    int[] types = cells.pairedTypes().codes();
    for (int[] components : new int[][] {{50, 50}, {30, 15}}) {
      var x = side(scaled(cells.pairedGenes()), genes(cells), components[0]);
      var y = side(scaled(cells.pairedProteins()), proteins(cells), components[1]);
      var made = PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE);
      int right = 0;
      for (int m = 0; m < made.pivots().size(); m++) {
        right += types[made.pivots().x()[m]] == types[made.pivots().y()[m]] ? 1 : 0;
      }
      var transfer =
          LabelTransfer.both(made.x(), types, made.y(), types, LabelTransfer.Params.DEFAULTS);
      assertThat(right / (double) made.pivots().size()).isGreaterThan(0.95);
      assertThat(right(types, made.partnerOfX())).isGreaterThan(0.92);
      assertThat(right(types, made.partnerOfY())).isGreaterThan(0.94);
      assertThat(foscttm(made)).isLessThan(0.085);
      assertThat(transfer.forward().accuracy()).isGreaterThan(0.93);
      assertThat(transfer.backward().accuracy()).isGreaterThan(0.95);
    }
  }

  @Test
  void halvesOfTheCellsAndMetacellsDoAsWell() {
    var cells = new MosaicCells();
    int[] types = cells.pairedTypes().codes();
    for (int half = 0; half < 2; half++) {
      int[] rows = IntStream.range(200 * half, 200 * half + 200).toArray();
      var x = side(scaled(cells.pairedGenes().takeRows(rows)), genes(cells), 50);
      var y = side(scaled(cells.pairedProteins().takeRows(rows)), proteins(cells), 50);
      var made = PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE);
      assertThat(foscttm(made)).isLessThan(0.1);
      int[] own = Arrays.stream(rows).map(i -> types[i]).toArray();
      assertThat(right(own, made.partnerOfX())).isGreaterThan(0.9);
    }
    var x = side(scaled(cells.pairedGenes()), genes(cells), 50);
    var y = side(scaled(cells.pairedProteins()), proteins(cells), 50);
    var params = PivotMatching.Params.builder().metacellSize(3).build();
    var made = PivotMatching.run(x, y, params, Progress.NONE);
    assertThat(Arrays.stream(made.metacellOfX()).max().orElse(0)).isBetween(133, 250);
    assertThat(foscttm(made)).isLessThan(0.1);
    assertThat(right(types, made.partnerOfX())).isGreaterThan(0.87);
    assertThat(made.pivots().x()).doesNotHaveDuplicates();
    assertThat(made.pivots().y()).doesNotHaveDuplicates();
    assertThat(made.pivots().size()).isGreaterThan(280);
  }

  /**
   * Counts of linked genes are parted between both sides at random, so that they share a cell's
   * levels and no noise; the other genes belong to one side. Of 15 neighbours on the same side most
   * have a cell's type in .68 to .8 of the cells of the first side, which bounds what can be found.
   */
  @Test
  void simulatedHalvesFindTheirTypes() {
    Seeds.forEach(
        3,
        seed -> {
          var simulated =
              BatchSimulator.run(
                  BatchSimulator.Params.builder()
                      .nCells(300)
                      .nGenes(120)
                      .nBatches(3)
                      .nTypes(3)
                      .seed(seed)
                      .build());
          DenseMatrix[] halves = halves(simulated.counts().toDense(), 40, 70, seed);
          int[] linked = IntStream.range(0, 40).toArray();
          var x = new PivotMatching.Side(scaled(halves[0].takeCols(linked)), places(halves[0]));
          var y = new PivotMatching.Side(scaled(halves[1].takeCols(linked)), places(halves[1]));
          var made = PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE);
          assertThat(right(simulated.type(), made.partnerOfX())).isGreaterThan(0.75);
          assertThat(right(simulated.type(), made.partnerOfY())).isGreaterThan(0.75);
          assertThat(foscttm(made)).isLessThan(0.15);
        });
  }

  private static DenseMatrix places(DenseMatrix x) {
    return Pca.run(x, null, Pca.Params.builder().nComps(50).build()).scores();
  }

  /** Genes before {@code linked} on both sides, then those before {@code first}, then the rest. */
  private static DenseMatrix[] halves(DenseMatrix counts, int linked, int first, long seed) {
    var random = new SplittableRandom(seed);
    int n = counts.nRows();
    double[][] x = new double[n][first];
    double[][] y = new double[n][linked + counts.nCols() - first];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < first; j++) {
        x[i][j] = counts.get(i, j);
        if (j < linked) {
          int own = 0;
          for (int count = 0; count < counts.get(i, j); count++) {
            own += random.nextInt(2);
          }
          x[i][j] = own;
          y[i][j] = counts.get(i, j) - own;
        }
      }
      for (int j = first; j < counts.nCols(); j++) {
        y[i][linked + j - first] = counts.get(i, j);
      }
      for (double[] row : List.of(x[i], y[i])) {
        Arrays.setAll(row, j -> Math.log1p(row[j]));
      }
    }
    return new DenseMatrix[] {DenseMatrix.ofRows(x), DenseMatrix.ofRows(y)};
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
          assertThat(made.pivots().size()).isBetween(120, 135);
        });
  }

  @Test
  void sidesCanBeSwappedAndThreadsDoNotMatter() {
    var x = bow(300, 0, 1);
    var y = bow(200, 1, 1);
    var one =
        Seeds.withThreads(
            1, () -> PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE));
    var grouped = PivotMatching.Params.builder().metacellSize(4).build();
    var oneGrouped = Seeds.withThreads(1, () -> PivotMatching.run(x, y, grouped, Progress.NONE));
    for (int threads : new int[] {2, 7}) {
      var made =
          Seeds.withThreads(
              threads, () -> PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE));
      assertThat(made.x().doubleData()).isEqualTo(one.x().doubleData());
      assertThat(made.partnerOfY()).isEqualTo(one.partnerOfY());
      var inGroups =
          Seeds.withThreads(threads, () -> PivotMatching.run(x, y, grouped, Progress.NONE));
      assertThat(inGroups.x().doubleData()).isEqualTo(oneGrouped.x().doubleData());
      assertThat(inGroups.partnerOfY()).isEqualTo(oneGrouped.partnerOfY());
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
    assertThatThrownBy(() -> PivotMatching.Params.builder().penalty(-1).build())
        .hasMessageContaining("penalty");
    assertThatThrownBy(() -> PivotMatching.Params.builder().linkedShare(1.5).build())
        .hasMessageContaining("linkedShare");
    assertThatThrownBy(() -> PivotMatching.Params.builder().metacellSize(-1).build())
        .hasMessageContaining("metacellSize");
    var large = PivotMatching.Params.builder().metacellSize(5).build();
    assertThatThrownBy(() -> PivotMatching.run(x, y, large, Progress.NONE))
        .hasMessageContaining(
            "metacellSize must leave at least 15 metacells in x, as many as nNeighbors, got 5 for"
                + " 60 cells. Lower it");
  }

  private static void refused(PivotMatching.Side x, PivotMatching.Side y, String part) {
    assertThatThrownBy(() -> PivotMatching.run(x, y, PivotMatching.Params.DEFAULTS, Progress.NONE))
        .hasMessageContaining(part);
  }
}
