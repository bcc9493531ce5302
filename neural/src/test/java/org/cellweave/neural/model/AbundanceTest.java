package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class AbundanceTest {
  private static final int N = 120;
  private static final CellData CELLS = Example.cells(N);
  private static final Scvi MODEL =
      Example.trained(Scvi.of(CELLS, Example.small().build()), CELLS, 40);

  /** A mixture of N(0, 1) and N(2, 4) by hand, in one dimension. */
  @Test
  void mixturesAreThoseOfTheirDefinition() {
    var places =
        new Places(new int[] {0, 1}, 1, new float[] {0, 2}, new float[] {1, 4}, null, null, false);
    var at = DenseMatrix.ofRows(new double[][] {{1}, {-3}});
    double[] normal = new AggregatedPosterior(places, Double.POSITIVE_INFINITY).logProb(at);
    double first = Math.exp(-0.5) / Math.sqrt(2 * Math.PI);
    double second = Math.exp(-0.125) / Math.sqrt(8 * Math.PI);
    assertThat(normal[0]).isCloseTo(Math.log(0.5 * (first + second)), within(1e-12));
    // Student's density with three degrees of freedom at t: 2 / (pi sqrt 3) (1 + t^2 / 3)^-2
    double[] student = new AggregatedPosterior(places, 3).logProb(at);
    double constant = 2 / (Math.PI * Math.sqrt(3));
    double sum = constant * Math.pow(1 + 9 / 3.0, -2) + constant / 2 * Math.pow(1 + 6.25 / 3, -2);
    assertThat(student[1]).isCloseTo(Math.log(0.5 * sum), within(1e-12));
  }

  /** Samples that are types: a cell is most likely among those of its own. */
  @Test
  void cellsAreLikeliestAmongTheirLike() {
    var samples = Example.types(N);
    var result =
        MODEL.differentialAbundance(
            CELLS, samples, DifferentialAbundance.Params.DEFAULTS, Progress.NONE);
    assertThat(result.samples()).containsExactly("b cell", "t cell", "none");
    int right = 0;
    for (int i = 0; i < N; i++) {
      int best = 0;
      for (int s = 1; s < 3; s++) {
        best = result.logProbs().get(i, s) > result.logProbs().get(i, best) ? s : best;
      }
      right += best == samples.code(i) ? 1 : 0;
    }
    assertThat(right).isGreaterThan(N * 9 / 10);
    var few = new DifferentialAbundance.Params(10, 3, 1);
    assertThat(MODEL.differentialAbundance(CELLS, samples, few, Progress.NONE).logProbs().nRows())
        .isEqualTo(N);
    assertThat(MODEL.aggregatedPosterior(CELLS, 3).size()).isEqualTo(N);
  }

  @Test
  void wrongPlacesAndNumbersAreRefused() {
    var posterior = MODEL.aggregatedPosterior(CELLS, 3);
    assertThatThrownBy(() -> posterior.logProb(DenseMatrix.ofRows(new double[][] {{1, 2}})))
        .hasMessage("columns of places has length 2, but latent dimensions is 3");
    assertThatThrownBy(() -> MODEL.aggregatedPosterior(CELLS, 0))
        .hasMessage("dof must be positive, got 0.0");
    assertThatThrownBy(() -> new DifferentialAbundance.Params(-1, 3, 0))
        .hasMessage("numCellsPosterior must not be negative, got -1");
  }
}
