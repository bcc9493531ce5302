package org.cellweave.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelFormulaTest {
  private static final Map<String, Covariate> KNOWN =
      Map.of(
          "sex", new Categories("obs['sex']", new int[] {0, 1, 0, 1, 0, 1}, names("f", "m")),
          "dose", new Categories("obs['dose']", new int[] {0, 0, 1, 1, 2, 2}, names("a", "b", "c")),
          "copy", new Categories("obs['copy']", new int[] {1, 1, 0, 0, 0, 0}, names("x", "y")),
          "cell type", new Categories("obs['t']", new int[] {0, 1, 1, 0, 1, 1}, names("p", "q")),
          "age", new NumericCovariate("obs['age']", 1, 2, 3, 5, 7, 11));

  private static String[] names(String... levels) {
    return levels;
  }

  private static ModelMatrix matrix(String formula) {
    return ModelFormula.parse(formula).matrix(KNOWN::get);
  }

  private static List<String> coefficients(String formula) {
    return matrix(formula).names();
  }

  @Test
  void labelsAreComparedWithTheirFirstLevel() {
    var design = matrix("~ sex + dose");
    assertThat(design.names()).containsExactly("Intercept", "sex[T.m]", "dose[T.b]", "dose[T.c]");
    assertThat(design.columns()[0]).containsOnly(1);
    assertThat(design.columns()[3]).containsExactly(0, 0, 0, 0, 1, 1);
  }

  @Test
  void productsMultiply() {
    var design = matrix("~ sex*age");
    assertThat(design.names()).containsExactly("Intercept", "sex[T.m]", "age", "sex[T.m]:age");
    assertThat(design.columns()[3]).containsExactly(0, 2, 0, 5, 0, 11);
    assertThat(coefficients("~ sex + age + sex:age")).isEqualTo(design.names());
  }

  @Test
  void levelsAreCompleteWhereNoTermStandsInForThem() {
    assertThat(coefficients("~ 0 + sex")).containsExactly("sex[f]", "sex[m]");
    assertThat(coefficients("sex - 1")).containsExactly("sex[f]", "sex[m]");
    assertThat(coefficients("~ sex + sex:dose"))
        .containsExactly(
            "Intercept",
            "sex[T.m]",
            "sex[f]:dose[T.b]",
            "sex[m]:dose[T.b]",
            "sex[f]:dose[T.c]",
            "sex[m]:dose[T.c]");
    assertThat(matrix("~ sex + sex:dose").fullRank().names()).hasSize(6);
  }

  @Test
  void oddNamesAndLabelsOfNumbers() {
    assertThat(coefficients("~ `cell type`")).containsExactly("Intercept", "cell type[T.q]");
    var formula = ModelFormula.parse("~ C( sex )");
    assertThat(formula.columns()).containsExactly("C(sex)");
    assertThat(ModelFormula.isLabels("C(sex)")).isTrue();
    assertThat(ModelFormula.column("C(sex)")).isEqualTo("sex");
    assertThat(ModelFormula.parse("~ 1").columns()).isEmpty();
    assertThat(ModelMatrix.intercept(3).columns()[0]).containsExactly(1, 1, 1);
    assertThat(ModelFormula.parse("~ a*b + 0")).hasToString("~ 0 + a + b + a:b");
    assertThat(ModelFormula.ofColumns(List.of("a", "b"))).hasToString("~ a + b");
  }

  @Test
  void contrastsAreDifferencesOfRows() {
    var design = matrix("~ sex * dose");
    assertThat(design.contrast("dose", "c", "b")).containsExactly(0, 0, -1, 1, 0, 0);
    assertThat(design.contrast("sex", "m", "f")).containsExactly(0, 1, 0, 0, 0, 0);
    assertThat(design.contrast("sex", "f", "m")).containsExactly(0, -1, 0, 0, 0, 0);
    assertThat(design.contrast(Map.of("sex[T.m]:dose[T.b]", 1.0))[4]).isEqualTo(1);
    assertThat(design.last()).containsExactly(0, 0, 0, 0, 0, 1);
    assertThat(matrix("~ 0 + dose").contrast("dose", "b", "a")).containsExactly(-1, 1, 0);
  }

  @Test
  void wrongFormulasAreTold() {
    assertThatThrownBy(() -> ModelFormula.parse("~ sex +"))
        .hasMessageStartingWith("cannot read the formula '~ sex +': nothing follows '+'");
    assertThatThrownBy(() -> ModelFormula.parse("")).hasMessageContaining("it is empty");
    assertThatThrownBy(() -> ModelFormula.parse("~ sex dose"))
        .hasMessageContaining("'dose' cannot follow 'sex'");
    assertThatThrownBy(() -> ModelFormula.parse("~ (sex)"))
        .hasMessageContaining("'(' is no column");
  }

  @Test
  void columnsThatFollowFromOthersAreNamed() {
    assertThatThrownBy(() -> matrix("~ dose + copy").fullRank())
        .hasMessage(
            "the design ~ dose + copy is not of full rank: 'copy[T.y]' follows from 'Intercept' and"
                + " 'dose[T.b]' and 'dose[T.c]'. Leave one of these terms out");
    assertThatThrownBy(() -> matrix("~ copy * dose").fullRank())
        .hasMessageContaining("is not of full rank");
  }

  @Test
  void wrongContrastsNameWhatThereIs() {
    var design = matrix("~ dose + age");
    assertThatThrownBy(() -> design.contrast("dosis", "b", "a"))
        .hasMessageContaining("got 'dosis'; it has [dose, age]")
        .hasMessageContaining("Did you mean 'dose'?");
    assertThatThrownBy(() -> design.contrast("dose", "d", "a"))
        .hasMessageContaining("names the level 'd', but 'dose' has [a, b, c]");
    assertThatThrownBy(() -> design.contrast("dose", "a", "a")).hasMessageContaining("'a' twice");
    assertThatThrownBy(() -> design.contrast("age", "b", "a"))
        .hasMessageContaining("'age' holds numbers");
    assertThatThrownBy(() -> design.contrast(Map.of("dose[b]", 1.0)))
        .hasMessageContaining("has [Intercept, dose[T.b], dose[T.c], age]");
    assertThatThrownBy(() -> design.contrast(Map.of("age", 0.0)))
        .hasMessage("contrast has no weight other than 0");
  }
}
