package org.cellweave.integrate.harmony;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.LevelCombinations;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.ReferenceMapping;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Symphony: places new cells in the corrected embedding of a {@link CompressedReference}, which
 * stays as it is.
 *
 * <p>Cells are assigned to the reference's clusters by closeness of directions. In every cluster a
 * ridge regression of the new cells on their batches, beside the reference's cells as the
 * compression tells of them, gives what a batch adds, and that is taken off. Every level of a batch
 * column is new, also one that the reference has by name; {@link HarmonyModel#applyTo} is for
 * those.
 *
 * <p>Cost: O(n K d) for the places, O(n K d^2) for the distances; no memory that grows with both n
 * and K. A cluster that has neither cells of the reference nor new ones corrects nothing.
 *
 * @see <a href="https://doi.org/10.1038/s41467-021-25957-x">Kang et al. 2021</a>
 */
public final class Symphony {
  private static final int BLOCK = 1024;
  private static final int PARTS = 32;
  private static final double SINGULAR = 1e-12;

  private final CompressedReference reference;
  private final Params params;
  private final DenseMatrix cells;
  private final LevelCombinations batches;
  private final int nClusters;
  private final int dims;
  private final DirectionShares shares;

  private Symphony(
      CompressedReference reference, DenseMatrix cells, LevelCombinations batches, Params params) {
    this.reference = reference;
    this.params = params;
    this.cells = cells;
    this.batches = batches;
    this.nClusters = reference.nClusters();
    this.dims = reference.nDims();
    this.shares =
        new DirectionShares(
            reference.directions().toFloat64().doubleData(), nClusters, reference.sigma());
  }

  /**
   * @param lambda ridge penalty of what a batch adds to a cluster
   */
  public record Params(double lambda) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.finite(Check.positive(lambda, "lambda"), "lambda");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double lambda = 1;

      public Builder lambda(double value) {
        this.lambda = value;
        return this;
      }

      public Params build() {
        return new Params(lambda);
      }
    }
  }

  /**
   * @param corrected places of the new cells among the reference's corrected ones, float64
   * @param distance of every new cell from the reference's clusters before the correction:
   *     Mahalanobis distances weighted by its shares; large where the reference has nothing like
   *     it, NaN where no cluster has enough cells to tell
   * @param cluster of the largest share, the first of equals
   * @param unmeasured clusters of no more cells than dimensions, which {@code distance} leaves out
   */
  public record Result(DenseMatrix corrected, double[] distance, int[] cluster, int unmeasured) {}

  /** The mapping as a value that can be handed on. */
  public static ReferenceMapping onto(CompressedReference reference, Params params) {
    return (query, progress) -> {
      var cells = query.values("symphony").toDense();
      return new Integrated.Embedding(
          run(cells, reference, query.batches(), params, progress).corrected());
    };
  }

  /**
   * @param cells among the reference's components, as {@link CompressedReference#project} gives
   *     them
   * @param batches columns of labels of the cells; empty for cells of one batch
   */
  public static Result run(
      DenseMatrix cells,
      CompressedReference reference,
      List<Categories> batches,
      Params params,
      Progress progress) {
    Check.sameLength(cells.nCols(), reference.nDims(), "cells", "the number of components");
    Check.positive(cells.nRows(), "the number of cells");
    UnitRows.checkFinite(cells, "cells");
    var used =
        batches.isEmpty()
            ? List.of(Categories.of("batch", new int[cells.nRows()]))
            : batches.stream().map(b -> b.complete().withoutUnused()).toList();
    var combinations = LevelCombinations.of(used, cells.nRows());
    var run = new Symphony(reference, cells, combinations, params);
    return run.result(progress);
  }

  private Result result(Progress progress) {
    double[][] effects = effects();
    progress.step("symphony", 1, 2, Double.NaN);
    var spread = new ClusterSpread(reference);
    int n = cells.nRows();
    var corrected = DenseMatrix.zeros(n, dims, DType.FLOAT64);
    double[] distance = new double[n];
    int[] cluster = new int[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          var cell = new Cell();
          for (int i = from; i < to; i++) {
            cell.load(i);
            cluster[i] = cell.largest();
            distance[i] = cell.distance(spread);
            corrected.setRow(i, cell.without(effects[batches.codes()[i]]));
          }
        });
    progress.step("symphony", 2, 2, Double.NaN);
    return new Result(corrected, distance, cluster, nClusters - spread.nUsable());
  }

  /** One cell after another, with its shares. */
  private final class Cell {
    final double[] place = new double[dims];
    final double[] share = new double[nClusters];
    private final double[] scratch = new double[dims];

    void load(int i) {
      cells.readRow(i, place);
      System.arraycopy(place, 0, scratch, 0, dims);
      shares.of(scratch, share);
    }

    int largest() {
      int best = 0;
      for (int k = 1; k < nClusters; k++) {
        best = share[k] > share[best] ? k : best;
      }
      return best;
    }

    double distance(ClusterSpread spread) {
      double sum = 0;
      double weight = 0;
      for (int k = 0; k < nClusters; k++) {
        if (share[k] > 0 && spread.usable(k)) {
          sum += share[k] * spread.distance(k, place, scratch);
          weight += share[k];
        }
      }
      return weight > 0 ? sum / weight : Double.NaN;
    }

    double[] without(double[] effects) {
      for (int k = 0; k < nClusters; k++) {
        for (int c = 0; c < dims; c++) {
          place[c] -= share[k] * effects[k * dims + c];
        }
      }
      return place;
    }
  }

  /** What the batches add, by combination of levels: clusters by dimensions. */
  private double[][] effects() {
    double[][] totals = totals();
    double[][] out = new double[batches.levels().length][nClusters * dims];
    Parallel.forBlocks(
        nClusters,
        k -> {
          double[][] weights = regress(k, totals);
          for (int j = 0; j < out.length; j++) {
            for (int level : batches.levels()[j]) {
              for (int c = 0; c < dims; c++) {
                out[j][k * dims + c] += weights[level + 1][c];
              }
            }
          }
        });
    return out;
  }

  /**
   * By combination of levels, for every cluster the sum of shares and then that of places by
   * shares. Parts of the cells are added in their order.
   */
  private double[][] totals() {
    int n = cells.nRows();
    int width = dims + 1;
    int part = Math.max(BLOCK, (n + PARTS - 1) / PARTS);
    var parts =
        Parallel.map(
            Parallel.nBlocks(n, part),
            block -> {
              double[][] sums = new double[batches.levels().length][];
              var cell = new Cell();
              for (int i = block * part; i < Math.min(n, (block + 1) * part); i++) {
                int code = batches.codes()[i];
                if (sums[code] == null) {
                  sums[code] = new double[nClusters * width];
                }
                cell.load(i);
                add(cell, sums[code]);
              }
              return sums;
            });
    double[][] out = new double[batches.levels().length][nClusters * width];
    for (double[][] sums : parts) {
      for (int j = 0; j < out.length; j++) {
        for (int q = 0; sums[j] != null && q < out[j].length; q++) {
          out[j][q] += sums[j][q];
        }
      }
    }
    return out;
  }

  private void add(Cell cell, double[] sums) {
    int at = 0;
    for (int k = 0; k < nClusters; k++) {
      double share = cell.share[k];
      sums[at++] += share;
      for (int c = 0; c < dims; c++) {
        sums[at++] += share * cell.place[c];
      }
    }
  }

  /** Intercept, then one row per level. */
  private double[][] regress(int cluster, double[][] totals) {
    int[] first = batches.firstLevel();
    int nLevels = first[first.length - 1];
    double[][] matrix = new double[nLevels + 1][nLevels + 1];
    double[][] right = new double[nLevels + 1][dims];
    matrix[0][0] = reference.sizes()[cluster];
    reference.sums().readRow(cluster, right[0]);
    int at = cluster * (dims + 1);
    for (int j = 0; j < totals.length; j++) {
      double amount = totals[j][at];
      int[] rows = rowsOf(batches.levels()[j]);
      for (int row : rows) {
        for (int other : rows) {
          matrix[row][other] += amount;
        }
        for (int c = 0; c < dims; c++) {
          right[row][c] += totals[j][at + 1 + c];
        }
      }
    }
    for (int row = 1; row <= nLevels; row++) {
      matrix[row][row] += params.lambda();
    }
    SmallCholesky.solve(matrix, right, SINGULAR);
    return right;
  }

  /** The intercept and the levels as rows of the equations. */
  private static int[] rowsOf(int[] levels) {
    int[] rows = new int[levels.length + 1];
    for (int l = 0; l < levels.length; l++) {
      rows[l + 1] = levels[l] + 1;
    }
    return rows;
  }
}
