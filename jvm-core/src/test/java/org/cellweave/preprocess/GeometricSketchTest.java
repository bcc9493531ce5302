package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.Test;

class GeometricSketchTest {
  private static final String GEOSKETCH =
      "jvm-core/src/test/resources/reference/sketch/geosketch.h5";

  private static GeometricSketch.Params draw(int size, long seed) {
    return GeometricSketch.Params.builder().n(size).seed(seed).build();
  }

  /** A dense crowd of {@code n} cells, and beside it ten far away. */
  private static DenseMatrix crowdAndFew(int n, long seed) {
    var random = new SplittableRandom(seed);
    double[][] rows = new double[n + 10][3];
    for (int i = 0; i < rows.length; i++) {
      for (int d = 0; d < 3; d++) {
        rows[i][d] = random.nextDouble() + (i < n ? 0 : 5);
      }
    }
    return DenseMatrix.ofRows(rows);
  }

  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {5}, {0.1}, {10}, {5.1}, {0.2}});
    var result = GeometricSketch.run(x, draw(3, 1));
    assertThat(result.nBoxes()).isEqualTo(3);
    assertThat(result.boxOfCell()).containsExactly(0, 1, 0, 2, 1, 0);
    assertThat(Arrays.stream(result.cells()).map(i -> result.boxOfCell()[i]).sorted())
        .containsExactly(0, 1, 2);
    var boxes = GeometricSketch.Params.builder().n(5).boxes(3).build();
    assertThat(GeometricSketch.run(x, boxes).cells()).hasSize(5).contains(3, 1, 4);
  }

  @Test
  void intervalsBeginAtCellsNotOnAGrid() {
    // of side 2.25, where a grid would part 3 and 5
    var x = DenseMatrix.ofRows(new double[][] {{0}, {2}, {3}, {5}, {9}});
    var two = GeometricSketch.Params.builder().n(3).boxes(3).tolerance(0).build();
    var result = GeometricSketch.run(x, two);
    assertThat(result.nBoxes()).isEqualTo(3);
    assertThat(result.boxOfCell()[0]).isEqualTo(result.boxOfCell()[1]);
    assertThat(result.boxOfCell()[2]).isEqualTo(result.boxOfCell()[3]);
  }

  @Test
  void asManyDistinctCellsAsAskedFromAsManyBoxesAsThereAre() {
    Seeds.forEach(
        20,
        seed -> {
          var x = crowdAndFew(200, seed);
          var one = Seeds.withThreads(1, () -> GeometricSketch.run(x, draw(40, seed)));
          var seven = Seeds.withThreads(7, () -> GeometricSketch.run(x, draw(40, seed)));
          assertThat(seven.cells()).isEqualTo(one.cells());
          assertThat(one.cells()).hasSize(40).doesNotHaveDuplicates().isSorted();
          long boxes = Arrays.stream(one.cells()).map(i -> one.boxOfCell()[i]).distinct().count();
          assertThat(boxes).isEqualTo(Math.min(40, one.nBoxes()));
          assertThat(Math.abs(one.nBoxes() - 40)).isLessThanOrEqualTo(4);
          assertThat(GeometricSketch.run(x, draw(40, seed + 1)).cells()).isNotEqualTo(one.cells());
        });
  }

  @Test
  void boxesDoNotDependOnTheOrderOfCellsOrAxes() {
    Seeds.forEach(
        20,
        seed -> {
          var x = crowdAndFew(100, seed);
          int[] order = Seeds.permutation(110, seed);
          var plain = GeometricSketch.run(x, draw(20, 0));
          var turned =
              GeometricSketch.run(
                  x.takeRows(order).toDense().takeCols(new int[] {2, 0, 1}), draw(20, 0));
          assertThat(turned.side()).isEqualTo(plain.side());
          assertThat(turned.nBoxes()).isEqualTo(plain.nBoxes());
          for (int a = 1; a < 110; a++) {
            boolean together = plain.boxOfCell()[order[a]] == plain.boxOfCell()[order[a - 1]];
            assertThat(turned.boxOfCell()[a] == turned.boxOfCell()[a - 1]).isEqualTo(together);
          }
        });
  }

  @Test
  void fewCellsFarAwayAreKept() {
    double kept = 0;
    for (int seed = 0; seed < 10; seed++) {
      int[] cells = GeometricSketch.run(crowdAndFew(2000, seed), draw(100, seed)).cells();
      kept += Arrays.stream(cells).filter(i -> i >= 2000).count() / 10.0;
    }
    // half a cell would be expected of draws with equal chances
    assertThat(kept).isGreaterThan(4);
  }

  @Test
  void coversNoWorseThanThePapersProgram() {
    try (var file = H5Reference.of(SharedData.projectRoot().resolve(GEOSKETCH))) {
      DenseMatrix x = file.dense("x");
      double[] theirs = file.doubles("hausdorff");
      int size = file.ints("size")[0];
      double ours = 0;
      for (int seed = 0; seed < theirs.length; seed++) {
        ours += hausdorff(x, GeometricSketch.run(x, draw(size, seed)).cells()) / theirs.length;
      }
      double random = file.doubles("random")[0];
      assertThat(ours).isLessThan(random);
      assertThat(ours).isLessThanOrEqualTo(Arrays.stream(theirs).average().orElseThrow() * 1.05);
    }
  }

  /** The largest distance of a cell to the nearest drawn one. */
  private static double hausdorff(DenseMatrix x, int[] drawn) {
    double largest = 0;
    for (int i = 0; i < x.nRows(); i++) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int j : drawn) {
        double square = 0;
        for (int d = 0; d < x.nCols(); d++) {
          square += Math.pow(x.get(i, d) - x.get(j, d), 2);
        }
        nearest = Math.min(nearest, square);
      }
      largest = Math.max(largest, nearest);
    }
    return Math.sqrt(largest);
  }

  @Test
  void allCellsAndCellsInOnePlace() {
    var x = crowdAndFew(20, 1);
    assertThat(GeometricSketch.run(x, draw(30, 1)).cells()).hasSize(30);
    assertThat(GeometricSketch.run(x, draw(1, 1)).cells()).hasSize(30);
    assertThat(GeometricSketch.run(x, GeometricSketch.Params.DEFAULTS).cells()).hasSize(6);
    var fewest = GeometricSketch.Params.builder().n(0.01).build();
    assertThat(GeometricSketch.run(x, fewest).cells()).isEmpty();
    var same = DenseMatrix.ofRows(new double[][] {{1, 1}, {1, 1}, {1, 1}});
    assertThat(GeometricSketch.run(same, draw(2, 1)).cells()).hasSize(2);
  }

  @Test
  void whatIsWrongIsNamed() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {Double.NaN}});
    assertThatThrownBy(() -> GeometricSketch.run(x, draw(3, 1)))
        .hasMessage("n must be at most the number of cells, 2, got 3");
    assertThatThrownBy(() -> GeometricSketch.run(x, draw(1, 1)))
        .hasMessageContaining("x[1, 0] is NaN");
    assertThatThrownBy(() -> GeometricSketch.Params.builder().n(2.5).build())
        .hasMessage("n must be a share of the cells, up to 1, or a whole number of them, got 2.5");
    assertThatThrownBy(() -> draw(0, 1)).hasMessage("n must be positive, got 0.0");
    assertThatThrownBy(() -> GeometricSketch.Params.builder().boxes(-1).build())
        .hasMessageContaining("boxes must not be negative");
    assertThatThrownBy(() -> GeometricSketch.Params.builder().tolerance(2).build())
        .hasMessageContaining("tolerance must lie in [0.0, 1.0]");
    assertThatThrownBy(() -> GeometricSketch.Params.builder().maxIter(0).build())
        .hasMessageContaining("maxIter must be positive");
  }
}
