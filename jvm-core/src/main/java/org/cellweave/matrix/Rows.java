package org.cellweave.matrix;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.cellweave.util.Parallel;

/**
 * The rows of any matrix, for readers of several threads and for walks in fixed groups of rows.
 *
 * <p>A column-compressed matrix is turned into a row-compressed copy, once.
 */
public final class Rows {
  private static final int MAX_GROUPS = 64;
  private static final int MIN_GROUP_ROWS = 256;

  private final int nRows;
  private final int nCols;
  private final CsrMatrix sparse;
  private final DenseMatrix dense;

  private Rows(Matrix x, CsrMatrix sparse, DenseMatrix dense) {
    this.nRows = x.nRows();
    this.nCols = x.nCols();
    this.sparse = sparse;
    this.dense = dense;
  }

  public static Rows of(Matrix x) {
    return x instanceof DenseMatrix d ? new Rows(x, null, d) : new Rows(x, x.toCsr(), null);
  }

  /** Receives the entries of one row. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param at columns at {@code start <= p < start + n}
     * @param values entry k is at column {@code at[start + k]}; free to be overwritten
     */
    void row(int i, int[] at, int start, double[] values, int n);
  }

  public int nRows() {
    return nRows;
  }

  public int nCols() {
    return nCols;
  }

  /** Null when the matrix is dense. */
  CsrMatrix sparse() {
    return sparse;
  }

  /** Null when the matrix is sparse. */
  DenseMatrix dense() {
    return dense;
  }

  /** Copies row {@code i}, zeros included, into {@code out}; any thread may. */
  public void read(int i, double[] out) {
    if (dense != null) {
      dense.readRow(i, out);
      return;
    }
    CsrMatrix.Block from = sparse.blockOf(i);
    Arrays.fill(out, 0, nCols, 0);
    int[] columns = from.indices();
    int end = from.end(i);
    float[] narrow = from.values();
    if (narrow != null) {
      for (int p = from.start(i); p < end; p++) {
        out[columns[p]] = narrow[p];
      }
    } else {
      double[] wide = from.wideValues();
      for (int p = from.start(i); p < end; p++) {
        out[columns[p]] = wide[p];
      }
    }
  }

  /** As {@link #read(int, double[])}, rounded to float32. */
  public void read(int i, float[] out) {
    if (dense != null) {
      dense.readRow(i, out);
      return;
    }
    CsrMatrix.Block from = sparse.blockOf(i);
    Arrays.fill(out, 0, nCols, 0);
    int[] columns = from.indices();
    int end = from.end(i);
    for (int p = from.start(i); p < end; p++) {
      out[columns[p]] = (float) from.value(p);
    }
  }

  /** A reader for one thread. */
  public RowReader reader() {
    return new RowReader(this);
  }

  /**
   * First rows of groups that depend on the matrix alone: at most 64, of at least 256 rows, unless
   * these held more than 8 blocks each of a sparse matrix; then those of whole blocks.
   */
  public int[] groupBounds() {
    if (sparse != null && sparse.blockCount() > MAX_GROUPS) {
      int[] groups = sparse.groupBounds();
      return Arrays.stream(groups).map(sparse::blockStart).toArray();
    }
    int size = Math.max(MIN_GROUP_ROWS, Parallel.nBlocks(nRows, MAX_GROUPS));
    int groups = Parallel.nBlocks(nRows, size);
    int[] bounds = new int[groups + 1];
    for (int g = 1; g <= groups; g++) {
      bounds[g] = (int) Math.min(nRows, (long) g * size);
    }
    return bounds;
  }

  /**
   * Hands what every group of rows gives to {@code take}, in order and one after the other. Groups
   * run in parallel, or where the rows are ({@link RowStore#runner()}); a few of their results are
   * held at a time.
   */
  public <T> void inOrder(RangeKernel<T> kernel, RangeKernel.Take<T> take) {
    inOrder(groupBounds(), kernel, take);
  }

  /**
   * As {@link #inOrder(RangeKernel, RangeKernel.Take)}, over other groups.
   *
   * @param bounds first rows of the groups, and the number of rows
   */
  public <T> void inOrder(int[] bounds, RangeKernel<T> kernel, RangeKernel.Take<T> take) {
    if (runElsewhere()) {
      RangeRunner runner = sparse.store().runner();
      runner.run(sparse.store(), bounds, kernel, take);
      return;
    }
    new OrderedParts<>(this, bounds, kernel, take).run();
  }

  /**
   * Runs an exchange where the rows are, over groups of them.
   *
   * @param take is given what the pieces give in their order, with their numbers
   * @throws IllegalStateException unless {@link #runElsewhere()}
   */
  public <P, T> void exchange(Exchange<P, T> exchange, RangeKernel.Take<T> take) {
    if (!runElsewhere()) {
      throw new IllegalStateException(
          "the rows of " + nRows + " x " + nCols + " are worked on here");
    }
    RangeRunner runner = sparse.store().runner();
    runner.exchange(sparse.store(), groupBounds(), exchange, take);
  }

  /** Whether passes run where the rows are, so that kernels have to travel there. */
  public boolean runElsewhere() {
    return sparse != null && !sparse.isInMemory() && sparse.store().runner() != null;
  }

  /**
   * First rows of groups of whole blocks of a sparse matrix, and the number of rows: bounds for
   * {@link #inOrder(int[], RangeKernel, RangeKernel.Take)} with {@link #blocks}.
   */
  int[] blockBounds() {
    return Arrays.stream(sparse.groupBounds()).map(sparse::blockStart).toArray();
  }

  /** The blocks of rows {@code from <= i < to} of a sparse matrix, which are whole blocks. */
  void blocks(int from, int to, Consumer<CsrMatrix.Block> body) {
    for (int b = sparse.blockAt(from); b < sparse.blockCount() && sparse.blockStart(b) < to; b++) {
      body.accept(sparse.block(b));
    }
  }

  /** A copy of rows {@code from <= i < to} of a sparse matrix, in memory. */
  public CsrMatrix part(int from, int to) {
    return CsrSlices.rows(sparse, RowStore.range(from, to));
  }

  /**
   * Says that rows {@code from <= i < to} are read next by several threads at once; where they lie
   * elsewhere they are read now, in parallel.
   */
  public void prepare(int from, int to) {
    if (sparse != null) {
      sparse.prepare(from, to);
    }
  }

  /** Visits every row, group by group in parallel. */
  public void forEach(Visitor visitor) {
    int[] bounds = groupBounds();
    Parallel.forBlocks(bounds.length - 1, g -> visit(bounds[g], bounds[g + 1], visitor));
  }

  /** Visits {@code from <= i < to} in order. */
  public void visit(int from, int to, Visitor visitor) {
    var reader = reader();
    for (int i = from; i < to; i++) {
      int n = reader.load(i);
      visitor.row(i, reader.columns(), reader.start(), reader.values(), n);
    }
  }

  /** Visits the rows {@code order[from] .. order[to - 1]}. */
  public void visit(int[] order, int from, int to, Visitor visitor) {
    var reader = reader();
    for (int p = from; p < to; p++) {
      int n = reader.load(order[p]);
      visitor.row(order[p], reader.columns(), reader.start(), reader.values(), n);
    }
  }

  /**
   * Walks over every row, group by group in parallel, and puts together what the groups give, in
   * order.
   *
   * @param empty what a group, and the whole, starts from
   * @param visitor adds rows to what a group gives
   * @param add puts the second into the first
   */
  public <T> T collect(Empty<T> empty, Part<T> visitor, BiConsumer<T, T> add) {
    T whole = empty.get();
    this.<T>inOrder(
        (rows, from, to) -> {
          T part = empty.get();
          rows.visit(from, to, visitor.apply(part));
          return part;
        },
        (from, part) -> add.accept(whole, part));
    return whole;
  }

  /**
   * Some numbers of every row, computed where the rows are.
   *
   * @param count how many
   * @return one array of {@code nRows} for each
   */
  public double[][] numbers(int count, RowNumbers kernel) {
    double[][] out = new double[count][nRows];
    this.<double[][]>inOrder(
        (rows, from, to) -> {
          double[][] part = new double[count][to - from];
          double[] of = new double[count];
          rows.visit(
              from,
              to,
              (i, at, start, v, n) -> {
                kernel.of(at, start, v, n, of);
                for (int c = 0; c < count; c++) {
                  part[c][i - from] = of[c];
                }
              });
          return part;
        },
        (from, part) -> {
          for (int c = 0; c < count; c++) {
            System.arraycopy(part[c], 0, out[c], from, part[c].length);
          }
        });
    return out;
  }

  /** Computes numbers of one row; may travel to where the rows are. */
  @FunctionalInterface
  public interface RowNumbers extends Serializable {
    /**
     * @param at columns at {@code start <= p < start + n}
     * @param v entry k is in column {@code at[start + k]}; free to be overwritten
     * @param out to be filled
     */
    void of(int[] at, int start, double[] v, int n, double[] out);
  }

  /** What sums start from; may travel to where the rows are. */
  @FunctionalInterface
  public interface Empty<T> extends Supplier<T>, Serializable {}

  /** The visitor that adds rows to sums; may travel to where the rows are. */
  @FunctionalInterface
  public interface Part<T> extends Function<T, Visitor>, Serializable {}

  /** As {@link #collect}, for sums in an array of some length. */
  public double[] sums(int length, Part<double[]> visitor) {
    return collect(() -> new double[length], visitor, Rows::add);
  }

  /** Adds the second to the first, place by place. */
  static void add(double[] sum, double[] part) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += part[j];
    }
  }
}
