package org.cellweave.integrate.scanorama;

import java.util.Arrays;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.linalg.MatrixProduct;
import org.cellweave.linalg.OrthonormalBasis;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.random.NumpyRandom;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Principal components of cells, of a sparse or dense matrix that is centred on the way.
 *
 * <p>The original's come from random projections after two power iterations, with numpy's numbers
 * of a seed; the trailing ones depend on them. The same numbers are drawn here, so that both start
 * alike, and all else is exact. Where there are hardly more cells or genes than components, and on
 * request, nothing is drawn.
 *
 * <p>Written here because {@code preprocess} draws otherwise.
 *
 * @see <a href="https://doi.org/10.1137/090771806">Halko, Martinsson and Tropp 2011</a>
 */
final class Components {
  private static final int POWERS = 2;
  private static final int MORE = 2;
  private static final double NEARLY_ALL = 1.25;
  private static final int MOST_GROUPS = 16;

  /** Numbers that partial sums may take, 256 MiB. */
  private static final long PARTS = 1 << 25;

  private static final int BLOCK = 1024;
  private static final double DEPENDENT = 1e-12;
  private static final double ACCURACY = 1e-12;

  private final Rows rows;
  private final int n;
  private final int p;
  private final double[] mean;

  private Components(Matrix x) {
    this.rows = Rows.of(x);
    this.n = x.nRows();
    this.p = x.nCols();
    this.mean = x.colSums();
    Arrays.setAll(mean, j -> mean[j] / n);
  }

  /**
   * Which row of the random numbers belongs to a gene or, where there are more genes than cells,
   * which column to a cell; null for their own order.
   */
  record Draws(int[] genes, int[] cells) {
    static final Draws IN_ORDER = new Draws(null, null);
  }

  /**
   * @param order of the random numbers, which the original draws for sorted genes and stacked
   *     batches
   * @return cells by components, as many as cells, genes and {@code dimred} allow
   */
  static DenseMatrix of(Matrix x, Draws order, Scanorama.Params params, Progress progress) {
    var components = new Components(x);
    int k = Math.min(params.dimred(), Math.min(x.nRows(), x.nCols()));
    int drawn = k + MORE;
    if (drawn >= x.nRows() / NEARLY_ALL || drawn >= x.nCols() / NEARLY_ALL) {
      return components.whole(k);
    }
    return params.svdSolver() == Scanorama.Solver.EXACT
        ? components.exact(k, progress)
        : components.drawn(k, params.seed(), order, progress);
  }

  /** From all inner products of the fewer of cells and genes. */
  private DenseMatrix whole(int k) {
    double[][] identity = identity(Math.min(n, p));
    if (p <= n) {
      var vectors = SymmetricEigen.of(normal(identity)).vectors();
      return project(leading(vectors, k), DType.FLOAT32);
    }
    var eigen = SymmetricEigen.of(rowsOf(project(back(identity), DType.FLOAT64)));
    double[][] scores = leading(eigen.vectors(), k);
    for (double[] row : scores) {
      for (int c = 0; c < k; c++) {
        row[c] *= Math.sqrt(Math.max(0, eigen.values()[c]));
      }
    }
    return DenseMatrix.ofRows(scores).toFloat32();
  }

  private DenseMatrix exact(int k, Progress progress) {
    int size = Math.max(p, k + 2);
    var task =
        new LeadingEigen.Task(
            size,
            k,
            LeadingEigen.Order.LARGEST,
            ACCURACY,
            0,
            "scanorama",
            "Take fewer components, or svdSolver randomized.");
    int[] steps = new int[1];
    var pairs =
        LeadingEigen.pairs(
            task,
            (v, out) -> {
              progress.step("scanorama", ++steps[0], 0, Double.NaN);
              double[][] made = normal(transposed(new double[][] {Arrays.copyOf(v, p)}));
              Arrays.fill(out, 0);
              for (int j = 0; j < p; j++) {
                out[j] = made[j][0];
              }
            });
    double[][] vectors = new double[p][k];
    for (int c = 0; c < k; c++) {
      double sign = SymmetricEigen.sign(pairs.vectors(), c * size, 1, p);
      for (int j = 0; j < p; j++) {
        vectors[j][c] = sign * pairs.vectors()[c * size + j];
      }
    }
    return project(vectors, DType.FLOAT32);
  }

