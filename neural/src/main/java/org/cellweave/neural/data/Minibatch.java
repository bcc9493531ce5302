package org.cellweave.neural.data;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.cellweave.neural.nn.View;

/**
 * What a training step reads: counts, codes and numbers of some cells, for each view of them. One
 * object serves all steps; its arrays may be longer than the cells are many.
 */
public final class Minibatch {
  private final int genes;
  private final Map<View, Counts> counts = new EnumMap<>(View.class);
  private final Map<View, Map<String, int[]>> codes = new EnumMap<>(View.class);
  private final Map<View, Map<String, float[]>> numbers = new EnumMap<>(View.class);

  public Minibatch(int genes) {
    this.genes = genes;
  }

  public int genes() {
    return genes;
  }

  /** The counts of a view; empty until they are filled. */
  public Counts counts(View view) {
    return counts.computeIfAbsent(view, v -> new Counts(genes));
  }

  public int cells(View view) {
    return counts(view).cells();
  }

  /**
   * @throws IllegalStateException when a module reads codes that nobody fed
   */
  public int[] codes(View view, String name) {
    return fed(codes, view, name);
  }

  /** Row-major, as many columns as the name stands for. */
  public float[] numbers(View view, String name) {
    return fed(numbers, view, name);
  }

  public void codes(View view, String name, int[] values) {
    codes.computeIfAbsent(view, v -> new HashMap<>()).put(name, values);
  }

  public void numbers(View view, String name, float[] values) {
    numbers.computeIfAbsent(view, v -> new HashMap<>()).put(name, values);
  }

  private static <T> T fed(Map<View, Map<String, T>> all, View view, String name) {
    Map<String, T> of = all.get(view.covariates());
    T found = of == null ? null : of.get(name);
    if (found == null) {
      throw new IllegalStateException("the minibatch has no '" + name + "' for " + view);
    }
    return found;
  }
}
