package org.cellweave.integrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.util.Quoted;

/**
 * Batches by name in nested lists: in which order they join, or how they share a weight. A list of
 * more than two joins from the left.
 */
public sealed interface BatchTree {
  /**
   * @param level of the batch column
   */
  record Batch(String level) implements BatchTree {}

  /**
   * @param parts at least one
   */
  record Branch(List<BatchTree> parts) implements BatchTree {
    public Branch {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException(
            "a tree of batches must have a batch in every branch, got an empty list");
      }
    }
  }

  /** The first two join, then the third joins them, and so on. */
  static BatchTree inOrder(String... levels) {
    return new Branch(Arrays.stream(levels).<BatchTree>map(Batch::new).toList());
  }

  /**
   * @param nested a name, a tree, or an iterable of such
   */
  static BatchTree of(Object nested) {
    if (nested instanceof BatchTree tree) {
      return tree;
    }
    if (nested instanceof String level) {
      return new Batch(level);
    }
    if (nested instanceof Iterable<?> parts) {
      List<BatchTree> trees = new ArrayList<>();
      for (Object part : parts) {
        trees.add(of(part));
      }
      return new Branch(trees);
    }
    String kind = nested == null ? "null" : "a " + nested.getClass().getSimpleName();
    throw new IllegalArgumentException(
        "a tree of batches is made of names and lists of them, got " + kind);
  }

  /**
   * The steps of the tree: whatever a join needs comes before it, its right branch first.
   *
   * @throws IllegalArgumentException unless the tree names every level once
   */
  default MergeOrder order(Categories batches) {
    requireEach(batches);
    List<MergeOrder.Step> steps = new ArrayList<>();
    join(this, batches, steps);
    return new MergeOrder(steps);
  }

  /**
   * Shares of one, for every level: each branch splits what it has equally among its parts.
   *
   * @throws IllegalArgumentException unless the tree names every level once
   */
  default double[] weights(Categories batches) {
    requireEach(batches);
    double[] out = new double[batches.nLevels()];
    share(this, 1, batches, out);
    return out;
  }

  private static int join(BatchTree tree, Categories batches, List<MergeOrder.Step> steps) {
    if (tree instanceof Batch batch) {
      return levelOf(batch, batches);
    }
    List<BatchTree> parts = ((Branch) tree).parts();
    int last = parts.size() - 1;
    if (last == 0) {
      return join(parts.get(0), batches, steps);
    }
    int right = join(parts.get(last), batches, steps);
    int left = join(new Branch(parts.subList(0, last)), batches, steps);
    steps.add(new MergeOrder.Step(left, right));
    return batches.nLevels() + steps.size() - 1;
  }

  private static void share(BatchTree tree, double mass, Categories batches, double[] out) {
    if (tree instanceof Batch batch) {
      out[levelOf(batch, batches)] = mass;
      return;
    }
    List<BatchTree> parts = ((Branch) tree).parts();
    for (BatchTree part : parts) {
      share(part, mass / parts.size(), batches, out);
    }
  }

  private void requireEach(Categories batches) {
    boolean[] named = new boolean[batches.nLevels()];
    mark(this, batches, named);
    for (int b = 0; b < named.length; b++) {
      if (!named[b]) {
        throw new IllegalArgumentException(
            "the tree of batches must name every level of "
                + batches.name()
                + ", but lacks "
                + Quoted.of(batches.level(b)));
      }
    }
  }

  private static void mark(BatchTree tree, Categories batches, boolean[] named) {
    if (tree instanceof Branch branch) {
      branch.parts().forEach(part -> mark(part, batches, named));
      return;
    }
    int level = levelOf((Batch) tree, batches);
    if (named[level]) {
      throw new IllegalArgumentException(
          "the tree of batches must name every level of "
              + batches.name()
              + " once, got "
              + Quoted.of(batches.level(level))
              + " twice");
    }
    named[level] = true;
  }

  private static int levelOf(Batch batch, Categories batches) {
    int level = Arrays.asList(batches.levels()).indexOf(batch.level());
    if (level < 0) {
      throw new IllegalArgumentException(
          batches.name()
              + " has no level "
              + Quoted.of(batch.level())
              + "; it has "
              + Arrays.toString(batches.levels()));
    }
    return level;
  }
}
