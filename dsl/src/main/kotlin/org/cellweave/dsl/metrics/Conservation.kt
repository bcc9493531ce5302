package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NameIndex
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.metrics.CellCycleConservation
import org.cellweave.metrics.RankCorrelation
import org.cellweave.metrics.VarianceExplained
import org.cellweave.preprocess.HighlyVariableGenes

private const val OVERLAP_GENES = 500

/**
 * How much of the variance that the batch explained an integration removed; 1 is best. See [VarianceExplained].
 *
 * Reads `obsm[useRep]`, `obsm[preRep]` and `obs[batchKey]`. Writes nothing.
 *
 * @param preRep the embedding before the integration
 */
public fun Metrics.pcrComparison(
    adata: AnnData,
    batchKey: String,
    useRep: String,
    preRep: String = "X_pca",
): Double =
    VarianceExplained.comparison(
        principalComponentRegression(adata, batchKey, preRep),
        principalComponentRegression(adata, batchKey, useRep),
    )

/**
 * The part of an embedding's variance that a column of `obs` explains: its levels, or its numbers.
 *
 * Reads `obsm[useRep]` and `obs[key]`. Writes nothing.
 *
 * Büttner et al. 2019, doi:10.1038/s41592-018-0254-1.
 */
public fun Metrics.principalComponentRegression(
    adata: AnnData,
    key: String,
    useRep: String = "X_pca",
): Double {
    val column = adata.obsColumn(key)
    val x = adata.denseEmbedding(useRep)
    return if (column is org.cellweave.data.NumericColumn) {
        VarianceExplained.byCovariates(x, arrayOf(column.toDoubles()))
    } else {
        VarianceExplained.byGroups(x, adata.categories(key, "key").codes())
    }
}

/**
 * How well an integration keeps the variance that the cell cycle explains in each batch; 1 is best.
 *
 * Reads `obs["S_score"]` and `obs["G2M_score"]` of `sc.tl.scoreGenesCellCycle`, `obs[batchKey]`, `obsm[useRep]`
 * and `obsm[preRep]`. Writes nothing. See [CellCycleConservation].
 */
public fun Metrics.cellCycleConservation(
    adata: AnnData,
    batchKey: String,
    useRep: String,
    preRep: String = "X_pca",
): Double {
    val scores =
        Array(2) {
            adata.obsColumn(if (it == 0) "S_score" else "G2M_score").toDoubles()
        }
    val batches = adata.categories(batchKey, "batchKey")
    return CellCycleConservation.of(
        adata.denseEmbedding(preRep),
        adata.denseEmbedding(useRep),
        scores,
        batches.codes(),
        batches.levels().toList(),
    )
}

/**
 * The overlap of highly variable genes before and after an integration that corrects expression, per batch.
 *
 * Reads `X` and `obs[batchKey]` of both objects, which have logarithms. Writes nothing. Genes are chosen by the
 * flavour `cell_ranger` within each batch; the overlap is of the smaller set.
 *
 * Luecken et al. 2022, doi:10.1038/s41592-021-01336-8.
 *
 * @return the mean over batches; 1 is best
 */
public fun Metrics.hvgOverlap(
    adataPre: AnnData,
    adataPost: AnnData,
    batchKey: String,
    nTopGenes: Int = OVERLAP_GENES,
): Double {
    require(nTopGenes > 0) { "nTopGenes must be positive, got $nTopGenes" }
    val before = variableGenes(adataPre, batchKey, nTopGenes)
    val after = variableGenes(adataPost, batchKey, nTopGenes)
    require(before.keys == after.keys) {
        "both objects must have the same batches, got ${before.keys} and ${after.keys}"
    }
    return before
        .map { (batch, genes) ->
            val others = after.getValue(batch)
            genes.intersect(others).size.toDouble() / minOf(genes.size, others.size)
        }.average()
}

private fun variableGenes(adata: AnnData, batchKey: String, nTopGenes: Int): Map<String, Set<String>> {
    val batches = adata.categories(batchKey, "batchKey")
    val params =
        HighlyVariableGenes.Params
            .builder()
            .flavor(HighlyVariableGenes.Flavor.CELL_RANGER)
            .nTopGenes(minOf(nTopGenes, adata.nVars / 2))
            .build()
    val members = batches.members()
    return members.indices.filter { members[it].isNotEmpty() }.associate { level ->
        val x = adata.X.takeRows(members[level])
        val chosen = HighlyVariableGenes.run(x, adata.varNames.toTypedArray(), null, params).highlyVariable()
        batches.level(level) to adata.varNames.filterIndexed { i, _ -> chosen[i] }.toSet()
    }
}

/**
 * How well an order of cells along a trajectory survives an integration: Spearman's correlation, scaled to 0..1.
 *
 * Reads `obs[pseudotimeKey]` of both objects, matched by cell name; cells without a finite value in either are
 * left out, as unreachable ones are. Writes nothing.
 *
 * Luecken et al. 2022, doi:10.1038/s41592-021-01336-8.
 */
public fun Metrics.trajectoryConservation(
    adataPre: AnnData,
    adataPost: AnnData,
    pseudotimeKey: String = "dpt_pseudotime",
): Double {
    val before = adataPre.obsColumn(pseudotimeKey).toDoubles()
    val after = adataPost.obsColumn(pseudotimeKey).toDoubles()
    val places = NameIndex.of(adataPost.obs).find(adataPre.obsNames)
    val pairs =
        places.indices
            .filter { places[it] >= 0 }
            .map { before[it] to after[places[it]] }
            .filter { it.first.isFinite() && it.second.isFinite() }
    require(pairs.size > 1) {
        "the objects share ${pairs.size} cells with a finite obs['$pseudotimeKey']; at least two are needed"
    }
    val r =
        RankCorrelation.spearman(
            DoubleArray(pairs.size) { pairs[it].first },
            DoubleArray(pairs.size) { pairs[it].second },
        )
    return (r + 1) / 2
}
