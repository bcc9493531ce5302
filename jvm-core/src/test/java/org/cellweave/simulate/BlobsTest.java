package org.cellweave.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class BlobsTest {
  @Test
  void pointsLieAroundTheirCentres() {
    Seeds.forEach(
        20,
        seed -> {
          var result = Blobs.run(new Blobs.Params(3, 4, 0.5, 4000, seed));
          double[] sum = new double[4];
          double[] squares = new double[4];
          int[] n = new int[4];
          for (int i = 0; i < 4000; i++) {
            int c = result.labels()[i];
            double e = result.x().get(i, 1) - result.centers()[c][1];
            assertThat(Math.abs(result.centers()[c][1])).isLessThanOrEqualTo(10);
            sum[c] += e;
            squares[c] += e * e;
            n[c]++;
          }
          for (int c = 0; c < 4; c++) {
            assertThat(n[c]).isEqualTo(1000);
            // five standard errors of a mean and of a standard deviation of 1,000 normal values
            assertThat(sum[c] / 1000).isCloseTo(0, within(0.08));
            assertThat(Math.sqrt(squares[c] / 1000)).isCloseTo(0.5, within(0.06));
          }
        });
  }

  @Test
  void threadsDoNotChangeABit() {
    var params = new Blobs.Params(5, 3, 1, 5000, 3);
    float[] one = Seeds.withThreads(1, () -> Blobs.run(params).x().floatData());
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> Blobs.run(params).x().floatData()))
          .isEqualTo(one);
    }
    assertThat(Blobs.run(new Blobs.Params(5, 3, 1, 5000, 4)).x().floatData()).isNotEqualTo(one);
  }

  @Test
  void leftOverPointsGoToTheFirstCentres() {
    int[] n = new int[3];
    for (int label : Blobs.run(new Blobs.Params(1, 3, 0, 11, 0)).labels()) {
      n[label]++;
    }
    assertThat(n).containsExactly(4, 4, 3);
  }

  @Test
  void valuesAreChecked() {
    assertThatThrownBy(() -> new Blobs.Params(0, 1, 1, 1, 0))
        .hasMessageContaining("nVariables must be positive, got 0");
    assertThatThrownBy(() -> new Blobs.Params(1, 0, 1, 1, 0)).hasMessageContaining("nCenters");
    assertThatThrownBy(() -> new Blobs.Params(1, 1, -1, 1, 0)).hasMessageContaining("clusterStd");
    assertThatThrownBy(() -> new Blobs.Params(1, 1, 1, 0, 0)).hasMessageContaining("nObservations");
  }
}
