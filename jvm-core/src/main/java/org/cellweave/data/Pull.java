package org.cellweave.data;

import java.util.List;

/**
 * Which columns {@link MuData#pullObs} and {@link MuData#pullVar} copy from the modalities, and
 * what they are called.
 *
 * @param columns names, with or without the modality's prefix; null for all
 * @param mods modalities; null for all
 * @param common whether columns that all modalities have are copied
 * @param joinCommon whether these become one column without prefix; null for yes on an axis that is
 *     not shared; impossible on a shared one
 * @param nonunique whether columns that some modalities have, but more than one, are copied
 * @param joinNonunique whether these become one column without prefix; impossible on a shared axis
 * @param unique whether columns that one modality has are copied
 * @param prefixUnique whether the modality's name stands before these
 * @param drop removes the columns from the modalities afterwards
 * @param onlyDrop removes them without copying
 */
public record Pull(
    List<String> columns,
    List<String> mods,
    boolean common,
    Boolean joinCommon,
    boolean nonunique,
    boolean joinNonunique,
    boolean unique,
    boolean prefixUnique,
    boolean drop,
    boolean onlyDrop) {
  public static final Pull DEFAULTS =
      new Pull(null, null, true, null, true, false, true, true, false, false);

  public Pull {
    if (columns != null && !(common && nonunique && unique)) {
      throw new IllegalArgumentException(
          "common, nonunique and unique choose among all columns, so that they cannot be false"
              + " with columns = "
              + columns);
    }
    if (mods != null && (Boolean.TRUE.equals(joinCommon) || joinNonunique)) {
      throw new IllegalArgumentException(
          "columns are joined of all modalities, so that joinCommon and joinNonunique cannot be"
              + " true with mods = "
              + mods);
    }
  }

  public Pull withColumns(List<String> value) {
    return new Pull(
        value,
        mods,
        common,
        joinCommon,
        nonunique,
        joinNonunique,
        unique,
        prefixUnique,
        drop,
        onlyDrop);
  }

  public Pull withMods(List<String> value) {
    return new Pull(
        columns,
        value,
        common,
        joinCommon,
        nonunique,
        joinNonunique,
        unique,
        prefixUnique,
        drop,
        onlyDrop);
  }
}
