package org.cellweave.integrate.wnn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestList;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;

/**
 * The nearest neighbours of cells by two or more modalities, each weighted cell by cell.
 *
 * <p>As the paper has it, rows are scaled to length one. The affinity of a cell to a point at
 * distance d of a modality is {@code exp(-max(d - nearest, 0) / (width - nearest))}, with the
 * distance of its nearest neighbour and the mean distance to the k cells of the smallest Jaccard
 * index above 0. The score of a modality is the affinity to the mean of the k neighbours in that
 * modality, over the affinity to the mean of its neighbours in the other one and a constant;
 * weights are the scores' softmax. Candidates are the {@code knnRange} nearest in each modality, of
 * which the k with the largest weighted affinity are taken, at distance {@code sqrt((1 - affinity)
 * / 2)}.
 *
 * <p>Beyond the paper, as muon has it: with more than two modalities the largest of the affinities
 * by others divides (Swanson et al. 2021, doi:10.7554/eLife.63632), and the affinity between two
 * cells is {@code exp(-d / width)}. Beyond muon: all neighbours are exact where {@link
 * NearestNeighbors} is, a cell is first in its list, the graph is UMAP's with it. Where a width is
 * no larger than the nearest distance, which copies of cells can bring about, the affinity to
 * anything beyond that is 0.
 *
 * <p>A cell need not be in all modalities: one that it lacks has weight 0 and brings no candidates;
 * where the other cell lacks one, that adds nothing to their affinity, as if they were far apart. A
 * cell is foretold in a modality by its k nearest that have it, which are sought among {@code
 * knnRange}; where none has, its modalities weigh the same.
 *
 * <p>Cost: exact neighbours in every modality, then {@code n knnRange} distances in each; memory
 * {@code 12 n knnRange} bytes for each. Ties go to the lower index.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2021.04.048">Hao et al. 2021</a>
 */
public final class WeightedNearestNeighbors {
  static final String NAME = "wnn";
  private static final int BLOCK = 256;

  private WeightedNearestNeighbors() {}

