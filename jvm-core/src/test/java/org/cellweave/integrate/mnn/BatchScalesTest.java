package org.cellweave.integrate.mnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** The steps around the merges: lengths, coverage, gene by gene. */
class BatchScalesTest {
  private static final Categories TWO =
      new Categories("obs['batch']", new int[] {0, 0, 1, 1}, new String[] {"a", "b"});

  private static MultiBatchNormalize.Result normalised(Matrix counts, Categories batch) {
    return MultiBatchNormalize.run(
        counts, batch, null, MultiBatchNormalize.Params.DEFAULTS, Progress.NONE);
  }

  @Test
  void lengthsByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{3, 4, 12}, {0, 0, 5}});
    var all = CosineNorm.run(x, null);
    assertThat(all.norms()).containsExactly(13, 5);
    assertThat(all.x().get(0, 1)).isCloseTo(4 / 13.0, within(1e-15));
    var two = CosineNorm.run(x, new boolean[] {true, true, false});
    assertThat(two.norms()).containsExactly(5, 0);
    assertThat(two.x().get(0, 2)).isCloseTo(12 / 5.0, within(1e-15));
    // a length of zero counts as 1e-8
    assertThat(two.x().get(1, 2)).isCloseTo(5e8, within(1e-3));
    assertThatThrownBy(() -> CosineNorm.run(x, new boolean[2]))
        .hasMessageContaining("genes has length 2, but the number of genes is 3");
  }

  @Test
  void fastMnnDoesNotDependOnLengths() {
    Seeds.forEach(
        3,
        seed -> {
          var data = MnnData.noise(60, 1, seed, 60, 70);
          var longer = StoredMap.run(data.x(), (i, j, v) -> v * (1 + i % 7)).toDense();
          var one = FastMnn.run(data.x(), data.batch(), FastMnn.Params.DEFAULTS).corrected();
          var two = FastMnn.run(longer, data.batch(), FastMnn.Params.DEFAULTS).corrected();
          for (int i = 0; i < data.n(); i++) {
            assertThat(two.get(i, 0)).isCloseTo(one.get(i, 0), within(1e-9));
          }
          var raw = FastMnn.Params.builder().cosNorm(false).build();
          assertThat(FastMnn.run(data.x(), data.batch(), raw).corrected().get(0, 0))
              .isNotCloseTo(one.get(0, 0), within(1e-3));
        });
  }

  /** Batch b has twice the counts of a in each of its genes. */
  @Test
  void coverageByHand() {
    var counts = DenseMatrix.ofRows(new double[][] {{4, 8}, {4, 8}, {8, 16}, {8, 16}});
    var made = normalised(counts, TWO);
    assertThat(made.reference()).isZero();
    assertThat(made.coverage()).containsExactly(1, 2);
    assertThat(made.sizeFactors()).containsExactly(1, 1, 2, 2);
    for (int i = 0; i < 4; i++) {
      assertThat(made.x().get(i, 1)).isCloseTo(Math.log(9) / Math.log(2), within(1e-6));
    }
    var given =
        MultiBatchNormalize.run(
            counts,
            TWO,
            new double[] {1, 3, 5, 5},
            MultiBatchNormalize.Params.DEFAULTS,
            Progress.NONE);
    assertThat(given.sizeFactors()[1] / given.sizeFactors()[0]).isCloseTo(3, within(1e-12));
  }

  /** Thinning a batch by its coverage brings it to where it was. */
  @Test
  void coverageIsThatOfTheLowestBatch() {
    Seeds.forEach(
        10,
        seed -> {
          var counts = Seeds.counts(300, 40, 0.5, seed);
          int[] codes = IntStream.range(0, 300).map(i -> i % 3).toArray();
          var deeper = StoredMap.run(counts, (i, j, v) -> v * (1 + codes[i]));
          var made = normalised(deeper, Categories.of("batch", codes));
          assertThat(made.reference()).isZero();
          assertThat(made.coverage()[1]).isCloseTo(2, within(0.2));
          assertThat(made.coverage()[2]).isCloseTo(3, within(0.3));
          assertThat(made.x().isSparse()).isTrue();
          var one = Seeds.withThreads(1, () -> normalised(deeper, Categories.of("b", codes)));
          assertThat(made.sizeFactors()).isEqualTo(one.sizeFactors());
        });
  }

  @Test
  void rescalingByHand() {
    // counts 1 and 3 in batch a, 4 and 12 in b; the second gene is not in a
    double[][] counts = {{1, 0}, {3, 0}, {4, 1}, {12, 5}};
    var x = StoredMap.run(DenseMatrix.ofRows(counts), (i, j, v) -> Math.log(v + 1) / Math.log(2));
    var made = RescaleBatches.run(x, TWO, RescaleBatches.Params.DEFAULTS);
    double[] expected = {1, 3, 1, 3};
    for (int i = 0; i < 4; i++) {
      assertThat(Math.pow(2, made.x().get(i, 0)) - 1).isCloseTo(expected[i], within(1e-9));
      assertThat(made.x().get(i, 1)).isCloseTo(0, within(1e-12));
    }
    assertThat(made.factors()[0]).containsExactly(1, 1);
    assertThat(made.factors()[1][0]).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void meansOfBatchesAgreeAfterRescaling() {
    Seeds.forEach(
        10,
        seed -> {
          var counts = Seeds.counts(200, 12, 0.6, seed);
          var x = StoredMap.run(counts, (i, j, v) -> Math.log1p(v));
          int[] codes = IntStream.range(0, 200).map(i -> i % 4 / 3).toArray();
          var batch = Categories.of("batch", codes);
          var params = RescaleBatches.Params.builder().logBase(Math.E).build();
          var made = RescaleBatches.run(x, batch, params).x();
          assertThat(made.isSparse()).isTrue();
          var back = StoredMap.run(made, (i, j, v) -> Math.expm1(v)).toDense();
          double[] a = back.takeRows(batch.members()[0]).colMoments(0).mean();
          double[] b = back.takeRows(batch.members()[1]).colMoments(0).mean();
          for (int j = 0; j < a.length; j++) {
            assertThat(a[j]).isCloseTo(b[j], within(1e-5));
          }
          // another count below the logarithm: zeros are no zeros there
          var other = RescaleBatches.Params.builder().pseudoCount(0.5).build();
          var raised =
              StoredMap.run(x.toDense(), (i, j, v) -> Math.log(Math.expm1(v) + 0.5) / Math.log(2));
          assertThat(RescaleBatches.run(raised, batch, other).x().isSparse()).isFalse();
        });
  }

  @Test
  void regressionByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 0}, {3, 0}, {10, 1}, {20, 5}});
    var made = RegressBatches.run(x, TWO, null, Progress.NONE);
    assertThat(made.x().floatData()).containsExactly(-1, 0, 1, 0, -5, -2, 5, 2);
    assertThat(made.means()[1]).containsExactly(15, 3);
    boolean[] some = {true, false, true, true};
    assertThat(RegressBatches.run(x, TWO, some, Progress.NONE).x().get(1, 0)).isEqualTo(2);
  }

  @Test
  void refusals() {
    var counts = DenseMatrix.ofRows(new double[][] {{4, 8}, {0, 0}, {8, 16}, {8, 16}});
    assertThatThrownBy(() -> normalised(counts, TWO))
        .hasMessage(
            "multiBatchNormalize divides every cell by its size, which must be positive, got 0.0"
                + " for cell 1. Remove cells without counts first");
    var apart = DenseMatrix.ofRows(new double[][] {{4, 0}, {4, 0}, {0, 9}, {0, 9}});
    assertThatThrownBy(() -> normalised(apart, TWO))
        .hasMessageStartingWith("levels 'a' and 'b' of obs['batch'] share too few genes:")
        .hasMessageEndingWith("Lower minMean, or check that X holds the counts");
    var few =
        StoredMap.run(
            DenseMatrix.ofRows(new double[][] {{1, 1}, {1, 1}, {1, 1}, {1, 1}}),
            (i, j, v) -> v / 9);
    assertThatThrownBy(() -> normalised(few, TWO))
        .hasMessageContaining("have no gene whose average is at least minMean = 1.0");
    var negative = DenseMatrix.ofRows(new double[][] {{1, 1}, {1, -2}, {1, 1}, {1, 1}});
    assertThatThrownBy(() -> RescaleBatches.run(negative, TWO, RescaleBatches.Params.DEFAULTS))
        .hasMessage(
            "rescaleBatches needs logarithms of counts with pseudoCount = 1.0, but X[1, 1] is -2.0,"
                + " which stands for a negative count. Use values before scaling or correction");
    assertThatThrownBy(() -> RescaleBatches.Params.builder().logBase(1).build())
        .hasMessage("logBase must be more than 1, got 1.0");
    assertThatThrownBy(
            () ->
                RegressBatches.run(
                    counts, TWO, new boolean[] {true, true, false, false}, Progress.NONE))
        .hasMessage(
            "restrict leaves 0 cells of level 'b' of obs['batch'], but regressBatches needs at"
                + " least 1 in each. Mark more cells");
  }

  @Test
  void reconstructedExpressionIsTheProduct() {
    var data = MnnData.noise(60, 1, 2, 60, 70);
    var made = FastMnn.run(data.x(), data.batch(), FastMnn.Params.DEFAULTS);
    var low = made.reconstructed();
    assertThat(low.nCells()).isEqualTo(130);
    assertThat(low.nGenes()).isEqualTo(60);
    int[] cells = {5, 129, 0};
    int[] genes = {59, 3};
    var block = low.block(cells, genes);
    for (int i = 0; i < 3; i++) {
      double[] cell = low.cell(cells[i]);
      for (int g = 0; g < 2; g++) {
        assertThat(block.get(i, g)).isEqualTo(cell[genes[g]]);
        assertThat(low.gene(genes[g])[cells[i]]).isEqualTo(cell[genes[g]]);
      }
    }
    assertThat(low.block(null, null).shape()).isEqualTo("130 x 60");
    assertThat(Arrays.stream(made.lostVarianceOfGenes()[0]).max().orElse(0)).isLessThan(1);
    assertThatThrownBy(() -> low.gene(60)).hasMessage("gene must lie in [0, 60), got 60");
    assertThatThrownBy(
            () -> new LowRankExpression(low.corrected(), low.loadings().takeCols(new int[2])))
        .hasMessageContaining("a row of loadings has length 2");
  }
}
