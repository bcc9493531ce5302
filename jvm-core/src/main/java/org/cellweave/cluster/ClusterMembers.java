package org.cellweave.cluster;

import java.util.Arrays;

/**
 * Nodes of every cluster.
 *
 * @param nodes those of one cluster after those of another
 * @param first where the nodes of each cluster begin; one more than there are clusters
 * @param order of the clusters by the first node that each has
 */
record ClusterMembers(int[] nodes, int[] first, int[] order) {

  /**
   * @param order of the nodes; those of a cluster keep it
   */
  static ClusterMembers of(int[] clusters, int nClusters, int[] order) {
    int[] first = new int[nClusters + 1];
    for (int c : clusters) {
      first[c + 1]++;
    }
    for (int c = 0; c < nClusters; c++) {
      first[c + 1] += first[c];
    }
    int[] fill = Arrays.copyOf(first, nClusters);
    int[] nodes = new int[clusters.length];
    int[] seen = new int[nClusters];
    int n = 0;
    for (int i : order) {
      int c = clusters[i];
      if (fill[c] == first[c]) {
        seen[n++] = c;
      }
      nodes[fill[c]++] = i;
    }
    return new ClusterMembers(nodes, first, seen);
  }

  int size(int cluster) {
    return first[cluster + 1] - first[cluster];
  }

  /** Renumbers clusters 0, 1, ... by the first node each has; returns how many there are. */
  static int renumber(int[] clusters) {
    int[] number = new int[clusters.length];
    int used = 0;
    for (int i = 0; i < clusters.length; i++) {
      if (number[clusters[i]] == 0) {
        number[clusters[i]] = ++used;
      }
      clusters[i] = number[clusters[i]] - 1;
    }
    return used;
  }

  /** Renumbers clusters by decreasing size, then first node; returns how many there are. */
  static int renumberBySize(int[] clusters) {
    int n = renumber(clusters);
    int[] sizes = new int[n];
    for (int c : clusters) {
      sizes[c]++;
    }
    Integer[] order = new Integer[n];
    Arrays.setAll(order, c -> c);
    Arrays.sort(order, (a, b) -> sizes[b] - sizes[a]);
    int[] rank = new int[n];
    for (int r = 0; r < n; r++) {
      rank[order[r]] = r;
    }
    for (int i = 0; i < clusters.length; i++) {
      clusters[i] = rank[clusters[i]];
    }
    return n;
  }
}
