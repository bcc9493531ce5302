package org.cellweave.neural.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.neural.model.DifferentialExpression.Mode;
import org.cellweave.neural.model.DifferentialExpression.Params;
import org.cellweave.neural.model.DifferentialExpression.TestMode;
import org.cellweave.util.Elementary;

/** The table of one comparison, from the pairs that were drawn for it. */
final class ComparedGenes {
  private static final double EPSILON = 1e-8;

  /** Fold changes are told by less than they are tested by, so that they are not shrunk. */
  private static final double TOLD = 1e-3;

  private final CountModel model;
  private final DifferentialExpression.Comparison groups;
  private final Params params;
  private final ExpressionPairs pairs;
  private final RawStatistics raw;
  private final int number;
  private final Map<String, double[]> columns = new LinkedHashMap<>();

  /**
   * @param raw statistics of counts, of all comparisons; null without
   * @param number of this comparison among them
   */
  ComparedGenes(
      CountModel model,
      DifferentialExpression.Comparison groups,
      Params params,
      ExpressionPairs pairs,
      RawStatistics raw,
      int number) {
    this.model = model;
    this.groups = groups;
    this.params = params;
    this.pairs = pairs;
    this.raw = raw;
    this.number = number;
  }

  DifferentialExpression.Table table() {
    PairSums sums = PairSums.of(pairs);
    String sortedBy = params.mode() == Mode.VANILLA ? "bayes_factor" : "proba_de";
    if (params.mode() == Mode.VANILLA) {
      vanilla(sums);
    } else {
      change(sums);
    }
    if (params.allStats() && raw != null) {
      columns.putAll(raw.columns(number));
    }
    double[] key = columns.get(sortedBy);
    int[] order =
        IntStream.range(0, key.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer g) -> -key[g]))
            .mapToInt(Integer::intValue)
            .toArray();
    Map<String, double[]> sorted = new LinkedHashMap<>();
    columns.forEach(
        (name, values) ->
            sorted.put(name, Arrays.stream(order).mapToDouble(g -> values[g]).toArray()));
    String[] names = model.geneNames();
    boolean[] isDe =
        params.mode() == Mode.VANILLA
            ? null
            : discoveries(sorted.get("proba_de"), params.fdrTarget());
    return new DifferentialExpression.Table(
        groups.group1(),
        groups.group2(),
        Arrays.stream(order).mapToObj(g -> names[g]).toArray(String[]::new),
        order,
        sorted,
        isDe);
  }

  private void vanilla(PairSums sums) {
    int n = pairs.size();
    double[] higher = Arrays.stream(sums.higher).map(count -> count / n).toArray();
    double[] lower = Arrays.stream(higher).map(p -> 1 - p).toArray();
    columns.put("proba_m1", higher);
    columns.put("proba_m2", lower);
    columns.put("bayes_factor", bayesFactors(higher));
    columns.put("scale1", sums.mean1(n));
    columns.put("scale2", sums.mean2(n));
  }

  /** Natural logarithms of odds. */
  static double[] bayesFactors(double[] probabilities) {
    return Arrays.stream(probabilities)
        .map(p -> Elementary.log(p + EPSILON) - Elementary.log(1 - p + EPSILON))
        .toArray();
  }

  private void change(PairSums sums) {
    int n = pairs.size();
    double pseudocounts =
        Double.isNaN(params.pseudocounts())
            ? pseudocounts(
                sums, raw.means(number, true), raw.means(number, false), params.thresholdCounts())
            : params.pseudocounts();
    double delta =
        Double.isNaN(params.delta())
            ? FoldChangeThreshold.of(FoldChanges.means(pairs, pseudocounts))
            : params.delta();
    FoldChanges changes =
        FoldChanges.of(pairs, pseudocounts, delta, TOLD * pseudocounts, params.credibleIntervals());
    double[] probability = new double[pairs.genes()];
    Arrays.setAll(
        probability,
        g ->
            params.testMode() == TestMode.TWO
                ? changes.up()[g] + changes.down()[g]
                : Math.max(changes.up()[g], changes.down()[g]));
    columns.put("proba_de", probability);
    columns.put("proba_not_de", Arrays.stream(probability).map(p -> 1 - p).toArray());
    columns.put("bayes_factor", bayesFactors(probability));
    columns.put("scale1", sums.mean1(n));
    columns.put("scale2", sums.mean2(n));
    columns.put("pseudocounts", constant(pseudocounts));
    columns.put("delta", constant(delta));
    columns.putAll(changes.told());
  }

  private double[] constant(double value) {
    double[] out = new double[pairs.genes()];
    Arrays.fill(out, value);
    return out;
  }

  /**
   * What keeps fold changes of genes without counts near zero: a high quantile of the largest
   * expression that the model gives them.
   *
   * @param mean1 counts of every gene in the first group
   * @param mean2 as {@code mean1}, in the second
   */
  static double pseudocounts(PairSums sums, double[] mean1, double[] mean2, double threshold) {
    double most =
        Math.max(
            artefact(sums.largest1, mean1, threshold), artefact(sums.largest2, mean2, threshold));
    return Math.max(1e-10, most / sums.largest1.length);
  }

  private static double artefact(double[] largest, double[] means, double threshold) {
    double[] without =
        IntStream.range(0, means.length)
            .filter(g -> means[g] < threshold)
            .mapToDouble(g -> largest[g])
            .sorted()
            .toArray();
    if (without.length == 0) {
      return 1e-10;
    }
    double at = 0.9 * (without.length - 1);
    int low = (int) at;
    int high = Math.min(low + 1, without.length - 1);
    return without[low] + (at - low) * (without[high] - without[low]);
  }

  /**
   * The genes that can be called so that the expected share of false ones stays within the target.
   *
   * @param probabilities of a difference, largest first
   */
  static boolean[] discoveries(double[] probabilities, double target) {
    boolean[] out = new boolean[probabilities.length];
    double wrong = 0;
    int called = 0;
    for (int k = 0; k < out.length; k++) {
      wrong += 1 - probabilities[k];
      called += wrong / (k + 1) <= target ? 1 : 0;
    }
    Arrays.fill(out, 0, called, true);
    return out;
  }
}
