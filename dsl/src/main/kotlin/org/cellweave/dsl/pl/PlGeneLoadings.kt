package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.plot.LoadingPanel
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.obsmKey
import org.cellweave.util.Check

/**
 * Draws what the factors of `sc.tl.inmf`, `onlineInmf` or `uinmf` are made of, one row of panels per factor: cells of an
 * embedding coloured by it, where there is one, then genes by their weights that all data sets share (W), and by those
 * that each set has for itself (V); the largest are named.
 *
 * Reads `varm[key]`, `uns[key]`, `obsm[X_key]` and `obsm[X_basis]`.
 *
 * @param factors numbers counted from 0, as in `obs["inmf_cluster"]`, one or a list
 * @param nGenes named in each panel
 * @param parts data sets shown; null for all
 * @param sharey whether W and V of a factor have the same axis
 * @param basis an embedding, with or without its `X_`; without it there are no cells in the figure
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.geneLoadings(
    adata: AnnData,
    factors: Any = 0,
    nGenes: Int = 10,
    parts: List<String>? = null,
    sharey: Boolean = false,
    basis: String = "umap",
    key: String = INMF_KEY,
    size: Any? = null,
    colorMap: Any? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    Check.positive(nGenes, "nGenes")
    val stored = StoredFactors(adata, key)
    val chosen = stored.chosen(factors)
    val sets = listOf(null) + (parts ?: stored.parts)
    val weights = sets.map(stored::weights)
    val cells = factorCells(adata, chosen, basis, key, size, colorMap)
    val panels = chosen.indices.flatMap { row ->
        val factor = chosen[row]
        val loadings = weights.map { it.of(factor) }
        val top = if (sharey) loadings.maxOf { it.maxOrNull() ?: 0.0 } else null
        listOfNotNull(cells?.get(row)) +
            sets.mapIndexed { s, set ->
                val title = if (set == null) "factor $factor, shared" else "factor $factor, $set alone"
                val axis = if (set == null) "loading (W)" else "loading (V)"
                LoadingPanel(weights[s].names, loadings[s], nGenes, title, axis, sessionLook(), top).build()
            }
    }
    return finish(grid(panels, panels.size / chosen.size), "gene_loadings", Output(save, show, ax, figsize, dpi))
}

/** Cells coloured by each factor; null where there is no such embedding. */
private fun factorCells(
    adata: AnnData,
    factors: List<Int>,
    basis: String,
    key: String,
    size: Any?,
    colorMap: Any?,
): List<Panel>? {
    val place = adata.obsmKey("X_" + basis.removePrefix("X_"))
    if (place !in adata.obsm.keys) return null
    val mixtures = adata.denseEmbedding("X_$key")
    val obs = DataFrame("obs", adata.obs.index, null)
    val names = factors.map { "factor $it" }
    factors.forEachIndexed { i, f -> obs.set(names[i], NumericColumn.of(*mixtures.column(f))) }
    val cells = AnnData(null, obs, DataFrame.ofNames())
    cells.obsm.set(place, adata.obsm.get(place))
    val options = EmbeddingOptions(color = names.distinct(), size = size, colorMap = colorMap)
    val drawn = EmbeddingFigure(cells, basis, options, "gene_loadings").place().map(Placed::panel)
    return names.map { drawn[names.distinct().indexOf(it)] }
}
