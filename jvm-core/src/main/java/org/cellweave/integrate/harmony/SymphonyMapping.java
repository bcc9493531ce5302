package org.cellweave.integrate.harmony;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Places new cells in a corrected embedding that stays as it is.
 *
 * <p>Cells of a known level lose what the reference's regression gives to that level. For a level
 * whose name the reference does not have the part of the level is estimated from the new cells with
 * the reference's intercepts held. Cells are assigned to the reference's clusters by closeness
 * alone, first where they are and again where the first correction puts them.
 *
 * @see <a href="https://doi.org/10.1038/s41467-021-25957-x">Kang et al. 2021</a>
 */
final class SymphonyMapping {
  private static final int PASSES = 2;
  private static final int BLOCK = 1024;

  private final HarmonyDesign design;
  private final RidgeCorrection ridge;
  private final Cooccurrence counts;
  private final double[] centroids;
  private final Harmony.Params params;
  private final int nClusters;
  private final int dims;

  SymphonyMapping(
      HarmonyDesign design,
      RidgeCorrection ridge,
      Cooccurrence counts,
      double[] centroids,
      Harmony.Params params) {
    this.design = design;
    this.ridge = ridge;
    this.counts = counts;
    this.centroids = centroids;
    this.params = params;
    this.nClusters = design.nClusters;
    this.dims = centroids.length / nClusters;
  }

  DenseMatrix run(DenseMatrix cells, List<Categories> columns) {
    Check.sameLength(cells.nCols(), dims, "new cells", "the number of components");
    Check.sameLength(
        columns.size(), design.covariates.size(), "batches", "the number of covariates");
    UnitRows.checkFinite(cells, "newCells");
    int[][] levels = new int[columns.size()][];
    int total = design.nLevels;
    for (int c = 0; c < levels.length; c++) {
      var column = columns.get(c).forCells(cells.nRows()).complete().withoutUnused();
      var known = Arrays.asList(design.covariates.get(c).levels());
      int[] number = new int[column.nLevels()];
      for (int l = 0; l < number.length; l++) {
        int at = known.indexOf(column.level(l));
        number[l] = at >= 0 ? design.firstLevel[c] + at : total++;
      }
      levels[c] = Arrays.stream(column.codes()).map(code -> number[code]).toArray();
    }
    DenseMatrix placed = cells;
    for (int pass = 0; pass < PASSES; pass++) {
      var shares = assign(placed);
      var effects = effects(cells, shares, levels, total);
      placed = subtract(cells, shares, levels, effects);
    }
    return placed;
  }

  private DenseMatrix assign(DenseMatrix placed) {
    var shares = new DirectionShares(centroids, nClusters, params.sigma());
    var out = DenseMatrix.zeros(placed.nRows(), nClusters, DType.FLOAT32);
    Parallel.forRange(
        placed.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[dims];
          double[] share = new double[nClusters];
          for (int i = from; i < to; i++) {
            placed.readRow(i, row);
            shares.of(row, share);
            out.setRow(i, share);
          }
        });
    return out;
  }

  /** For every cluster its levels by dimensions: the reference's, then those of new levels. */
  private double[][] effects(DenseMatrix cells, DenseMatrix shares, int[][] levels, int total) {
    double[][] out = new double[nClusters][];
    for (int k = 0; k < nClusters; k++) {
      double[] known = ridge.weights[k];
      out[k] = Arrays.copyOf(Arrays.copyOfRange(known, dims, known.length), total * dims);
    }
    if (total > design.nLevels) {
      estimate(cells, shares, levels, total, out);
    }
    return out;
  }

  private void estimate(
      DenseMatrix cells, DenseMatrix shares, int[][] levels, int total, double[][] out) {
    int fresh = total - design.nLevels;
    double[] size = new double[fresh];
    double[][] amount = new double[nClusters][fresh];
    double[] row = new double[dims];
    double[] share = new double[nClusters];
    for (int i = 0; i < cells.nRows(); i++) {
      cells.readRow(i, row);
      shares.readRow(i, share);
      for (int[] of : levels) {
        int b = of[i] - design.nLevels;
        if (b < 0) {
          continue;
        }
        size[b]++;
        for (int k = 0; k < nClusters; k++) {
          amount[k][b] += share[k];
          for (int c = 0; c < dims; c++) {
            out[k][of[i] * dims + c] += share[k] * (row[c] - ridge.weights[k][c]);
          }
        }
      }
    }
    for (int k = 0; k < nClusters; k++) {
      for (int b = 0; b < fresh; b++) {
        double lambda = params.alpha() * size[b] * counts.mass[k] / design.nCells;
        double scale = ridge.active[k] ? 1 / (amount[k][b] + lambda) : 0;
        for (int c = 0; c < dims; c++) {
          out[k][(design.nLevels + b) * dims + c] *= scale;
        }
      }
    }
  }

  private DenseMatrix subtract(
      DenseMatrix cells, DenseMatrix shares, int[][] levels, double[][] effects) {
    var out = DenseMatrix.zeros(cells.nRows(), dims, DType.FLOAT32);
    Parallel.forRange(
        cells.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[dims];
          double[] share = new double[nClusters];
          for (int i = from; i < to; i++) {
            cells.readRow(i, row);
            shares.readRow(i, share);
            for (int[] of : levels) {
              for (int k = 0; k < nClusters; k++) {
                for (int c = 0; c < dims; c++) {
                  row[c] -= share[k] * effects[k][of[i] * dims + c];
                }
              }
            }
            out.setRow(i, row);
          }
        });
    return out;
  }
}
