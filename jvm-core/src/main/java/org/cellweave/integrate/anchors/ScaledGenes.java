package org.cellweave.integrate.anchors;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.products.CrossProduct;
import org.cellweave.util.Parallel;

/**
 * Cells by genes of which every gene is centred, divided by its standard deviation and clipped from
 * above, and every cell standardised after that where it is asked for. Values are made row by row
 * when a product needs them, or not at all where {@link SparseScaled} does without: the matrix
 * itself stays as it is, sparse or not.
 */
final class ScaledGenes {
  private static final double CLIP = 10;

  /** Means over deviations whose squares leave twelve digits to products. */
  private static final double STEADY = 100;

  private static final int BLOCK = 256;

  /** Cells whose products are made at a time, and genes that a thread makes them of. */
  private static final int GRAM_ROWS = 2048;

  private static final int GRAM_STRIP = 128;

  private final Rows rows;

  /** Columns of the matrix, ascending. */
  private final int[] genes;

  /** New place of every column, -1 for those that are left out. */
  private final int[] position;

  /** Of the genes of the whole matrix. */
  private final Scaling scaling;

  /** Mean of every cell; null where cells are not standardised. */
  private final double[] cellMean;

  /** One over the deviation of every cell. */
  private final double[] cellScale;

  /** Products from stored entries; null where cells are dense. */
  private final SparseScaled sparse;

  /**
   * Of every gene of a matrix.
   *
   * @param deviation 1 where there is none
   */
  record Scaling(double[] mean, double[] deviation, boolean[] varies) {
    /**
     * Whether a gene varies so little around its mean that what it is scaled to would be the small
     * difference of large numbers where zeros have a value of their own.
     */
    boolean hasSteadyGene() {
      for (int j = 0; j < mean.length; j++) {
        if (Math.abs(mean[j]) > STEADY * deviation[j]) {
          return true;
        }
      }
      return false;
    }

    /** Moments with divisor n - 1. */
    static Scaling of(Matrix x) {
      var sums = GroupSums.whole(Rows.of(x)).collect(GroupSums.PLAIN)[0];
      int n = x.nRows();
      double[] mean = new double[x.nCols()];
      double[] deviation = new double[mean.length];
      boolean[] varies = new boolean[mean.length];
      for (int j = 0; j < mean.length; j++) {
        double variance = sums.variance(j, n);
        mean[j] = sums.mean(j, n);
        varies[j] = variance > 0;
        deviation[j] = varies[j] ? Math.sqrt(variance) : 1;
      }
      return new Scaling(mean, deviation, varies);
    }
  }

  private ScaledGenes(
      Rows rows,
      int[] genes,
      Scaling scaling,
      double[] cellMean,
      double[] cellScale,
      boolean sparse) {
    this.rows = rows;
    this.genes = genes;
    this.scaling = scaling;
    this.cellMean = cellMean;
    this.cellScale = cellScale;
    this.position = new int[rows.nCols()];
    Arrays.fill(position, -1);
    for (int g = 0; g < genes.length; g++) {
      position[genes[g]] = g;
    }
    this.sparse = sparse ? new SparseScaled(rows, genes, position, scaling, CLIP) : null;
  }

  /** All genes, by their own moments. */
  static ScaledGenes of(Matrix x) {
    return of(x, Scaling.of(x));
  }

  /** All genes, by the moments of other cells. */
  static ScaledGenes of(Matrix x, Scaling scaling) {
    int[] all = new int[x.nCols()];
    Arrays.setAll(all, j -> j);
    var rows = Rows.of(x);
    boolean sparse =
        x.isSparse()
            && !rows.runElsewhere()
            && !scaling.hasSteadyGene()
            && !CrossProduct.prefersDense(x.nnz(), x.nRows(), x.nCols());
    return new ScaledGenes(rows, all, scaling, null, null, sparse);
  }

  /** Some genes, ascending. */
  ScaledGenes on(int[] some) {
    return new ScaledGenes(rows, some, scaling, cellMean, cellScale, sparse != null);
  }

  int nCells() {
    return rows.nRows();
  }

  int nGenes() {
    return genes.length;
  }

  Scaling scaling() {
    return scaling;
  }

  /** With mean 0 and deviation 1 of every cell over the genes; a cell without any becomes zero. */
  ScaledGenes standardised() {
    if (sparse != null) {
      var cells = sparse.standardising();
      return new ScaledGenes(rows, genes, scaling, cells.mean(), cells.scale(), true);
    }
    int n = nCells();
    int p = nGenes();
    double[] mean = new double[n];
    double[] scale = new double[n];
    forBlocks(
        (from, to, values) -> {
          for (int i = from; i < to; i++) {
            int start = (i - from) * p;
            double sum = 0;
            for (int g = 0; g < p; g++) {
              sum += values[start + g];
            }
            mean[i] = sum / p;
            double squares = 0;
            for (int g = 0; g < p; g++) {
              double d = values[start + g] - mean[i];
              squares += d * d;
            }
            scale[i] = squares > 0 ? Math.sqrt((p - 1) / squares) : 0;
          }
        });
    return new ScaledGenes(rows, genes, scaling, mean, scale, false);
  }

  private SparseScaled.Cells cells() {
    return new SparseScaled.Cells(cellMean, cellScale);
  }

