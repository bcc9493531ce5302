package org.cellweave.linalg;

import org.cellweave.util.Parallel;

/**
 * Limited-memory BFGS with a line search for the strong Wolfe conditions; Nocedal and Wright,
 * Numerical Optimization, algorithms 7.5, 3.5 and 3.6.
 */
public final class Lbfgs {
  private static final int MEMORY = 10;
  private static final double ARMIJO = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int LINE_STEPS = 40;

  private final Objective objective;
  private final int n;
  private double[] x;
  private double[] gradient;
  private double value;
  private final double[][] steps = new double[MEMORY][];
  private final double[][] changes = new double[MEMORY][];
  private int stored;
  private int newest = -1;

  private Lbfgs(Objective objective, double[] start) {
    this.objective = objective;
    this.n = start.length;
    this.x = start.clone();
    this.gradient = new double[n];
    this.value = objective.at(x, gradient);
  }

  /** What is minimised. */
  @FunctionalInterface
  public interface Objective {
    /** The value at x; overwrites the gradient. */
    double at(double[] x, double[] gradient);
  }

  /**
   * @param iterations accepted steps
   * @param converged whether it came to rest: by its bounds, or no smaller value can be told apart
   */
  public record Result(double[] x, double value, int iterations, boolean converged) {}

  /**
   * When to end.
   *
   * @param maxIter accepted steps at most
   * @param gradient bound on the largest component of the gradient
   * @param decrease two steps in a row that each lower the value by less than this share of it are
   *     the last; 0 for no such bound. One alone says little: the first is short by nature
   */
  public record Stop(int maxIter, double gradient, double decrease) {}

  /** Told of every accepted step. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * @param iteration counted from 1
     * @param x where the step has led; not to be kept or changed
     */
    void step(int iteration, double[] x, double value);
  }

  /** From {@code start}, which is not changed, downhill. */
  public static Result minimise(Objective objective, double[] start, Stop stop, Watcher watcher) {
    var run = new Lbfgs(objective, start);
    int iteration = 0;
    boolean converged = largest(run.gradient) <= stop.gradient();
    boolean rested = false;
    while (!converged && iteration < stop.maxIter()) {
      Parallel.checkInterrupted();
      double before = run.value;
      boolean moved = run.step();
      if (moved) {
        watcher.step(++iteration, run.x, run.value);
      }
      boolean rests = before - run.value < stop.decrease() * Math.abs(before);
      converged = !moved || (rests && rested) || largest(run.gradient) <= stop.gradient();
      rested = rests;
    }
    return new Result(run.x, run.value, iteration, converged);
  }

  private static double largest(double[] v) {
    double max = 0;
    for (double e : v) {
      max = Math.max(max, Math.abs(e));
    }
    return max;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] to, double factor, double[] v) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * v[i];
    }
  }

  /** Minus the inverse Hessian's estimate times the gradient. */
  private double[] direction() {
    double[] d = gradient.clone();
    double[] alpha = new double[MEMORY];
    for (int a = 0; a < stored; a++) {
      int m = Math.floorMod(newest - a, MEMORY);
      alpha[m] = dot(steps[m], d) / dot(steps[m], changes[m]);
      add(d, -alpha[m], changes[m]);
    }
    double scale =
        stored == 0
            ? 1 / Math.max(1, Math.sqrt(dot(d, d)))
            : dot(steps[newest], changes[newest]) / dot(changes[newest], changes[newest]);
    for (int i = 0; i < n; i++) {
      d[i] *= scale;
    }
    for (int a = stored - 1; a >= 0; a--) {
      int m = Math.floorMod(newest - a, MEMORY);
      double beta = dot(changes[m], d) / dot(steps[m], changes[m]);
      add(d, alpha[m] - beta, steps[m]);
    }
    for (int i = 0; i < n; i++) {
      d[i] = -d[i];
    }
    return d;
  }

  /** One step downhill; false when none can be told from rounding. */
  private boolean step() {
    double[] d = direction();
    double slope = dot(d, gradient);
    var line = new Line(d, slope);
    if (!(slope < 0) || !line.search()) {
      return false;
    }
    double[] s = line.x;
    add(s, -1, x);
    double[] y = line.gradient.clone();
    add(y, -1, gradient);
    add(x, 1, s);
    gradient = line.gradient;
    value = line.value;
    if (dot(s, y) > 1e-16 * dot(y, y)) {
      newest = (newest + 1) % MEMORY;
      steps[newest] = s;
      changes[newest] = y;
      stored = Math.min(MEMORY, stored + 1);
    }
    return true;
  }

  /** The search along one direction. */
  private final class Line {
    private final double[] direction;
    private final double slope0;
    private double[] x;
    private double[] gradient;
    private double value;
    private double slope;

    Line(double[] direction, double slope0) {
      this.direction = direction;
      this.slope0 = slope0;
    }

    private void evaluate(double t) {
      x = Lbfgs.this.x.clone();
      add(x, t, direction);
      gradient = new double[n];
      value = objective.at(x, gradient);
      slope = dot(gradient, direction);
    }

    /** Brackets a step by doubling, then halves the bracket by its minimising cubic. */
    boolean search() {
      double low = 0;
      double lowValue = Lbfgs.this.value;
      double lowSlope = slope0;
      double high = Double.POSITIVE_INFINITY;
      double highValue = 0;
      double highSlope = 0;
      double t = 1;
      for (int tries = 0; tries < LINE_STEPS; tries++) {
        evaluate(t);
        boolean tooHigh =
            !(value <= Lbfgs.this.value + ARMIJO * t * slope0) || (low > 0 && value >= lowValue);
        if (!tooHigh && Math.abs(slope) <= -CURVATURE * slope0) {
          return true;
        }
        if (tooHigh || slope >= 0) {
          high = t;
          highValue = value;
          highSlope = slope;
        } else {
          low = t;
          lowValue = value;
          lowSlope = slope;
        }
        t =
            Double.isInfinite(high)
                ? 2 * t
                : cubic(low, lowValue, lowSlope, high, highValue, highSlope);
        if (high - low <= 1e-14 * high) {
          break;
        }
      }
      return value < Lbfgs.this.value;
    }

    private double cubic(double a, double fa, double da, double b, double fb, double db) {
      double d1 = da + db - 3 * (fa - fb) / (a - b);
      double root = d1 * d1 - da * db;
      double width = b - a;
      double t = b - width * (db + Math.sqrt(root) - d1) / (db - da + 2 * Math.sqrt(root));
      boolean inside = t > a + 0.1 * width && t < b - 0.1 * width;
      return inside ? t : a + 0.5 * width;
    }
  }
}