  private DenseMatrix drawn(int k, long seed, Draws order, Progress progress) {
    var random = new NumpyRandom(seed);
    int l = k + MORE;
    boolean tall = n >= p;
    double[][] basis =
        tall
            ? placed(uniform(random, p, l), order.genes())
            : back(placed(transposed(uniform(random, l, n)), order.cells()));
    for (int power = 0; power < POWERS; power++) {
      basis = orthonormal(normal(basis));
      progress.step("scanorama", power + 1, POWERS, Double.NaN);
      Parallel.checkInterrupted();
    }
    var scores = project(basis, DType.FLOAT64);
    var own = SymmetricEigen.of(products(scores));
    double[][] turn = own.vectors();
    if (tall) {
      // with Q the orthonormal scores, the right vectors are those of Q'A instead of the basis
      double[][] root = own.power(-0.5, DEPENDENT);
      double[][] cross = transposed(back(scores));
      double[][] inner = MatrixProduct.of(root, MatrixProduct.of(square(cross), root));
      var found = SymmetricEigen.of(inner);
      turn = MatrixProduct.of(root, scaled(found));
    }
    return times(scores, leading(turn, k));
  }

  private static double[][] scaled(SymmetricEigen eigen) {
    double[][] out = new double[eigen.values().length][];
    for (int r = 0; r < out.length; r++) {
      out[r] = eigen.vectors()[r].clone();
      for (int c = 0; c < out.length; c++) {
        out[r][c] *= Math.sqrt(Math.max(0, eigen.values()[c]));
      }
    }
    return out;
  }

  private static double[][] uniform(NumpyRandom random, int nRows, int nCols) {
    double[][] out = new double[nRows][nCols];
    for (double[] row : out) {
      Arrays.setAll(row, j -> random.nextUniform(-1, 1));
    }
    return out;
  }

  private static double[][] placed(double[][] rows, int[] places) {
    if (places == null) {
      return rows;
    }
    double[][] out = new double[rows.length][];
    Arrays.setAll(out, i -> rows[places[i]]);
    return out;
  }

  /** The columns of {@code a}, orthonormal; those that others determine left out. */
  private static double[][] orthonormal(double[][] a) {
    double[][] columns = transposed(a);
    double[] least = new double[columns.length];
    Arrays.setAll(least, c -> DEPENDENT * OrthonormalBasis.length(columns[c]));
    return transposed(OrthonormalBasis.of(columns, least).q());
  }

  // ----------------------------------------------------------------- products with the matrix

  /** {@code A'A w}. */
  private double[][] normal(double[][] w) {
    double[] shift = shift(w);
    return gathered(
        w[0].length, (i, at, start, v, count, y) -> product(at, start, v, count, w, shift, y));
  }

  /** {@code A'y} of a row for every cell. */
  private double[][] back(DenseMatrix y) {
    return gathered(y.nCols(), (i, at, start, v, count, row) -> y.readRow(i, row));
  }

  private double[][] back(double[][] y) {
    return back(DenseMatrix.ofRows(y));
  }

  /** Gives the row that a cell is multiplied with. */
  private interface RowOfCell {
    void write(int i, int[] at, int start, double[] v, int count, double[] out);
  }

  /** {@code A'y}, sums of fixed groups of cells added in order. */
  private double[][] gathered(int k, RowOfCell y) {
    int groups = (int) Math.max(1, Math.min(MOST_GROUPS, PARTS / ((long) p * k)));
    int size = Math.max(1, Parallel.nBlocks(n, groups));
    var parts = Parallel.map(Parallel.nBlocks(n, size), g -> part(k, y, g * size, size));
    double[][] out = new double[p][k];
    Parallel.forRange(
        p,
        BLOCK,
        (from, to) -> {
          for (double[][] part : parts) {
            for (int j = from; j < to; j++) {
              addScaled(out[j], 1, part[j]);
              addScaled(out[j], -mean[j], part[p]);
            }
          }
        });
    return out;
  }

  /** Products of some cells, not centred, and after them the sum of the cells' rows. */
  private double[][] part(int k, RowOfCell y, int from, int size) {
    double[][] part = new double[p + 1][k];
    double[] row = new double[k];
    rows.visit(
        from,
        (int) Math.min(n, (long) from + size),
        (i, at, start, v, count) -> {
          y.write(i, at, start, v, count, row);
          for (int q = 0; q < count; q++) {
            addScaled(part[at[start + q]], v[q], row);
          }
          addScaled(part[p], 1, row);
        });
    return part;
  }

