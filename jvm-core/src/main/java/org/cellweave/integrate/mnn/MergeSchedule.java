package org.cellweave.integrate.mnn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchTree;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.neighbors.MutualNeighbors;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Merges sets of cells until one is left: in a given order, or always the two with the most mutual
 * neighbours, whose counts are kept while neither has changed.
 */
final class MergeSchedule {
  /** What a method does about two sets. */
  interface Merger {
    /** Mutual neighbours among the cells that are searched; changes nothing. */
    MutualNeighbors.Pairs pairs(MergeNode left, MergeNode right);

    /**
     * Brings the cells of the right to those of the left.
     *
     * @return the direction that was taken out; null for none
     */
    double[] join(MergeNode left, MergeNode right, MutualNeighbors.Pairs pairs);
  }

  private final Categories batch;
  private final MergePlan plan;
  private final Merger merger;
  private final String name;
  private final Progress progress;
  private final Map<Integer, MergeNode> nodes = new HashMap<>();
  private final List<MergeOrder.Step> steps = new ArrayList<>();

  /**
   * @param batch without unused levels
   * @param restrict cells that may be neighbours; null for all
   * @param name of the method, for messages and progress
   */
  MergeSchedule(
      Categories batch,
      boolean[] restrict,
      MergePlan plan,
      Merger merger,
      String name,
      Progress progress) {
    this.batch = batch;
    this.plan = plan;
    this.merger = merger;
    this.name = name;
    this.progress = progress;
    int[][] members = batch.members();
    int[][] searched = Restriction.codes(batch, restrict, 1, name).members();
    for (int b = 0; b < members.length; b++) {
      nodes.put(b, new MergeNode(b, members[b], searched[b], new int[] {b}, List.of()));
    }
  }

  MergeOrder run() {
    if (plan.autoMerge()) {
      automatic();
    } else {
      var tree = plan.mergeOrder();
      var order = (tree == null ? BatchTree.inOrder(batch.levels()) : tree).order(batch);
      for (var step : order.steps()) {
        var left = nodes.get(step.left());
        var right = nodes.get(step.right());
        Parallel.checkInterrupted();
        join(left, right, merger.pairs(left, right));
      }
    }
    return new MergeOrder(steps);
  }

  private MergeNode join(MergeNode left, MergeNode right, MutualNeighbors.Pairs pairs) {
    if (pairs.size() == 0) {
      throw new IllegalArgumentException(
          called(left)
              + " and "
              + called(right)
              + " of "
              + batch.name()
              + " have no mutual nearest neighbours with k = "
              + plan.k()
              + "; use a larger k, or leave one of them out");
    }
    Parallel.checkInterrupted();
    double[] vector = merger.join(left, right, pairs);
    int id = batch.nLevels() + steps.size();
    steps.add(new MergeOrder.Step(left.id(), right.id()));
    var made = MergeNode.joined(id, left, right, vector);
    nodes.put(id, made);
    progress.step(name, steps.size(), batch.nLevels() - 1, Double.NaN);
    return made;
  }

  private String called(MergeNode node) {
    return MnnMerge.called(batch, node.levels());
  }

  /** The later of two sets is the left one, which stays; a merged set is the last. */
  private void automatic() {
    List<MergeNode> alive = new ArrayList<>();
    Map<List<Integer>, MutualNeighbors.Pairs> found = new HashMap<>();
    for (int b = 0; b < batch.nLevels(); b++) {
      search(nodes.get(b), alive, found);
      alive.add(nodes.get(b));
    }
    while (alive.size() > 1) {
      int most = -1;
      MergeNode left = null;
      MergeNode right = null;
      for (int j = 0; j < alive.size(); j++) {
        for (int i = j + 1; i < alive.size(); i++) {
          int count = found.get(key(alive.get(i), alive.get(j))).size();
          if (count > most) {
            most = count;
            left = alive.get(i);
            right = alive.get(j);
          }
        }
      }
      var made = join(left, right, found.get(key(left, right)));
      alive.remove(left);
      alive.remove(right);
      int[] gone = {left.id(), right.id()};
      found.keySet().removeIf(k -> k.contains(gone[0]) || k.contains(gone[1]));
      search(made, alive, found);
      alive.add(made);
    }
  }

  private void search(
      MergeNode left, List<MergeNode> others, Map<List<Integer>, MutualNeighbors.Pairs> found) {
    for (MergeNode right : others) {
      Parallel.checkInterrupted();
      found.put(key(left, right), merger.pairs(left, right));
    }
  }

  private static List<Integer> key(MergeNode left, MergeNode right) {
    return List.of(left.id(), right.id());
  }
}
