package org.cellweave.cluster;

import java.util.SplittableRandom;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Parallel;

/**
 * Fast local moving: nodes from a queue go to the neighbouring cluster, or an empty one, that gains
 * most; a node that moved puts its neighbours outside its new cluster back in the queue.
 */
final class LocalMoving {
  /** Nodes between two looks at an interrupt; a pass over millions takes many seconds. */
  static final int LOOK = 16_384;

  private final WeightedGraph graph;
  private final double resolution;
  private final int[] cluster;
  private final double[] clusterWeight;
  private final int[] clusterSize;
  private final double[] edgeTo;
  private final int[] candidates;
  private final int[] empty;
  private int nEmpty;

  /**
   * @param resolution charge per product of node weights
   * @param cluster start, numbers below the number of nodes; changed in place
   */
  LocalMoving(WeightedGraph graph, double resolution, int[] cluster) {
    this.graph = graph;
    this.resolution = resolution;
    this.cluster = cluster;
    int n = graph.nNodes;
    clusterWeight = new double[n];
    clusterSize = new int[n];
    edgeTo = new double[n];
    candidates = new int[n + 1];
    empty = new int[n];
    for (int i : graph.order) {
      clusterWeight[cluster[i]] += graph.nodeWeights[i];
      clusterSize[cluster[i]]++;
    }
    for (int c = n - 1; c >= 0; c--) {
      if (clusterSize[c] == 0) {
        empty[nEmpty++] = c;
      }
    }
  }

  /** Returns whether any node moved. */
  boolean run(SplittableRandom random) {
    int n = graph.nNodes;
    int[] queue = graph.order.clone();
    Shuffle.inPlace(queue, random);
    boolean[] waiting = new boolean[n];
    java.util.Arrays.fill(waiting, true);
    int head = 0;
    int size = n;
    boolean moved = false;
    for (long visits = 1; size > 0; visits++) {
      if (visits % LOOK == 0) {
        Parallel.checkInterrupted();
      }
      int i = queue[head];
      head = head + 1 == n ? 0 : head + 1;
      size--;
      waiting[i] = false;
      int from = cluster[i];
      int to = best(i);
      if (to == from) {
        continue;
      }
      moved = true;
      for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
        int j = graph.neighbors[e];
        if (!waiting[j] && cluster[j] != to) {
          waiting[j] = true;
          int tail = head + size;
          queue[tail >= n ? tail - n : tail] = j;
          size++;
        }
      }
    }
    return moved;
  }

  /** Moves node {@code i} where it gains most, strictly; returns its cluster. */
  private int best(int i) {
    int own = cluster[i];
    double weight = graph.nodeWeights[i];
    int nCandidates = 0;
    for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
      int c = cluster[graph.neighbors[e]];
      if (edgeTo[c] == 0) {
        candidates[nCandidates++] = c;
      }
      edgeTo[c] += graph.weights[e];
    }
    clusterWeight[own] -= weight;
    clusterSize[own]--;
    if (clusterSize[own] == 0) {
      clusterWeight[own] = 0;
    }
    double charge = weight * resolution;
    int best = own;
    double bestGain = edgeTo[own] - charge * clusterWeight[own];
    for (int k = 0; k < nCandidates; k++) {
      int c = candidates[k];
      double gain = edgeTo[c] - charge * clusterWeight[c];
      if (gain > bestGain) {
        best = c;
        bestGain = gain;
      }
      edgeTo[c] = 0;
    }
    if (clusterSize[own] > 0 && 0 > bestGain) {
      best = empty[nEmpty - 1];
    }
    if (best != own) {
      if (clusterSize[best] == 0) {
        nEmpty--;
      }
      if (clusterSize[own] == 0) {
        empty[nEmpty++] = own;
      }
    }
    clusterWeight[best] += weight;
    clusterSize[best]++;
    cluster[i] = best;
    return best;
  }
}
