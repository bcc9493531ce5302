package org.cellweave.data;

import java.util.List;

/**
 * Which columns {@link MuData#pushObs} and {@link MuData#pushVar} copy into the modalities.
 *
 * @param columns names, with or without the modality's prefix; null for all
 * @param mods modalities; null for all
 * @param common whether columns without a prefix are copied, to every modality
 * @param prefixed whether columns with a modality's prefix are copied, to that modality without it
 * @param drop removes the columns from the table of all afterwards
 * @param onlyDrop removes them without copying
 */
public record Push(
    List<String> columns,
    List<String> mods,
    boolean common,
    boolean prefixed,
    boolean drop,
    boolean onlyDrop) {
  public static final Push DEFAULTS = new Push(null, null, true, true, false, false);

  public Push {
    if (columns != null && !(common && prefixed)) {
      throw new IllegalArgumentException(
          "common and prefixed choose among all columns, so that they cannot be false with"
              + " columns = "
              + columns);
    }
  }

  public Push withColumns(List<String> value) {
    return new Push(value, mods, common, prefixed, drop, onlyDrop);
  }

  public Push withMods(List<String> value) {
    return new Push(columns, value, common, prefixed, drop, onlyDrop);
  }
}
