package org.cellweave.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

class NetworkRealizationsTest {
  private static String on(DenseMatrix x, int row) {
    var text = new StringBuilder();
    for (int g = 0; g < x.nCols(); g++) {
      text.append(x.get(row, g) > 0.45 ? '1' : '0');
    }
    return text.toString();
  }

  @Test
  void branchesEndApart() {
    var result =
        NetworkRealizations.run(GeneNetwork.myeloid(), NetworkRealizations.Params.DEFAULTS);
    assertThat(result.kept()).isEqualTo(4);
    assertThat(result.rowsPerCourse()).isEqualTo(160);
    var ends = new HashSet<String>();
    for (int c = 0; c < 4; c++) {
      ends.add(on(result.x(), 160 * c + 159));
    }
    assertThat(ends).hasSize(4);
  }

  @Test
  void withoutBranchingTheFirstCoursesAreKept() {
    var params = NetworkRealizations.Params.builder().nRealizations(3).branching(false).build();
    var result = NetworkRealizations.run(GeneNetwork.myeloid(), params);
    assertThat(result.drawn()).isEqualTo(3);
    assertThat(result.x().nRows()).isEqualTo(480);
  }

  @Test
  void observationNoiseIsAddedToWhatIsReturnedOnly() {
    var plain = NetworkRealizations.Params.builder().nRealizations(2);
    var x = NetworkRealizations.run(GeneNetwork.myeloid(), plain.build()).x();
    var noisy = NetworkRealizations.run(GeneNetwork.myeloid(), plain.observationNoise(0.1).build());
    double squares = 0;
    int n = x.nRows() * x.nCols();
    for (int i = 0; i < x.nRows(); i++) {
      for (int g = 0; g < x.nCols(); g++) {
        squares += Math.pow(noisy.x().get(i, g) - x.get(i, g), 2);
      }
    }
    // 320 x 11 draws: the standard deviation is known to 1.2 %
    assertThat(Math.sqrt(squares / n)).isBetween(0.095, 0.105);
  }

  @Test
  void branchesThatDoNotExistAreCountedAsMissing() {
    var still = new GeneNetwork(List.of(new GeneNetwork.Gene("a", 1, in -> true, List.of())));
    var course = NetworkSimulation.Params.builder().maxCourses(5).build();
    var params = NetworkRealizations.Params.builder().course(course).build();
    var result = NetworkRealizations.run(still, params);
    assertThat(result.kept()).isEqualTo(1);
    assertThat(result.drawn()).isEqualTo(5);
  }

  @Test
  void rulesAreReadByPrecedence() {
    var network =
        BooleanRules.parse(
            List.of(
                "# a model",
                "A = A and not (B or C) or C and B",
                "B = # always on",
                "C = not not A",
                "A B 1.0"));
    var a = network.genes().get(0);
    assertThat(network.genes()).extracting(GeneNetwork.Gene::name).containsExactly("A", "B", "C");
    assertThat(a.inputs()).extracting(GeneNetwork.Input::gene).containsExactly(0, 1, 2);
    for (int bits = 0; bits < 8; bits++) {
      boolean p = (bits & 1) != 0;
      boolean q = (bits & 2) != 0;
      boolean r = (bits & 4) != 0;
      assertThat(a.rule().on(p, q, r)).isEqualTo((p && !(q || r)) || (r && q));
    }
    assertThat(network.genes().get(1).rule().on()).isTrue();
    assertThat(network.genes().get(2).rule().on(false)).isFalse();
  }

  @Test
  void rulesThatCannotBeReadAreNamedWithTheirLine() {
    assertThatThrownBy(() -> BooleanRules.parse(List.of("A = A", "B = A and")))
        .hasMessageContaining("line 2: the rule 'A and' is not understood at the end");
    assertThatThrownBy(() -> BooleanRules.parse(List.of("A = (A or A")))
        .hasMessageContaining("the end");
    assertThatThrownBy(() -> BooleanRules.parse(List.of("A = A A"))).hasMessageContaining("at 'A'");
    assertThatThrownBy(() -> BooleanRules.parse(List.of("A = X")))
        .hasMessage("line 1: 'X' has no rule of its own; genes are [A]");
    assertThatThrownBy(() -> BooleanRules.parse(List.of("A = A", "A = A")))
        .hasMessageContaining("line 2: every gene needs a name and one rule");
    assertThatThrownBy(() -> BooleanRules.parse(List.of("nothing")))
        .hasMessageContaining("no rule was found");
  }
}
