package org.cellweave.embed.tsne;

import java.util.Arrays;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/** Gradient descent of t-SNE with momentum and a gain for each coordinate. */
final class TsneDescent {
  private static final int BLOCK = 256;
  private static final int EARLY = 250;
  private static final int CHECK = 50;
  private static final int PATIENCE = 300;
  private static final double LEAST_NORM = 1e-7;
  private static final float LEAST_GAIN = 0.01f;

  private final TsneAffinities pairs;
  private final TsneRepulsion repulsion;
  private final Tsne.Params params;
  private final Progress progress;
  private final int n;
  private final float[] position;
  private final float[] push;
  private final float[] gradient;
  private final float[] update;
  private final float[] gain;
  private final double constant;
  private final double[] trace;
  private int checks;
  private double normaliser;

  /**
   * @param position x and y of each cell in turn; moved in place
   */
  TsneDescent(
      TsneAffinities pairs,
      TsneRepulsion repulsion,
      float[] position,
      Tsne.Params params,
      Progress progress) {
    this.pairs = pairs;
    this.repulsion = repulsion;
    this.params = params;
    this.progress = progress;
    this.position = position;
    n = pairs.n;
    push = new float[2 * n];
    gradient = new float[2 * n];
    update = new float[2 * n];
    gain = new float[2 * n];
    trace = new double[params.maxIter() / CHECK + 2];
    constant =
        Parallel.sum(
            n,
            BLOCK,
            (from, to) -> {
              double sum = 0;
              for (int at = pairs.starts[from]; at < pairs.starts[to]; at++) {
                sum += pairs.p[at] > 0 ? pairs.p[at] * Elementary.log(pairs.p[at]) : 0;
              }
              return sum;
            });
  }

  /** What the descent came to. */
  record Outcome(int iterations, double[] objectives, boolean stoppedEarly) {}

  Outcome run() {
    int early = Math.min(EARLY, params.maxIter());
    int done = phase(0, early, params.earlyExaggeration(), 0.5f);
    boolean stopped = done < early;
    if (params.maxIter() > early) {
      int from = done;
      done = phase(from, params.maxIter(), params.exaggeration(), 0.8f);
      stopped = done < params.maxIter();
    }
    if (checks == 0 || done % CHECK != 0) {
      normaliser = repulsion.push(position, push);
      trace[checks++] = divergence(spread());
    }
    return new Outcome(done, Arrays.copyOf(trace, checks), stopped);
  }

  private int phase(int from, int to, double exaggeration, float momentum) {
    Arrays.fill(update, 0);
    Arrays.fill(gain, 1);
    double best = Double.POSITIVE_INFINITY;
    int bestAt = from;
    for (int step = from; step < to; step++) {
      Parallel.checkInterrupted();
      normaliser = repulsion.push(position, push);
      if (!(normaliser > 0 && normaliser < Double.POSITIVE_INFINITY)) {
        throw new ConvergenceException(
            "t-SNE diverged at iteration "
                + (step + 1)
                + " with learningRate = "
                + params.learningRate()
                + ". Lower learningRate or earlyExaggeration.");
      }
      boolean check = (step + 1) % CHECK == 0;
      double spread = check ? spread() : 0;
      differentiate((float) exaggeration);
      double norm = move(momentum);
      double kl = check ? divergence(spread) : Double.NaN;
      progress.step("tsne", step + 1, params.maxIter(), kl);
      if (check) {
        trace[checks++] = kl;
        double descended = exaggeration * spread + Elementary.log(normaliser);
        if (descended < best) {
          best = descended;
          bestAt = step;
        } else if (step - bestAt > PATIENCE) {
          return step + 1;
        }
        if (norm <= LEAST_NORM) {
          return step + 1;
        }
      }
    }
    return to;
  }

  /** Divergence of the layout's similarities from the joint probabilities. */
  private double divergence(double spread) {
    return constant + spread + Elementary.log(normaliser);
  }

  /** Sum of {@code p log(1 + d^2)}. */
  private double spread() {
    return Parallel.sum(
        n,
        BLOCK,
        (from, to) -> {
          double sum = 0;
          for (int i = from; i < to; i++) {
            for (int at = pairs.starts[i]; at < pairs.starts[i + 1]; at++) {
              int j = pairs.others[at];
              float dx = position[2 * i] - position[2 * j];
              float dy = position[2 * i + 1] - position[2 * j + 1];
              sum += pairs.p[at] * Elementary.log(1.0 + dx * dx + dy * dy);
            }
          }
          return sum;
        });
  }

  private void differentiate(float exaggeration) {
    float share = (float) (1 / normaliser);
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          int[] others = pairs.others;
          float[] p = pairs.p;
          for (int i = from; i < to; i++) {
            float x = position[2 * i];
            float y = position[2 * i + 1];
            float sumX = 0;
            float sumY = 0;
            for (int at = pairs.starts[i]; at < pairs.starts[i + 1]; at++) {
              int j = others[at];
              float dx = x - position[2 * j];
              float dy = y - position[2 * j + 1];
              float w = p[at] / (1 + dx * dx + dy * dy);
              sumX += w * dx;
              sumY += w * dy;
            }
            gradient[2 * i] = 4 * (exaggeration * sumX - share * push[2 * i]);
            gradient[2 * i + 1] = 4 * (exaggeration * sumY - share * push[2 * i + 1]);
          }
        });
  }

  /** One step; returns the length of the gradient after gains. */
  private double move(float momentum) {
    float rate = (float) params.learningRate();
    double squares =
        Parallel.sum(
            2 * n,
            2 * BLOCK,
            (from, to) -> {
              double sum = 0;
              for (int c = from; c < to; c++) {
                float g = gain[c];
                g = update[c] * gradient[c] < 0 ? g + 0.2f : g * 0.8f;
                g = g < LEAST_GAIN ? LEAST_GAIN : g;
                gain[c] = g;
                float slope = gradient[c] * g;
                update[c] = momentum * update[c] - rate * slope;
                position[c] += update[c];
                sum += (double) slope * slope;
              }
              return sum;
            });
    return Math.sqrt(squares);
  }
}
