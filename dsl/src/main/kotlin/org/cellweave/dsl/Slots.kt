package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.StringColumn
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** Which call creates a well-known key; ends the message when the key is missing. */
private val MADE_BY =
    mapOf(
        "X_pca" to "Run sc.pp.pca() first.",
        "X_umap" to "Run sc.tl.umap() first.",
        "X_tsne" to "Run sc.tl.tsne() first.",
        "X_diffmap" to "Run sc.tl.diffmap() first.",
        "diffmap_evals" to "Run sc.tl.diffmap() first.",
        "X_draw_graph_fa" to "Run sc.tl.drawGraph() first.",
        "paga" to "Run sc.tl.paga() first.",
        "dpt_pseudotime" to "Run sc.tl.dpt() first.",
        "iroot" to "Set uns[\"iroot\"] to the number of the root cell first.",
        "louvain" to "Run sc.tl.louvain() first.",
        "doublet_score" to "Run sc.pp.scrublet() first.",
        "scrublet" to "Run sc.pp.scrublet() first.",
        "phase" to "Run sc.tl.scoreGenesCellCycle() first.",
        "X_pca_harmony" to "Run sc.pp.harmonyIntegrate() first.",
        "connectivities" to "Run sc.pp.neighbors() first.",
        "distances" to "Run sc.pp.neighbors() first.",
        "neighbors" to "Run sc.pp.neighbors() first.",
        "leiden" to "Run sc.tl.leiden() first.",
        "rank_genes_groups" to "Run sc.tl.rankGenesGroups() first.",
        "rank_genes_groups_filtered" to "Run sc.tl.filterRankGenesGroups() first.",
        "pca" to "Run sc.pp.pca() first.",
        "highly_variable" to "Run sc.pp.highlyVariableGenes() first.",
        "total_counts" to "Run sc.pp.calculateQcMetrics() first.",
    )

internal fun remedy(key: String): String = MADE_BY[key] ?: ""

/** The matrix a verb reads: X, a layer, or an array of obsm. */
internal fun AnnData.matrixOf(layer: String?, obsm: String? = null): Matrix {
    require(layer == null || obsm == null) {
        "only one of layer and obsm may be given, got layer = '$layer' and obsm = '$obsm'"
    }
    return if (obsm != null) {
        embedding(obsm)
    } else if (layer == null) {
        X
    } else {
        layers.matrix(layer, "")
    }
}

/** Puts a verb's result back where its input came from. An X in a file makes room for one in memory. */
internal fun AnnData.putMatrix(layer: String?, value: Matrix, obsm: String? = null) {
    if (obsm != null) {
        this.obsm.set(obsmKey(obsm), value)
    } else if (layer == null) {
        X = value
    } else {
        layers.set(layer, value)
    }
}

/**
 * The matrix in a form that may be changed in place: in memory, row-compressed or dense, float32.
 *
 * Integer and float64 matrices are converted, as numpy's in-place division would refuse them. What is changed must be
 * the object's own: a backed X gives another matrix at every reading, so that it is read once and kept.
 */
internal fun AnnData.float32Matrix(layer: String?, obsm: String? = null): Matrix {
    makeActual()
    if (layer == null && obsm == null && isBacked) {
        val then = if (home == null) "the file stays as it is" else "the file stays as it is until adata.write()"
        Log.info("X of ${backed.file()} is read into memory, because it is to be changed; $then")
        toMemory()
    }
    val x = matrixOf(layer, obsm)
    val narrow = x.float32()
    if (narrow !== x) {
        putMatrix(layer, narrow, obsm)
    }
    return narrow
}

/** This matrix itself when it is float32 and row-compressed or dense, otherwise the same values so. */
internal fun Matrix.float32(): Matrix =
    when (this) {
        is DenseMatrix -> if (dtype() == DType.FLOAT32) this else toFloat32().withDType(DType.FLOAT32)
        else -> {
            val csr: CsrMatrix = toCsr()
            if (csr.dtype() == DType.FLOAT32) csr else csr.toFloat32().withDType(DType.FLOAT32)
        }
    }

