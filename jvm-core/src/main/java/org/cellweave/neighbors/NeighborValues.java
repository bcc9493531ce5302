package org.cellweave.neighbors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.RowStack;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Median;
import org.cellweave.util.Parallel;

/**
 * Values of a reference's features for the cells of a query: what its nearest reference cells have
 * on average.
 *
 * <p>Sums are made in float64 from the nearest cell on. The result is sparse where the values are,
 * unless more than half of it is no zero: a dense matrix then takes less memory. Cost: neighbours
 * times stored values of a cell, and the features, for every cell of the query; the median reads
 * all features of all neighbours.
 *
 * @see <a href="https://doi.org/10.1038/s41587-023-01766-z">Ghazanfar 2024, imputation</a>
 */
public final class NeighborValues {
  private static final int BLOCK = 256;
  private static final double DENSE_SHARE = 0.5;

  private NeighborValues() {}

  /** How the values of the neighbours become one. */
  public enum Summary {
    MEAN,
    MEDIAN,
    /**
     * Mean with weights that fall with the distance, as its inverse; cells at distance 0 share all
     * of the weight where there are such.
     */
    WEIGHTED
  }

  /**
   * @param nNeighbors cells of the reference that a value comes from
   * @param summary how their values become one
   */
  public record Params(int nNeighbors, Summary summary) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nNeighbors, "nNeighbors");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nNeighbors = 5;
      private Summary summary = Summary.MEAN;

      public Builder nNeighbors(int value) {
        this.nNeighbors = value;
        return this;
      }

      public Builder summary(Summary value) {
        this.summary = value;
        return this;
      }

      public Params build() {
        return new Params(nNeighbors, summary);
      }
    }
  }

  /**
   * @param x cells of the query by features, of the reference's type
   */
  public record Result(Matrix x) {}

  /**
   * @param lists neighbours of the query's cells in the reference, at least as many as are asked
   *     for
   * @param values cells of the reference by features
   */
  public static Result run(CrossNeighbors.Result lists, Matrix values, Params params) {
    int k = Check.atMost(params.nNeighbors(), lists.nNeighbors(), "nNeighbors");
    for (int index : lists.indices()) {
      Check.index(index, values.nRows(), "a neighbour");
    }
    var rows = Rows.of(values);
    DType type = values.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    if (!values.isSparse()) {
      return new Result(dense(lists, rows, k, params.summary(), type));
    }
    int n = lists.nCells();
    List<CsrMatrix> parts =
        Parallel.map(
            Parallel.nBlocks(n, BLOCK),
            block -> {
              var cell = new OfOneCell(lists, rows, k, params.summary());
              var out = new CsrBuilder(rows.nCols(), type);
              int[] at = new int[rows.nCols()];
              double[] stored = new double[rows.nCols()];
              for (int i = block * BLOCK; i < Math.min(n, (block + 1) * BLOCK); i++) {
                double[] row = cell.of(i);
                int used = 0;
                for (int j = 0; j < row.length; j++) {
                  if (row[j] != 0) {
                    at[used] = j;
                    stored[used++] = row[j];
                  }
                }
                out.addRow(at, stored, used);
              }
              return out.build();
            });
    if (parts.isEmpty()) {
      return new Result(CsrMatrix.empty(0, rows.nCols(), type));
    }
    List<int[]> places = new ArrayList<>();
    parts.forEach(part -> places.add(null));
    CsrMatrix whole = RowStack.vstack(parts, places, rows.nCols(), type, 0);
    boolean mostly = whole.nnz() > DENSE_SHARE * n * rows.nCols();
    return new Result(mostly ? whole.toDense() : whole);
  }

  private static DenseMatrix dense(
      CrossNeighbors.Result lists, Rows rows, int k, Summary summary, DType type) {
    var out = DenseMatrix.zeros(lists.nCells(), rows.nCols(), type);
    Parallel.forRange(
        lists.nCells(),
        BLOCK,
        (from, to) -> {
          var cell = new OfOneCell(lists, rows, k, summary);
          for (int i = from; i < to; i++) {
            out.setRow(i, cell.of(i));
          }
        });
    return out;
  }

  /** Of one thread: its buffers. */
  private static final class OfOneCell {
    private final CrossNeighbors.Result lists;
    private final Summary summary;
    private final RowReader reader;
    private final double[] row;
    private final double[] weights;
    private final double[][] neighbors;

    OfOneCell(CrossNeighbors.Result lists, Rows rows, int k, Summary summary) {
      this.lists = lists;
      this.summary = summary;
      reader = rows.reader();
      row = new double[rows.nCols()];
      weights = new double[k];
      neighbors = summary == Summary.MEDIAN ? new double[k][rows.nCols()] : null;
    }

    /** Values of a cell, until the next call. */
    double[] of(int cell) {
      int start = cell * lists.nNeighbors();
      if (summary == Summary.MEDIAN) {
        for (int q = 0; q < weights.length; q++) {
          reader.read(lists.indices()[start + q], neighbors[q]);
        }
        for (int j = 0; j < row.length; j++) {
          int feature = j;
          Arrays.setAll(weights, q -> neighbors[q][feature]);
          row[j] = Median.of(weights);
        }
        return row;
      }
      weigh(start);
      double total = Arrays.stream(weights).sum();
      Arrays.fill(row, 0);
      for (int q = 0; q < weights.length; q++) {
        if (weights[q] > 0) {
          reader.addTo(lists.indices()[start + q], weights[q], row);
        }
      }
      for (int j = 0; j < row.length; j++) {
        row[j] /= total;
      }
      return row;
    }

    private void weigh(int start) {
      double[] distances = lists.distances();
      if (summary == Summary.MEAN) {
        Arrays.fill(weights, 1);
        return;
      }
      double nearest =
          IntStream.range(start, start + weights.length)
              .mapToDouble(p -> distances[p])
              .min()
              .orElseThrow();
      // relative to the nearest, so that no inverse overflows
      Arrays.setAll(
          weights,
          q ->
              distances[start + q] == nearest
                  ? 1
                  : nearest == 0 ? 0 : nearest / distances[start + q]);
    }
  }
}
