package org.cellweave.contract;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration.Values;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.simulate.BatchSimulator;

/**
 * Cells of a few types in a few batches, every batch shifted by a vector of its own.
 *
 * @param x what a method of that kind reads
 */
public record SimulatedBatches(Matrix x, Categories batch, Categories type) {
  private static final int TYPES = 4;

  public static SimulatedBatches of(Values values, int nCells, int nBatches, long seed) {
    return values == Values.COUNTS
        ? counts(nCells, nBatches, seed)
        : gaussians(nCells, values == Values.EMBEDDING ? 10 : 60, nBatches, seed);
  }

  private static SimulatedBatches counts(int nCells, int nBatches, long seed) {
    var made =
        BatchSimulator.run(
            BatchSimulator.Params.builder()
                .nCells(nCells)
                .nGenes(200)
                .nBatches(nBatches)
                .nTypes(TYPES)
                .batchEffect(0.5)
                .seed(seed)
                .build());
    return new SimulatedBatches(
        made.counts(), Categories.of("batch", made.batch()), Categories.of("type", made.type()));
  }

  /** Types 4 and batches 1.5 standard deviations apart in every dimension. */
  private static SimulatedBatches gaussians(int n, int dims, int nBatches, long seed) {
    var random = new SplittableRandom(seed);
    double[][] types = normal(random, TYPES, dims, 4);
    double[][] shifts = normal(random, nBatches, dims, 1.5);
    int[] type = new int[n];
    int[] batch = new int[n];
    var x = DenseMatrix.zeros(n, dims, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      type[i] = random.nextInt(TYPES);
      batch[i] = i < nBatches ? i : random.nextInt(nBatches);
      for (int c = 0; c < dims; c++) {
        x.set(i, c, types[type[i]][c] + shifts[batch[i]][c] + random.nextGaussian());
      }
    }
    return new SimulatedBatches(x, Categories.of("batch", batch), Categories.of("type", type));
  }

  private static double[][] normal(SplittableRandom random, int n, int dims, double scale) {
    double[][] out = new double[n][dims];
    for (double[] row : out) {
      Arrays.setAll(row, c -> scale * random.nextGaussian());
    }
    return out;
  }
}
