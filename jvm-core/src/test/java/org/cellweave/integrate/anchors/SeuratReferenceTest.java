package org.cellweave.integrate.anchors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.integrate.anchors.IntegrationAnchors.Reduction;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.preprocess.HighlyVariableGenes;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every step against Seurat 4.3.0 on the Kang cells. */
class SeuratReferenceTest {
  private static KangSets kang;

  @BeforeAll
  static void needsRealCells() {
    kang = KangSets.read();
  }

  @Test
  void varianceOfTheControlCells() {
    var control = kang.counts().takeRows(kang.control());
    var params =
        HighlyVariableGenes.Params.builder()
            .flavor(HighlyVariableGenes.Flavor.SEURAT_V3)
            .nTopGenes(2000)
            .build();
    var ours = HighlyVariableGenes.run(control, kang.genes(), null, params);
    var theirs = KangSets.table("vst_ctrl");
    assertThat(theirs.texts("")).isEqualTo(kang.genes());
    double[] standardised = theirs.numbers("variance.standardized");
    for (int j = 0; j < standardised.length; j++) {
      assertThat(ours.variancesNorm()[j])
          .as(kang.genes()[j])
          .isCloseTo(standardised[j], within(1e-5 * Math.max(1, standardised[j])));
    }
  }

  /**
   * Many genes have counts of the same few values, and their variances are equal. R's program puts
   * such genes in the order of its rounding errors, ours in that of their columns: what differs has
   * an equal on the other side.
   */
  @Test
  void featuresUpToGenesOfEqualVariance() {
    var ours =
        IntegrationFeatures.run(
            kang.counts(), kang.genes(), kang.batch(), IntegrationFeatures.Params.DEFAULTS);
    var theirs = Arrays.stream(kang.features()).boxed().toList();
    var chosen = Arrays.stream(ours.features()).boxed().toList();
    assertThat(ours.warnings()).isEmpty();
    assertThat(chosen.subList(0, 130)).isEqualTo(theirs.subList(0, 130));
    var others = chosen.stream().filter(g -> !theirs.contains(g)).toList();
    var missing = theirs.stream().filter(g -> !chosen.contains(g)).toList();
    assertThat(others).hasSizeLessThanOrEqualTo(3);
    for (int gene : missing) {
      assertThat(others).anyMatch(other -> equalInABatch(gene, other));
    }
  }

  private static boolean equalInABatch(int gene, int other) {
    for (int[] rows : kang.batch().members()) {
      double[] one = kang.counts().takeRows(rows).takeCols(new int[] {gene}).toDense().column(0);
      double[] two = kang.counts().takeRows(rows).takeCols(new int[] {other}).toDense().column(0);
      Arrays.sort(one);
      Arrays.sort(two);
      if (Arrays.equals(one, two)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void canonicalCorrelationUpToSign() {
    var first = kang.chosen(kang.control());
    var second = kang.chosen(kang.stimulated());
    var pair =
        CanonicalPair.of(
            first,
            second,
            ScaledGenes.of(first),
            ScaledGenes.of(second),
            AnchorSearchParams.DEFAULTS);
    var theirs = KangSets.table("cca_embeddings").numbers(1);
    double worst = 0;
    for (int i = 0; i < theirs.nRows(); i++) {
      for (int c = 0; c < 30; c++) {
        double ours =
            i < first.nRows()
                ? pair.first()[i * 30 + c]
                : pair.second()[(i - first.nRows()) * 30 + c];
        // even the signs agree, since both make the first cell's places positive
        worst = Math.max(worst, Math.abs(ours - theirs.get(i, c)));
      }
    }
    // R's irlba stops at a tolerance of 1e-5, which shows in the last dimensions alone
    assertThat(worst).isLessThan(5e-4);
  }

  private static IntegrationAnchors.Result anchors(Reduction reduction) {
    var params = IntegrationAnchors.Params.builder().reduction(reduction).build();
    return IntegrationAnchors.run(
        kang.logs(), kang.features(), kang.batch(), params, Progress.NONE);
  }

  @Test
  void anchorsByCanonicalCorrelation() {
    var agreement =
        KangSets.agreement(anchors(Reduction.CCA).anchors(), kang, KangSets.table("cca_anchors"));
    assertThat(agreement.share()).isGreaterThan(0.99);
    assertThat(agreement.scoresWithin()).isGreaterThan(0.99);
  }

  @Test
  void anchorsByReciprocalComponents() {
    var agreement =
        KangSets.agreement(anchors(Reduction.RPCA).anchors(), kang, KangSets.table("rpca_anchors"));
    assertThat(agreement.share()).isGreaterThan(0.99);
    assertThat(agreement.scoresWithin()).isGreaterThan(0.8);
  }

  @Test
  void integratedExpression() {
    var anchors = anchors(Reduction.CCA).anchors();
    var ours =
        AnchorIntegration.run(
            kang.logs(),
            kang.features(),
            null,
            anchors,
            null,
            null,
            AnchorIntegration.Params.DEFAULTS,
            Progress.NONE);
    var theirs = KangSets.table("integrated_100").numbers(1);
    int[] rows =
        java.util.stream.IntStream.concat(
                Arrays.stream(kang.control()), Arrays.stream(kang.stimulated()))
            .toArray();
    DenseMatrix placed = ours.x().takeRows(rows);
    double worst = 1;
    for (int g = 0; g < 100; g++) {
      worst = Math.min(worst, correlation(placed.column(g), theirs.column(g)));
    }
    assertThat(worst).isGreaterThan(0.999);
    assertThat(ours.steps()).hasSize(1);
    assertThat(ours.warnings()).isEmpty();
  }

  private static double correlation(double[] a, double[] b) {
    double ma = Arrays.stream(a).average().orElseThrow();
    double mb = Arrays.stream(b).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - ma) * (b[i] - mb);
      aa += Math.pow(a[i] - ma, 2);
      bb += Math.pow(b[i] - mb, 2);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void transferredLabels() {
    var params = TransferAnchors.Params.builder().search(AnchorSearchParams.DEFAULTS).build();
    var found =
        TransferAnchors.run(
            kang.chosen(kang.control()), kang.chosen(kang.stimulated()), params, Progress.NONE);
    var agreement =
        KangSets.Agreement.of(
            found.reference(), found.query(), found.scores(), KangSets.table("transfer_anchors"));
    assertThat(agreement.share()).isGreaterThan(0.98);
    var labels = kang.controlLabels();
    var ours = AnchorTransfer.run(found, labels, AnchorTransfer.Params.DEFAULTS);
    var table = KangSets.table("transfer_predictions");
    String[] theirs = table.texts("predicted.id");
    double[] greatest = table.numbers("prediction.score.max");
    int same = 0;
    int near = 0;
    for (int i = 0; i < theirs.length; i++) {
      same += labels.level(ours.predicted()[i]).equals(theirs[i]) ? 1 : 0;
      near += Math.abs(ours.greatest()[i] - greatest[i]) <= 0.05 ? 1 : 0;
    }
    assertThat(same / (double) theirs.length).isGreaterThan(0.98);
    // the last cell's anchors are all taken, where R's program stops in the middle of them
    assertThat(near / (double) theirs.length).isGreaterThan(0.97);
  }
}