  /**
   * @param k neighbours of a cell, itself not counted
   * @param knnRange nearest cells in every modality among which neighbours are sought, at most all
   *     others
   * @param l2Norm scales every row to length one; otherwise rows are taken as they are
   * @param sdScale multiplies the widths of kernels
   * @param crossConstant is added to what divides a score; where types lie far apart, scores reach
   *     its inverse, and weights become 0 or 1 unless it is larger
   * @param smooth takes the mean score of a cell and its k neighbours in that modality
   * @param search for neighbours in a modality
   * @param seed of the approximate search
   */
  public record Params(
      int k,
      int knnRange,
      boolean l2Norm,
      double sdScale,
      double crossConstant,
      boolean smooth,
      NearestNeighbors.Search search,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(k, "k");
      if (knnRange < k) {
        throw new IllegalArgumentException(
            "knnRange must be at least k, since neighbours are sought among so many cells, got"
                + " knnRange = "
                + knnRange
                + " for k = "
                + k);
      }
      Check.finite(Check.positive(sdScale, "sdScale"), "sdScale");
      Check.finite(Check.positive(crossConstant, "crossConstant"), "crossConstant");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int k = 20;
      private int knnRange = 200;
      private boolean l2Norm = true;
      private double sdScale = 1;
      private double crossConstant = 1e-4;
      private boolean smooth = false;
      private NearestNeighbors.Search search = NearestNeighbors.Params.DEFAULTS.search();
      private long seed = NearestNeighbors.Params.DEFAULTS.seed();

      private Builder() {}

      public Builder k(int value) {
        this.k = value;
        return this;
      }

      public Builder knnRange(int value) {
        this.knnRange = value;
        return this;
      }

      public Builder l2Norm(boolean value) {
        this.l2Norm = value;
        return this;
      }

      public Builder sdScale(double value) {
        this.sdScale = value;
        return this;
      }

      public Builder crossConstant(double value) {
        this.crossConstant = value;
        return this;
      }

      public Builder smooth(boolean value) {
        this.smooth = value;
        return this;
      }

      public Builder search(NearestNeighbors.Search value) {
        this.search = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(k, knnRange, l2Norm, sdScale, crossConstant, smooth, search, seed);
      }
    }
  }

  /**
   * @param weights cells by modalities; rows sum to one, 0 where a cell lacks a modality
   * @param scores of which the weights are the softmax; NaN where there is nothing to compare
   * @param neighbors k + 1 of every cell, itself in front; distances between 0 and sqrt(1/2)
   * @param connectivities UMAP's graph of the neighbours
   */
  public record Result(
      DenseMatrix weights,
      DenseMatrix scores,
      NearestNeighbors.Result neighbors,
      CsrMatrix connectivities) {}

  public static Result run(IntegrationInput input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * @param input a block of coordinates for each modality, at least two, of all cells or some; its
   *     batches are not read
   * @throws IllegalArgumentException for one block, a block with no more than k cells, a cell in no
   *     block, a row of zeros that is to have length one, and values that are not finite
   */
  public static Result run(IntegrationInput input, Params params, Progress progress) {
    List<FeatureBlock> blocks = input.blocks();
    if (blocks.size() < 2) {
      throw new IllegalArgumentException(
          "wnn weighs two or more representations, got "
              + blocks.get(0).name()
              + " alone; the neighbours of one are those of sc.pp.neighbors");
    }
    int n = input.nCells();
    requireCells(blocks, n);
    int steps = blocks.size() + 2;
    List<ModalitySpace> spaces = new ArrayList<>();
    for (FeatureBlock block : blocks) {
      Parallel.checkInterrupted();
      spaces.add(ModalitySpace.of(block, n, params, progress));
      progress.step(NAME, spaces.size(), steps, Double.NaN);
    }
    double[][] scores = scores(spaces, n, params.crossConstant());
    if (params.smooth()) {
      scores = smoothed(scores, spaces, params.k());
    }
    double[][] weights = weights(scores, spaces);
    progress.step(NAME, steps - 1, steps, Double.NaN);
    var neighbors = neighbors(spaces, weights, params.k());
    var graph = FuzzyGraph.run(neighbors);
    progress.step(NAME, steps, steps, Double.NaN);
    return new Result(DenseMatrix.ofRows(weights), DenseMatrix.ofRows(scores), neighbors, graph);
  }

  private static void requireCells(List<FeatureBlock> blocks, int n) {
    boolean[] found = new boolean[n];
    for (FeatureBlock block : blocks) {
      if (block.cells() == null) {
        return;
      }
      for (int cell : block.cells()) {
        found[cell] = true;
      }
    }
    for (int i = 0; i < n; i++) {
      if (!found[i]) {
        throw new RefusedRowException(
            "wnn needs a representation of every cell, but ",
            "the input",
            n,
            " is in none of " + blocks.stream().map(FeatureBlock::name).toList(),
            i);
      }
    }
  }

  /** Of every cell by modality, NaN where there is nothing to compare. */
  private static double[][] scores(List<ModalitySpace> spaces, int n, double constant) {
    double[][] out = new double[n][spaces.size()];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            for (int m = 0; m < out[i].length; m++) {
              var own = spaces.get(m);
              out[i][m] = own.has(i) ? score(spaces, i, own, constant) : Double.NaN;
            }
          }
        });
    return out;
  }

  private static double score(
      List<ModalitySpace> spaces, int cell, ModalitySpace own, double constant) {
    double most = -1;
    for (ModalitySpace other : spaces) {
      if (other != own && other.has(cell)) {
        double affinity = own.predicted(cell, other);
        most = affinity > most ? affinity : most;
      }
    }
    return most < 0 ? Double.NaN : own.predicted(cell, own) / (most + constant);
  }

  private static double[][] smoothed(double[][] scores, List<ModalitySpace> spaces, int k) {
    double[][] out = new double[scores.length][spaces.size()];
    for (int i = 0; i < out.length; i++) {
      for (int m = 0; m < spaces.size(); m++) {
        out[i][m] = Double.isNaN(scores[i][m]) ? Double.NaN : mean(scores, spaces.get(m), i, m, k);
      }
    }
    return out;
  }

  private static double mean(
      double[][] scores, ModalitySpace space, int cell, int modality, int k) {
    double sum = 0;
    int count = 0;
    for (int c = 0; c <= k; c++) {
      double score = scores[space.neighbor(space.rowOf[cell], c)][modality];
      if (!Double.isNaN(score)) {
        sum += score;
        count++;
      }
    }
    return sum / count;
  }

  private static double[][] weights(double[][] scores, List<ModalitySpace> spaces) {
    double[][] out = new double[scores.length][spaces.size()];
    for (int i = 0; i < out.length; i++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int m = 0; m < out[i].length; m++) {
        // NaN stays: what cannot be compared weighs the same
        most = spaces.get(m).has(i) ? Math.max(most, scores[i][m]) : most;
      }
      double sum = 0;
      for (int m = 0; m < out[i].length; m++) {
        if (spaces.get(m).has(i)) {
          out[i][m] = Double.isNaN(most) ? 1 : Elementary.exp(scores[i][m] - most);
          sum += out[i][m];
        }
      }
      for (int m = 0; m < out[i].length; m++) {
        out[i][m] /= sum;
      }
    }
    return out;
  }

  private static NearestNeighbors.Result neighbors(
      List<ModalitySpace> spaces, double[][] weights, int k) {
    int n = weights.length;
    int[] indices = new int[n * (k + 1)];
    double[] distances = new double[n * (k + 1)];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            var list = NearestList.afterItself(indices, distances, i, k + 1);
            for (int j : candidates(spaces, i)) {
              double affinity = 0;
              for (int m = 0; m < weights[i].length; m++) {
                if (weights[i][m] > 0) {
                  affinity += weights[i][m] * spaces.get(m).affinity(i, j);
                }
              }
              // rounding may take the affinity of copies past one
              list.offer(Math.sqrt(Math.max(0, 1 - affinity) / 2), j);
            }
          }
        });
    var search =
        spaces.stream().allMatch(s -> s.lists.search() == NearestNeighbors.Search.EXACT)
            ? NearestNeighbors.Search.EXACT
            : NearestNeighbors.Search.APPROXIMATE;
    return new NearestNeighbors.Result(n, k + 1, indices, distances, search);
  }

  /** Cells among which the neighbours of a cell are sought, ascending. */
  private static int[] candidates(List<ModalitySpace> spaces, int cell) {
    int most = 0;
    for (ModalitySpace space : spaces) {
      most += space.has(cell) ? space.lists.nNeighbors() - 1 : 0;
    }
    int[] all = new int[most];
    int found = 0;
    for (ModalitySpace space : spaces) {
      int row = space.rowOf[cell];
      for (int c = 1; row >= 0 && c < space.lists.nNeighbors(); c++) {
        all[found++] = space.neighbor(row, c);
      }
    }
    Arrays.sort(all);
    int kept = 0;
    for (int p = 0; p < found; p++) {
      if (p == 0 || all[p] != all[p - 1]) {
        all[kept++] = all[p];
      }
    }
    return Arrays.copyOf(all, kept);
  }
}
