package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.cellweave.testing.Seeds;
import org.cellweave.util.MissingKeyException;
import org.junit.jupiter.api.Test;

class FeatureTypesTest {
  @Test
  void featureTypesBecomeModalities() {
    AnnData all =
        new AnnData(
            Seeds.counts(2, 4, 0.5, 1),
            DataFrame.ofNames("a", "b"),
            DataFrame.ofNames("g1", "g2", "p1", "c1"));
    all.getVar()
        .set(
            "feature_types",
            StringColumn.of("Gene Expression", "Gene Expression", "Antibody Capture", "Custom"));
    MuData mdata = FeatureTypes.split(all);
    assertThat(mdata.getMod().getKeys()).containsExactly("rna", "prot", "Custom");
    assertThat(mdata.get("rna").getVarNames()).containsExactly("g1", "g2");
    assertThat(FeatureTypes.split(all, Map.of("Antibody Capture", "adt")).getMod().getKeys())
        .containsExactly("Gene Expression", "adt", "Custom");
    assertThatThrownBy(() -> FeatureTypes.split(new AnnData(Seeds.counts(2, 4, 0.5, 1))))
        .isInstanceOf(MissingKeyException.class)
        .hasMessageContaining("var['feature_types'] is missing");
  }

  @Test
  void namesThatMeetAreRefused() {
    AnnData all = new AnnData(Seeds.counts(2, 2, 0.5, 1));
    all.getVar().set("feature_types", StringColumn.of("Peaks", "Custom"));
    assertThatThrownBy(() -> FeatureTypes.split(all, Map.of("Peaks", "m", "Custom", "m")))
        .hasMessageContaining("'m' is given to several kinds");
  }
}
