package org.cellweave.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Splits every cluster into well-connected parts: single nodes merge, at random in proportion to
 * exp(gain / beta), with parts of the same cluster that are well connected to the rest of it.
 */
final class Refinement {
  private static final int BLOCK = 1024;

  private final WeightedGraph graph;
  private final double resolution;
  private final double beta;
  private final int[] part;
  private final double[] partWeight;
  private final int[] partSize;

  /** Weight of the edges from each part to the rest of its cluster. */
  private final double[] partExternal;

  private final double[] edgeTo;
  private final EdgesAhead ahead;
  private final int[] next = new int[EdgesAhead.NODES];
  private int[] candidates = new int[0];
  private double[] cumulative = new double[0];

  Refinement(WeightedGraph graph, double resolution, double beta) {
    this.graph = graph;
    this.resolution = resolution;
    this.beta = beta;
    int n = graph.nNodes;
    part = new int[n];
    partWeight = new double[n];
    partSize = new int[n];
    partExternal = new double[n];
    edgeTo = new double[n];
    ahead = new EdgesAhead(graph);
  }

  /** Parts of the clusters; a part has the number of one of its nodes. */
  int[] run(int[] cluster, ClusterMembers members, SplittableRandom random) {
    for (int i = 0; i < graph.nNodes; i++) {
      part[i] = i;
      partWeight[i] = graph.nodeWeights[i];
      partSize[i] = 1;
    }
    setExternal(cluster);
    for (int c : members.order()) {
      if (members.size(c) > 1) {
        int from = members.first()[c];
        refine(cluster, Arrays.copyOfRange(members.nodes(), from, from + members.size(c)), random);
      }
    }
    return part;
  }

  /** Every node is a part by itself. */
  private void setExternal(int[] cluster) {
    Parallel.forRange(
        graph.nNodes,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            double external = 0;
            for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
              external += cluster[graph.neighbors[e]] == cluster[i] ? graph.weight(e) : 0;
            }
            partExternal[i] = external;
          }
        });
  }

  private void refine(int[] cluster, int[] nodes, SplittableRandom random) {
    double total = 0;
    for (int i : nodes) {
      total += graph.nodeWeights[i];
    }
    Shuffle.inPlace(nodes, random);
    int at = 0;
    int sinceLook = 0;
    while (at < nodes.length) {
      int n = 0;
      for (; at < nodes.length && n < next.length; at++) {
        if (isSingle(nodes[at])) {
          next[n++] = nodes[at];
        }
      }
      sinceLook += n;
      if (sinceLook >= LocalMoving.LOOK) {
        Parallel.checkInterrupted();
        sinceLook = 0;
      }
      int taken = 0;
      for (int from = 0; from < n; from += taken) {
        taken = ahead.take(next, from, n, part, edgeTo);
        for (int k = 0; k < taken; k++) {
          int i = next[from + k];
          if (isSingle(i) && wellConnected(i, total)) {
            merge(i, k, cluster, total, random);
          }
        }
      }
    }
  }

  /** What no longer is will not be again. */
  private boolean isSingle(int i) {
    return part[i] == i && partSize[i] == 1;
  }

  private boolean wellConnected(int p, double total) {
    return partExternal[p] >= resolution * partWeight[p] * (total - partWeight[p]);
  }

  /** The edges of node {@code i} are those of place {@code k} of what was taken. */
  private void merge(int i, int k, int[] cluster, double total, SplittableRandom random) {
    int first = ahead.first[k];
    int end = ahead.first[k + 1];
    if (candidates.length <= end - first) {
      candidates = new int[2 * (end - first) + 1];
      cumulative = new double[candidates.length];
    }
    int n = 0;
    for (int e = first; e < end; e++) {
      int j = ahead.neighbors[e];
      if (cluster[j] == cluster[i]) {
        int p = part[j];
        candidates[n] = p;
        n += LocalMoving.ifZero(edgeTo[p]);
        edgeTo[p] += ahead.weights[e];
      }
    }
    int to = draw(i, n, total, random);
    if (to != i) {
      partSize[i] = 0;
      partWeight[i] = 0;
      partSize[to]++;
      partWeight[to] += graph.nodeWeights[i];
      part[i] = to;
      for (int e = first; e < end; e++) {
        int j = ahead.neighbors[e];
        if (cluster[j] == cluster[i]) {
          partExternal[to] += part[j] == to ? -ahead.weights[e] : ahead.weights[e];
        }
      }
    }
    for (int c = 0; c < n; c++) {
      edgeTo[candidates[c]] = 0;
    }
  }

  /** Staying alone gains 0 and is one of the choices. */
  private int draw(int i, int n, double total, SplittableRandom random) {
    double charge = graph.nodeWeights[i] * resolution;
    double best = 0;
    int bestPart = i;
    int kept = 0;
    double sum = 1;
    for (int k = 0; k < n; k++) {
      int p = candidates[k];
      double gain = edgeTo[p] - charge * partWeight[p];
      boolean allowed = gain >= 0 && wellConnected(p, total);
      if (allowed && gain > best) {
        best = gain;
        bestPart = p;
      }
      sum += allowed ? Elementary.exp(gain / beta) : 0;
      cumulative[kept++] = sum;
    }
    if (Double.isInfinite(sum)) {
      return bestPart;
    }
    double u = random.nextDouble() * sum;
    if (u < 1) {
      return i;
    }
    for (int k = 0; k < kept; k++) {
      if (u < cumulative[k]) {
        return candidates[k];
      }
    }
    return bestPart;
  }
}
