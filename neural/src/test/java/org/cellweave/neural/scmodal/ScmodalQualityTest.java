package org.cellweave.neural.scmodal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.metrics.Foscttm;
import org.cellweave.metrics.LabelTransfer;
import org.cellweave.metrics.PairMetric;
import org.cellweave.testing.MosaicCells;
import org.junit.jupiter.api.Test;

/**
 * RNA and proteins of the same cells, taken as two sets, with 72 genes and proteins linked by their
 * names. Without learning, by correlation of linked features, FOSCTTM is .155 and .875 and .768 of
 * the labels are transferred.
 */
class ScmodalQualityTest {
  private static final int SEEDS = 2;

  @Test
  void cellsLieNearTheirOthers() {
    var cells = new MosaicCells();
    int[] genes = cells.links().stream().mapToInt(l -> l[0]).toArray();
    int[] proteins = cells.links().stream().mapToInt(l -> l[1]).toArray();
    assertThat(genes).hasSize(72);
    Matrix rna = cells.pairedGenes();
    Matrix adt = cells.pairedProteins();
    var input =
        new Scmodal.Input(
            List.of(new Scmodal.DataSet("rna", rna), new Scmodal.DataSet("adt", adt)),
            List.of(new Scmodal.Links(rna.takeCols(genes), adt.takeCols(proteins))));
    int[] types = cells.pairedTypes().codes();
    double foscttm = 0;
    double there = 0;
    double back = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      var params =
          Scmodal.Params.builder()
              .batchSize(200)
              .nHidden(128)
              .nNeighbors(12)
              .lambdaMnn(10)
              .trainingSteps(350)
              .seed(seed)
              .build();
      List<DenseMatrix> latent = Scmodal.run(input, params).latent();
      var transfer =
          LabelTransfer.both(
              latent.get(0), types, latent.get(1), types, LabelTransfer.Params.DEFAULTS);
      foscttm += Foscttm.run(latent.get(0), latent.get(1), PairMetric.EUCLIDEAN).mean() / SEEDS;
      there += transfer.backward().accuracy() / SEEDS;
      back += transfer.forward().accuracy() / SEEDS;
    }
    assertThat(foscttm).isLessThan(0.135);
    assertThat(there).isGreaterThan(0.92);
    assertThat(back).isGreaterThan(0.91);
  }
}
