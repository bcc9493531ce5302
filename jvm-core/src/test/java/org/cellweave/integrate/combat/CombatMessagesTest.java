package org.cellweave.integrate.combat;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.Covariate;
import org.cellweave.design.NumericCovariate;
import org.cellweave.integrate.combat.Combat.Params;
import org.cellweave.matrix.Matrix;
import org.junit.jupiter.api.Test;

/** What Combat refuses, and in which words. */
class CombatMessagesTest {
  private static final String COLUMN = "obs['k']";

  @Test
  void messagesSayWhatToDo() {
    var batches = CombatTest.batches(8, 2, 1);
    var x = CombatTest.data(batches, 5, 1);
    assertThatThrownBy(() -> Params.builder().tol(0).build())
        .hasMessage("tol must be positive, got 0.0");
    assertThatThrownBy(() -> Params.builder().maxIter(0).build())
        .hasMessage("maxIter must be positive, got 0");
    refused(x, new Categories(COLUMN, new int[3], new String[] {"a"}), List.of())
        .hasMessage("obs['k'] has length 3, but the number of cells is 8");
    refused(x, new Categories(COLUMN, new int[8], new String[] {"a"}), List.of())
        .hasMessage(
            "obs['k'] must have at least two levels, got 1: there is nothing to correct within one"
                + " batch.");
    refused(
            x,
            new Categories(COLUMN, new int[] {0, 0, 0, 0, 0, 0, 0, 1}, new String[] {"a", "b"}),
            List.of())
        .hasMessage(
            "level 'b' of obs['k'] has 1 cell, but combat needs at least 2 in each. Merge it with"
                + " another level or remove it");
    refused(
            x,
            new Categories(COLUMN, new int[] {0, 0, 0, -1, 0, 0, 1, 1}, new String[] {"a", "b"}),
            List.of())
        .hasMessage(
            "obs['k'] has 1 missing label, for cell 3. Give every cell a label, or subset to the"
                + " cells that have one");
    refused(x.takeCols(new int[] {0}), batches, List.of())
        .hasMessage("combat learns from many genes and needs at least 2, got 1");
    var same = Categories.of("same", batches.codes());
    refused(x, batches, List.of(same))
        .hasMessageStartingWith("same is confounded: the batches and the other");
    double[] slope = {1, 2, 3, 4, 5, 6, 7, 9};
    double[] twice = Arrays.stream(slope).map(v -> 2 * v + 3).toArray();
    refused(
            x,
            batches,
            List.of(new NumericCovariate("slope", slope), new NumericCovariate("c", twice)))
        .hasMessageStartingWith("c is confounded");
    double[] level = new double[8];
    Arrays.fill(level, 0.1);
    refused(x, batches, List.of(new NumericCovariate("flat", level)))
        .hasMessageStartingWith("flat is confounded");
    slope[2] = Double.NaN;
    assertThatThrownBy(() -> new NumericCovariate("slope", slope))
        .hasMessage(
            "slope is NaN for cell 2. Give every cell a finite value, or subset to the cells that"
                + " have one");
    refused(x, batches, List.of(Categories.of("type", 0, 1, 0, 1, 0, -1, 1, 1)))
        .hasMessageStartingWith("type has 1 missing label, for cell 5. Give every cell a label");
    x.set(4, 2, Double.NaN);
    refused(x, batches, List.of())
        .hasMessageStartingWith("combat needs finite values, but X[4, 2] is NaN");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      Matrix x, Categories batches, List<Covariate> covariates) {
    return assertThatThrownBy(() -> Combat.run(x, batches, covariates, Params.DEFAULTS));
  }
}
