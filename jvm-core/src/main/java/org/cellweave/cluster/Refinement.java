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
  private final WeightedGraph graph;
  private final double resolution;
  private final double beta;
  private final int[] part;
  private final double[] partWeight;
  private final int[] partSize;

  /** Weight of the edges from each part to the rest of its cluster. */
  private final double[] partExternal;

  private final double[] edgeTo;
  private final int[] candidates;
  private final double[] cumulative;

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
    candidates = new int[n + 1];
    cumulative = new double[n + 1];
  }

  /** Parts of the clusters; a part has the number of one of its nodes. */
  int[] run(int[] cluster, ClusterMembers members, SplittableRandom random) {
    for (int i = 0; i < graph.nNodes; i++) {
      part[i] = i;
      partWeight[i] = graph.nodeWeights[i];
      partSize[i] = 1;
    }
    for (int c : members.order()) {
      if (members.size(c) > 1) {
        int from = members.first()[c];
        refine(cluster, Arrays.copyOfRange(members.nodes(), from, from + members.size(c)), random);
      }
    }
    return part;
  }

  private void refine(int[] cluster, int[] nodes, SplittableRandom random) {
    double total = 0;
    for (int i : nodes) {
      total += graph.nodeWeights[i];
      double external = 0;
      for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
        external += cluster[graph.neighbors[e]] == cluster[i] ? graph.weights[e] : 0;
      }
      partExternal[i] = external;
    }
    Shuffle.inPlace(nodes, random);
    int visits = 0;
    for (int i : nodes) {
      if (++visits % LocalMoving.LOOK == 0) {
        Parallel.checkInterrupted();
      }
      boolean single = part[i] == i && partSize[i] == 1;
      if (single && wellConnected(i, total)) {
        merge(i, cluster, total, random);
      }
    }
  }

  private boolean wellConnected(int p, double total) {
    return partExternal[p] >= resolution * partWeight[p] * (total - partWeight[p]);
  }

  private void merge(int i, int[] cluster, double total, SplittableRandom random) {
    int n = 0;
    for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
      int j = graph.neighbors[e];
      if (cluster[j] == cluster[i]) {
        if (edgeTo[part[j]] == 0) {
          candidates[n++] = part[j];
        }
        edgeTo[part[j]] += graph.weights[e];
      }
    }
    int to = draw(i, n, total, random);
    if (to != i) {
      partSize[i] = 0;
      partWeight[i] = 0;
      partSize[to]++;
      partWeight[to] += graph.nodeWeights[i];
      part[i] = to;
      for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
        int j = graph.neighbors[e];
        if (cluster[j] == cluster[i]) {
          partExternal[to] += part[j] == to ? -graph.weights[e] : graph.weights[e];
        }
      }
    }
    for (int k = 0; k < n; k++) {
      edgeTo[candidates[k]] = 0;
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
