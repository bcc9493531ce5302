package org.cellweave.neighbors;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Labels of a reference for the cells of a query by votes of nearest cells, of which as many vote
 * as serve best: the same number everywhere, one for every label, or one for every place.
 *
 * <p>Which number serves best is found in the reference alone: its cells are parted at random, each
 * part is labelled by the others for every number that is allowed, and a cell's error is the share
 * of repeats in which it was labelled wrongly. Every cell of the reference then has a number of its
 * own, and a cell of the query takes that of its nearest reference cell. Of numbers that serve
 * equally well the smallest is taken. Neighbours are exact; cells of the reference without a label
 * are left out.
 *
 * <p>Cost: {@code repeats * n^2 d} in tiles for the reference, and a search of it for the query.
 *
 * @see <a href="https://doi.org/10.1038/s41587-023-01766-z">Ghazanfar 2024, adaptive
 *     classification</a>
 */
public final class AdaptiveVotes {
  static final String NAME = "classifyEmbedding";

  private AdaptiveVotes() {}

  /** Where the number of voters is the same. */
  public enum Type {
    /** Everywhere; it is given. */
    UNIFORM_FIXED,
    /** Everywhere; that of least error. */
    UNIFORM_OPTIMISED,
    /** Within a label; that of least error of its cells. */
    ADAPTIVE_LABELS,
    /** Nowhere; that of least error near a cell, smoothed over its nearest cells. */
    ADAPTIVE_LOCAL
  }

  /** What an error counts for {@link Type#UNIFORM_OPTIMISED}. */
  public enum ErrorMeasure {
    /** Every cell the same. */
    SIMPLE,
    /** Every label the same, however many cells it has. */
    BALANCED
  }

