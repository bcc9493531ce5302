package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.cellweave.util.MissingKeyException;
import org.junit.jupiter.api.Test;

class NameIndexTest {
  private final NameIndex genes = NameIndex.of("var", List.of("g", "h", "g", "i", "g", "g"));

  @Test
  void namesThatStandForOneEntryHaveAPlace() {
    assertThat(genes.at("h")).isEqualTo(1);
    assertThat(genes.at(List.of("i", "h", "i"), "")).containsExactly(3, 1, 3);
  }

  @Test
  void namesThatStandForSeveralAreRefused() {
    assertThat(genes.contains("g")).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> genes.at("g"))
        .withMessage(
            "var_names['g'] stands for 4 genes (positions 0, 2, 4, ...), so that it names none of"
                + " them. Call adata.varNamesMakeUnique() first.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NameIndex.of("obs", List.of("x", "x")).at(List.of("x"), ""))
        .withMessage(
            "obs_names['x'] stands for 2 cells (positions 0, 1), so that it names none of them."
                + " Call adata.obsNamesMakeUnique() first.");
  }

  @Test
  void symbolsOfSeveralGenesNameTheGenes() {
    var symbols =
        NameIndex.ofColumn(
            "var['sym']", List.of("id1", "id2", "id3"), Arrays.asList("a", "a", null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> symbols.at("a"))
        .withMessage(
            "var['sym']['a'] stands for 2 genes ('id1', 'id2'), so that it names none of them."
                + " Ask for them by their own names.");
  }

  @Test
  void allMissingNamesStandInOneMessage() {
    assertThatThrownBy(() -> genes.at(List.of("k", "h", "l", "k"), "Look again."))
        .isInstanceOf(MissingKeyException.class)
        .hasMessage("var_names['k', 'l'] are missing; var_names has [g, h, i]. Look again.");
    assertThatThrownBy(() -> NameIndex.of("raw.var", List.of("gene")).at("gena"))
        .isInstanceOf(MissingKeyException.class)
        .hasMessage(
            "raw.var_names['gena'] is missing; raw.var_names has [gene]. Did you mean 'gene'?");
  }
}