  /** Scales the values of cell {@code i}. */
  private void transform(int i, double[] row) {
    for (int g = 0; g < row.length; g++) {
      int j = genes[g];
      row[g] = Math.min(CLIP, (row[g] - scaling.mean[j]) / scaling.deviation[j]);
    }
    if (cellMean != null) {
      double mean = cellMean[i];
      double scale = cellScale[i];
      for (int g = 0; g < row.length; g++) {
        row[g] = (row[g] - mean) * scale;
      }
    }
  }

  /** Receives the scaled rows of a block of cells, one after another. */
  @FunctionalInterface
  private interface BlockBody {
    void run(int from, int to, double[] values);
  }

  private void forBlocks(BlockBody body) {
    Parallel.forRange(nCells(), BLOCK, (from, to) -> body.run(from, to, block(from, to)));
  }

  private double[] block(int from, int to) {
    int p = nGenes();
    double[] values = new double[(to - from) * p];
    double[] row = new double[p];
    rows.visit(
        from,
        to,
        (i, at, start, v, n) -> {
          Arrays.fill(row, 0);
          for (int k = 0; k < n; k++) {
            int place = position[at[start + k]];
            if (place >= 0) {
              row[place] = v[k];
            }
          }
          transform(i, row);
          System.arraycopy(row, 0, values, (i - from) * p, p);
        });
    return values;
  }

  /** Genes by genes, the upper triangle; the caller closes it. */
  DoublePointer upperGram() {
    if (sparse != null) {
      return sparse.gram(cells());
    }
    return new CrossProduct(rows, position, nGenes()).transformed(this::transform);
  }

  /** As {@link #upperGram}, by products in float32 where cells are dense. */
  DoublePointer narrowGram() {
    if (sparse != null) {
      return upperGram();
    }
    int n = nCells();
    int p = nGenes();
    var out = NativeMemory.doubles((long) p * p);
    try (var rowsOfCells = NativeMemory.floats((long) Math.min(n, GRAM_ROWS) * p);
        var sum = NativeMemory.floats((long) p * p)) {
      for (int first = 0; first < n; first += GRAM_ROWS) {
        int from = first;
        int count = Math.min(GRAM_ROWS, n - from);
        Parallel.checkInterrupted();
        // views in these loops: closing them would free what they are views of
        Parallel.forRange(
            count,
            BLOCK,
            (a, b) -> rowsOfCells.getPointer((long) a * p).put(narrow(block(from + a, from + b))));
        Parallel.forRange(
            p,
            GRAM_STRIP,
            (a, b) -> Blas.gramStrip(count, p, a, b - a, rowsOfCells, from == 0 ? 0 : 1, sum));
      }
      Parallel.forRange(
          p,
          GRAM_STRIP,
          (a, b) -> {
            float[] row = new float[p];
            double[] wide = new double[p];
            for (int i = a; i < b; i++) {
              sum.getPointer((long) i * p + i).get(row, 0, p - i);
              for (int j = i; j < p; j++) {
                wide[j] = row[j - i];
              }
              out.getPointer((long) i * p + i).put(wide, i, p - i);
            }
          });
    }
    return out;
  }

  private static float[] narrow(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  /** The scaled values, cells by genes; the caller closes it. */
  DoublePointer packed() {
    int p = nGenes();
    var out = NativeMemory.doubles(Math.max(1, (long) nCells() * p));
    // views: closing them would free what is returned
    forBlocks((from, to, values) -> out.getPointer((long) from * p).put(values));
    return out;
  }

  /** Genes by genes, both triangles; the caller closes it. */
  DoublePointer gram() {
    int p = nGenes();
    var gram = upperGram();
    Blas.mirror(p, gram);
    return gram;
  }

  /**
   * @param w genes by k, row by row
   * @return cells by k
   */
  double[] times(double[] w, int k) {
    if (sparse != null) {
      return sparse.times(w, k, cells());
    }
    int p = nGenes();
    double[] out = new double[Math.multiplyExact(nCells(), k)];
    try (var right = NativeMemory.doubles(w.length)) {
      right.put(w);
      forBlocks(
          (from, to, values) -> {
            try (var left = NativeMemory.doubles(values.length);
                var product = NativeMemory.doubles((long) (to - from) * k)) {
              left.put(values);
              Blas.gemmNn(to - from, k, p, left, right, product);
              product.get(out, from * k, (to - from) * k);
            }
          });
    }
    return out;
  }

  /**
   * @param e cells by k, row by row
   * @return genes by k, sums over the cells
   */
  double[] transposedTimes(double[] e, int k) {
    if (sparse != null) {
      return sparse.transposedTimes(e, k, cells());
    }
    int p = nGenes();
    int[] bounds = rows.groupBounds();
    var parts =
        Parallel.map(
            bounds.length - 1,
            group -> {
              int from = bounds[group];
              int to = bounds[group + 1];
              double[] part = new double[p * k];
              for (int start = from; start < to; start += BLOCK) {
                add(part, start, Math.min(to, start + BLOCK), e, k);
              }
              return part;
            });
    double[] out = new double[p * k];
    for (double[] part : parts) {
      for (int i = 0; i < out.length; i++) {
        out[i] += part[i];
      }
    }
    return out;
  }

  private void add(double[] sum, int from, int to, double[] e, int k) {
    int p = nGenes();
    double[] values = block(from, to);
    double[] product = new double[sum.length];
    try (var left = NativeMemory.doubles(values.length);
        var right = NativeMemory.doubles((long) (to - from) * k);
        var made = NativeMemory.doubles(sum.length)) {
      left.put(values);
      right.put(e, from * k, (to - from) * k);
      Blas.gemmTn(p, k, to - from, left, p, right, made);
      made.get(product);
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += product[i];
    }
  }
}
