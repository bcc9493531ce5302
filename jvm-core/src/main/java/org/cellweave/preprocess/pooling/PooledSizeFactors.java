package org.cellweave.preprocess.pooling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;
import org.cellweave.util.RefusedValueException;

/**
 * Size factors of cells by deconvolution of pools, as scran's {@code computeSumFactors}: counts
 * over library sizes are summed over neighbours on a ring of cells in the order of their library
 * sizes, every pool is compared with the average cell by the median over genes, and the factors of
 * all pools are taken apart into those of the cells by least squares.
 *
 * <p>Done within clusters, which are brought to one scale by the median ratio of their average
 * cells to that of a reference. Few genes may differ within a cluster, and fewer than half between
 * a cluster and the reference.
 *
 * <p>Departures from scran, none of which moves a factor by more than rounding: the equations are
 * solved in closed form instead of by sparse QR; a cluster of more cells than {@code
 * maxClusterSize} is dealt out by library size, so that its parts do not depend on the order of
 * cells.
 *
 * <p>Cost: for every cell and size of pool one pass over the genes that take part; the memory of
 * the counts of one cluster.
 *
 * @see <a href="https://doi.org/10.1186/s13059-016-0947-7">Lun, Bach and Marioni 2016</a>
 */
public final class PooledSizeFactors {
  private static final String STEP = "pooledSizeFactors";

  /** Name of the one cluster of all cells. */
  private static final String ALL = "cells";

  private PooledSizeFactors() {}

