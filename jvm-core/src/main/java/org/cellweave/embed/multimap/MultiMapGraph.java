package org.cellweave.embed.multimap;

import java.util.Arrays;
import java.util.List;
import org.cellweave.graph.SymmetricGraph;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.KernelWidth;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * The graph of MultiMAP: every cell has neighbours in its own set, by coordinates of that set, and
 * in every other one, by coordinates that the two share; as many of each set as its share of all
 * cells. Distances of a cell to one set are measured from the nearest and by a width of their own,
 * which makes those of different coordinates comparable; the two directions of an edge are joined
 * as a fuzzy union.
 *
 * <p>Departures from the original: neighbours are exact; all neighbours count for the width, where
 * the original leaves out the nearest one of another set as if it were the cell itself; strengths
 * multiply edges instead of the steps along them, so that any layout can use the graph. Cost: exact
 * neighbours within and between all sets.
 *
 * @see <a href="https://doi.org/10.1186/s13059-021-02565-y">Jain 2021</a>
 */
public final class MultiMapGraph {
  private static final int BLOCK = 1024;

  /** Of the mean distance. */
  private static final double MIN_WIDTH = 1e-3;

  /** Neighbours in a set, at least. */
  private static final int FEWEST = 2;

  /** Neighbours for every set, where none are asked for. */
  private static final int FOR_EACH_SET = 15;

  private MultiMapGraph() {}

