package org.cellweave.data;

import java.util.List;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;

/** The arrays of an object that are aligned to its cells, its genes or both. */
record AlignedArrays(
    AxisSlots<Matrix> layers,
    AxisSlots<AxisArray> obsm,
    AxisSlots<AxisArray> varm,
    AxisSlots<Matrix> obsp,
    AxisSlots<Matrix> varp) {

  static AlignedArrays none(int nObs, int nVars) {
    return new AlignedArrays(
        new AxisSlots<>("layers", nObs, nVars),
        new AxisSlots<>("obsm", nObs, -1),
        new AxisSlots<>("varm", nVars, -1),
        new AxisSlots<>("obsp", nObs, nObs),
        new AxisSlots<>("varp", nVars, nVars));
  }

  List<AxisSlots<?>> all() {
    return List.of(layers, obsm, varm, obsp, varp);
  }

  /**
   * Makes these selections of others.
   *
   * @param rows null for all
   * @param cols null for all
   */
  void select(AlignedArrays from, int[] rows, int[] cols) {
    layers.viewOf(from.layers, rows, cols);
    obsm.viewOf(from.obsm, rows, null);
    varm.viewOf(from.varm, cols, null);
    obsp.viewOf(from.obsp, rows, rows);
    varp.viewOf(from.varp, cols, cols);
  }

  /** Fills these with others' values, each on the other side. */
  void transpose(AlignedArrays from) {
    from.layers.getKeys().forEach(k -> layers.set(k, from.layers.get(k).transpose()));
    from.obsm.getKeys().forEach(k -> varm.set(k, from.obsm.get(k)));
    from.varm.getKeys().forEach(k -> obsm.set(k, from.varm.get(k)));
    from.obsp.getKeys().forEach(k -> varp.set(k, from.obsp.get(k)));
    from.varp.getKeys().forEach(k -> obsp.set(k, from.varp.get(k)));
  }
}
