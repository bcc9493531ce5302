package org.cellweave.preprocess;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * Values of features that cells lack, such as those of a modality, from the nearest cells that have
 * them.
 *
 * <p>Sums are made in float64 from the nearest cell on. The result is sparse where the values are,
 * unless more than half of it is no zero: a dense matrix then takes less memory. Cost: neighbours
 * times stored values of a cell, and the features, for every cell; the median reads all features of
 * all neighbours.
 *
 * @see <a href="https://doi.org/10.1038/s41587-023-01766-z">Ghazanfar 2024, imputation</a>
 */
public final class ImputedValues {
  private static final int BLOCK = 256;
  private static final double DENSE_SHARE = 0.5;

  private ImputedValues() {}

  /** How the values of the neighbours become one. */
  public enum Summary {
    MEAN,
    MEDIAN,
    /** Mean with {@link NeighborImputation.Weights#LINEAR}. */
    WEIGHTED;

    /** How the neighbours are to be weighed for it. */
    public NeighborImputation.Weights weights() {
      return this == WEIGHTED ? NeighborImputation.Weights.LINEAR : NeighborImputation.Weights.NONE;
    }
  }

  /**
   * @param nNeighbors cells that a value comes from
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

    /** As {@link NeighborImputation} takes them. */
    public NeighborImputation.Params search() {
      return NeighborImputation.Params.builder().k(nNeighbors).weights(summary.weights()).build();
    }
  }

  /**
   * @param near the nearest donors of every target
   * @param values donors by features
   * @return targets by features, float64 where the values are, else float32
   */
  public static Matrix run(NeighborImputation.Result near, Matrix values, Summary summary) {
    for (int donor : near.donors()) {
      Check.index(donor, values.nRows(), "a donor");
    }
    var rows = Rows.of(values);
    DType type = values.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    if (!values.isSparse()) {
      return dense(near, rows, summary, type);
    }
    int n = near.nTargets();
    List<CsrMatrix> parts =
        Parallel.map(
            Parallel.nBlocks(n, BLOCK),
            block -> {
              int from = block * BLOCK;
              return sparse(near, rows, summary, type, from, Math.min(n, from + BLOCK));
            });
    if (parts.isEmpty()) {
      return CsrMatrix.empty(0, rows.nCols(), type);
    }
    List<int[]> places = new ArrayList<>();
    parts.forEach(part -> places.add(null));
    CsrMatrix whole = RowStack.vstack(parts, places, rows.nCols(), type, 0);
    boolean mostly = whole.nnz() > DENSE_SHARE * n * rows.nCols();
    return mostly ? whole.toDense() : whole;
  }

  private static CsrMatrix sparse(
      NeighborImputation.Result near, Rows rows, Summary summary, DType type, int from, int to) {
    var cell = new OneCell(near, rows, summary);
    var out = new CsrBuilder(rows.nCols(), type);
    int[] at = new int[rows.nCols()];
    double[] stored = new double[rows.nCols()];
    for (int i = from; i < to; i++) {
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
  }

  private static DenseMatrix dense(
      NeighborImputation.Result near, Rows rows, Summary summary, DType type) {
    var out = DenseMatrix.zeros(near.nTargets(), rows.nCols(), type);
    Parallel.forRange(
        near.nTargets(),
        BLOCK,
        (from, to) -> {
          var cell = new OneCell(near, rows, summary);
          for (int i = from; i < to; i++) {
            out.setRow(i, cell.of(i));
          }
        });
    return out;
  }

  /** Buffers of one thread. */
  private static final class OneCell {
    private final NeighborImputation.Result near;
    private final Summary summary;
    private final RowReader reader;
    private final double[] row;
    private final double[] values;
    private final double[][] donors;

    OneCell(NeighborImputation.Result near, Rows rows, Summary summary) {
      this.near = near;
      this.summary = summary;
      reader = rows.reader();
      row = new double[rows.nCols()];
      values = new double[near.k()];
      donors = new double[summary == Summary.MEDIAN ? near.k() : 0][rows.nCols()];
    }

    /** Values of a cell, until the next call. */
    double[] of(int cell) {
      int start = cell * near.k();
      Arrays.fill(row, 0);
      if (summary != Summary.MEDIAN) {
        for (int at = start; at < start + near.k(); at++) {
          reader.addTo(near.donors()[at], near.weights()[at], row);
        }
        return row;
      }
      for (int q = 0; q < donors.length; q++) {
        reader.read(near.donors()[start + q], donors[q]);
      }
      for (int j = 0; j < row.length; j++) {
        int feature = j;
        Arrays.setAll(values, q -> donors[q][feature]);
        row[j] = Median.of(values);
      }
      return row;
    }
  }
}
