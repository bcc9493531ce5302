package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.LayerMask
import org.cellweave.dsl.slots.expression
import org.cellweave.dsl.slots.namingClone
import org.cellweave.dsl.slots.readsRaw
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.matrix.NanRows
import org.cellweave.matrix.RowStack

/**
 * Features of some clones.
 *
 * @property rows the clone of every row of [x]
 */
internal class FeatureBlock(
    val name: String,
    val slot: String,
    val x: Matrix,
    val rows: IntArray,
)

/** What responses are compared with, block after block. */
internal class Features(
    val blocks: List<FeatureBlock>,
    val names: List<String>,
    val isRaw: Boolean,
)

/** Where features are read, as arguments of `c2v.tl.associations` say it. */
internal class FeatureChoice(
    private val useRep: String?,
    private val useRaw: Boolean?,
    private val layers: List<String>?,
    private val concatLayers: Boolean,
    private val maskKey: String?,
) {
    fun of(adata: AnnData): Features {
        require(useRep in listOf(null, "X", "layers")) { "useRep must be one of [X, layers], got '$useRep'" }
        val ofLayers = useRep == "layers" || (useRep == null && layers != null)
        require(ofLayers || layers == null) {
            "layers and useRep = \"X\" exclude each other; leave useRep out to read layers $layers"
        }
        require(!ofLayers || useRaw != true) { "useRaw = true and layers exclude each other; give one of them" }
        require(ofLayers || !concatLayers) { "concatLayers = true needs layers; name them, or use useRep = \"layers\"" }
        if (!ofLayers) {
            val raw = adata.readsRaw(useRaw, null)
            val source = adata.expression(raw)
            val name = if (raw) "X_raw" else "X"
            return Features(listOf(adata.block(name, source.slot, source.x, null)), source.genes.names, raw)
        }
        val wanted = layers ?: adata.layers.keys.toList()
        require(wanted.isNotEmpty()) { "associations found no layers to read; name them, or use useRep = \"X\"" }
        val mask = LayerMask.of(adata, maskKey)
        val blocks = wanted.map { layer ->
            adata.block(layer, "layers['$layer']", adata.layers.matrix(layer, ""), mask?.rows(layer))
        }
        return Features(if (concatLayers) listOf(joined(blocks)) else blocks, adata.varNames, false)
    }
}

/** The rows of [x] that are kept and have no NaN; a message tells of those with NaN. */
private fun AnnData.block(name: String, slot: String, x: Matrix, kept: BooleanArray?): FeatureBlock {
    val names = if (x.nCols() == nVars) varNames else raw.varNames
    val nan = namingClone("associations", slot, names) { NanRows.withoutInfinite(x, slot, "associations") }
    val (known, unknown) = nan.indices.filter { kept?.get(it) != false }.partition { !nan[it] }
    val rows = known.toIntArray()
    val left = unknown.size
    if (left > 0) Log.info("    $left of $nObs rows of $slot have NaN and are left out")
    require(rows.isNotEmpty()) {
        "associations finds no row of $slot ${if (kept == null) "without NaN" else "in the mask without NaN"}"
    }
    return FeatureBlock(name, slot, if (rows.size == x.nRows()) x else x.takeRows(rows), rows)
}

private fun joined(blocks: List<FeatureBlock>): FeatureBlock {
    val parts = blocks.map { it.x }
    val nCols = parts.first().nCols()
    val rows = blocks.flatMap { it.rows.asIterable() }.toIntArray()
    val x = if (parts.any { it.isSparse }) {
        val wide = parts.any { it.dtype() == DType.FLOAT64 }
        val type = if (wide) DType.FLOAT64 else parts.first().dtype()
        RowStack.vstack(parts.map { it.toCsr() }, parts.map { null }, nCols, type, 0.0)
    } else {
        val out = DenseMatrix.zeros(rows.size, nCols, DType.FLOAT64)
        val row = DoubleArray(nCols)
        var at = 0
        for (part in parts) {
            for (i in 0 until part.nRows()) {
                part.toDense().readRow(i, row)
                out.setRow(at++, row)
            }
        }
        out
    }
    return FeatureBlock("multi_layer", "the layers joined", x, rows)
}
