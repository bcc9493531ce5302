package org.cellweave.clonal.alignment;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.anchors.Anchors;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/**
 * Clones of several batches around the same few types: what is measured of all, and an embedding
 * that every batch has turned, sheared and moved in its own way.
 *
 * @param x clones by features
 * @param embedding clones by coordinates
 * @param latent places that the embeddings of the batches are affine images of
 */
record ClonalBatches(DenseMatrix x, DenseMatrix embedding, double[][] latent, Categories batches) {

  /**
   * @param noise of features and coordinates, relative to the spread of the types
   */
  static ClonalBatches simulated(int d, double noise, long seed, int... sizes) {
    var random = new SplittableRandom(seed);
    int n = Arrays.stream(sizes).sum();
    int[] batch = new int[n];
    double[][] types = normal(random, 6, d);
    double[][] latent = normal(random, n, d);
    double[][] x = new double[n][d];
    double[][] embedding = new double[n][];
    int i = 0;
    for (int b = 0; b < sizes.length; b++) {
      double[][] linear = normal(random, d, d);
      double[] move = normal(random, 1, d)[0];
      for (int end = i + sizes[b]; i < end; i++) {
        batch[i] = b;
        double[] type = types[random.nextInt(types.length)];
        double[] own = normal(random, 1, d)[0];
        double[] measured = normal(random, 1, d)[0];
        double[] noisy = new double[d];
        for (int j = 0; j < d; j++) {
          latent[i][j] = 3 * type[j] + latent[i][j];
          x[i][j] = latent[i][j] + noise * measured[j] + 0.2 * move[j];
          noisy[j] = latent[i][j] + noise * own[j];
        }
        embedding[i] = new AffineMap(linear, move).apply(noisy);
      }
    }
    return new ClonalBatches(
        DenseMatrix.ofRows(x), DenseMatrix.ofRows(embedding), latent, named(batch, sizes.length));
  }

  static Categories named(int[] batch, int n) {
    String[] names = IntStream.range(0, n).mapToObj(b -> "well " + b).toArray(String[]::new);
    return new Categories("obs['well']", batch, names);
  }

  private static double[][] normal(SplittableRandom random, int n, int d) {
    double[][] out = new double[n][d];
    for (double[] row : out) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    return out;
  }

  Anchors anchors(int k, int kTrim) {
    var params = AnchorSearch.Params.builder().k(k).kTrim(kTrim).build();
    return AnchorSearch.run(x, batches, params, org.cellweave.util.Progress.NONE).anchors();
  }

  /** The same clones in another order. */
  ClonalBatches taken(int[] rows) {
    double[][] places = Arrays.stream(rows).mapToObj(i -> latent[i]).toArray(double[][]::new);
    return new ClonalBatches(
        x.takeRows(rows), embedding.takeRows(rows), places, batches.subset(rows));
  }

  /** A symmetric graph of pairs. */
  static CsrMatrix graph(int n, int[][] pairs, double... weights) {
    var graph = new CsrBuilder(n, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      int[] at = new int[pairs.length];
      double[] v = new double[pairs.length];
      int found = 0;
      for (int p = 0; p < pairs.length; p++) {
        for (int end = 0; end < 2; end++) {
          if (pairs[p][end] == i) {
            at[found] = pairs[p][1 - end];
            v[found++] = weights.length == 0 ? 1 : weights[p];
          }
        }
      }
      graph.addRow(at, v, found);
    }
    return graph.build();
  }

  static double[][] rows(DenseMatrix x) {
    double[][] out = new double[x.nRows()][x.nCols()];
    for (int i = 0; i < out.length; i++) {
      x.readRow(i, out[i]);
    }
    return out;
  }
}
