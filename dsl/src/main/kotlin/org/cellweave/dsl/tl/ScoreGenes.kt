package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.diffexp.GeneScores
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.expression
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.diffexp.GeneScores.Params.DEFAULTS as SCORES

/**
 * Scores a set of genes in every cell by their mean above that of control genes. See [GeneScores].
 *
 * Reads logarithms in `X` (or `layer`; or `raw`, which is preferred when it is there). Writes `obs[scoreName]`. Genes
 * that are not there are left out with a warning; a name that several genes have is refused.
 *
 * @param geneList a gene, or genes as a list, an array or a column
 * @param ctrlAsRef whether the scored genes count when controls are drawn
 * @param genePool genes the controls are drawn from; null for all
 */
public fun Tools.scoreGenes(
    adata: AnnData,
    geneList: Any,
    ctrlAsRef: Boolean = preset.ctrlAsRef,
    ctrlSize: Int = SCORES.ctrlSize(),
    genePool: Any? = null,
    nBins: Int = SCORES.nBins(),
    scoreName: String = "score",
    randomState: Long = SCORES.seed(),
    copy: Boolean = false,
    useRaw: Boolean? = null,
    layer: String? = null,
): AnnData {
    val target = adata.target(copy)
    val params = GeneScores.Params(ctrlAsRef, ctrlSize, nBins, randomState)
    val source = ScoredGenes(target, useRaw, layer)
    val genes = source.present(texts(geneList, "geneList")!!, "geneList", warn = true)
    val pool = texts(genePool, "genePool")?.let { source.present(it, "genePool", warn = false) }
    pool?.let { among ->
        val outside = genes.filter { it !in among }.map { source.names[it] }
        require(outside.isEmpty()) { "genePool must hold the genes that are scored, but not $outside; add them" }
    }
    val result =
        Log.timed<GeneScores.Result>("computing score '$scoreName'", { added(scoreName, it) }) {
            GeneScores.run(source.x, genes, pool, params)
        }
    for (bin in result.emptyBins()) {
        Log.warning(
            "No control genes for cut=$bin. You might want to increase gene_pool size " +
                "(current size: ${pool?.size ?: source.names.size})",
        )
    }
    target.obs.set(scoreName, NumericColumn.of(*result.scores()))
    return target
}

/**
 * Scores the genes of the S and G2M phases and names the phase of every cell. See [GeneScores].
 *
 * Reads what [scoreGenes] reads. Writes `obs["S_score"]`, `obs["G2M_score"]` and `obs["phase"]`: the phase with the
 * higher score, or `G1` when both are negative.
 */
public fun Tools.scoreGenesCellCycle(
    adata: AnnData,
    sGenes: Any,
    g2mGenes: Any,
    copy: Boolean = false,
    ctrlAsRef: Boolean = preset.ctrlAsRef,
    genePool: Any? = null,
    nBins: Int = SCORES.nBins(),
    randomState: Long = SCORES.seed(),
    useRaw: Boolean? = null,
    layer: String? = null,
): AnnData {
    Log.info("calculating cell cycle phase")
    val ofS = texts(sGenes, "sGenes")!!
    val ofG2m = texts(g2mGenes, "g2mGenes")!!
    require(ofS.isNotEmpty() && ofG2m.isNotEmpty()) {
        "sGenes and g2mGenes must not be empty, got ${ofS.size} and ${ofG2m.size} genes"
    }
    val target = adata.target(copy)
    val ctrlSize = minOf(ofS.size, ofG2m.size)
    for ((genes, name) in listOf(ofS to "S_score", ofG2m to "G2M_score")) {
        sc.tl.scoreGenes(
            target, genes, ctrlAsRef, ctrlSize, genePool, nBins, name, randomState, false, useRaw, layer,
        )
    }
    val s = target.obs.get("S_score").toDoubles()
    val g2m = target.obs.get("G2M_score").toDoubles()
    val phase =
        Array<String?>(s.size) {
            if (s[it] < 0 && g2m[it] < 0) {
                "G1"
            } else if (g2m[it] > s[it]) {
                "G2M"
            } else {
                "S"
            }
        }
    target.obs.set("phase", StringColumn.of(*phase))
    Log.hint("    'phase', cell cycle phase (adata.obs)")
    return target
}

private fun added(scoreName: String, result: GeneScores.Result): String =
    "added\n    '$scoreName', score of gene set (adata.obs).\n" +
        "    ${result.controls().size} total control genes are used."

/** The matrix that is scored, and its genes by name. */
private class ScoredGenes(
    adata: AnnData,
    useRaw: Boolean?,
    layer: String?,
) {
    private val source = adata.expression(useRaw, layer)
    private val index = source.index
    val x: Matrix get() = source.x
    val names: List<String> get() = index.names()

    fun present(wanted: Collection<String>, argument: String, warn: Boolean): IntArray {
        val distinct = wanted.distinct()
        val (known, unknown) = distinct.partition(index::contains)
        require(known.isNotEmpty()) {
            val first = distinct.firstOrNull()
            val near = first?.let { Check.suggestion(it, names) } ?: ""
            "$argument has no gene of this object, got $distinct; genes look like ${names.take(3)}.$near"
        }
        if (warn && unknown.isNotEmpty()) {
            Log.warning("genes are not in var_names and ignored: $unknown")
        }
        return index.at(known, "")
    }
}
