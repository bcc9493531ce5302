package org.cellweave.neural.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.data.CellData;

/**
 * What the counts themselves say of the groups of comparisons: means, shares of cells that have
 * any, and means of counts scaled to 10,000 a cell. One walk over all cells serves all comparisons;
 * a group that is all but another is what that leaves.
 */
final class RawStatistics {
  private static final double SCALED_TO = 1e4;

  private final List<DifferentialExpression.Comparison> comparisons;
  private final Sums all;
  private final Sums[] first;

  /** Null where the second group is the rest. */
  private final Sums[] second;

  private RawStatistics(CellData cells, List<DifferentialExpression.Comparison> comparisons) {
    this.comparisons = comparisons;
    this.all = new Sums(cells.nGenes());
    this.first = new Sums[comparisons.size()];
    this.second = new Sums[comparisons.size()];
  }

  /** Sums over the cells of a group, by gene. */
  private static final class Sums {
    private final double[] counts;
    private final double[] positive;
    private final double[] scaled;

    Sums(int genes) {
      counts = new double[genes];
      positive = new double[genes];
      scaled = new double[genes];
    }

    void add(int gene, double count, double factor) {
      counts[gene] += count;
      positive[gene] += count > 0 ? 1 : 0;
      scaled[gene] += count * factor;
    }

    Sums less(Sums part) {
      Sums out = new Sums(counts.length);
      for (int g = 0; g < counts.length; g++) {
        out.counts[g] = counts[g] - part.counts[g];
        out.positive[g] = positive[g] - part.positive[g];
        out.scaled[g] = Math.max(0, scaled[g] - part.scaled[g]);
      }
      return out;
    }
  }

  static RawStatistics of(CellData cells, List<DifferentialExpression.Comparison> comparisons) {
    var out = new RawStatistics(cells, comparisons);
    List<List<Sums>> memberOf = new ArrayList<>();
    for (int i = 0; i < cells.nCells(); i++) {
      memberOf.add(new ArrayList<>(List.of(out.all)));
    }
    for (int k = 0; k < comparisons.size(); k++) {
      var groups = comparisons.get(k);
      out.first[k] = joined(groups.first(), cells, memberOf);
      boolean rest = isRest(groups, cells.nCells());
      out.second[k] = rest ? null : joined(groups.second(), cells, memberOf);
    }
    cells.forEach(
        (cell, genes, start, values, n) -> {
          double factor = SCALED_TO / cells.totals()[cell];
          for (Sums sums : memberOf.get(cell)) {
            for (int p = 0; p < n; p++) {
              sums.add(genes[start + p], values[p], factor);
            }
          }
        });
    return out;
  }

  private static Sums joined(int[] group, CellData cells, List<List<Sums>> memberOf) {
    Sums sums = new Sums(cells.nGenes());
    Arrays.stream(group).forEach(i -> memberOf.get(i).add(sums));
    return sums;
  }

  private static boolean isRest(DifferentialExpression.Comparison groups, int n) {
    boolean[] seen = new boolean[n];
    for (int i : groups.first()) {
      seen[i] = true;
    }
    for (int i : groups.second()) {
      if (seen[i]) {
        return false;
      }
    }
    return groups.first().length + groups.second().length == n;
  }

  private Sums sums(int comparison, boolean isFirst) {
    if (isFirst) {
      return first[comparison];
    }
    return second[comparison] == null ? all.less(first[comparison]) : second[comparison];
  }

  private int size(int comparison, boolean isFirst) {
    var groups = comparisons.get(comparison);
    return isFirst ? groups.first().length : groups.second().length;
  }

  /** Mean count of every gene in a group. */
  double[] means(int comparison, boolean isFirst) {
    return over(sums(comparison, isFirst).counts, size(comparison, isFirst));
  }

  /** Columns of the table, by name. */
  Map<String, double[]> columns(int comparison) {
    Sums one = sums(comparison, true);
    Sums two = sums(comparison, false);
    int n1 = size(comparison, true);
    int n2 = size(comparison, false);
    Map<String, double[]> out = new LinkedHashMap<>();
    out.put("raw_mean1", over(one.counts, n1));
    out.put("raw_mean2", over(two.counts, n2));
    out.put("non_zeros_proportion1", over(one.positive, n1));
    out.put("non_zeros_proportion2", over(two.positive, n2));
    out.put("raw_normalized_mean1", over(one.scaled, n1));
    out.put("raw_normalized_mean2", over(two.scaled, n2));
    return out;
  }

  private static double[] over(double[] sums, int n) {
    return Arrays.stream(sums).map(sum -> sum / n).toArray();
  }
}
