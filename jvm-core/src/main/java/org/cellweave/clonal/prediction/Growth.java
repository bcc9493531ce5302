package org.cellweave.clonal.prediction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.random.Streams;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/** Trees of all responses that grow in step, and the round at which they are best. */
final class Growth implements AutoCloseable {
  private final BoostedTrees.Params params;
  private final int k;

  /** Responses are dealt out in runs; how many runs there are changes nothing of what they give. */
  private final TreeStacks[] stacks;

  private final int[] bounds;
  private final double[] trainLoss;
  private final double[] validationLoss;
  private int rounds;
  private int best;

  Growth(FeatureTable features, TreeStacks.Rows rows, BoostedTrees.Params params, double[] starts) {
    this.params = params;
    this.k = starts.length;
    this.stacks = new TreeStacks[Math.min(Parallel.threads(), k)];
    this.bounds = new int[stacks.length + 1];
    this.trainLoss = new double[params.nTrees()];
    this.validationLoss = new double[params.nTrees()];
    for (int s = 0; s <= stacks.length; s++) {
      bounds[s] = (int) ((long) s * k / stacks.length);
    }
    try {
      Parallel.forBlocks(
          stacks.length,
          s ->
              stacks[s] = new TreeStacks(features, rows, params, starts, bounds[s], bounds[s + 1]));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Grows until the validation loss falls no more. Arrays are clones by responses, row-major. */
  void run(double[] y, double[] yValidation, BoostingLoss loss, Progress progress) {
    double[] margins = new double[y.length];
    double[] foretold = new double[yValidation.length];
    float[] gradient = new float[Math.max(y.length, yValidation.length)];
    float[] curvature = new float[gradient.length];
    readMargins(margins, foretold);
    loss.evaluate(y, margins, k, gradient, curvature);
    double lowest = Double.POSITIVE_INFINITY;
    while (rounds < params.nTrees() && rounds - best < params.earlyStoppingRounds()) {
      growAll(gradient, curvature, y.length / k);
      readMargins(margins, foretold);
      validationLoss[rounds] = loss.evaluate(yValidation, foretold, k, gradient, curvature);
      trainLoss[rounds] = loss.evaluate(y, margins, k, gradient, curvature);
      rounds++;
      if (validationLoss[rounds - 1] < lowest) {
        lowest = validationLoss[rounds - 1];
        best = rounds;
      }
      progress.step("boosted trees", rounds, params.nTrees(), validationLoss[rounds - 1]);
    }
  }

  private void growAll(float[] gradient, float[] curvature, int n) {
    Parallel.forBlocks(
        stacks.length,
        s -> {
          float[] first = new float[n];
          float[] second = new float[n];
          for (int r = bounds[s]; r < bounds[s + 1]; r++) {
            var random = Streams.of(Streams.mix(params.seed()) + r, rounds);
            for (int i = 0; i < n; i++) {
              // a clone that is not drawn has no weight in this tree
              boolean drawn = params.rowShare() == 1 || random.nextDouble() < params.rowShare();
              first[i] = drawn ? gradient[i * k + r] : 0;
              second[i] = drawn ? curvature[i * k + r] : 0;
            }
            stacks[s].grow(r - bounds[s], rounds, first, second);
          }
        });
  }

  private void readMargins(double[] train, double[] validation) {
    Parallel.forBlocks(
        stacks.length,
        s -> {
          var margins = stacks[s].margins();
          for (int r = bounds[s]; r < bounds[s + 1]; r++) {
            copy(margins.train()[r - bounds[s]], train, r);
            copy(margins.validation()[r - bounds[s]], validation, r);
          }
        });
  }

  private void copy(float[][] margins, double[] byRow, int r) {
    for (int i = 0; i < margins.length; i++) {
      byRow[i * k + r] = margins[i][0];
    }
  }

  /** SHAP values by the trees that are kept, one per response. */
  List<TreeStacks.Explained> explain() {
    var out = new TreeStacks.Explained[k];
    Parallel.forBlocks(
        stacks.length,
        s -> {
          for (int r = bounds[s]; r < bounds[s + 1]; r++) {
            out[r] = stacks[s].explain(r - bounds[s], best);
          }
        });
    return new ArrayList<>(Arrays.asList(out));
  }

  int nTrees() {
    return best;
  }

  double[] trainLoss() {
    return Arrays.copyOf(trainLoss, rounds);
  }

  double[] validationLoss() {
    return Arrays.copyOf(validationLoss, rounds);
  }

  boolean stopped() {
    return rounds < params.nTrees();
  }

  @Override
  public void close() {
    for (TreeStacks stack : stacks) {
      if (stack != null) {
        stack.close();
      }
    }
  }
}
