package org.cellweave.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class CiteSeqSimulatorTest {
  private static final BatchSimulator.Params CELLS =
      BatchSimulator.Params.builder().nCells(600).nGenes(200).nBatches(2).nTypes(4).build();

  private static CiteSeqSimulator.Result of(double coupling, double programEffect) {
    return CiteSeqSimulator.run(
        CiteSeqSimulator.Params.builder()
            .cells(CELLS)
            .nProteins(30)
            .coupling(coupling)
            .programEffect(programEffect)
            .build());
  }

  private static double[] logs(CsrMatrix x, int column) {
    return Arrays.stream(x.toDense().column(column)).map(Math::log1p).toArray();
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElseThrow();
    double meanB = Arrays.stream(b).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
  }

  /** Mean over the proteins of the correlation with their genes. */
  private static double coupled(CiteSeqSimulator.Result result) {
    double sum = 0;
    for (int j = 0; j < result.geneOf().length; j++) {
      sum += correlation(logs(result.genes(), result.geneOf()[j]), logs(result.proteins(), j));
    }
    return sum / result.geneOf().length;
  }

  @Test
  void proteinsFollowTheirGenesAsFarAsTheyAreCoupled() {
    double loose = coupled(of(0, 0.6));
    double tight = coupled(of(1, 0.6));
    assertThat(Math.abs(loose)).isLessThan(0.1);
    assertThat(tight).isGreaterThan(loose + 0.15);
  }

  @Test
  void everyProteinHasAGeneOfItsOwnAndCellsTheDepthAskedFor() {
    var result = of(0.7, 0.6);
    assertThat(result.geneOf()).hasSize(30).doesNotHaveDuplicates();
    assertThat(result.programs()).hasDimensions(600, 4);
    double[] depth = result.proteins().rowSums();
    Arrays.sort(depth);
    assertThat(depth[300]).isCloseTo(1500, within(150.0));
    assertThat(result.batch()).contains(0, 1);
    assertThat(Arrays.stream(result.type()).distinct().count()).isEqualTo(4);
  }

  @Test
  void sameSeedSameCountsForAnyNumberOfThreads() {
    float[] one = Seeds.withThreads(1, () -> of(0.7, 0.6).proteins().toDense().floatData());
    float[] genes = Seeds.withThreads(1, () -> of(0.7, 0.6).genes().toDense().floatData());
    for (int threads : new int[] {2, 7}) {
      var many = Seeds.withThreads(threads, () -> of(0.7, 0.6));
      assertThat(many.proteins().toDense().floatData()).isEqualTo(one);
      assertThat(many.genes().toDense().floatData()).isEqualTo(genes);
    }
  }

  @Test
  void saysWhatIsWrong() {
    var builder = CiteSeqSimulator.Params.builder();
    assertThatThrownBy(() -> builder.nProteins(501).build()).hasMessageContaining("nProteins");
    assertThatThrownBy(() -> builder.nProteins(0).build())
        .hasMessage("nProteins must be positive, got 0");
    var coupling = CiteSeqSimulator.Params.builder().coupling(1.5);
    assertThatThrownBy(coupling::build)
        .hasMessageContaining("coupling")
        .hasMessageContaining("1.5");
  }
}