/** [float32], but never this matrix itself. */
internal fun Matrix.ownFloat32(): Matrix = float32().let { if (it === this) copy() else it }

/** A matrix to be changed in place: this one, or a copy; integers become float32. */
internal fun Matrix.changeable(copy: Boolean): Matrix {
    val floating = if (dtype() == DType.FLOAT32 || dtype() == DType.FLOAT64) this else float32()
    return if (copy && floating === this) copy() else floating
}

/** [key], or `umap` for `X_umap` when only that is there: `sc.settings.preset` chooses between the two names. */
internal fun AnnData.obsmKey(key: String): String =
    key.removePrefix("X_").takeIf { key !in obsm.keys && it in obsm.keys } ?: key

/** Where `sc.pp.pca` put the loadings. */
internal fun loadingsKey(adata: AnnData): String =
    if ("PCs" !in adata.varm.keys && "pca" in adata.varm.keys) "pca" else "PCs"

internal fun AnnData.embedding(key: String): Matrix = obsm.matrix(obsmKey(key), remedy(key))

internal fun AnnData.obsColumn(key: String): Column =
    obs.find(key) ?: throw MissingKeyException("obs", key, obs.keys, remedy(key))

/** Refuses columns that a table lacks, all in one message. */
internal fun requireColumns(table: DataFrame, slot: String, keys: Collection<String>) {
    val missing = keys.filterNot(table::contains).distinct()
    if (missing.isNotEmpty()) throw MissingKeyException(slot, missing, table.keys, remedy(missing.first()))
}

/** A grouping column; text becomes categorical in place, as scanpy does. */
internal fun AnnData.groups(key: String, argument: String): CategoricalColumn =
    when (val column = obsColumn(key)) {
        is CategoricalColumn -> column
        is StringColumn -> column.toCategorical().also { obs.set(key, it) }
        else -> throw IllegalArgumentException(
            "$argument must name a categorical column, but obs['$key'] is ${column.dtypeName()}; " +
                "use adata.obs[\"$key\"] = adata.obs[\"$key\"].asCategorical()",
        )
    }

/** Positions of [names] among the categories of [column]. */
internal fun categoryPositions(column: CategoricalColumn, names: List<String>, argument: String): IntArray {
    val known = column.categoryNames()
    return IntArray(names.size) {
        val at = known.indexOf(names[it])
        require(at >= 0) {
            "$argument must be among $known, got '${names[it]}'.${Check.suggestion(names[it], known)}"
        }
        at
    }
}

@Suppress("UNCHECKED_CAST")
internal fun AnnData.unsMap(key: String): Map<String, Any?> =
    uns[key] as? Map<String, Any?> ?: throw MissingKeyException("uns", key, uns.keys, remedy(key))

/** What a verb was run with. Old files keep each setting as an array of one, which counts as its value. */
@Suppress("UNCHECKED_CAST")
internal fun Map<String, Any?>.settings(): Map<String, Any?> =
    (this["params"] as? Map<String, Any?> ?: emptyMap()).mapValues { (_, value) ->
        (value as? NdArray)?.only() ?: value
    }

private fun NdArray.only(): Any? =
    when {
        size() != 1 || nDims() > 1 -> null
        isText -> texts()[0]
        dtype() == DType.BOOL -> number(0) != 0.0
        dtype().isFloating -> number(0)
        else -> number(0).toLong()
    }

/** `uns` value that mirrors a Python dict, in the order given. */
internal fun dict(vararg entries: Pair<String, Any?>): Map<String, Any?> = linkedMapOf(*entries)

/** The object a verb works on: a copy when asked for. */
internal fun AnnData.target(copy: Boolean): AnnData = if (copy) copy() else this

/**
 * Takes several steps, [body], on a copy: returned when [copy] is asked for, or else what this object becomes after the
 * last step. When one of them fails, this object is as it was.
 */
internal inline fun AnnData.allOrNothing(copy: Boolean, body: (AnnData) -> Unit): AnnData {
    val work = copy()
    body(work)
    if (copy) return work
    replaceWith(work)
    return this
}
