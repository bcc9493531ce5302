package org.cellweave.cluster;

/** Nodes of every cluster. */
final class ClusterMembers {
  private ClusterMembers() {}

  /** Nodes of every cluster, ascending. */
  static int[][] of(int[] clusters, int nClusters) {
    int[] sizes = new int[nClusters];
    for (int c : clusters) {
      sizes[c]++;
    }
    int[][] members = new int[nClusters][];
    for (int c = 0; c < nClusters; c++) {
      members[c] = new int[sizes[c]];
    }
    int[] fill = new int[nClusters];
    for (int i = 0; i < clusters.length; i++) {
      members[clusters[i]][fill[clusters[i]]++] = i;
    }
    return members;
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
    int[][] members = of(clusters, n);
    Integer[] order = new Integer[n];
    java.util.Arrays.setAll(order, c -> c);
    java.util.Arrays.sort(order, (a, b) -> members[b].length - members[a].length);
    for (int rank = 0; rank < n; rank++) {
      for (int i : members[order[rank]]) {
        clusters[i] = rank;
      }
    }
    return n;
  }
}
