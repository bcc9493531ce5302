package org.cellweave.io.anndata;

import java.util.Map;
import org.cellweave.data.AnnData;
import org.cellweave.data.MuData;
import org.cellweave.data.NdArray;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreWriter;
import org.cellweave.matrix.DType;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Writes a MuData object into a store, in the form that mudata 0.2 and later read.
 *
 * <p>Modalities are written as AnnData objects are. Columns of obs and var that only show a
 * modality's are left out, as mudata does; reading shows them again.
 */
public final class MuDataWriter {
  private MuDataWriter() {}

  /**
   * @param maxLoadedElems most values of an X in a file in memory at once, zeros counted
   * @param progress told after each modality
   * @throws IllegalArgumentException for a value or name that the format cannot hold, and for
   *     modalities that were changed without an update
   */
  public static void write(
      MuData mdata, StoreWriter store, long maxLoadedElems, Progress progress) {
    var elements = new ElementWriter(store, new AnnDataWriter.Limits(maxLoadedElems, progress));
    StoreGroupWriter root = store.root();
    ElementWriter.encoding(root, MuDataReader.TYPE, MuDataReader.VERSION);
    root.attribute("axis", (long) mdata.getAxis());
    AnnDataWriter.shared(elements, root, mdata.getShared(), mdata.ownObs(), mdata.ownVar());
    maps(elements, root, MuDataReader.OBSMAP, mdata.getObsmap());
    maps(elements, root, MuDataReader.VARMAP, mdata.getVarmap());
    StoreGroupWriter mod = root.group(MuDataReader.MOD);
    String[] names = mdata.getMod().getKeys().toArray(new String[0]);
    if (names.length == 0) {
      mod.emptyAttribute(MuDataReader.MOD_ORDER);
    } else {
      mod.attribute(MuDataReader.MOD_ORDER, names);
    }
    for (int m = 0; m < names.length; m++) {
      AnnData adata = mdata.get(names[m]);
      elements.write(mod, names[m], MuDataReader.MOD, adata);
      progress.step("write", m + 1, names.length, Double.NaN);
      Parallel.checkInterrupted();
    }
    mod.close();
  }

  private static void maps(
      ElementWriter elements, StoreGroupWriter root, String slot, Map<String, int[]> maps) {
    StoreGroupWriter group = root.group(slot);
    ElementWriter.encoding(group, DictKind.TYPE, DictKind.VERSION);
    maps.forEach(
        (name, map) ->
            elements.write(
                group, name, slot, new NdArray(DType.UINT32, new int[] {map.length}, map)));
    group.close();
  }
}
