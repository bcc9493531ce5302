package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.random.CountDistributions;

/**
 * Cells of two types in three batches: genes alone, proteins alone, both. What a type has more of
 * differs by feature; a batch counts deeper than the one before.
 */
final class SmallMosaic {
  static final int GENES = 12;
  static final int PROTEINS = 8;
  static final int REGIONS = 15;

  private SmallMosaic() {}

  static Midas.Params.Builder quick() {
    return Midas.Params.builder()
        .dimC(4)
        .nHidden(16)
        .nShared(8)
        .batchSize(16)
        .maxEpochs(3)
        .lr(2e-3)
        .seed(3);
  }

  /** Type of a cell by its row. */
  static int type(int cell) {
    return cell % 2;
  }

  private static double[][] counts(int[] cells, int perBatch, int features, long seed) {
    double[][] out = new double[cells.length][features];
    for (int k = 0; k < cells.length; k++) {
      var random = new SplittableRandom(seed + cells[k]);
      int batch = cells[k] / perBatch;
      double depth = 1 + 0.5 * batch;
      for (int j = 0; j < features; j++) {
        double rate = depth * (j % 2 == type(cells[k]) ? 6 : 0.5);
        out[k][j] = CountDistributions.poisson(rate, random);
      }
    }
    return out;
  }

  static String[] names(String prefix, int n) {
    return IntStream.range(0, n).mapToObj(j -> prefix + j).toArray(String[]::new);
  }

  /** Of the batches named b0, b1, and so on. */
  static Categories batches(int perBatch, int batches) {
    int[] codes = IntStream.range(0, perBatch * batches).map(i -> i / perBatch).toArray();
    return new Categories("batch", codes, names("b", batches));
  }

  static FeatureBlock block(String name, int[] cells, int perBatch, int features, boolean sparse) {
    var x = DenseMatrix.ofRows(counts(cells, perBatch, features, name.hashCode()));
    Matrix stored = sparse ? x.toCsr() : x;
    return new FeatureBlock(name, stored, names(name + "_", features), cells);
  }

  static int[] cells(int perBatch, int... batches) {
    return Arrays.stream(batches)
        .flatMap(b -> IntStream.range(b * perBatch, (b + 1) * perBatch))
        .toArray();
  }

  /** Genes in batches 0 and 2, proteins in 1 and 2. */
  static IntegrationInput of(int perBatch, boolean sparse) {
    var blocks =
        List.of(
            block("rna", cells(perBatch, 0, 2), perBatch, GENES, sparse),
            block("adt", cells(perBatch, 1, 2), perBatch, PROTEINS, sparse));
    return new IntegrationInput(blocks, List.of(batches(perBatch, 3)), List.of());
  }

  /**
   * As {@link #of}, with accessible regions in the first batch.
   *
   * @param chromosomes on which they lie
   */
  static IntegrationInput withRegions(int perBatch, int chromosomes) {
    List<FeatureBlock> blocks = new ArrayList<>(of(perBatch, true).blocks());
    int[] cells = cells(perBatch, 0);
    String[] names =
        IntStream.range(0, REGIONS)
            .mapToObj(j -> "chr" + (1 + j % chromosomes) + ":" + 100 * j + "-" + (100 * j + 50))
            .toArray(String[]::new);
    var x = DenseMatrix.ofRows(counts(cells, perBatch, REGIONS, 5));
    blocks.add(new FeatureBlock("atac", x, names, cells));
    return new IntegrationInput(blocks, List.of(batches(perBatch, 3)), List.of());
  }
}
