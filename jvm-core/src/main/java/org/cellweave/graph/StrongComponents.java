package org.cellweave.graph;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;

/**
 * Strongly connected components of the part of a directed graph that some cells span, by Tarjan's
 * algorithm without recursion. On a symmetric graph these are the connected components.
 *
 * @see <a href="https://doi.org/10.1137/0201010">Tarjan 1972</a>
 */
public final class StrongComponents {
  private final CsrMatrix graph;
  private final int[] localOf;
  private final int[] cells;
  private final int[] order;
  private final int[] low;
  private final int[] component;
  private final int[] stack;
  private int stackSize;
  private int visited;
  private int count;

  private StrongComponents(CsrMatrix graph, int[] cells, int[] localOf) {
    this.graph = graph;
    this.cells = cells;
    this.localOf = localOf;
    this.order = new int[cells.length];
    this.low = new int[cells.length];
    this.component = new int[cells.length];
    this.stack = new int[cells.length];
    Arrays.fill(order, -1);
    Arrays.fill(component, -1);
  }

  /**
   * The component of each of the cells, numbered from 0.
   *
   * @param cells distinct
   * @param scratch one entry per cell of the graph, all -1; left so
   */
  public static int[] of(CsrMatrix graph, int[] cells, int[] scratch) {
    for (int i = 0; i < cells.length; i++) {
      scratch[cells[i]] = i;
    }
    var search = new StrongComponents(graph, cells, scratch);
    for (int i = 0; i < cells.length; i++) {
      if (search.order[i] < 0) {
        search.visit(i);
      }
    }
    for (int cell : cells) {
      scratch[cell] = -1;
    }
    return search.component;
  }

  /** The number of cells in every component. */
  public static int[] sizes(int[] component) {
    int count = Arrays.stream(component).max().orElse(-1) + 1;
    int[] sizes = new int[count];
    for (int c : component) {
      sizes[c]++;
    }
    return sizes;
  }

  private void visit(int root) {
    int[] path = new int[16];
    int[] edge = new int[16];
    int depth = 0;
    path[0] = root;
    open(root);
    while (depth >= 0) {
      int v = path[depth];
      var block = graph.blockOf(cells[v]);
      int at = block.start(cells[v]) + edge[depth];
      if (at < block.end(cells[v])) {
        edge[depth]++;
        int w = block.value(at) == 0 ? -1 : localOf[block.indices()[at]];
        if (w >= 0 && order[w] < 0) {
          depth++;
          if (depth == path.length) {
            path = Arrays.copyOf(path, 2 * depth);
            edge = Arrays.copyOf(edge, 2 * depth);
          }
          path[depth] = w;
          edge[depth] = 0;
          open(w);
        } else if (w >= 0 && component[w] < 0) {
          low[v] = Math.min(low[v], order[w]);
        }
      } else {
        if (low[v] == order[v]) {
          close(v);
        }
        depth--;
        if (depth >= 0) {
          low[path[depth]] = Math.min(low[path[depth]], low[v]);
        }
      }
    }
  }

  private void open(int v) {
    order[v] = visited;
    low[v] = visited++;
    stack[stackSize++] = v;
  }

  private void close(int v) {
    int w;
    do {
      w = stack[--stackSize];
      component[w] = count;
    } while (w != v);
    count++;
  }
}
