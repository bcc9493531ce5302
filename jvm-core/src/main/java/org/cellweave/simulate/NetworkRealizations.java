package org.cellweave.simulate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Courses of a gene network one after the other, each kept, or only those that end as none before:
 * scanpy's {@code tl.sim}. See {@link NetworkSimulation} for what a course is.
 *
 * <p>Whether two ends differ is told by which genes are on, where scanpy asks how far apart they
 * are. Cost: that of at most {@link NetworkSimulation.Params#maxCourses()} courses.
 *
 * @see <a href="https://doi.org/10.1186/1752-0509-3-98">Wittmann et al. 2009</a>
 */
public final class NetworkRealizations {
  private NetworkRealizations() {}

  /**
   * @param course how one course is simulated
   * @param nRealizations courses to keep
   * @param branching keep a course only when its end is a new one
   * @param observationNoise standard deviation of what is added to every value that is returned
   */
  public record Params(
      NetworkSimulation.Params course,
      int nRealizations,
      boolean branching,
      double observationNoise) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nRealizations, "nRealizations");
      Check.nonNegative(observationNoise, "observationNoise");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private NetworkSimulation.Params course = NetworkSimulation.Params.DEFAULTS;
      private int nRealizations = 4;
      private boolean branching = true;
      private double observationNoise = 0;

      public Builder course(NetworkSimulation.Params value) {
        course = value;
        return this;
      }

      public Builder nRealizations(int value) {
        nRealizations = value;
        return this;
      }

      public Builder branching(boolean value) {
        branching = value;
        return this;
      }

      public Builder observationNoise(double value) {
        observationNoise = value;
        return this;
      }

      public Params build() {
        return new Params(course, nRealizations, branching, observationNoise);
      }
    }
  }

  /**
   * @param x float32; the rows of the first course over time, then those of the next
   * @param rowsPerCourse rows of each
   * @param kept courses in {@code x}, fewer than asked for when no more branches were found
   * @param drawn courses that were simulated
   */
  public record Result(DenseMatrix x, int rowsPerCourse, int kept, int drawn) {}

  public static Result run(GeneNetwork network, Params params) {
    return run(network, params, Progress.NONE);
  }

  /** As {@link #run(GeneNetwork, Params)} with progress. */
  public static Result run(GeneNetwork network, Params params, Progress progress) {
    int n = network.genes().size();
    var courses = new ArrayList<float[]>();
    var ends = new LinkedHashSet<String>();
    var seeds = new SplittableRandom(params.course().seed());
    int drawn = 0;
    while (courses.size() < params.nRealizations() && drawn < params.course().maxCourses()) {
      Parallel.checkInterrupted();
      float[] course =
          NetworkSimulation.course(network, params.course(), new Random(seeds.nextLong()));
      drawn++;
      if (ends.add(NetworkSimulation.ends(course, n, params.course().on()))
          || !params.branching()) {
        courses.add(course);
      }
      progress.step("courses", drawn, 0, Double.NaN);
    }
    int rows = params.course().steps() / params.course().every();
    float[] all = new float[courses.size() * rows * n];
    var noise = new Random(seeds.nextLong());
    for (int c = 0; c < courses.size(); c++) {
      for (int p = 0; p < rows * n; p++) {
        double added =
            params.observationNoise() == 0 ? 0 : params.observationNoise() * noise.nextGaussian();
        all[c * rows * n + p] = (float) (courses.get(c)[p] + added);
      }
    }
    var x = DenseMatrix.wrap(all, courses.size() * rows, n);
    return new Result(x, rows, courses.size(), drawn);
  }
}
