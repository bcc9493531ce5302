package org.cellweave.neural.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.model.NormalizedExpression.Weights;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.Quoted;

/**
 * Differential expression between groups of cells by a model: how probable it is that a gene is
 * expressed more, or changes by more than a threshold, in what is decoded from drawn places.
 *
 * <p>Only the cells that are drawn are looked at, expression is decoded pair by pair, and besides
 * the answer at most 128 MB of fold changes are held. Cells without a label belong to the rest.
 * Ties in the order of genes go to the first.
 *
 * @see <a href="https://doi.org/10.1038/s41592-018-0229-2">Lopez et al. 2018</a>
 * @see <a href="https://doi.org/10.1101/794289">Boyeau et al. 2019</a>
 */
public final class DifferentialExpression {
  private DifferentialExpression() {}

  /** What is asked. */
  public enum Mode {
    /** Whether expression is higher in the first group. */
    VANILLA,
    /** Whether it changes by more than a threshold. */
    CHANGE
  }

  /** What a change is probable by. */
  public enum TestMode {
    /** Both directions together. */
    TWO,
    /** The more probable direction. */
    THREE
  }

  /**
   * @param delta threshold of log2 fold changes; NaN to estimate it from all genes
   * @param batchCorrection whether all batches are decoded, instead of the cells' own
   * @param batchid1 batches of the first group under correction; null for all
   * @param batchid2 as {@code batchid1}, of the second
   * @param fdrTarget expected share of false discoveries
   * @param weights of the drawn places of a group
   * @param importance how weights by importance are estimated
   * @param nSamples places drawn per group, shared among its batches
   * @param pseudocounts added to expression in fold changes; NaN to estimate them
   * @param thresholdCounts mean below which a gene counts as not expressed
   * @param credibleIntervals levels of intervals of the fold change, in (0, 1)
   * @param allStats whether means and shares of the counts themselves are told as well
   * @param filterOutlierCells whether cells that lie apart from their group are not drawn
   * @param seed of what is drawn
   */
  public record Params(
      Mode mode,
      double delta,
      TestMode testMode,
      boolean batchCorrection,
      List<String> batchid1,
      List<String> batchid2,
      double fdrTarget,
      Weights weights,
      ImportanceWeights.Params importance,
      int nSamples,
      double pseudocounts,
      double thresholdCounts,
      List<Double> credibleIntervals,
      boolean allStats,
      boolean filterOutlierCells,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (!Double.isNaN(delta)) {
        Check.nonNegative(Check.finite(delta, "delta"), "delta");
      }
      if (!Double.isNaN(pseudocounts)) {
        Check.positive(Check.finite(pseudocounts, "pseudocounts"), "pseudocounts");
      }
      Check.inRange(fdrTarget, 0, 1, "fdrTarget");
      if (nSamples < 2) {
        throw new IllegalArgumentException("nSamples must be at least 2, got " + nSamples);
      }
      for (double level : credibleIntervals) {
        if (!(level > 0 && level < 1)) {
          throw new IllegalArgumentException("credibleIntervals must lie in (0, 1), got " + level);
        }
      }
      if (!batchCorrection && (batchid1 != null || batchid2 != null)) {
        throw new IllegalArgumentException(
            "batchid1 and batchid2 need batchCorrection = true; without, cells keep their batch");
      }
      credibleIntervals = List.copyOf(credibleIntervals);
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Mode mode = Mode.VANILLA;
      private double delta = 0.25;
      private TestMode testMode = TestMode.THREE;
      private boolean batchCorrection = false;
      private List<String> batchid1 = null;
      private List<String> batchid2 = null;
      private double fdrTarget = 0.05;
      private Weights weights = Weights.UNIFORM;
      private ImportanceWeights.Params importance = ImportanceWeights.Params.DEFAULTS;
      private int nSamples = 5000;
      private double pseudocounts = Double.NaN;
      private double thresholdCounts = 0.01;
      private List<Double> credibleIntervals = List.of();
      private boolean allStats = true;
      private boolean filterOutlierCells = false;
      private long seed = 0;

      public Builder mode(Mode value) {
        mode = value;
        return this;
      }

      public Builder delta(double value) {
        delta = value;
        return this;
      }

      public Builder testMode(TestMode value) {
        testMode = value;
        return this;
      }

      public Builder batchCorrection(boolean value) {
        batchCorrection = value;
        return this;
      }

      public Builder batchid1(List<String> value) {
        batchid1 = value;
        return this;
      }

      public Builder batchid2(List<String> value) {
        batchid2 = value;
        return this;
      }

      public Builder fdrTarget(double value) {
        fdrTarget = value;
        return this;
      }

      public Builder weights(Weights value) {
        weights = value;
        return this;
      }

      public Builder importance(ImportanceWeights.Params value) {
        importance = value;
        return this;
      }

      public Builder nSamples(int value) {
        nSamples = value;
        return this;
      }

      public Builder pseudocounts(double value) {
        pseudocounts = value;
        return this;
      }

      public Builder thresholdCounts(double value) {
        thresholdCounts = value;
        return this;
      }

      public Builder credibleIntervals(List<Double> value) {
        credibleIntervals = value;
        return this;
      }

      public Builder allStats(boolean value) {
        allStats = value;
        return this;
      }

      public Builder filterOutlierCells(boolean value) {
        filterOutlierCells = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            mode,
            delta,
            testMode,
            batchCorrection,
            batchid1,
            batchid2,
            fdrTarget,
            weights,
            importance,
            nSamples,
            pseudocounts,
            thresholdCounts,
            credibleIntervals,
            allStats,
            filterOutlierCells,
            seed);
      }
    }
  }

  /**
   * Two groups of cells.
   *
   * @param first positions of the cells of the first group
   * @param second as {@code first}, of the second
   */
  public record Comparison(String group1, String group2, int[] first, int[] second) {
    public Comparison {
      requireCells(group1, first);
      requireCells(group2, second);
    }

    private static void requireCells(String group, int[] cells) {
      if (cells.length == 0) {
        throw new IllegalArgumentException("group " + Quoted.of(group) + " has no cells");
      }
    }

    private void requireWithin(int cells) {
      for (int[] group : List.of(first, second)) {
        CountModel.chosen(group, cells);
      }
    }

    /**
     * Groups by their labels.
     *
     * @param group1 levels, each compared by itself; null for all that have cells
     * @param group2 level that they are compared with; null for all other cells
     */
    public static List<Comparison> of(Categories groups, List<String> group1, String group2) {
      List<String> all = List.of(groups.withoutUnused().levels());
      if (all.isEmpty()) {
        throw new IllegalArgumentException(
            groups.name() + " has no groups: no cell has a label there. Name another column");
      }
      if (group1 != null && group1.isEmpty()) {
        throw new IllegalArgumentException(
            "group1 must name at least one group of " + groups.name() + ", got none");
      }
      if (all.size() < 2) {
        throw new IllegalArgumentException(
            groups.name()
                + " has a single group, "
                + all
                + "; there is nothing to compare it with");
      }
      List<Comparison> out = new ArrayList<>();
      for (String group : group1 == null ? all : group1) {
        if (group1 != null || !group.equals(group2)) {
          int[] first = members(groups, group, true);
          int[] second =
              group2 == null ? members(groups, group, false) : members(groups, group2, true);
          out.add(new Comparison(group, group2 == null ? "Rest" : group2, first, second));
        }
      }
      return out;
    }

    private static int[] members(Categories groups, String group, boolean inside) {
      int level = Arrays.asList(groups.levels()).indexOf(group);
      if (level < 0) {
        throw new IllegalArgumentException(
            "no group "
                + Quoted.of(group)
                + " in "
                + groups.name()
                + "; there are "
                + Registry.shown(List.of(groups.levels())));
      }
      return IntStream.range(0, groups.nCells())
          .filter(i -> (groups.code(i) == level) == inside)
          .toArray();
    }
  }

  /**
   * Genes of one comparison, the most probably different first.
   *
   * @param genes names
   * @param positions of the genes in the model
   * @param columns numbers by name, in the order of the genes
   * @param isDe whether a gene is called at {@code fdrTarget}; null by {@link Mode#VANILLA}
   */
  public record Table(
      String group1,
      String group2,
      String[] genes,
      int[] positions,
      Map<String, double[]> columns,
      boolean[] isDe) {}

  /**
   * @param tables one per comparison
   */
  public record Result(List<Table> tables, List<String> warnings) {}

  /**
   * @param comparisons of groups of these cells
   */
  public static Result run(
      CountModel model,
      CellData cells,
      List<Comparison> comparisons,
      Params params,
      Progress progress) {
    CellData read = model.asked(cells);
    if (comparisons.isEmpty()) {
      throw new IllegalArgumentException("comparisons must hold at least one, got none");
    }
    comparisons.forEach(of -> of.requireWithin(read.nCells()));
    boolean estimates = params.mode() == Mode.CHANGE && Double.isNaN(params.pseudocounts());
    List<Table> tables = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    if (estimates) {
      read.requireCounts(
          "an estimate of pseudocounts, in whose place pseudocounts = 1e-6 may be named,");
    }
    if (params.allStats() && !read.hasCounts()) {
      warnings.add("these cells were minified without counts, whose means are left out");
    }
    RawStatistics raw =
        read.hasCounts() && (params.allStats() || estimates)
            ? RawStatistics.of(read, comparisons)
            : null;
    for (int k = 0; k < comparisons.size(); k++) {
      var pairs = ExpressionPairs.of(model, read, comparisons.get(k), params, warnings);
      tables.add(new ComparedGenes(model, comparisons.get(k), params, pairs, raw, k).table());
      progress.step("differential expression", k + 1, comparisons.size(), Double.NaN);
    }
    return new Result(List.copyOf(tables), warnings.stream().distinct().toList());
  }
}
