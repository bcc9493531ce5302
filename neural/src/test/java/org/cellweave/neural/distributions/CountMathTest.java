package org.cellweave.neural.distributions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class CountMathTest {
  /** {@code tools/reference/likelihoods.py} wrote it, with 50 digits. */
  private static final String TABLE =
      "jvm-core/src/test/resources/reference/neural/likelihoods.tsv";

  private static final double TENTH = 1e-10;

  @Test
  void byHand() {
    assertThat(CountMath.negativeBinomial(0, 2.5, 1.2)).isCloseTo(-1.3512135087, within(TENTH));
    assertThat(CountMath.negativeBinomial(3, 2.5, 1.2)).isCloseTo(-2.1851695104, within(TENTH));
    assertThat(CountMath.negativeBinomial(17, 0.004, 0.7)).isCloseTo(-89.0191570371, within(TENTH));
    assertThat(CountMath.negativeBinomial(250, 180, 35)).isCloseTo(-6.5290997469, within(TENTH));
    assertThat(CountMath.negativeBinomial(0, 1e-6, 1)).isCloseTo(-1.0e-6, within(1e-12));
    assertThat(CountMath.zeroInflated(0, 2.5, 1.2, -1)).isCloseTo(-0.7803809967, within(TENTH));
    assertThat(CountMath.zeroInflated(3, 2.5, 1.2, -1)).isCloseTo(-2.4984311979, within(TENTH));
    assertThat(CountMath.zeroInflated(0, 0.01, 1, 2)).isCloseTo(-0.0011809240, within(TENTH));
    assertThat(CountMath.zeroInflated(17, 0.004, 0.7, 0.3))
        .isCloseTo(-89.8735122816, within(TENTH));
    assertThat(CountMath.poisson(3, 2.5)).isCloseTo(-1.5428872736, within(TENTH));
  }

  @Test
  void agreesWithFiftyDigitsUpToTheExtremes() throws IOException {
    Path table = SharedData.projectRoot().resolve(TABLE);
    List<String> lines = Files.readAllLines(table);
    for (String line : lines.subList(1, lines.size())) {
      String[] f = line.split("\t");
      double x = Double.parseDouble(f[1]);
      double mu = Double.parseDouble(f[2]);
      double theta = Double.parseDouble(f[3]);
      double value = Double.parseDouble(f[5]);
      double actual =
          switch (f[0]) {
            case "nb" -> CountMath.negativeBinomial(x, mu, theta);
            case "zinb" -> CountMath.zeroInflated(x, mu, theta, Double.parseDouble(f[4]));
            case "rising" -> CountMath.logRising(x, theta);
            case "digamma" -> CountMath.digammaRising(x, theta);
            default -> CountMath.poisson(x, mu);
          };
      // differences of digammas are slopes that dispersions multiply: their own digits count
      double scale = f[0].equals("digamma") ? Math.abs(value) : Math.max(1, Math.abs(value));
      assertThat(actual).as(line).isCloseTo(value, within(TENTH * scale));
    }
  }

  @Test
  void probabilitiesAddUpToOne() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          double mu = Math.exp(4 * random.nextDouble() - 2);
          double theta = Math.exp(4 * random.nextDouble() - 1);
          double logit = 6 * random.nextDouble() - 3;
          double nb = 0;
          double zinb = 0;
          double poisson = 0;
          for (int x = 0; x < 3000; x++) {
            nb += Math.exp(CountMath.negativeBinomial(x, mu, theta));
            zinb += Math.exp(CountMath.zeroInflated(x, mu, theta, logit));
            poisson += Math.exp(CountMath.poisson(x, mu));
          }
          // the epsilons that keep logarithms finite take or give this much
          assertThat(nb).isCloseTo(1, within(1e-6));
          assertThat(zinb).isCloseTo(1, within(1e-6));
          assertThat(poisson).isCloseTo(1, within(Tolerance.F64));
        });
  }

  @Test
  void withoutAdditionalZerosInflationIsNegativeBinomial() {
    for (double x : new double[] {0, 1, 40}) {
      assertThat(CountMath.zeroInflated(x, 3, 0.8, -800))
          .isCloseTo(CountMath.negativeBinomial(x, 3, 0.8), within(Tolerance.F64))
          .isFinite();
    }
    assertThat(CountMath.zeroInflated(0, 3, 0.8, 800)).isCloseTo(0, within(Tolerance.EXACT));
  }

  @Test
  void extremesStayFinite() {
    for (double x : new double[] {0, 1, 1e7}) {
      for (double mu : new double[] {0, 1e-300, 1e11}) {
        for (double theta : new double[] {0, 1e-300, 1e12}) {
          assertThat(CountMath.negativeBinomial(x, mu, theta)).isFinite();
          assertThat(CountMath.zeroInflated(x, mu, theta, 0)).isFinite();
        }
      }
    }
    assertThat(CountMath.poisson(0, 0)).isZero();
    assertThat(CountMath.poisson(1, 0)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void softplusAndSigmoidDoNotOverflow() {
    assertThat(CountMath.softplus(1000)).isEqualTo(1000);
    assertThat(CountMath.softplus(-1000)).isZero();
    assertThat(CountMath.softplus(0)).isCloseTo(Math.log(2), within(Tolerance.EXACT));
    assertThat(CountMath.sigmoid(1000)).isEqualTo(1);
    assertThat(CountMath.sigmoid(-1000)).isZero();
    assertThat(CountMath.sigmoid(1)).isCloseTo(1 / (1 + Math.exp(-1)), within(Tolerance.EXACT));
  }
}
