package org.cellweave.metrics;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.graph.StrongComponents;
import org.cellweave.matrix.CsrMatrix;

/**
 * How connected each cell type is in a neighbour graph: the share of a label's cells in its largest
 * strong component, averaged over labels; 1 is best.
 *
 * <p>scib-metrics asks this of the directed graph of 15 nearest neighbours ({@link
 * org.cellweave.neighbors.NearestNeighbors.Result#distanceMatrix()}), scib of the symmetric
 * connectivities; the first is never larger. Cost: one pass over the edges.
 *
 * @see <a href="https://doi.org/10.1038/s41592-021-01336-8">Luecken et al. 2022</a>
 */
public final class GraphConnectivity {
  private GraphConnectivity() {}

  /** The mean over labels, and the share of each label (NaN for a label without cells). */
  public record Result(double mean, double[] byLabel) {}

  /**
   * @param graph cells times cells; explicit zeros are no edges
   * @param labels one code per cell
   */
  public static Result run(CsrMatrix graph, int[] labels) {
    var groups = Categories.complete("labels", labels, graph.nRows());
    int[] scratch = new int[labels.length];
    Arrays.fill(scratch, -1);
    int[][] members = groups.members();
    double[] byLabel = new double[members.length];
    double sum = 0;
    for (int g = 0; g < members.length; g++) {
      if (members[g].length == 0) {
        byLabel[g] = Double.NaN;
        continue;
      }
      int[] sizes = StrongComponents.sizes(StrongComponents.of(graph, members[g], scratch));
      byLabel[g] = Arrays.stream(sizes).max().orElse(0) / (double) members[g].length;
      sum += byLabel[g];
    }
    return new Result(sum / groups.used(), byLabel);
  }
}