  /**
   * @param nNeighbors of a cell in all sets together; 0 for 15 times the number of sets
   * @param cardinality sum of the weights of all neighbours of a cell; 0 for the binary logarithm
   *     of {@code nNeighbors}
   * @param strengths of every set, between 0 and 1: how much edges within it weigh against those to
   *     others; empty for 0.5 each
   */
  public record Params(int nNeighbors, double cardinality, double... strengths) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(nNeighbors, "nNeighbors");
      Check.nonNegative(cardinality, "cardinality");
      strengths = strengths.clone();
      for (double strength : strengths) {
        Check.inRange(strength, 0, 1, "strengths");
      }
    }

    /** Neighbours of a cell, where there are so many sets. */
    public int nNeighbors(int sets) {
      return nNeighbors > 0 ? nNeighbors : FOR_EACH_SET * sets;
    }

    @Override
    public double[] strengths() {
      return strengths.clone();
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nNeighbors = 0;
      private double cardinality = 0;
      private double[] strengths = {};

      public Builder nNeighbors(int value) {
        this.nNeighbors = value;
        return this;
      }

      public Builder cardinality(double value) {
        this.cardinality = value;
        return this;
      }

      public Builder strengths(double... value) {
        this.strengths = value;
        return this;
      }

      public Params build() {
        return new Params(nNeighbors, cardinality, strengths);
      }
    }
  }

  /**
   * @param own coordinates of every set, cells by dimensions
   * @param shared of every set for every other one: {@code shared[i][j]} has the cells of set i in
   *     the dimensions that sets i and j have in common; null where i is j
   */
  public record Input(List<DenseMatrix> own, DenseMatrix[][] shared) {
    public Input {
      own = List.copyOf(own);
      if (own.size() < 2) {
        throw new IllegalArgumentException(
            "multimap needs at least two data sets, got " + own.size());
      }
      Check.sameLength(shared.length, own.size(), "shared", "the number of sets");
      for (int i = 0; i < shared.length; i++) {
        Check.sameLength(shared[i].length, own.size(), "shared[" + i + "]", "the number of sets");
        for (int j = 0; j < shared.length; j++) {
          if (i != j && shared[i][j].nRows() != own.get(i).nRows()) {
            throw new ShapeMismatchException(
                "shared["
                    + i
                    + "]["
                    + j
                    + "] has "
                    + shared[i][j].nRows()
                    + " rows, set "
                    + i
                    + " has "
                    + own.get(i).nRows()
                    + " cells");
          }
        }
      }
    }

    int nCells() {
      return own.stream().mapToInt(DenseMatrix::nRows).sum();
    }

    /** First cell of every set in the graph, and the number of cells. */
    int[] starts() {
      int[] starts = new int[own.size() + 1];
      for (int s = 0; s < own.size(); s++) {
        starts[s + 1] = starts[s] + own.get(s).nRows();
      }
      return starts;
    }
  }

  /** Neighbours of the cells of one set in another one, or in itself. */
  private record Lists(int k, int[] indices, double[] distances) {}

  /**
   * @return symmetric float32 weights of all cells, set after set
   * @throws IllegalArgumentException for strengths that are not one for each set, and sets with
   *     fewer cells than neighbours
   */
  public static CsrMatrix run(Input input, Params params, Progress progress) {
    int sets = input.own().size();
    double[] strengths = params.strengths();
    if (strengths.length == 0) {
      strengths = new double[sets];
      Arrays.fill(strengths, 0.5);
    }
    Check.sameLength(strengths.length, sets, "strengths", "the number of sets");
    int n = input.nCells();
    int wanted = params.nNeighbors(sets);
    double cardinality =
        params.cardinality() > 0
            ? params.cardinality()
            : Elementary.log(wanted) / Elementary.log(2);
    int[] starts = input.starts();
    double[][] factor = factors(strengths, starts);
    var builder = new CsrBuilder(n, DType.FLOAT32);
    for (int i = 0; i < sets; i++) {
      Lists[] lists = new Lists[sets];
      double[][] weights = new double[sets][];
      for (int j = 0; j < sets; j++) {
        Parallel.checkInterrupted();
        int k =
            Math.max(FEWEST, (int) Math.round((double) wanted * input.own().get(j).nRows() / n));
        lists[j] = lists(input, i, j, k, progress);
        weights[j] = weights(lists[j], cardinality * lists[j].k() / wanted);
      }
      addRows(builder, lists, weights, starts, i);
      progress.step("multimap", i + 1, sets, Double.NaN);
    }
    var union = SymmetricGraph.of(builder.build(), (a, b) -> a + b - a * b);
    return weighted(union, starts, factor);
  }

  private static Lists lists(Input input, int i, int j, int k, Progress progress) {
    if (i != j) {
      DenseMatrix reference = input.shared()[j][i];
      requireCells(reference.nRows(), k, j);
      var found =
          CrossNeighbors.run(reference, input.shared()[i][j], k, Metric.EUCLIDEAN, progress);
      return new Lists(k, found.indices(), found.distances());
    }
    DenseMatrix x = input.own().get(i);
    requireCells(x.nRows() - 1, k, i);
    var search =
        NearestNeighbors.Params.builder()
            .nNeighbors(k + 1)
            .search(NearestNeighbors.Search.EXACT)
            .build();
    var found = NearestNeighbors.run(x, search, progress);
    int n = x.nRows();
    int[] indices = new int[n * k];
    double[] distances = new double[n * k];
    for (int c = 0; c < n; c++) {
      System.arraycopy(found.indices(), c * (k + 1) + 1, indices, c * k, k);
      System.arraycopy(found.distances(), c * (k + 1) + 1, distances, c * k, k);
    }
    return new Lists(k, indices, distances);
  }

  private static void requireCells(int n, int k, int set) {
    if (n < k) {
      throw new IllegalArgumentException(
          "multimap looks for "
              + k
              + " neighbours of a cell in set "
              + set
              + ", its share of nNeighbors, but there are "
              + n
              + " to choose from. Pass a smaller nNeighbors, or leave the set out");
    }
  }

  private static double[] weights(Lists lists, double target) {
    int k = lists.k();
    double[] out = new double[lists.distances().length];
    Parallel.forRange(
        out.length / k,
        BLOCK,
        (from, to) -> {
          double[] beyond = new double[k];
          for (int i = from; i < to; i++) {
            weigh(lists.distances(), i * k, beyond, target, out);
          }
        });
    return out;
  }

  private static void weigh(
      double[] distances, int at, double[] beyond, double target, double[] out) {
    double nearest = 0;
    double sum = 0;
    for (int c = beyond.length - 1; c >= 0; c--) {
      double d = distances[at + c];
      nearest = d > 0 ? d : nearest;
      sum += d;
    }
    for (int c = 0; c < beyond.length; c++) {
      beyond[c] = distances[at + c] - nearest;
    }
    double used = Math.max(KernelWidth.of(beyond, 0, target), MIN_WIDTH * sum / beyond.length);
    for (int c = 0; c < beyond.length; c++) {
      out[at + c] = beyond[c] <= 0 ? 1 : Elementary.exp(-beyond[c] / used);
    }
  }

  private static void addRows(
      CsrBuilder builder, Lists[] lists, double[][] weights, int[] starts, int set) {
    int total = Arrays.stream(lists).mapToInt(Lists::k).sum();
    long[] keyed = new long[total];
    int[] columns = new int[total];
    double[] values = new double[total];
    for (int i = 0; i < starts[set + 1] - starts[set]; i++) {
      int n = 0;
      for (int j = 0; j < lists.length; j++) {
        int k = lists[j].k();
        for (int c = 0; c < k; c++) {
          // place in the upper half, so that sorting goes by it
          keyed[n] = (long) (starts[j] + lists[j].indices()[i * k + c]) << 32 | n;
          columns[n] = starts[j] + lists[j].indices()[i * k + c];
          values[n++] = weights[j][i * k + c];
        }
      }
      Arrays.sort(keyed, 0, n);
      int[] sortedColumns = new int[n];
      double[] sortedValues = new double[n];
      for (int q = 0; q < n; q++) {
        int p = (int) keyed[q];
        sortedColumns[q] = columns[p];
        sortedValues[q] = values[p];
      }
      builder.addRow(sortedColumns, sortedValues, n);
    }
  }

  /** Of edges from one set to another: so that the edges of a cell weigh as much on average. */
  private static double[][] factors(double[] strengths, int[] starts) {
    int sets = strengths.length;
    double[][] out = new double[sets][sets];
    for (int i = 0; i < sets; i++) {
      double sum = 0;
      for (int j = 0; j < sets; j++) {
        out[i][j] = i == j ? strengths[i] : 1 - strengths[i];
        sum += out[i][j] * (starts[j + 1] - starts[j]);
      }
      for (int j = 0; j < sets; j++) {
        out[i][j] *= starts[sets] / sum;
      }
    }
    return out;
  }

  /** Both cells of an edge have a say in what it weighs. */
  private static CsrMatrix weighted(CsrMatrix graph, int[] starts, double[][] factor) {
    int[] set = new int[graph.nRows()];
    for (int s = 0; s + 1 < starts.length; s++) {
      Arrays.fill(set, starts[s], starts[s + 1], s);
    }
    var out = new CsrBuilder(graph.nCols(), DType.FLOAT32);
    for (int i = 0; i < graph.nRows(); i++) {
      var block = graph.blockOf(i);
      int from = block.start(i);
      int n = block.end(i) - from;
      double[] values = new double[n];
      for (int q = 0; q < n; q++) {
        int j = block.indices()[from + q];
        double both = (factor[set[i]][set[j]] + factor[set[j]][set[i]]) / 2;
        values[q] = block.value(from + q) * both;
      }
      out.addRow(Arrays.copyOfRange(block.indices(), from, from + n), values, n);
    }
    return out.build();
  }
}
