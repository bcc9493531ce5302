package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.Comparator;
import org.cellweave.design.Categories;
import org.cellweave.internal.Mask;
import org.cellweave.internal.Ordering;
import org.cellweave.internal.Transcendental;
import org.cellweave.matrix.ColumnSums;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Elementary;

/**
 * The flavors {@code SEURAT} and {@code CELL_RANGER}: dispersion normalised in bins of the mean.
 */
final class BinnedDispersion {
  private static final double NO_MEAN = 1e-12;

  private final Matrix x;
  private final GroupSums totals;
  private final String[] geneNames;
  private final Categories batches;
  private final HighlyVariableGenes.Params params;
  private final boolean seurat;

  BinnedDispersion(
      Matrix x,
      GroupSums totals,
      String[] geneNames,
      Categories batches,
      HighlyVariableGenes.Params params) {
    this.x = x;
    this.totals = totals;
    this.geneNames = geneNames;
    this.batches = batches;
    this.params = params;
    this.seurat = params.flavor() == HighlyVariableGenes.Flavor.SEURAT;
  }

  /** Columns of one batch; genes the batch does not express hold zeros. */
  private record Table(double[] means, double[] dispersions, double[] norm, boolean[] selected) {
    Table(int n) {
      this(new double[n], new double[n], new double[n], new boolean[n]);
    }
  }

  HighlyVariableGenes.Result run() {
    ColumnSums[] sums = totals.collect(seurat ? fromLogarithms() : GroupSums.PLAIN);
    for (ColumnSums s : sums) {
      if (!s.isFinite()) {
        refuse();
      }
    }
    if (batches == null) {
      int[] all = new int[x.nCols()];
      Arrays.setAll(all, j -> j);
      Table t = table(sums[0], totals.sizes()[0], all);
      return result(t.selected, t, null, null);
    }
    // a batch expresses the genes that are above zero in one of its cells
    ColumnSums[] levels =
        ValueFacts.of(x).negative() == null ? sums : totals.collect(BinnedDispersion::addPositive);
    Table[] tables = new Table[sums.length];
    for (int b = 0; b < sums.length; b++) {
      tables[b] = table(sums[b], totals.sizes()[b], expressed(levels[b]));
    }
    return merge(tables);
  }

  private void refuse() {
    Finite.require(x, "X", "highlyVariableGenes");
    throw new IllegalArgumentException(
        "highlyVariableGenes: undoing the logarithm overflows, so X seems to hold counts rather"
            + " than logarithms. Run normalizeTotal and log1p first, or use flavor 'seurat_v3' on"
            + " counts");
  }

  /** Values go back through {@code expm1}, rounded to float32 where the matrix is. */
  private GroupSums.Kernel fromLogarithms() {
    double scale = params.logBase() == null ? 1 : Elementary.log(params.logBase());
    boolean wide = x.dtype() == org.cellweave.matrix.DType.FLOAT64;
    return (batch, at, start, v, n, sums) -> {
      for (int k = 0; k < n; k++) {
        double value = Transcendental.expm1(scale == 1 ? v[k] : v[k] * scale);
        sums.add(at[start + k], wide ? value : (float) value);
      }
    };
  }

  private static void addPositive(
      int batch, int[] at, int start, double[] v, int n, ColumnSums sums) {
    for (int k = 0; k < n; k++) {
      sums.add(at[start + k], Math.max(0, v[k]));
    }
  }

  private static int[] expressed(ColumnSums sums) {
    boolean[] any = new boolean[sums.squares().length];
    for (int j = 0; j < any.length; j++) {
      any[j] = sums.squares()[j] > 0;
    }
    return Mask.indicesOf(any);
  }

  private Table table(ColumnSums sums, int nCells, int[] genes) {
    int n = genes.length;
    double[] mean = new double[n];
    double[] dispersion = new double[n];
    for (int g = 0; g < n; g++) {
      double m = sums.mean(genes[g], nCells);
      m = m == 0 ? NO_MEAN : m;
      double d = sums.variance(genes[g], nCells) / m;
      if (seurat) {
        d = d == 0 ? Double.NaN : Elementary.log(d);
        m = Elementary.log1p(m);
      }
      mean[g] = m;
      dispersion[g] = d;
    }
    double[] norm = normalised(mean, dispersion, nCells);
    boolean[] selected = select(mean, dispersion, norm);
    var table = new Table(x.nCols());
    for (int g = 0; g < n; g++) {
      table.means[genes[g]] = mean[g];
      table.dispersions[genes[g]] = dispersion[g];
      table.norm[genes[g]] = norm[g];
      table.selected[genes[g]] = selected[g];
    }
    return table;
  }