  /**
   * @param type where the number of voters is the same
   * @param kValues numbers to choose from, ascending; one for {@link Type#UNIFORM_FIXED}
   * @param errorMeasure what an error counts
   * @param nFolds parts of the reference
   * @param nRepeats how often it is parted
   * @param nLocal cells of the reference, at most, over which errors near a cell are averaged, that
   *     cell included
   * @param nSmooth cells of the reference, at most, over which local numbers are averaged
   * @param seed of the parts
   */
  public record Params(
      Type type,
      List<Integer> kValues,
      ErrorMeasure errorMeasure,
      int nFolds,
      int nRepeats,
      int nLocal,
      int nSmooth,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      kValues = List.copyOf(kValues);
      if (kValues.isEmpty()) {
        throw new IllegalArgumentException("kValues must name at least one number of neighbours");
      }
      for (int i = 0; i < kValues.size(); i++) {
        Check.positive(kValues.get(i), "kValues");
        if (i > 0 && kValues.get(i) <= kValues.get(i - 1)) {
          throw new IllegalArgumentException("kValues must ascend, got " + kValues);
        }
      }
      if (type == Type.UNIFORM_FIXED && kValues.size() > 1) {
        throw new IllegalArgumentException(
            "uniform_fixed takes one number of neighbours, got kValues = "
                + kValues
                + "; take one of them, or uniform_optimised to choose");
      }
      if (nFolds < 2) {
        throw new IllegalArgumentException("nFolds must be at least 2, got " + nFolds);
      }
      Check.positive(nRepeats, "nRepeats");
      Check.positive(nLocal, "nLocal");
      Check.positive(nSmooth, "nSmooth");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Type type = Type.UNIFORM_FIXED;
      private List<Integer> kValues = List.of(NeighborVotes.Params.DEFAULTS.nNeighbors());
      private ErrorMeasure errorMeasure = ErrorMeasure.SIMPLE;
      private int nFolds = 2;
      private int nRepeats = 5;
      private int nLocal = 100;
      private int nSmooth = 10;
      private long seed = 0;

      public Builder type(Type value) {
        this.type = value;
        return this;
      }

      public Builder kValues(List<Integer> value) {
        this.kValues = value;
        return this;
      }

      public Builder errorMeasure(ErrorMeasure value) {
        this.errorMeasure = value;
        return this;
      }

      public Builder nFolds(int value) {
        this.nFolds = value;
        return this;
      }

      public Builder nRepeats(int value) {
        this.nRepeats = value;
        return this;
      }

      public Builder nLocal(int value) {
        this.nLocal = value;
        return this;
      }

      public Builder nSmooth(int value) {
        this.nSmooth = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(type, kValues, errorMeasure, nFolds, nRepeats, nLocal, nSmooth, seed);
      }
    }
  }

  /**
   * Numbers to choose from where none are given, as far as a reference of {@code n} cells allows.
   */
  public static List<Integer> usualValues(int n, int nFolds) {
    return IntStream.of(1, 3, 5, 10, 15, 25, 50)
        .filter(k -> k == 1 || k <= n - (n + nFolds - 1) / nFolds)
        .boxed()
        .toList();
  }

  /**
   * @param votes labels, their scores, and shares of all labels
   * @param k voters of every cell of the query
   * @param errors of the reference for every one of {@code kValues}; empty where they were not
   *     needed
   */
  public record Result(NeighborVotes.Result votes, int[] k, double[] errors) {}

  /**
   * @param reference cells with labels
   * @param labels of its cells; missing ones are left out
   * @param query cells to label, same columns
   */
  public static Result run(
      DenseMatrix reference,
      Categories labels,
      DenseMatrix query,
      Params params,
      Progress progress) {
    labels.forCells(reference.nRows());
    int[] labelled =
        IntStream.range(0, reference.nRows())
            .filter(i -> labels.code(i) != Categories.MISSING)
            .toArray();
    DenseMatrix x = labelled.length == reference.nRows() ? reference : reference.takeRows(labelled);
    Categories known = labels.subset(labelled);
    int most = params.kValues().get(params.kValues().size() - 1);
    boolean fixed = params.kValues().size() == 1;
    int n = x.nRows();
    int least = fixed ? n : n - (n + params.nFolds() - 1) / params.nFolds();
    if (most > least) {
      throw new IllegalArgumentException(
          NAME
              + " needs at least as many cells with a label as the largest of kValues"
              + (fixed ? "" : " in " + (params.nFolds() - 1) + " of " + params.nFolds() + " folds")
              + ", got "
              + least
              + " for k = "
              + most
              + ". Take smaller kValues, or label more cells");
    }
    double[][] errors = fixed ? new double[0][] : errors(x, known, params, progress);
    int[] ofReference = chosen(x, known, errors, params, progress);
    var lists = CrossNeighbors.run(x, query, most, Metric.EUCLIDEAN, progress);
    int[] k = new int[query.nRows()];
    Arrays.setAll(k, i -> ofReference[lists.indices()[i * most]]);
    return new Result(NeighborVotes.run(lists, known, k), k, means(errors));
  }

  /** Share of repeats in which a cell was labelled wrongly: cells by numbers of neighbours. */
  private static double[][] errors(
      DenseMatrix x, Categories labels, Params params, Progress progress) {
    int n = x.nRows();
    double[][] out = new double[n][params.kValues().size()];
    for (int repeat = 0; repeat < params.nRepeats(); repeat++) {
      int[] order = Shuffle.order(n, Streams.of(params.seed(), repeat));
      for (int fold = 0; fold < params.nFolds(); fold++) {
        Parallel.checkInterrupted();
        int from = (int) ((long) n * fold / params.nFolds());
        int to = (int) ((long) n * (fold + 1) / params.nFolds());
        int[] held = Arrays.copyOfRange(order, from, to);
        int[] rest =
            IntStream.concat(Arrays.stream(order, 0, from), Arrays.stream(order, to, n))
                .sorted()
                .toArray();
        add(x, labels, held, rest, params, out);
      }
      progress.step(NAME, repeat + 1, params.nRepeats(), Double.NaN);
    }
    return out;
  }

  private static void add(
      DenseMatrix x, Categories labels, int[] held, int[] rest, Params params, double[][] out) {
    if (held.length == 0) {
      return;
    }
    List<Integer> ks = params.kValues();
    var lists =
        CrossNeighbors.run(
            x.takeRows(rest),
            x.takeRows(held),
            ks.get(ks.size() - 1),
            Metric.EUCLIDEAN,
            Progress.NONE);
    Categories known = labels.subset(rest);
    for (int c = 0; c < ks.size(); c++) {
      int[] predicted =
          NeighborVotes.run(lists, known, new NeighborVotes.Params(ks.get(c))).predicted();
      for (int i = 0; i < held.length; i++) {
        out[held[i]][c] += predicted[i] == labels.code(held[i]) ? 0 : 1.0 / params.nRepeats();
      }
    }
  }

  /** Voters that every cell of the reference asks for. */
  private static int[] chosen(
      DenseMatrix x, Categories labels, double[][] errors, Params params, Progress progress) {
    int n = x.nRows();
    int[] out = new int[n];
    List<Integer> ks = params.kValues();
    if (errors.length == 0) {
      Arrays.fill(out, ks.get(0));
      return out;
    }
    switch (params.type()) {
      case ADAPTIVE_LABELS -> {
        for (int[] cells : labels.members()) {
          int k = ks.get(leastError(errors, cells, 0, cells.length));
          for (int i : cells) {
            out[i] = k;
          }
        }
      }
      case ADAPTIVE_LOCAL -> {
        int nLocal = Math.min(params.nLocal(), n);
        int nSmooth = Math.min(params.nSmooth(), n);
        int width = Math.max(nLocal, nSmooth);
        int[] near = CrossNeighbors.run(x, x, width, Metric.EUCLIDEAN, progress).indices();
        int[] local = new int[n];
        Arrays.setAll(local, i -> ks.get(leastError(errors, near, i * width, i * width + nLocal)));
        Arrays.setAll(
            out,
            i ->
                (int)
                    Math.round(
                        Arrays.stream(near, i * width, i * width + nSmooth)
                            .mapToDouble(j -> local[j])
                            .average()
                            .orElseThrow()));
      }
      default -> Arrays.fill(out, ks.get(least(means(errors, weights(labels, params)))));
    }
    return out;
  }

  private static double[] weights(Categories labels, Params params) {
    double[] out = new double[labels.nCells()];
    boolean balanced = params.errorMeasure() == ErrorMeasure.BALANCED;
    Arrays.setAll(
        out, i -> balanced ? 1.0 / labels.used() / labels.size(labels.code(i)) : 1.0 / out.length);
    return out;
  }

  private static double[] means(double[][] errors) {
    if (errors.length == 0) {
      return new double[0];
    }
    double[] same = new double[errors.length];
    Arrays.fill(same, 1.0 / same.length);
    return means(errors, same);
  }

  private static double[] means(double[][] errors, double[] weights) {
    double[] out = new double[errors[0].length];
    for (int i = 0; i < errors.length; i++) {
      for (int c = 0; c < out.length; c++) {
        out[c] += weights[i] * errors[i][c];
      }
    }
    return out;
  }

  private static int leastError(double[][] errors, int[] cells, int from, int to) {
    double[] sums = new double[errors[0].length];
    for (int p = from; p < to; p++) {
      for (int c = 0; c < sums.length; c++) {
        sums[c] += errors[cells[p]][c];
      }
    }
    return least(sums);
  }

  /** The first of those that are smallest but for rounding. */
  private static int least(double[] values) {
    double smallest = Arrays.stream(values).min().orElseThrow();
    int at = 0;
    while (values[at] > smallest + 1e-9) {
      at++;
    }
    return at;
  }
}
