package org.cellweave.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Levels of genes over time under Boolean rules with noise: one course of time for each fate asked
 * for.
 *
 * <p>A rule becomes a rate by the multilinear interpolation of its truth table on Hill functions of
 * the inputs (Wittmann et al. 2009); dx = (rate(x) - x) dt + noise, by Euler's steps. Courses are
 * drawn until each fate was met once; the first that ends in a fate is kept.
 *
 * <p>Cost: steps * genes * 2^inputs per course. The seed alone decides what is drawn.
 *
 * @see <a href="https://doi.org/10.1186/1752-0509-3-98">Wittmann et al. 2009</a>
 */
public final class NetworkSimulation {
  private NetworkSimulation() {}

  /**
   * @param steps of a course
   * @param every how many steps make one row of the result; the first row is the beginning
   * @param stepSize length of a step in lifetimes of a gene's product
   * @param noise standard deviation of what is added to every gene at the beginning and every step
   * @param power of the Hill functions
   * @param on level above which a gene is on at the end
   * @param maxCourses most courses to draw
   * @param seed of everything random
   */
  public record Params(
      int steps,
      int every,
      double stepSize,
      double noise,
      double power,
      double on,
      int maxCourses,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(steps, "steps");
      Check.positive(every, "every");
      if (steps % every != 0) {
        throw new IllegalArgumentException(
            "steps must be a multiple of every, got " + steps + " and " + every);
      }
      Check.positive(stepSize, "stepSize");
      Check.inRange(stepSize, 0, 1, "stepSize");
      Check.nonNegative(noise, "noise");
      Check.positive(power, "power");
      Check.inRange(on, 0, 1, "on");
      Check.positive(maxCourses, "maxCourses");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int steps = 800;
      private int every = 5;
      private double stepSize = 0.02;
      private double noise = 0.001;
      private double power = 2;
      private double on = 0.45;
      private int maxCourses = 1000;
      private long seed = 0;

      public Builder steps(int value) {
        steps = value;
        return this;
      }

      public Builder every(int value) {
        every = value;
        return this;
      }

      public Builder stepSize(double value) {
        stepSize = value;
        return this;
      }

      public Builder noise(double value) {
        noise = value;
        return this;
      }

      public Builder power(double value) {
        power = value;
        return this;
      }

      public Builder on(double value) {
        on = value;
        return this;
      }

      public Builder maxCourses(int value) {
        maxCourses = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(steps, every, stepSize, noise, power, on, maxCourses, seed);
      }
    }
  }

  /**
   * @param x float32; the rows of the first fate over time, then those of the next
   * @param rowsPerFate rows of each
   * @param courses how many courses were drawn until all fates had been met
   */
  public record Result(DenseMatrix x, int rowsPerFate, int courses) {}

  /**
   * @param fates for each, one 0 or 1 per gene: which genes are on at the end
   * @throws ConvergenceException when some fate is never met
   */
  public static Result run(GeneNetwork network, List<String> fates, Params params) {
    return run(network, fates, params, Progress.NONE);
  }

  /** As {@link #run(GeneNetwork, List, Params)} with progress. */
  public static Result run(
      GeneNetwork network, List<String> fates, Params params, Progress progress) {
    int n = network.genes().size();
    checkFates(fates, n);
    int rows = params.steps() / params.every();
    var found = new ArrayList<float[]>();
    fates.forEach(f -> found.add(null));
    var rates = new Rates(network, params.power());
    var seeds = new SplittableRandom(params.seed());
    int met = 0;
    int courses = 0;
    while (met < fates.size()) {
      if (courses == params.maxCourses()) {
        throw new ConvergenceException(
            "no course of "
                + courses
                + " ended with genes "
                + fates.get(found.indexOf(null))
                + " on; check the fate, raise maxCourses, or change noise");
      }
      Parallel.checkInterrupted();
      float[] course = course(rates, network, params, new Random(seeds.nextLong()));
      int fate = fates.indexOf(ends(course, n, params.on()));
      if (fate >= 0 && found.get(fate) == null) {
        found.set(fate, course);
        met++;
      }
      courses++;
      progress.step("courses", courses, 0, Double.NaN);
    }
    float[] all = new float[fates.size() * rows * n];
    for (int f = 0; f < fates.size(); f++) {
      System.arraycopy(found.get(f), 0, all, f * rows * n, rows * n);
    }
    return new Result(DenseMatrix.wrap(all, fates.size() * rows, n), rows, courses);
  }

  private static void checkFates(List<String> fates, int nGenes) {
    if (fates.isEmpty()) {
      throw new IllegalArgumentException("fates must not be empty");
    }
    for (int f = 0; f < fates.size(); f++) {
      String fate = fates.get(f);
      if (!fate.matches("[01]{" + nGenes + "}")) {
        throw new IllegalArgumentException(
            "fates must have one 0 or 1 for each of " + nGenes + " genes, got '" + fate + "'");
      }
      if (fates.indexOf(fate) < f) {
        throw new IllegalArgumentException("fates must be distinct, '" + fate + "' is repeated");
      }
    }
  }

  static float[] course(GeneNetwork network, Params params, Random random) {
    return course(new Rates(network, params.power()), network, params, random);
  }

  private static float[] course(Rates rates, GeneNetwork network, Params params, Random random) {
    int n = network.genes().size();
    double[] x = new double[n];
    double[] target = new double[n];
    for (int g = 0; g < n; g++) {
      x[g] = network.genes().get(g).start() + params.noise() * random.nextGaussian();
    }
    float[] out = new float[params.steps() / params.every() * n];
    int at = 0;
    for (int t = 0; t < params.steps(); t++) {
      if (t % params.every() == 0) {
        for (int g = 0; g < n; g++) {
          out[at++] = (float) x[g];
        }
      }
      rates.of(x, target);
      for (int g = 0; g < n; g++) {
        x[g] += params.stepSize() * (target[g] - x[g]) + params.noise() * random.nextGaussian();
      }
    }
    return out;
  }

  /** Which genes are on in the last row. */
  static String ends(float[] course, int n, double on) {
    var text = new StringBuilder(n);
    for (int p = course.length - n; p < course.length; p++) {
      text.append(course[p] > on ? '1' : '0');
    }
    return text.toString();
  }

  /** What each gene's level would become if the others stayed as they are. */
  private static final class Rates {
    private final int[][] inputs;
    private final double[][] halves;

    /** For each gene and each setting of its inputs as bits, whether the gene is on. */
    private final boolean[][] tables;

    private final double power;

    Rates(GeneNetwork network, double power) {
      int n = network.genes().size();
      this.power = power;
      inputs = new int[n][];
      halves = new double[n][];
      tables = new boolean[n][];
      for (int g = 0; g < n; g++) {
        var gene = network.genes().get(g);
        int k = gene.inputs().size();
        inputs[g] = gene.inputs().stream().mapToInt(GeneNetwork.Input::gene).toArray();
        halves[g] = gene.inputs().stream().mapToDouble(GeneNetwork.Input::half).toArray();
        tables[g] = new boolean[1 << k];
        boolean[] setting = new boolean[k];
        for (int bits = 0; bits < tables[g].length; bits++) {
          for (int i = 0; i < k; i++) {
            setting[i] = (bits >> i & 1) == 1;
          }
          tables[g][bits] = gene.rule().on(setting);
        }
      }
    }

    void of(double[] x, double[] out) {
      for (int g = 0; g < out.length; g++) {
        int k = inputs[g].length;
        double[] active = new double[k];
        for (int i = 0; i < k; i++) {
          double level = Elementary.pow(Math.max(x[inputs[g][i]], 0), power);
          active[i] = level / (level + Elementary.pow(halves[g][i], power));
        }
        double sum = 0;
        for (int bits = 0; bits < tables[g].length; bits++) {
          if (tables[g][bits]) {
            double part = 1;
            for (int i = 0; i < k; i++) {
              part *= (bits >> i & 1) == 1 ? active[i] : 1 - active[i];
            }
            sum += part;
          }
        }
        out[g] = sum;
      }
    }
  }
}
