package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.firstRepeated
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.source
import org.cellweave.dsl.slots.toLabels
import org.cellweave.integrate.harmony.Harmony
import org.cellweave.integrate.harmony.SymphonyReference
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.preprocess.HighlyVariableGenes
import org.cellweave.preprocess.ValueFacts
import org.cellweave.embed.umap.UmapTransform.Params.DEFAULTS as CURVE
import org.cellweave.integrate.harmony.SymphonyReference.Params.DEFAULTS as REFERENCE

/**
 * Builds a reference for [mapQuery]: variable genes, scaled; principal components; Harmony over the batches; and
 * Symphony's compression. See [SymphonyReference], [ReferenceMap].
 *
 * Reads `X` (or [layer]), logarithms of normalised counts, and of `obs` the columns [batchKey] and [labels]; with
 * [basis] also `obsm[basis]`. Writes nothing but [filename].
 *
 * @param batchKey a column of labels, or a list of them; null for cells of one batch, which are not corrected
 * @param labels columns of `obs` that queries are to get; cells without a label have no vote
 * @param method `symphony`
 * @param genes to compare by: names, or a boolean column of `var`; null chooses [nTopGenes] by `seurat`'s dispersions
 * @param umap lays the corrected cells out, so that a query can be placed in the same map
 * @param basis a layout to keep in place of that, such as `"X_umap"`
 * @param theta strength of Harmony's mixing; with [nClusters], [sigma] and [randomState] as in [harmonyIntegrate]
 * @param filename an `.h5ad` file to write; [ReferenceMap.save] does the same later
 */
public fun Tools.buildReference(
    adata: AnnData,
    batchKey: Any? = null,
    labels: Collection<String> = emptyList(),
    method: String = "symphony",
    nTopGenes: Int = HighlyVariableGenes.Params.V3_TOP_GENES,
    nPcs: Int = REFERENCE.nPcs(),
    genes: Any? = null,
    layer: String? = null,
    umap: Boolean = true,
    basis: String? = null,
    nClusters: Int? = HARMONY.nClusters(),
    theta: Any = HARMONY.theta().toList(),
    sigma: Number = HARMONY.sigma(),
    randomState: Long = HARMONY.seed(),
    filename: String? = null,
): ReferenceMap {
    require(method == "symphony") { "method must be 'symphony', got '$method'" }
    val keys = batchKey?.let { harmonyKeys(it) }.orEmpty()
    val batches = keys.map { adata.categories(it, "batchKey") }
    val obs = keptColumns(adata, keys, labels)
    val source = adata.source(layer)
    val logged = requireLogarithms(source)
    val layout = basis?.let { adata.denseEmbedding(it) }
    val harmony = withUserNames {
        Harmony.Params
            .builder()
            .nClusters(nClusters)
            .theta(*numbers(theta, "theta")!!)
            .sigma(sigma.toDouble())
            .seed(randomState)
            .build()
    }
    val params = SymphonyReference.Params(nPcs, harmony)
    val chosen = referenceGenes(adata, genes, nTopGenes, keys.singleOrNull(), layer)
    val names = chosen.map { adata.varNames[it] }
    val result =
        Log.timed<SymphonyReference.Result>("building a reference", { null }) {
            built(adata, source, chosen, names, batches, params)
        }
    result.warnings().forEach { Log.warning(it) }
    val about =
        dict(
            "method" to method,
            "batch_key" to NdArray.of(*keys.toTypedArray()),
            "labels" to NdArray.of(*labels.distinct().toTypedArray()),
            "of_logarithms" to logged,
            "n_iter" to result.iterations().toLong(),
            "converged" to result.converged(),
        ) + listOfNotNull(("n_neighbors" to layoutNeighbors(adata)).takeIf { umap && layout == null })
    val reference = ReferenceMap.of(result.reference(), names, obs, result.corrected(), about)
    if (layout != null) {
        reference.cells.obsm.set(ReferenceMap.LAYOUT, layout)
        reference.cells.uns["umap"] = adata.uns["umap"] ?: dict("params" to dict("a" to CURVE.a(), "b" to CURVE.b()))
    } else if (umap) {
        layOut(reference, randomState)
    }
    filename?.let { reference.save(it) }
    return reference
}

private fun built(
    adata: AnnData,
    source: Source,
    chosen: IntArray,
    names: List<String>,
    batches: List<Categories>,
    params: SymphonyReference.Params,
): SymphonyReference.Result {
    val part = Source(source.slot, source.x.takeCols(chosen), names)
    return withUserNames {
        adata.running("buildReference", part) { SymphonyReference.run(part.x, batches, params, it) }
    }
}

/** Batches and labels, and nothing else of `obs`. */
private fun keptColumns(adata: AnnData, keys: List<String>, labels: Collection<String>): DataFrame {
    val obs = DataFrame.ofNames(*adata.obsNames.toTypedArray())
    labels.forEach {
        require('/' !in it) { "labels: '$it' holds a '/', which keys of obsm must not; rename the column" }
        obs.set(it, adata.groups(it, "labels").copy())
    }
    keys.filterNot { it in labels }.forEach { obs.set(it, adata.obsColumn(it).toLabels().copy()) }
    return obs
}

/** Whether the values look like logarithms; whole numbers are refused. */
private fun requireLogarithms(source: Source): Boolean {
    val facts = ValueFacts.of(source.x)
    require(!(facts.looksLikeCounts() && facts.max() > 0)) {
        "buildReference reads logarithms of normalised counts, but ${source.slot} holds whole numbers; run " +
            "sc.pp.normalizeTotal(adata) and sc.pp.log1p(adata) first"
    }
    val logged = facts.looksLogged()
    if (!logged && facts.notFinite() == null) {
        Log.warning(
            "buildReference reads logarithms of normalised counts, but ${source.slot} has values from ${facts.min()} " +
                "to ${facts.max()}",
        )
    }
    return logged
}

private fun referenceGenes(adata: AnnData, genes: Any?, nTopGenes: Int, batchKey: String?, layer: String?): IntArray {
    val chosen =
        if (genes != null) {
            adata.integrationGenes(genes, "genes")
        } else {
            val table =
                sc.pp.highlyVariableGenesDf(
                    adata, layer, minOf(nTopGenes, adata.nVars), flavor = "seurat", batchKey = batchKey,
                )
            val marked = (table.get("highly_variable") as BooleanColumn).values()
            marked.indices.filter { marked[it] }.toIntArray()
        }
    val twice = chosen.map { adata.varNames[it] }.firstRepeated()?.key
    require(twice == null) {
        "genes of a reference are found by their names, but '$twice' is there twice; use adata.varNamesMakeUnique()"
    }
    return chosen
}

private fun layoutNeighbors(adata: AnnData): Long =
    minOf(NearestNeighbors.Params.DEFAULTS.nNeighbors(), adata.nObs - 1).toLong()

/** Adds the layout; the graph that it comes from is left out. */
private fun layOut(reference: ReferenceMap, seed: Long) {
    val cells = reference.cells
    sc.pp.neighbors(cells, reference.layoutNeighbors!!, useRep = ReferenceMap.PLACES)
    sc.tl.umap(cells, randomState = seed, keyAdded = null)
    listOf("distances", "connectivities").forEach { cells.obsp.remove(it) }
    cells.uns.remove("neighbors")
}
