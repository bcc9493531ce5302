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
  private final EdgesAhead ahead;
  private final int[] queue;
  private final byte[] waiting;
  private final int[] empty;
  private int[] candidates = new int[0];
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
    ahead = new EdgesAhead(graph);
    queue = new int[n];
    waiting = new byte[n];
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
    System.arraycopy(graph.order, 0, queue, 0, n);
    Shuffle.inPlace(queue, random);
    java.util.Arrays.fill(waiting, (byte) 1);
    int head = 0;
    int size = n;
    boolean moved = false;
    int sinceLook = 0;
    while (size > 0) {
      int taken = ahead.take(queue, head, Math.min(n, head + size), cluster, edgeTo);
      sinceLook += taken;
      if (sinceLook >= LOOK) {
        Parallel.checkInterrupted();
        sinceLook = 0;
      }
      for (int k = 0; k < taken; k++) {
        int i = queue[head];
        head = head + 1 == n ? 0 : head + 1;
        size--;
        waiting[i] = 0;
        int from = cluster[i];
        int to = best(i, ahead.first[k], ahead.first[k + 1]);
        if (to == from) {
          continue;
        }
        moved = true;
        size = enqueue(k, to, head, size);
      }
    }
    return moved;
  }

  /**
   * Puts the neighbours outside of cluster {@code to} that do not wait behind the others; returns
   * how many wait. Without branches, which nobody could foresee.
   */
  private int enqueue(int k, int to, int head, int size) {
    int tail = head + size;
    tail -= tail >= queue.length ? queue.length : 0;
    int added = 0;
    for (int e = ahead.first[k]; e < ahead.first[k + 1]; e++) {
      int j = ahead.neighbors[e];
      int other = cluster[j] ^ to;
      int put = (other | -other) >>> 31 & ~waiting[j];
      queue[tail] = j;
      waiting[j] |= (byte) put;
      added += put;
      tail += put;
      tail = tail == queue.length ? 0 : tail;
    }
    return size + added;
  }

  /** 1 when {@code sum}, which is not negative, is zero, else 0; without a branch. */
  static int ifZero(double sum) {
    long bits = Double.doubleToRawLongBits(sum);
    return (int) (1 + ((bits | -bits) >> 63));
  }

  /**
   * Moves node {@code i}, whose edges are those from {@code first} to {@code end}, where it gains
   * most, strictly; returns its cluster.
   */
  private int best(int i, int first, int end) {
    int own = cluster[i];
    double weight = graph.nodeWeights[i];
    int nCandidates = 0;
    if (candidates.length <= end - first) {
      candidates = new int[2 * (end - first) + 1];
    }
    for (int e = first; e < end; e++) {
      int c = cluster[ahead.neighbors[e]];
      candidates[nCandidates] = c;
      nCandidates += ifZero(edgeTo[c]);
      edgeTo[c] += ahead.weights[e];
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