  // Every row of w is an array of its own: the JIT makes vectors of loops whose arrays begin
  // together, and not of those that look for a row at some place of a longer array.

  /** A centred row times {@code w}: four of its values at a time, which spares walks over y. */
  private static void product(
      int[] at, int start, double[] v, int count, double[][] w, double[] shift, double[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] = -shift[c];
    }
    int q = 0;
    for (; q + 4 <= count; q += 4) {
      int p = start + q;
      addFour(
          y,
          v[q],
          w[at[p]],
          v[q + 1],
          w[at[p + 1]],
          v[q + 2],
          w[at[p + 2]],
          v[q + 3],
          w[at[p + 3]]);
    }
    for (; q < count; q++) {
      addScaled(y, v[q], w[at[start + q]]);
    }
  }

  private static void addFour(
      double[] y,
      double a,
      double[] first,
      double b,
      double[] second,
      double e,
      double[] third,
      double f,
      double[] fourth) {
    for (int c = 0; c < y.length; c++) {
      y[c] += (a * first[c] + b * second[c]) + (e * third[c] + f * fourth[c]);
    }
  }

  private static void addScaled(double[] y, double value, double[] w) {
    for (int c = 0; c < y.length; c++) {
      y[c] += value * w[c];
    }
  }

  /** The mean cell times {@code w}. */
  private double[] shift(double[][] w) {
    double[] out = new double[w[0].length];
    for (int j = 0; j < p; j++) {
      addScaled(out, mean[j], w[j]);
    }
    return out;
  }

  /** {@code A w}, one row for every cell. */
  private DenseMatrix project(double[][] w, DType dtype) {
    int k = w[0].length;
    double[] shift = shift(w);
    var out = DenseMatrix.zeros(n, k, dtype);
    int[] bounds = rows.groupBounds();
    Parallel.forBlocks(
        bounds.length - 1,
        b -> {
          double[] y = new double[k];
          rows.visit(
              bounds[b],
              bounds[b + 1],
              (i, at, start, v, count) -> {
                product(at, start, v, count, w, shift, y);
                out.setRow(i, y);
              });
        });
    return out;
  }

  // ------------------------------------------------------------------------- small matrices

  /** {@code y'y}, partial sums of blocks of rows added in order. */
  private static double[][] products(DenseMatrix y) {
    int l = y.nCols();
    var parts =
        Parallel.map(
            Parallel.nBlocks(y.nRows(), BLOCK),
            b -> {
              double[][] part = new double[l][l];
              double[] row = new double[l];
              for (int i = b * BLOCK; i < Math.min(y.nRows(), (b + 1) * BLOCK); i++) {
                y.readRow(i, row);
                for (int r = 0; r < l; r++) {
                  addScaled(part[r], row[r], row);
                }
              }
              return part;
            });
    double[][] out = new double[l][l];
    for (double[][] part : parts) {
      for (int r = 0; r < l; r++) {
        addScaled(out[r], 1, part[r]);
      }
    }
    return out;
  }

  /** {@code a a'}. */
  private static double[][] square(double[][] a) {
    return products(DenseMatrix.ofRows(transposed(a)));
  }

  private static DenseMatrix times(DenseMatrix y, double[][] turn) {
    int k = turn[0].length;
    var out = DenseMatrix.zeros(y.nRows(), k, DType.FLOAT32);
    Parallel.forRange(
        y.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[y.nCols()];
          double[] made = new double[k];
          for (int i = from; i < to; i++) {
            y.readRow(i, row);
            Arrays.fill(made, 0);
            for (int r = 0; r < row.length; r++) {
              addScaled(made, row[r], turn[r]);
            }
            out.setRow(i, made);
          }
        });
    return out;
  }

  private static double[][] identity(int size) {
    double[][] out = new double[size][size];
    for (int i = 0; i < size; i++) {
      out[i][i] = 1;
    }
    return out;
  }

  private static double[][] transposed(double[][] a) {
    double[][] out = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        out[j][i] = a[i][j];
      }
    }
    return out;
  }

  /** The first {@code k} columns, zeros where there are fewer. */
  private static double[][] leading(double[][] a, int k) {
    double[][] out = new double[a.length][];
    Arrays.setAll(out, r -> Arrays.copyOf(a[r], k));
    return out;
  }

  private static double[][] rowsOf(DenseMatrix x) {
    double[][] out = new double[x.nRows()][x.nCols()];
    for (int i = 0; i < out.length; i++) {
      x.readRow(i, out[i]);
    }
    return out;
  }
}
