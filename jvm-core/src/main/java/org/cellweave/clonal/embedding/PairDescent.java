package org.cellweave.clonal.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.linalg.FastExponential;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * The original's way to the coordinates: pairs in random order, in small batches, each followed by
 * a step of Adam; the loss of an epoch is the mean over its batches, taken while parameters move,
 * and small changes of it, in either direction, end the run.
 *
 * <p>Rows of a batch are cut into quarters that are added up in order, so that no bit depends on
 * the number of threads.
 *
 * @see <a href="https://doi.org/10.48550/arXiv.1412.6980">Kingma and Ba 2015</a>
 */
final class PairDescent {
  private static final double DECAY_OF_MEAN = 0.9;
  private static final double DECAY_OF_SQUARE = 0.999;
  private static final double EPSILON = 1e-8;
  private static final int QUARTERS = 4;
  private static final int ADAM_BLOCK = 8192;

  /** Numbers kept for the pairs of a batch at most. */
  private static final int ROOM = 1 << 26;

  /** Scores of a batch below which it is not spread over threads. */
  private static final int SMALL_BATCH = 1 << 17;

  private final ContextCounts data;
  private final Clone2vec.Params params;
  private final int d;
  private final double[] x;
  private final double[] mean;
  private final double[] square;
  private final double[] gradient;
  private final Quarter[] quarters = new Quarter[QUARTERS];
  private final int[] row;
  private final int[] context;

  /** Pairs of a step; never more than there are. */
  private final int batch;

  private int steps;

  private PairDescent(ContextCounts data, Clone2vec.Params params, double[] x) {
    this.data = data;
    this.params = params;
    this.d = params.zDim();
    this.batch = batch(Math.min(params.batchSize(), pairs(data)), d);
    this.x = x;
    this.mean = new double[x.length];
    this.square = new double[x.length];
    this.gradient = new double[x.length];
    Arrays.setAll(quarters, q -> new Quarter());
    this.row = new int[pairs(data)];
    this.context = new int[row.length];
    int next = 0;
    for (int i = 0; i < data.nRows; i++) {
      for (int p = data.start[i]; p < data.start[i + 1]; p++) {
        int end = next + (int) data.counts[p];
        Arrays.fill(row, next, end, i);
        Arrays.fill(context, next, end, data.at[p]);
        next = end;
      }
    }
  }

