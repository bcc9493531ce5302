import java.util.List;
import org.cellweave.cluster.Leiden;
import org.cellweave.design.Categories;
import org.cellweave.integrate.harmony.Harmony;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.preprocess.Log1p;
import org.cellweave.preprocess.NormalizeTotal;
import org.cellweave.preprocess.Pca;
import org.cellweave.simulate.BatchSimulator;

/** Clusters of simulated cells of two batches, from counts on. */
public final class Clusters {
  private Clusters() {}

  public static void main(String[] args) {
    var cells =
        BatchSimulator.run(BatchSimulator.Params.builder().nCells(500).nGenes(800).build());
    var x = cells.counts();
    NormalizeTotal.run(x, NormalizeTotal.Params.builder().targetSum(1e4).build());
    Log1p.run(x, Log1p.Params.DEFAULTS);
    var pca = Pca.run(x, null, Pca.Params.builder().nComps(20).build());
    var batches = new Categories("batch", cells.batch(), new String[] {"first", "second"});
    var harmony = Harmony.run(pca.scores(), List.of(batches), Harmony.Params.DEFAULTS);
    var lists = NearestNeighbors.run(harmony.corrected(), NearestNeighbors.Params.DEFAULTS);
    CsrMatrix graph = FuzzyGraph.run(lists);
    var found = Leiden.run(graph, Leiden.Params.builder().resolution(0.5).build());
    System.out.println(found.nCommunities() + " clusters of " + found.labels().length + " cells");
  }
}
