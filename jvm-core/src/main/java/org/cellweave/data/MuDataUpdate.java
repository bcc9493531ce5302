package org.cellweave.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/**
 * What modalities share, made anew from them.
 *
 * @param shared annotation of all cells and features, moved to their new places
 */
record MuDataUpdate(AnnData shared, MuDataMaps maps) {

  static MuDataUpdate of(int axis, Modalities mod, AnnData old, MuDataMaps before) {
    boolean obsShared = axis != 1;
    boolean varShared = axis != 0;
    MuDataAxis cells = MuDataAxis.of(mod, true, obsShared);
    MuDataAxis features = MuDataAxis.of(mod, false, varShared);
    int[] obsAt = cells.placesIn(old.getObsNames(), before.obs(), obsShared);
    int[] varAt = features.placesIn(old.getVarNames(), before.var(), varShared);
    var maps = new MuDataMaps(cells.maps(), features.maps());
    var columns = new SharedColumns(mod, maps);
    AnnData next =
        new AnnData(
            null,
            columns.moved(true, old.getObs(), cells.names(), obsAt),
            columns.moved(false, old.getVar(), features.names(), varAt));
    Set<String> masks = new HashSet<>(mod.getKeys());
    masks.addAll(before.obs().keySet());
    move(old.getObsm(), next.getObsm(), masks, obsAt, cells.names());
    move(old.getVarm(), next.getVarm(), masks, varAt, features.names());
    var obsp = old.getObsp();
    obsp.getKeys().forEach(k -> next.getObsp().set(k, Reindexed.both(obsp.get(k), obsAt)));
    var varp = old.getVarp();
    varp.getKeys().forEach(k -> next.getVarp().set(k, Reindexed.both(varp.get(k), varAt)));
    setMasks(next, maps);
    next.setUns(old.getUns());
    next.setUnread(old.getUnread());
    return new MuDataUpdate(next, maps);
  }

  private static void move(
      AxisSlots<AxisArray> from,
      AxisSlots<AxisArray> to,
      Set<String> without,
      int[] at,
      List<String> names) {
    for (String key : from.getKeys()) {
      if (!without.contains(key)) {
        AxisArray moved = rows(from.name() + "['" + key + "']", from.get(key), at);
        if (moved instanceof DataFrame table) {
          table.setNames(names);
        }
        to.set(key, moved);
      }
    }
  }

  private static AxisArray rows(String what, AxisArray from, int[] at) {
    try {
      return Reindexed.rows(from, at);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  /** Which cells and features every modality has, as files hold it. */
  static void setMasks(AnnData shared, MuDataMaps maps) {
    maps.obs().forEach((m, map) -> shared.getObsm().set(m, mask(map)));
    maps.var().forEach((m, map) -> shared.getVarm().set(m, mask(map)));
  }

  /** One column that says which entries a modality has. */
  private static DenseMatrix mask(int[] map) {
    double[] out = Arrays.stream(map).mapToDouble(p -> p > 0 ? 1 : 0).toArray();
    return DenseMatrix.wrap(out, map.length, 1).withDType(DType.BOOL);
  }
}