  private static int pairs(ContextCounts data) {
    if (data.total > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "solver sgd takes at most 2^31 pairs, got " + data.total + "; use solver exact");
    }
    return (int) data.total;
  }

  private static int batch(int size, int d) {
    if ((long) size * d > ROOM) {
      throw new IllegalArgumentException(
          "batchSize must be at most "
              + ROOM / d
              + " with zDim = "
              + d
              + ", as a gradient is kept for each pair of a batch, got "
              + size);
    }
    return size;
  }

  /** Moves {@code x} from where it is; returns the loss of every epoch. */
  static double[] run(ContextCounts data, Clone2vec.Params params, double[] x, Progress progress) {
    return new PairDescent(data, params, x).epochs(progress);
  }

  private double[] epochs(Progress progress) {
    var random = new SplittableRandom(params.seed());
    int maxIter = params.maxIter();
    List<Double> history = new ArrayList<>();
    int still = 0;
    for (int epoch = 0; epoch < maxIter && still < params.patience(); epoch++) {
      double loss = epoch(random);
      progress.step("clone2vec", epoch + 1, maxIter, loss);
      if (!Double.isFinite(loss)) {
        throw Clone2vec.diverged(params, epoch + 1, loss);
      }
      if (epoch > 0) {
        double before = history.get(epoch - 1);
        double change = Math.abs(loss - before) / (Math.abs(before) + 1e-9);
        still = change < params.tol() ? still + 1 : 0;
      }
      history.add(loss);
    }
    return history.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double epoch(SplittableRandom random) {
    int[] order = Shuffle.order(row.length, random);
    double sum = 0;
    int batches = 0;
    for (long at = 0; at < order.length; at += batch) {
      int from = (int) at;
      if (batches % 64 == 0) {
        Parallel.checkInterrupted();
      }
      int end = (int) Math.min(order.length, (long) from + batch);
      sum += gradientOf(order, from, end);
      descend();
      batches++;
    }
    return sum / batches;
  }

  private double gradientOf(int[] order, int from, int end) {
    int n = end - from;
    Parallel.BlockBody body =
        q -> {
          quarters[q].clear();
          int last = from + (int) ((long) n * (q + 1) / QUARTERS);
          for (int p = from + (int) ((long) n * q / QUARTERS); p < last; p++) {
            quarters[q].add(order[p], 1.0 / n);
          }
        };
    // waking threads costs more than a small batch
    if ((long) n * data.nCols < SMALL_BATCH) {
      for (int q = 0; q < QUARTERS; q++) {
        body.run(q);
      }
    } else {
      Parallel.forBlocks(QUARTERS, body);
    }
    Arrays.fill(gradient, 0, data.nRows * d, 0);
    double loss = 0;
    for (var quarter : quarters) {
      loss += quarter.loss;
      quarter.giveRows();
    }
    return loss;
  }

  /** Adam's step for all parameters; those without a gradient move on by their momentum. */
  private void descend() {
    steps++;
    double rate = params.learningRate() / (1 - Elementary.pow(DECAY_OF_MEAN, steps));
    double correction = 1 / Math.sqrt(1 - Elementary.pow(DECAY_OF_SQUARE, steps));
    int shared = data.nRows * d;
    Parallel.forRange(
        x.length,
        ADAM_BLOCK,
        (from, to) -> {
          for (int k = Math.max(from, shared); k < to; k++) {
            int s = k - shared;
            gradient[k] =
                quarters[0].shared[s]
                    + quarters[1].shared[s]
                    + (quarters[2].shared[s] + quarters[3].shared[s]);
          }
          for (int k = from; k < to; k++) {
            mean[k] = DECAY_OF_MEAN * mean[k] + (1 - DECAY_OF_MEAN) * gradient[k];
            square[k] =
                DECAY_OF_SQUARE * square[k] + (1 - DECAY_OF_SQUARE) * gradient[k] * gradient[k];
            x[k] -= rate * mean[k] / (Math.sqrt(square[k]) * correction + EPSILON);
          }
        });
  }

  /** A quarter of a batch. */
  private final class Quarter {
    private final double[] scores = new double[data.nCols];

    /** The gradient of v and b. */
    private final double[] shared = new double[data.nCols * (d + 1)];

    private final int[] rows = new int[1 + batch / QUARTERS];
    private final double[] ofRows = new double[rows.length * d];
    private int n;
    private double loss;

    void clear() {
      Arrays.fill(shared, 0);
      n = 0;
      loss = 0;
    }

    void add(int pair, double weight) {
      int i = row[pair];
      int j = context[pair];
      int m = data.nCols;
      int v = data.nRows * d;
      System.arraycopy(x, v + d * m, scores, 0, m);
      for (int c = 0; c < d; c++) {
        RowKernels.plus(scores, x[i * d + c], x, v + c * m, m);
      }
      double most = RowKernels.largest(scores, m);
      double own = scores[j];
      FastExponential.ofShifted(scores, m, most);
      double sum = RowKernels.sum(scores, m);
      loss += weight * (most + Elementary.log(sum) - own);
      RowKernels.scale(scores, weight / sum, m);
      scores[j] -= weight;
      rows[n] = i;
      for (int c = 0; c < d; c++) {
        ofRows[n * d + c] = RowKernels.dot(scores, x, v + c * m, m);
        RowKernels.plusTo(shared, c * m, x[i * d + c], scores, m);
      }
      RowKernels.plusTo(shared, d * m, 1, scores, m);
      n++;
    }

    void giveRows() {
      for (int k = 0; k < n; k++) {
        for (int c = 0; c < d; c++) {
          gradient[rows[k] * d + c] += ofRows[k * d + c];
        }
      }
    }
  }
}