  /**
   * @param sizes cells in a pool, ascending
   * @param minMean lowest average count of a gene that takes part
   * @param maxClusterSize larger clusters are dealt out into parts of at most that many cells
   * @param positive replaces factors that are not positive, by the number of genes of such cells
   */
  public record Params(int[] sizes, double minMean, int maxClusterSize, boolean positive) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      sizes = sizes.clone();
      if (sizes.length == 0) {
        throw new IllegalArgumentException("sizes is empty; give at least one size of a pool");
      }
      for (int s = 0; s < sizes.length; s++) {
        Check.positive(sizes[s], "sizes");
        if (s > 0 && sizes[s] <= sizes[s - 1]) {
          throw new IllegalArgumentException(
              "sizes must ascend, got " + sizes[s] + " after " + sizes[s - 1]);
        }
      }
      Check.nonNegative(minMean, "minMean");
      Check.positive(maxClusterSize, "maxClusterSize");
    }

    @Override
    public int[] sizes() {
      return sizes.clone();
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int[] sizes = IntStream.iterate(21, s -> s <= 101, s -> s + 5).toArray();
      private double minMean = 0.1;
      private int maxClusterSize = 3000;
      private boolean positive = true;

      public Builder sizes(int... value) {
        this.sizes = value;
        return this;
      }

      public Builder minMean(double value) {
        this.minMean = value;
        return this;
      }

      public Builder maxClusterSize(int value) {
        this.maxClusterSize = value;
        return this;
      }

      public Builder positive(boolean value) {
        this.positive = value;
        return this;
      }

      public Params build() {
        return new Params(sizes, minMean, maxClusterSize, positive);
      }
    }
  }

  /**
   * @param counts cells by genes; not changed
   * @param clusters of the cells, or null for one
   * @param genes that take part, or null for all
   * @param reference level of the cluster that others are compared with; null for the one whose
   *     average cell has the most genes
   */
  public record Input(Matrix counts, Categories clusters, boolean[] genes, Integer reference) {
    /** All cells as one cluster, all genes. */
    public static Input of(Matrix counts) {
      return new Input(counts, null, null, null);
    }

    public static Input of(Matrix counts, Categories clusters) {
      return new Input(counts, clusters, null, null);
    }
  }

  /**
   * @param sizeFactors of every cell; their mean is one
   * @param notPositive cells whose own factor was not positive, ascending
   * @param reference level of the reference, 0 without clusters
   * @param warnings what was lowered or replaced
   */
  public record Result(
      double[] sizeFactors, int[] notPositive, int reference, List<String> warnings) {}

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * @throws RefusedRowException for a cell without counts
   * @throws RefusedValueException for a negative value
   */
  public static Result run(Input input, Params params, Progress progress) {
    Finite.require(input.counts(), "x", STEP);
    return new Run(input, params).result(input.reference(), progress);
  }

  /** One run. */
  private static final class Run {
    private final Params params;
    private final Rows rows;
    private final Categories clusters;
    private final CellTotals totals;
    private final List<String> warnings = new ArrayList<>();

    Run(Input input, Params params) {
      this.params = params;
      var all = input.counts();
      this.clusters = clusters(input, all.nRows());
      this.rows = Rows.of(chosen(all, input.genes()));
      this.totals = CellTotals.of(Rows.of(all), input.genes());
    }

    Result result(Integer wanted, Progress progress) {
      List<PooledCluster> parts = parts();
      int reference = wanted == null ? mostGenes(parts) : first(parts, wanted);
      double[] out = new double[rows.nRows()];
      List<Integer> notPositive = new ArrayList<>();
      for (int p = 0; p < parts.size(); p++) {
        var part = parts.get(p);
        double[] factors = part.factors(rows, totals.counts(), sizes(part), params.minMean());
        replaced(part, factors, notPositive);
        double scale = p == reference ? 1 : scale(part, parts.get(reference));
        for (int k = 0; k < factors.length; k++) {
          out[part.cells()[k]] = scale * factors[k];
        }
        progress.step(STEP, p + 1, parts.size(), Double.NaN);
      }
      double mean = Arrays.stream(out).sum() / out.length;
      for (int i = 0; i < out.length; i++) {
        out[i] /= mean;
      }
      int[] cells = notPositive.stream().mapToInt(i -> i).sorted().toArray();
      return new Result(
          out, cells, parts.get(reference).level(), warnings.stream().distinct().toList());
    }

    private List<PooledCluster> parts() {
      List<int[]> cells = new ArrayList<>();
      List<Integer> levels = new ArrayList<>();
      int[][] members = clusters.members();
      for (int level = 0; level < members.length; level++) {
        var dealt = PooledCluster.dealt(members[level], totals.counts(), params.maxClusterSize());
        for (int[] part : dealt) {
          cells.add(part);
          levels.add(level);
        }
      }
      return Parallel.map(
          cells.size(), p -> PooledCluster.of(rows, totals.counts(), levels.get(p), cells.get(p)));
    }

    private static int mostGenes(List<PooledCluster> parts) {
      int best = 0;
      for (int p = 1; p < parts.size(); p++) {
        if (parts.get(p).genesFrom(0) > parts.get(best).genesFrom(0)) {
          best = p;
        }
      }
      return best;
    }

    private int first(List<PooledCluster> parts, int level) {
      for (int p = 0; p < parts.size(); p++) {
        if (parts.get(p).level() == level) {
          return p;
        }
      }
      throw new IllegalArgumentException(
          "reference must be a cluster that has cells, got "
              + (level >= 0 && level < clusters.nLevels() ? clusters.level(level) : level));
    }

    /** Sizes of pools that the cluster is large enough for. */
    private int[] sizes(PooledCluster part) {
      int n = part.cells().length;
      int[] sizes = Arrays.stream(params.sizes()).filter(s -> s <= n).toArray();
      int wanted = params.sizes().length;
      if (sizes.length == 0) {
        warnings.add(
            called(part)
                + " has "
                + n
                + (n == 1 ? " cell" : " cells")
                + ", fewer than the smallest pool, "
                + params.sizes()[0]
                + "; its size factors are those of library sizes. Merge it with another cluster");
      } else if (sizes.length < wanted) {
        warnings.add(
            called(part)
                + " has "
                + n
                + " cells; its pools have at most "
                + sizes[sizes.length - 1]
                + " instead of "
                + params.sizes()[wanted - 1]);
      }
      if (sizes.length > 0 && part.genesFrom(params.minMean()) == 0) {
        throw new IllegalArgumentException(
            "no gene has an average count of at least minMean = "
                + params.minMean()
                + " in "
                + called(part)
                + ". Lower minMean, or check that X holds the counts");
      }
      return sizes;
    }

    private String called(PooledCluster part) {
      return clusters.nLevels() == 1 && clusters.name().equals(ALL)
          ? "the set of all cells"
          : "level '" + clusters.level(part.level()) + "' of " + clusters.name();
    }

    /** Notes cells whose factor is not positive and gives them another when asked to. */
    private void replaced(PooledCluster part, double[] factors, List<Integer> notPositive) {
      int[] bad = IntStream.range(0, factors.length).filter(k -> !(factors[k] > 0)).toArray();
      if (bad.length == 0) {
        return;
      }
      int[] good = IntStream.range(0, factors.length).filter(k -> factors[k] > 0).toArray();
      Arrays.stream(bad).forEach(k -> notPositive.add(part.cells()[k]));
      if (!params.positive()) {
        return;
      }
      if (good.length < DetectedGenesCurve.FEWEST_CELLS) {
        for (int k : bad) {
          factors[k] = totals.counts()[part.cells()[k]] / part.meanLibrary();
        }
        return;
      }
      var curve =
          DetectedGenesCurve.fit(
              Arrays.stream(good).mapToDouble(k -> factors[k]).toArray(),
              Arrays.stream(good).mapToDouble(k -> totals.genes()[part.cells()[k]]).toArray());
      for (int k : bad) {
        factors[k] = curve.factor(totals.genes()[part.cells()[k]]);
      }
    }

    private double scale(PooledCluster part, PooledCluster reference) {
      var ratio = ProfileRatio.of(part.profile(), reference.profile(), params.minMean());
      if (ratio.bySums()) {
        warnings.add(
            called(part)
                + " shares too few genes with the reference, "
                + called(reference)
                + "; it was scaled by mean library sizes");
      }
      return ratio.ratio();
    }

    private static Matrix chosen(Matrix x, boolean[] genes) {
      if (genes == null) {
        return x;
      }
      Check.sameLength(genes.length, x.nCols(), "genes", "the number of genes");
      int[] columns = IntStream.range(0, genes.length).filter(j -> genes[j]).toArray();
      if (columns.length == 0) {
        throw new IllegalArgumentException("genes chooses none; size factors need some");
      }
      return x.takeCols(columns);
    }

    private static Categories clusters(Input input, int nCells) {
      if (nCells == 0) {
        throw new IllegalArgumentException("x has no cells, so there is nothing to compare");
      }
      return input.clusters() == null
          ? Categories.of(ALL, new int[nCells])
          : input.clusters().forCells(nCells).complete();
    }
  }
}
