package org.cellweave.graph;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.ShapeMismatchException;

/**
 * The connected components of an undirected graph, numbered by their first nodes; breadth-first in
 * O(nodes + edges).
 *
 * @param labels the component of each node
 * @param count how many there are
 * @see StrongComponents for a directed graph
 */
public record ConnectedComponents(int[] labels, int count) {

  /** Hands on every node that an edge leads to from a node. */
  @FunctionalInterface
  public interface Neighbors {
    void visit(int node, IntConsumer neighbor);
  }

  /**
   * @param graph square and symmetric; stored zeros are no edges
   * @throws ShapeMismatchException when it is not square
   */
  public static ConnectedComponents of(CsrMatrix graph) {
    if (graph.nRows() != graph.nCols()) {
      throw new ShapeMismatchException("graph must be square, got " + graph.describe());
    }
    return of(
        graph.nRows(),
        (i, next) -> {
          var block = graph.blockOf(i);
          for (int p = block.start(i); p < block.end(i); p++) {
            if (block.value(p) != 0) {
              next.accept(block.indices()[p]);
            }
          }
        });
  }

  /**
   * @param neighbors of each node; an edge must be seen from both of its ends
   */
  public static ConnectedComponents of(int nNodes, Neighbors neighbors) {
    var search = new Search(nNodes);
    int count = 0;
    for (int start = 0; start < nNodes; start++) {
      if (search.label[start] < 0) {
        search.spread(start, count++, neighbors);
      }
    }
    return new ConnectedComponents(search.label, count);
  }

  /** The nodes of each component, ascending. */
  public List<int[]> members() {
    int[][] members = new int[count][];
    int[] filled = new int[count];
    int[] sizes = sizes();
    for (int i = 0; i < labels.length; i++) {
      int c = labels[i];
      if (filled[c] == 0) {
        members[c] = new int[sizes[c]];
      }
      members[c][filled[c]++] = i;
    }
    return IntStream.range(0, count).mapToObj(c -> members[c]).toList();
  }

  /** The number of nodes of each component. */
  public int[] sizes() {
    int[] sizes = new int[count];
    for (int c : labels) {
      sizes[c]++;
    }
    return sizes;
  }

  private static final class Search {
    private final int[] label;
    private final int[] queue;
    private int tail;

    Search(int nNodes) {
      label = new int[nNodes];
      queue = new int[nNodes];
      Arrays.fill(label, -1);
    }

    void spread(int start, int component, Neighbors neighbors) {
      int head = tail;
      add(start, component);
      while (head < tail) {
        neighbors.visit(queue[head++], j -> add(j, component));
      }
    }

    private void add(int node, int component) {
      if (label[node] < 0) {
        label[node] = component;
        queue[tail++] = node;
      }
    }
  }
}
