///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS org.cellweave:cellweave-core:0.1.0-SNAPSHOT
//DEPS org.slf4j:slf4j-nop:2.0.17

import java.util.List;
import org.cellweave.cluster.Leiden;
import org.cellweave.design.Categories;
import org.cellweave.integrate.harmony.Harmony;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.preprocess.Log1p;
import org.cellweave.preprocess.NormalizeTotal;
import org.cellweave.preprocess.Pca;
import org.cellweave.simulate.BatchSimulator;

/** Two simulated batches of four cell types: Harmony brings them together, Leiden finds the types again. */
public final class Clusters {
  private Clusters() {}

  public static void main(String[] args) {
    var cells = BatchSimulator.run(BatchSimulator.Params.builder().nCells(800).nGenes(1000).nTypes(4).build());
    var counts = cells.counts();
    NormalizeTotal.run(counts, NormalizeTotal.Params.builder().targetSum(1e4).build());
    Log1p.run(counts, Log1p.Params.DEFAULTS);
    var pca = Pca.run(counts, null, Pca.Params.builder().nComps(20).build());
    var batches = new Categories("batch", cells.batch(), new String[] {"a", "b"});
    var harmony = Harmony.run(pca.scores(), List.of(batches), Harmony.Params.DEFAULTS);
    System.out.println("mixed before: " + mixed(pca.scores(), cells.batch()));
    System.out.println("mixed after:  " + mixed(harmony.corrected(), cells.batch()));
    var graph = FuzzyGraph.run(NearestNeighbors.run(harmony.corrected(), NearestNeighbors.Params.DEFAULTS));
    var clusters = Leiden.run(graph, Leiden.Params.builder().resolution(0.5).build());
    System.out.println("clusters:     " + clusters.nCommunities());
  }

  /** The share of neighbours that are of the other batch, in whole per cent. */
  private static long mixed(DenseMatrix points, int[] batch) {
    var lists = NearestNeighbors.run(points, NearestNeighbors.Params.DEFAULTS);
    long other = 0;
    for (int i = 0; i < lists.indices().length; i++) {
      if (batch[lists.indices()[i]] != batch[i / lists.nNeighbors()]) {
        other++;
      }
    }
    // A list begins with the cell itself.
    long all = (long) lists.nCells() * (lists.nNeighbors() - 1);
    return 100 * other / all;
  }
}
