package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;

/**
 * Quality-control metrics of every cell and every gene, as scanpy's {@code calculate_qc_metrics}.
 *
 * <p>One pass over the values. Stored zeros do not count; the matrix is not changed. Totals are
 * summed in float64 and rounded to what scanpy stores: float32 for a float32 matrix.
 *
 * <p>Cost: O(nnz), and a selection of the largest values per row for {@code percentTop}. A cell
 * without counts has NaN percentages. Numbers matched: scanpy 1.11.5.
 */
public final class QcMetrics {
  private QcMetrics() {}

  /**
   * @param percentTop sizes n of {@code pct_counts_in_top_n_genes}; ascending in the result
   */
  public record Params(List<Integer> percentTop) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      percentTop = percentTop.stream().sorted().toList();
      for (int n : percentTop) {
        Check.positive(n, "percentTop");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private List<Integer> percentTop = List.of(50, 100, 200, 500);

      public Builder percentTop(List<Integer> value) {
        this.percentTop = value;
        return this;
      }

      public Params build() {
        return new Params(percentTop);
      }
    }
  }

  /**
   * Sum of one set of genes per cell.
   *
   * @param total of the set
   * @param log1pTotal {@code ln(1 + total)}
   * @param pct 100 times the set's share of the cell's total; NaN for an empty cell
   */
  public record GeneSet(double[] total, double[] log1pTotal, double[] pct) {}

  /**
   * @param totalsDType type scanpy gives totals and set percentages: FLOAT32, FLOAT64, INT64 or
   *     UINT64
   * @param nGenes number of non-zero genes per cell
   * @param log1pNGenes {@code ln(1 + nGenes)}
   * @param totalCounts sum per cell
   * @param log1pTotalCounts {@code ln(1 + totalCounts)}
   * @param percentTop the sizes n, ascending
   * @param pctInTop one array per n: percent of the counts in the cell's n largest genes
   * @param geneSets by name, in the order given
   * @param nCells number of cells with a non-zero value, per gene
   * @param meanCounts per gene
   * @param log1pMeanCounts {@code ln(1 + meanCounts)}
   * @param pctDropout percent of cells without the gene
   * @param geneTotals sum per gene
   * @param log1pGeneTotals {@code ln(1 + geneTotals)}
   */
  public record Result(
      DType totalsDType,
      int[] nGenes,
      double[] log1pNGenes,
      double[] totalCounts,
      double[] log1pTotalCounts,
      int[] percentTop,
      double[][] pctInTop,
      Map<String, GeneSet> geneSets,
      int[] nCells,
      double[] meanCounts,
      double[] log1pMeanCounts,
      double[] pctDropout,
      double[] geneTotals,
      double[] log1pGeneTotals) {}

  /**
   * @param x cells by genes
   * @param qcVars one mask over the genes per name ("mt" for mitochondrial genes)
   */
  public static Result run(Matrix x, Map<String, boolean[]> qcVars, Params params) {
    check(x, qcVars, params);
    var pass = new Pass(Rows.of(x), List.copyOf(qcVars.values()), params);
    pass.run();
    return pass.result(x, List.copyOf(qcVars.keySet()));
  }

  private static void check(Matrix x, Map<String, boolean[]> qcVars, Params params) {
    List<Integer> tops = params.percentTop();
    if (!tops.isEmpty() && tops.get(tops.size() - 1) > x.nCols()) {
      throw new IllegalArgumentException(
          "percentTop must not exceed the number of genes, got "
              + tops.get(tops.size() - 1)
              + " for "
              + x.nCols()
              + " genes. Pass smaller numbers, or an empty list to leave these metrics out");
    }
    qcVars.forEach(
        (name, mask) ->
            Check.sameLength(mask.length, x.nCols(), "qcVars['" + name + "']", "number of genes"));
  }

  /** The single walk over the values and what it collects. */
  private static final class Pass {
    private final Rows rows;
    private final List<boolean[]> sets;
    private final int[] tops;
    private final int[] nGenes;
    private final double[] totals;
    private final double[][] inTop;
    private final double[][] inSet;
    private final int[] nCells;
    private final double[] geneTotals;

    Pass(Rows rows, List<boolean[]> sets, Params params) {
      this.rows = rows;
      this.sets = sets;
      this.tops = params.percentTop().stream().mapToInt(Integer::intValue).toArray();
      this.nGenes = new int[rows.nRows()];
      this.totals = new double[rows.nRows()];
      this.inTop = new double[tops.length][rows.nRows()];
      this.inSet = new double[sets.size()][rows.nRows()];
      this.nCells = new int[rows.nCols()];
      this.geneTotals = new double[rows.nCols()];
    }

    void run() {
      boolean[][] masks = sets.toArray(new boolean[0][]);
      int[] sizes = tops;
      rows.<QcPart>inOrder(
          (some, from, to) -> {
            var part = new QcPart(from, to - from, some.nCols(), sizes, masks);
            some.visit(from, to, part::row);
            return part;
          },
          (from, part) -> part.addTo(nGenes, totals, inTop, inSet, nCells, geneTotals));
    }

    Result result(Matrix x, List<String> names) {
      boolean float32 = x.dtype() == DType.FLOAT32 || x.dtype() == DType.FLOAT16;
      var totalsDType =
          float32 ? DType.FLOAT32 : x.dtype().isFloating() ? DType.FLOAT64 : wide(x.dtype());
      double[] rounded = rounded(totals, float32);
      Map<String, GeneSet> geneSets = new LinkedHashMap<>();
      for (int s = 0; s < inSet.length; s++) {
        double[] set = rounded(inSet[s], float32);
        double[] pct = new double[set.length];
        for (int i = 0; i < pct.length; i++) {
          pct[i] = 100 * (set[i] / rounded[i]);
        }
        geneSets.put(names.get(s), new GeneSet(set, log1p(set, float32), rounded(pct, float32)));
      }
      double[] geneSums = rounded(geneTotals, float32);
      double[] means = new double[nCells.length];
      double[] dropout = new double[nCells.length];
      for (int j = 0; j < means.length; j++) {
        means[j] = geneTotals[j] / rows.nRows();
        dropout[j] = (1 - nCells[j] / (double) rows.nRows()) * 100;
      }
      return new Result(
          totalsDType,
          nGenes,
          log1p(Arrays.stream(nGenes).asDoubleStream().toArray(), false),
          rounded,
          log1p(rounded, float32),
          tops,
          inTop,
          geneSets,
          nCells,
          means,
          log1p(means, false),
          dropout,
          geneSums,
          log1p(geneSums, float32));
    }

    private static DType wide(DType whole) {
      return whole.isInteger() && !whole.isSigned() ? DType.UINT64 : DType.INT64;
    }

    private static double[] rounded(double[] v, boolean float32) {
      if (!float32) {
        return v;
      }
      double[] out = new double[v.length];
      for (int i = 0; i < v.length; i++) {
        out[i] = (float) v[i];
      }
      return out;
    }

    private static double[] log1p(double[] v, boolean float32) {
      double[] out = new double[v.length];
      for (int i = 0; i < v.length; i++) {
        out[i] = Elementary.log1p(v[i]);
      }
      return rounded(out, float32);
    }
  }
}
