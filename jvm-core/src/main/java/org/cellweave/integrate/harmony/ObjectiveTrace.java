package org.cellweave.integrate.harmony;

import java.util.ArrayList;
import java.util.List;

/** The objective from round to round and from iteration to iteration, and when it has settled. */
final class ObjectiveTrace {
  /** Rounds that a sum of the stopping rule spans. */
  private static final int WINDOW = 3;

  private final List<Harmony.Objective> rounds = new ArrayList<>();
  private final List<Double> iterations = new ArrayList<>();

  void addRound(Harmony.Objective objective) {
    rounds.add(objective);
  }

  /** The last round was the last of an iteration, or of the start. */
  void endIteration() {
    iterations.add(rounds.get(rounds.size() - 1).total());
  }

  /** Whether the rounds of an iteration change little; {@code done} of them are behind. */
  boolean roundsSettled(int done, double tolerance) {
    int last = rounds.size() - 1;
    if (done <= WINDOW + 1 || last < WINDOW) {
      return false;
    }
    double before = 0;
    double now = 0;
    for (int i = 0; i < WINDOW; i++) {
      before += rounds.get(last - 1 - i).total();
      now += rounds.get(last - i).total();
    }
    return Math.abs(before - now) / Math.abs(before) < tolerance;
  }

  /**
   * Whether the last iteration lowered the objective by less than a share of it.
   *
   * @param tolerance 0 for never
   * @param riseEnds a rise counts as too small a decrease, as in R
   */
  boolean iterationsSettled(double tolerance, boolean riseEnds) {
    int n = iterations.size();
    double before = iterations.get(n - 2);
    double decrease = (before - iterations.get(n - 1)) / Math.abs(before);
    return decrease < tolerance && tolerance > 0 && (decrease >= 0 || riseEnds);
  }

  double last() {
    return iterations.get(iterations.size() - 1);
  }

  List<Harmony.Objective> rounds() {
    return List.copyOf(rounds);
  }

  double[] iterations() {
    return iterations.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
