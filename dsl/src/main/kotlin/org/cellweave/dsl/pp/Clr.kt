package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.changing
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.preprocess.Clr
import org.cellweave.util.Check
import org.cellweave.preprocess.Clr.Params.DEFAULTS as CLR

/**
 * Centred log ratios of counts of surface proteins. See [Clr].
 *
 * Reads and writes `X` (or [layer]), converting other types to float32.
 *
 * @param axis `features` centres each feature over all cells (muon's axis 0, Seurat's margin 1); `cells` centres each
 *   cell over all features (axis 1, margin 2)
 * @param flavor `seurat` keeps zeros and sparse matrices, and is muon's default too; `stoeckius` is the paper's
 *   definition, with negative values, dense
 */
public fun Preprocessing.clr(
    adata: AnnData,
    axis: String = CLR.axis().spelled(),
    flavor: String = CLR.flavor().spelled(),
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val params =
        Clr.Params(
            Check.oneOf(axis, Clr.Axis::class.java, "axis"),
            Check.oneOf(flavor, Clr.Flavor::class.java, "flavor"),
        )
    val target = adata.target(copy)
    val dense = target.changing("clr", layer) { x -> Clr.run(x, params).takeIf { it !== x } }
    dense?.let { target.putMatrix(layer, it, null) }
    return target
}
