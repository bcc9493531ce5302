package org.cellweave.neural.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.distributions.CountMath;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Both passes beside sums of single likelihoods in float64, and gradients beside differences. */
class LikelihoodPassTest {
  private static final int CELLS = 37;
  private static final int GENES = 23;

  /** What a pass reads, in float64. */
  private static final class Case {
    private final Likelihood likelihood;
    private final boolean softplus;
    private final boolean byCell;
    private final double[][] x = new double[CELLS][GENES];
    private final double[] scale = new double[CELLS * GENES];
    private final double[] dropout = new double[CELLS * GENES];
    private final double[] cellLogs = new double[CELLS * GENES];
    private final double[] library = new double[CELLS];
    private final int rows;
    private final double[] logs;
    private final int[] levels = new int[CELLS];

    Case(Likelihood likelihood, boolean softplus, boolean byCell, int rows, long seed) {
      this.likelihood = likelihood;
      this.softplus = softplus;
      this.byCell = byCell;
      this.rows = rows;
      this.logs = new double[rows * GENES];
      var random = new SplittableRandom(seed);
      for (int i = 0; i < CELLS; i++) {
        levels[i] = random.nextInt(rows);
        library[i] = (float) (1 + 5 * random.nextDouble());
        for (int g = 0; g < GENES; g++) {
          x[i][g] = random.nextDouble() < 0.5 ? random.nextInt(g == 3 ? 900 : 9) : 0;
        }
      }
      for (double[] values : List.of(scale, dropout, cellLogs, logs)) {
        for (int k = 0; k < values.length; k++) {
          values[k] = (float) (4 * random.nextDouble() - 2);
        }
      }
    }

    double direct() {
      double sum = 0;
      for (int i = 0; i < CELLS; i++) {
        double[] share = new double[GENES];
        double total = 0;
        for (int g = 0; g < GENES; g++) {
          double logit = scale[i * GENES + g];
          share[g] = softplus ? CountMath.softplus(logit) : Math.exp(logit);
          total += share[g];
        }
        for (int g = 0; g < GENES; g++) {
          double mu = Math.exp(library[i]) * share[g] / (softplus ? 1 : total);
          int at = i * GENES + g;
          double theta = Math.exp(byCell ? cellLogs[at] : logs[levels[i] * GENES + g]);
          sum -=
              switch (likelihood) {
                case NB -> CountMath.negativeBinomial(x[i][g], mu, theta);
                case ZINB -> CountMath.zeroInflated(x[i][g], mu, theta, dropout[at]);
                case POISSON -> CountMath.poisson(x[i][g], mu);
              };
        }
      }
      return sum;
    }

    LikelihoodPass.Inputs inputs() {
      var counts = new Counts(GENES);
      counts.clear(CELLS);
      int[] genes = new int[GENES];
      for (int g = 0; g < GENES; g++) {
        genes[g] = g;
      }
      for (double[] row : x) {
        counts.append(genes, 0, row, GENES);
      }
      return new LikelihoodPass.Inputs(
          counts,
          floats(scale),
          likelihood == Likelihood.ZINB ? floats(dropout) : null,
          byCell && likelihood != Likelihood.POISSON ? floats(cellLogs) : null,
          floats(library),
          new float[CELLS]);
    }

    Dispersions dispersions() {
      boolean none = byCell || likelihood == Likelihood.POISSON;
      return none ? null : new Dispersions(floats(logs), rows, GENES);
    }

    LikelihoodPass general(LikelihoodPass.Inputs inputs) {
      var heads = new CountHeads(likelihood, null, softplus, null, null, null, null, null);
      return new GeneralPass(inputs, heads, dispersions(), levels, true, new DoubleArrays(GENES));
    }

    LikelihoodPass negativeBinomial(LikelihoodPass.Inputs inputs) {
      return new NegativeBinomialPass(inputs, dispersions(), levels, true, new DoubleArrays(GENES));
    }

    private static float[] floats(double[] x) {
      float[] out = new float[x.length];
      for (int k = 0; k < x.length; k++) {
        out[k] = (float) x[k];
      }
      return out;
    }
  }

  private static double slope(double[] values, int at, DoubleSupplier function) {
    double before = values[at];
    double h = 1e-4;
    values[at] = before + h;
    double above = function.getAsDouble();
    values[at] = before - h;
    double below = function.getAsDouble();
    values[at] = before;
    return (above - below) / (2 * h);
  }

  private static void sameGradient(String name, Case of, double[] values, float[] gradient) {
    for (int k = 0; k < values.length; k += 7) {
      double expected = slope(values, k, of::direct);
      assertThat((double) gradient[k])
          .as(name + " at " + k)
          .isCloseTo(expected, within(1e-5 * Math.abs(expected) + 2e-4));
    }
  }

  private static void check(Case of, LikelihoodPass pass, LikelihoodPass.Inputs inputs) {
    double direct = of.direct();
    assertThat(pass.run()).isCloseTo(direct, within(1e-10 * Math.abs(direct)));
    sameGradient("scale", of, of.scale, inputs.scale());
    sameGradient("library", of, of.library, inputs.libraryGradient());
    if (inputs.dropout() != null) {
      sameGradient("dropout", of, of.dropout, inputs.dropout());
    }
    if (inputs.cellDispersion() != null) {
      sameGradient("dispersion of cells", of, of.cellLogs, inputs.cellDispersion());
    }
    if (pass.dispersions != null) {
      sameGradient("dispersion", of, of.logs, Case.floats(pass.dispersionGradient()));
    }
  }

  @TestFactory
  Stream<DynamicTest> generalPass() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Likelihood likelihood : Likelihood.values()) {
      for (boolean softplus : new boolean[] {false, true}) {
        for (int rows : new int[] {0, 1, 3}) {
          String name = likelihood + (softplus ? " softplus " : " softmax ") + rows;
          var of = new Case(likelihood, softplus, rows == 0, Math.max(1, rows), 5);
          LikelihoodPass.Inputs inputs = of.inputs();
          tests.add(DynamicTest.dynamicTest(name, () -> check(of, of.general(inputs), inputs)));
        }
      }
    }
    return tests.stream();
  }

  @Test
  void negativeBinomialPass() {
    Seeds.forEach(
        20,
        seed -> {
          var of = new Case(Likelihood.NB, false, false, 1 + (int) (seed % 3), seed);
          LikelihoodPass.Inputs inputs = of.inputs();
          check(of, of.negativeBinomial(inputs), inputs);
        });
  }

  @Test
  void totalsAndDispersionsAtTheExtremes() {
    var of = new Case(Likelihood.NB, false, false, 2, 8);
    for (int g = 0; g < GENES; g++) {
      of.logs[g] = g % 2 == 0 ? -40 : 12;
    }
    of.library[3] = 60;
    of.library[4] = -30;
    of.library[20] = 30;
    LikelihoodPass.Inputs inputs = of.inputs();
    LikelihoodPass pass = of.negativeBinomial(inputs);
    double direct = of.direct();
    assertThat(pass.run()).isCloseTo(direct, within(1e-8 * Math.abs(direct)));
    for (float[] values : List.of(inputs.scale(), inputs.libraryGradient())) {
      for (float v : values) {
        assertThat(v).isFinite();
      }
    }
    assertThat(pass.dispersionGradient()).doesNotContain(Double.NaN);
  }
}