  /** Nothing is known of the dispersions in a batch of one cell, and of none without genes. */
  private double[] normalised(double[] mean, double[] dispersion, int nCells) {
    if (nCells < 2 || mean.length == 0) {
      double[] unknown = new double[mean.length];
      Arrays.fill(unknown, Double.NaN);
      return unknown;
    }
    return seurat
        ? DispersionBins.bySeurat(mean, dispersion, params.nBins())
        : DispersionBins.byCellRanger(mean, dispersion);
  }

  private boolean[] select(double[] mean, double[] dispersion, double[] norm) {
    boolean[] selected = new boolean[norm.length];
    if (params.nTopGenes() == null) {
      for (int g = 0; g < norm.length; g++) {
        selected[g] = inBounds(mean[g], finite(norm[g]));
      }
      return selected;
    }
    double[] known = Arrays.stream(norm).filter(d -> !Double.isNaN(d)).sorted().toArray();
    if (known.length == 0) {
      return batches == null ? mostDispersed(dispersion) : selected;
    }
    double cut = known[known.length - Math.min(params.nTopGenes(), known.length)];
    for (int g = 0; g < norm.length; g++) {
      selected[g] = norm[g] >= cut;
    }
    return selected;
  }

  /** The choice where no bin holds genes enough to compare them with each other. */
  private boolean[] mostDispersed(double[] dispersion) {
    boolean[] selected = new boolean[dispersion.length];
    int left = params.nTopGenes();
    for (int gene : Ordering.descending(dispersion)) {
      if (left > 0 && !Double.isNaN(dispersion[gene])) {
        selected[gene] = true;
        left--;
      }
    }
    return selected;
  }

  /** NaN counts as 0, infinite as the largest number. */
  private static double finite(double norm) {
    if (Double.isNaN(norm)) {
      return 0;
    }
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, norm));
  }

  private boolean inBounds(double mean, double norm) {
    return mean > params.minMean()
        && mean < params.maxMean()
        && norm > params.minDisp()
        && norm < params.maxDisp();
  }

  private HighlyVariableGenes.Result merge(Table[] tables) {
    int n = x.nCols();
    var merged = new Table(n);
    int[] nBatches = new int[n];
    boolean[] intersection = new boolean[n];
    for (int j = 0; j < n; j++) {
      int gene = j;
      for (Table t : tables) {
        nBatches[j] += t.selected[j] ? 1 : 0;
      }
      intersection[j] = nBatches[j] == tables.length;
      merged.means[j] = meanOfKnown(tables.length, b -> tables[b].means[gene]);
      merged.dispersions[j] = meanOfKnown(tables.length, b -> tables[b].dispersions[gene]);
      merged.norm[j] = meanOfKnown(tables.length, b -> tables[b].norm[gene]);
    }
    if (params.nTopGenes() != null) {
      return result(topOverBatches(nBatches, merged.norm), merged, nBatches, intersection);
    }
    for (int j = 0; j < n; j++) {
      merged.norm[j] = Double.isNaN(merged.norm[j]) ? 0 : merged.norm[j];
      merged.selected[j] = inBounds(merged.means[j], merged.norm[j]);
    }
    return result(merged.selected, merged, nBatches, intersection);
  }

  private static double meanOfKnown(int n, java.util.function.IntToDoubleFunction value) {
    double sum = 0;
    int known = 0;
    for (int b = 0; b < n; b++) {
      double v = value.applyAsDouble(b);
      if (!Double.isNaN(v)) {
        sum += v;
        known++;
      }
    }
    return known == 0 ? Double.NaN : sum / known;
  }

  private boolean[] topOverBatches(int[] nBatches, double[] norm) {
    Integer[] order = new Integer[norm.length];
    Arrays.setAll(order, j -> j);
    Arrays.sort(
        order,
        Comparator.comparingInt((Integer j) -> -nBatches[j])
            .thenComparingDouble(j -> Double.isNaN(norm[j]) ? Double.NaN : 0.0 - norm[j])
            .thenComparing(j -> geneNames[j]));
    boolean[] selected = new boolean[norm.length];
    for (int k = 0; k < Math.min(params.nTopGenes(), order.length); k++) {
      selected[order[k]] = true;
    }
    return selected;
  }

  private static HighlyVariableGenes.Result result(
      boolean[] selected, Table t, int[] nBatches, boolean[] intersection) {
    return new HighlyVariableGenes.Result(
        selected, t.means, t.dispersions, t.norm, null, null, null, nBatches, intersection, null);
  }
}
