package org.cellweave.integrate.mnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.SharedData;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Results of R's batchelor 1.15.1 on the Kang cells, to nine digits as they were written. */
class MnnReferenceTest {
  private static final Offset<Double> CLOSE = within(1e-6);

  private static Matrix x;
  private static boolean[] variable;
  private static DenseMatrix pcs;
  private static Categories batch;
  private static FastMnn.Result fast;

  /** All rests on real cells and on what R's package, under the GPL, made of them. */
  @BeforeAll
  static void read() {
    SharedData.require("reference/r/fastmnn.csv.gz");
    try (var file = H5Reference.kang()) {
      x = file.csr("X");
      double[] mask = file.doubles("var/highly_variable");
      variable = new boolean[mask.length];
      for (int j = 0; j < mask.length; j++) {
        variable[j] = mask[j] != 0;
      }
      pcs = file.dense("obsm/X_pca");
      batch = new Categories("batch", file.codes("obs/batch"), file.categories("obs/batch"));
    }
    fast = FastMnn.run(x, batch, variable, null, FastMnn.Params.DEFAULTS, Progress.NONE);
  }

  private static int[] chosen(int most) {
    return IntStream.range(0, variable.length).filter(j -> variable[j]).limit(most).toArray();
  }

  /** The largest difference over the largest value, after signs of columns are made the same. */
  private static double apart(DenseMatrix ours, double[][] theirs) {
    double worst = 0;
    double largest = 0;
    for (int c = 0; c < theirs[0].length; c++) {
      double along = 0;
      for (int i = 0; i < theirs.length; i++) {
        along += ours.get(i, c) * theirs[i][c];
      }
      for (int i = 0; i < theirs.length; i++) {
        worst = Math.max(worst, Math.abs(Math.signum(along) * ours.get(i, c) - theirs[i][c]));
        largest = Math.max(largest, Math.abs(theirs[i][c]));
      }
    }
    return worst / largest;
  }

  @Test
  void cosineNorm() {
    var ours = CosineNorm.run(x, variable).x();
    double[][] theirs = RTable.read("cosine_norm_ctrl_20x20").numbers(0);
    int[] genes = chosen(20);
    for (int g = 0; g < 20; g++) {
      for (int i = 0; i < 20; i++) {
        assertThat(ours.get(i, genes[g])).isCloseTo(theirs[g][i], CLOSE);
      }
    }
  }

  @Test
  void multiBatchPca() {
    var ours = MultiBatchPca.run(x, batch, variable, MultiBatchPca.Params.DEFAULTS, Progress.NONE);
    assertThat(apart(ours.scores(), RTable.read("multibatch_pca_20").numbers(0))).isLessThan(1e-6);
    double[] explained = RTable.read("multibatch_pca_variance").column(0);
    assertThat(ours.explained()).hasSize(explained.length);
    for (int c = 0; c < explained.length; c++) {
      assertThat(ours.explained()[c] / explained[c]).isCloseTo(1, CLOSE);
    }
  }

  @Test
  void pairsOfFastMnn() {
    var table = RTable.read("fastmnn_pairs");
    double[] left = table.column(0);
    double[] right = table.column(1);
    var theirs = new TreeSet<String>();
    for (int p = 0; p < left.length; p++) {
      theirs.add((int) left[p] - 1 + " " + ((int) right[p] - 1));
    }
    var merge = fast.merges().get(0);
    var ours =
        IntStream.range(0, merge.nPairs())
            .mapToObj(p -> merge.leftCells()[p] + " " + merge.rightCells()[p])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void coordinatesOfFastMnn() {
    assertThat(apart(fast.corrected(), RTable.read("fastmnn").numbers(0))).isLessThan(1e-5);
    var merge = fast.merges().get(0);
    assertThat(merge.batchSize()).isCloseTo(RTable.read("fastmnn_batch_size").column(0)[0], CLOSE);
    double[] lost = RTable.read("fastmnn_lost_var").numbers(0)[0];
    assertThat(merge.lostVariance()[0]).isCloseTo(lost[0], CLOSE);
    assertThat(merge.lostVariance()[1]).isCloseTo(lost[1], CLOSE);
  }

  @Test
  void reconstructedExpression() {
    double[][] theirs = RTable.read("fastmnn_reconstructed_50x100").numbers(0);
    int[] genes = chosen(50);
    var block = fast.reconstructed().block(IntStream.range(0, 100).toArray(), genes);
    for (int g = 0; g < 50; g++) {
      double[] gene = fast.reconstructed().gene(genes[g]);
      for (int i = 0; i < 100; i++) {
        assertThat(block.get(i, g)).isCloseTo(theirs[g][i], CLOSE);
        assertThat(gene[i]).isEqualTo(block.get(i, g));
      }
    }
  }

  @Test
  void fourBatchesInAutomaticOrder() {
    int[] quarter = new int[x.nRows()];
    Arrays.setAll(quarter, i -> 2 * batch.code(i) + i % 2);
    var four =
        new Categories("quarter", quarter, new String[] {"ctrl1", "ctrl2", "stim1", "stim2"});
    var plan = MergePlan.builder().autoMerge(true).build();
    var ours = ReducedMnn.run(pcs, four, ReducedMnn.Params.builder().plan(plan).build());
    var order = RTable.read("reducedmnn_four_merge_order");
    for (int s = 0; s < 3; s++) {
      assertThat(called(four, ours.merges().get(s).left())).isEqualTo(order.rows().get(s)[0]);
      assertThat(called(four, ours.merges().get(s).right())).isEqualTo(order.rows().get(s)[1]);
    }
    var table = RTable.read("reducedmnn_four_batches_automerge");
    int[] rows = Arrays.stream(table.column(0)).mapToInt(r -> (int) r - 1).toArray();
    assertThat(apart(ours.corrected().takeRows(rows), table.numbers(1))).isLessThan(1e-5);
  }

  private static String called(Categories batches, int[] levels) {
    return Arrays.stream(levels).mapToObj(batches::level).collect(Collectors.joining("+"));
  }

  /** 300 cells of each batch, 200 genes. */
  private record Small(Matrix values, Categories labels) {
    static Small take() {
      int[] cells = IntStream.concat(first(0), first(1)).toArray();
      return new Small(x.take(cells, chosen(200)), batch.subset(cells));
    }

    private static IntStream first(int level) {
      return IntStream.range(0, x.nRows()).filter(i -> batch.code(i) == level).limit(300);
    }
  }

  private static void assertEqual(Matrix ours, String file) {
    double[][] theirs = RTable.read(file).numbers(0);
    for (int i = 0; i < theirs.length; i++) {
      for (int j = 0; j < theirs[i].length; j++) {
        assertThat(ours.get(i, j)).as("%s %d %d", file, i, j).isCloseTo(theirs[i][j], CLOSE);
      }
    }
  }

  @Test
  void mnnCorrect() {
    var small = Small.take();
    var ours = MnnCorrect.run(small.values(), small.labels(), MnnCorrect.Params.DEFAULTS);
    assertEqual(ours.x(), "mnncorrect_600x200");
  }

  @Test
  void rescaleBatches() {
    var small = Small.take();
    var ours =
        RescaleBatches.run(small.values(), small.labels(), RescaleBatches.Params.DEFAULTS).x();
    assertThat(ours.isSparse()).isTrue();
    assertEqual(ours, "rescale_batches_600x200");
  }

  @Test
  void regressBatches() {
    var small = Small.take();
    assertEqual(
        RegressBatches.run(small.values(), small.labels(), null, Progress.NONE).x(),
        "regress_batches_600x200");
  }
}
