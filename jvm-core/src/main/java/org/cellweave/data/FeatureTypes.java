package org.cellweave.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.cellweave.util.MissingKeyException;

/** One modality for each kind of feature of a matrix, as 10x Genomics writes several in one. */
public final class FeatureTypes {
  /** What 10x Genomics calls kinds of features, and what muon calls the modalities of them. */
  public static final Map<String, String> MODALITIES =
      Map.of("Gene Expression", "rna", "Peaks", "atac", "Antibody Capture", "prot");

  private static final String COLUMN = "feature_types";

  private FeatureTypes() {}

  /** Modalities called as {@link #MODALITIES} says; other kinds keep their names. */
  public static MuData split(AnnData adata) {
    return split(adata, MODALITIES);
  }

  /**
   * @param adata with the kinds in {@code var["feature_types"]}; copied
   * @param names of modalities by kind; a kind without one keeps its name
   * @throws MissingKeyException when var does not say the kinds
   */
  public static MuData split(AnnData adata, Map<String, String> names) {
    if (!adata.getVar().contains(COLUMN)) {
      throw new MissingKeyException(
          "var",
          COLUMN,
          adata.getVar().getKeys(),
          "It says which modality a feature belongs to; files of Cell Ranger 3 and later have it.");
    }
    String[] types = adata.getVar().get(COLUMN).texts();
    Map<String, AnnData> parts = new LinkedHashMap<>();
    for (String type : new LinkedHashSet<>(Arrays.asList(types))) {
      boolean[] keep = new boolean[types.length];
      for (int j = 0; j < keep.length; j++) {
        keep[j] = types[j].equals(type);
      }
      String name = names.getOrDefault(type, type.replace('/', ' ').replace(':', ' '));
      if (parts.containsKey(name)) {
        throw new IllegalArgumentException(
            "names must differ, but '" + name + "' is given to several kinds of " + names.keySet());
      }
      parts.put(name, adata.select(AxisIndex.ALL, AxisIndex.mask(keep)).copy());
    }
    return new MuData(parts);
  }
}
