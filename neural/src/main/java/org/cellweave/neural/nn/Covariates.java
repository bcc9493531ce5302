package org.cellweave.neural.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Categories of cells that layers know about, each by the name of its codes. One of a single level
 * tells nothing and is left out.
 */
public record Covariates(List<Level> levels) {
  public static final Covariates NONE = new Covariates(List.of());

  /**
   * @param name of the codes in a minibatch
   * @param size number of levels
   */
  public record Level(String name, int size) {}

  /** Name of the codes of a further categorical covariate, beside {@code batch}. */
  public static String category(int k) {
    return "category_" + k;
  }

  /** Those with two levels or more, in this order. */
  public static Covariates of(List<Level> all) {
    List<Level> kept = new ArrayList<>();
    for (Level level : all) {
      if (level.size() > 1) {
        kept.add(level);
      }
    }
    return new Covariates(List.copyOf(kept));
  }

  /** Columns of the one-hot form. */
  public int columns() {
    int sum = 0;
    for (Level level : levels) {
      sum += level.size();
    }
    return sum;
  }
}
