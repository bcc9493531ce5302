package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.embedding
import org.cellweave.dsl.slots.groups
import org.cellweave.embed.EmbeddingDensity

/**
 * Density of the cells, or of each group of them, in an embedding. See [EmbeddingDensity].
 *
 * Reads `obsm["X_{basis}"]` and `obs[groupby]`. Writes `obs["{basis}_density_{groupby}"]` (without [groupby]
 * `obs["{basis}_density"]`, or [keyAdded]), scaled to 0..1 in each group, and `uns["{that key}_params"]`.
 *
 * @param basis `umap`, `pca`, `tsne`, `diffmap`, `fa`, ...
 * @param components two axes, counted from 1, such as `1,3` or a list; null for the first two
 */
public fun Tools.embeddingDensity(
    adata: AnnData,
    basis: String = "umap",
    groupby: String? = null,
    keyAdded: String? = null,
    components: Any? = null,
): AnnData {
    val name = basis.lowercase().let { if (it == "fa") "draw_graph_fa" else it }
    val x = adata.embedding("X_$name")
    val axes = axes(components)
    // the first component of a diffusion map is the stationary state
    val columns = IntArray(2) { axes[it] - 1 + if (name == "diffmap") 1 else 0 }
    require(columns.all { it in 0 until x.nCols() }) {
        "components must lie in 1..${x.nCols() - if (name == "diffmap") 1 else 0}, the axes of obsm['X_$name'], " +
            "got '${axes.joinToString(",")}'"
    }
    val groups = groupby?.let { adata.groups(it, "groupby") }
    val key = keyAdded ?: if (groupby == null) "${name}_density" else "${name}_density_$groupby"
    Log.info("computing density on '$name'")
    val places = x.takeCols(columns).toDense()
    val codes = groups?.codes() ?: IntArray(adata.nObs)
    val names = groups?.categoryNames()?.map { "'$it' of obs['$groupby']" } ?: listOf("of all cells")
    val density = withProgress { EmbeddingDensity.run(places, codes, names, it) }
    adata.obs.set(key, NumericColumn.of(*density))
    adata.uns["${key}_params"] =
        dict("covariate" to groupby, "components" to NdArray.of(*LongArray(2) { axes[it].toLong() }))
    Log.hint("added\n    '$key', densities (adata.obs)\n    '${key}_params', parameter (adata.uns)")
    return adata
}

private fun axes(components: Any?): List<Int> {
    val axes = (texts(components, "components") ?: listOf("1,2"))
        .flatMap { it.split(",") }
        .map { it.trim().toIntOrNull() }
    require(axes.size == 2 && axes.all { it != null }) {
        "components must name two axes such as '1,2', got '$components'"
    }
    return axes.filterNotNull()
}
