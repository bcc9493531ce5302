package org.cellweave.dsl

import org.cellweave.clonal.ResponseTransform
import org.cellweave.clonal.association.Correlation
import org.cellweave.clonal.association.Response
import org.cellweave.clonal.association.Responses
import org.cellweave.clonal.association.SplineModel
import org.cellweave.data.AnnData
import org.cellweave.diffexp.Significance
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.NumericTable
import org.cellweave.dsl.slots.namingClone
import org.cellweave.dsl.slots.numericObs
import org.cellweave.dsl.slots.numericObsm
import org.cellweave.dsl.slots.tableOf
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.Check
import org.cellweave.util.Progress
import org.cellweave.clonal.association.Correlation.Params.DEFAULTS as CORRELATION
import org.cellweave.clonal.association.Responses.Params.DEFAULTS as RESPONSE
import org.cellweave.clonal.association.SplineModel.Params.DEFAULTS as SPLINES

/**
 * Which features go with a response of the clones. See [Correlation] and [SplineModel].
 *
 * Reads `X` (or raw, or [layers]) and `obsm[responseKey]`, or columns of `obs`. Writes tables of features by responses
 * to `varm["{response}:{features}:{method}:{statistic}"]`, of raw to `raw.varm`: `r`, `pvalue`, `slope` and `p_adj`, or
 * for `gam` `r2`, `amplitude`, `slope`, `pvalue` and `p_adj`. Features are called `X`, `X_raw`, as their layer, or
 * `multi_layer`. Clones with NaN in their features are left out, and a message says how many. Adjusted are the p-values
 * of all tables at once.
 *
 * @param responseKey a key of `obsm`, matrix or table; of `obs` one column or a list
 * @param responseField `obsm` or `obs`
 * @param responseTransform `logit`, `log1p`, `sqrt` or `clr`
 * @param useRep `X` or `layers`; null for layers where some are named
 * @param useRaw null takes raw where there is one
 * @param layers one or several; null for all of them with `useRep = "layers"`
 * @param method `pearson`, `spearman`, or `gam` for smooth curves
 * @param pAdjustmentMethod `fdr_bh`, `bonferroni`, or null for none
 * @param concatLayers takes layers for more clones of the same features
 * @param maskKey table of `obsm` that says in a column for every layer which clones it has; null for the one that
 *   `uns["mask_key"]` names, an empty text for none
 * @param binomial reads counts: shares are compared, and weigh as much as the counts they rest on
 * @param splineDf splines of a curve, for `gam`
 */
public fun ClonalTools.associations(
    adata: AnnData,
    responseKey: Any,
    responseField: String = "obsm",
    responseTransform: String? = null,
    useRep: String? = null,
    useRaw: Boolean? = null,
    layers: Any? = null,
    method: String = CORRELATION.method().spelled(),
    pAdjustmentMethod: String? = "fdr_bh",
    concatLayers: Boolean = false,
    maskKey: String? = null,
    clrPseudocount: Number = RESPONSE.clrPseudocount(),
    binomial: Boolean = RESPONSE.binomial(),
    splineDf: Int = SPLINES.splineDf(),
): AnnData {
    val how = Check.oneOf(method, AssociationMethod::class.java, "method")
    val adjust = pAdjustmentMethod?.let { Check.oneOf(it, Adjustment::class.java, "pAdjustmentMethod") }
    val transform = responseTransform?.let { Check.oneOf(it, ResponseTransform::class.java, "responseTransform") }
    val params = Responses.Params(transform ?: RESPONSE.transform(), clrPseudocount.toDouble(), binomial)
    val splines = SplineModel.Params(splineDf)
    val keys = texts(responseKey, "responseKey").orEmpty()
    val table = responseOf(adata, keys, responseField)
    val features = FeatureChoice(useRep, useRaw, texts(layers, "layers"), concatLayers, maskKey).of(adata)
    val added = { n: Int -> "added $n tables to ${if (features.isRaw) "raw.varm" else "varm"}" }
    Log.timed("computing associations of features with ${table.slot}", added) {
        val response = adata.namingClone("associations", table.slot, table.names) {
            Responses.run(table.values, params)
        }
        features.blocks.forEach { how.requireClones(it, splines) }
        table.requireVarying(response, features.blocks)
        val found = features.blocks.map { block ->
            withProgress { progress -> how.run(block, response, splines, progress) }.also { block.requireSome(it) }
        }
        val pvalues = found.map { it.getValue("pvalue") }
        val adjusted = adjust?.let { adjustedTogether(pvalues, it) } ?: pvalues.map { null }
        val varm = if (features.isRaw) adata.raw.varm else adata.varm
        features.blocks.forEachIndexed { b, block ->
            val all = found[b] + listOfNotNull(adjusted[b]?.let { "p_adj" to it })
            all.forEach { (stat, values) ->
                val key = "${keys.joinToString("+")}:${block.name}:${how.spelled()}:$stat"
                varm.set(key, tableOf(features.names, table.names, values))
            }
        }
        features.blocks.size * (found.first().size + if (adjust == null) 0 else 1)
    }
    return adata
}

private fun responseOf(adata: AnnData, keys: List<String>, field: String): NumericTable {
    require(keys.isNotEmpty()) { "responseKey must name a response, got an empty list" }
    return when (field) {
        "obs" -> adata.numericObs(keys)
        "obsm" -> {
            require(keys.size == 1) {
                "responseKey must be one key of obsm, got $keys; with responseField = \"obs\" it may list columns"
            }
            adata.numericObsm(keys.single())
        }
        else -> throw IllegalArgumentException("responseField must be one of [obs, obsm], got '$field'")
    }
}

/** A response that is the same for all clones goes with nothing; one of several may be so. */
private fun NumericTable.requireVarying(response: Response, blocks: List<FeatureBlock>) {
    val columns = List(names.size) { response.values().column(it) }
    for (block in blocks) {
        val first = block.rows.first()
        require(columns.any { column -> block.rows.any { column[it] != column[first] } }) {
            "no response of $slot varies over the ${block.rows.size} clones of ${block.slot}: '${names.first()}' is " +
                "${columns.first()[first]} for each; take one that differs between clones"
        }
    }
}

/** A table of nothing but NaN tells nothing. */
private fun FeatureBlock.requireSome(found: Map<String, DenseMatrix>) {
    require(
        found.values
            .first()
            .doubleData()
            .any { !it.isNaN() },
    ) {
        "no feature of $slot varies over its ${rows.size} clones by more than rounding, so that nothing can go with " +
            "it; take features that differ, or leave $slot out"
    }
}

private enum class AssociationMethod {
    PEARSON,
    SPEARMAN,
    GAM,
    ;

    /** Refuses features of so few clones that every statistic would be NaN. */
    fun requireClones(block: FeatureBlock, splines: SplineModel.Params) {
        val least = if (this == GAM) splines.leastClones() else Correlation.LEAST_CLONES
        require(block.rows.size >= least) {
            val advice = if (this != GAM) {
                ""
            } else if (splines.splineDf() > SplineModel.LEAST_SPLINES) {
                " with splineDf = ${splines.splineDf()}; lower splineDf (${SplineModel.LEAST_SPLINES} is least), or " +
                    "use method = \"pearson\""
            } else {
                "; use method = \"pearson\""
            }
            "method = \"${spelled()}\" needs at least $least clones, but ${block.slot} has ${block.rows.size}$advice"
        }
    }

    /** Tables of features by responses, by the name of the statistic. */
    fun run(
        block: FeatureBlock,
        response: Response,
        splines: SplineModel.Params,
        progress: Progress,
    ): Map<String, DenseMatrix> {
        val these = response.take(block.rows)
        if (this == GAM) {
            val curves = SplineModel.run(block.x, these, splines, progress)
            return linkedMapOf(
                "r2" to curves.r2(),
                "amplitude" to curves.amplitude(),
                "slope" to curves.slope(),
                "pvalue" to curves.pvalue(),
            )
        }
        val kind = if (this == PEARSON) Correlation.Method.PEARSON else Correlation.Method.SPEARMAN
        val found = Correlation.run(block.x, these, Correlation.Params(kind))
        return linkedMapOf("r" to found.r(), "pvalue" to found.pvalue(), "slope" to found.slope())
    }
}

/** How p-values are adjusted for their number, as `statsmodels` names it. */
internal enum class Adjustment(val of: (DoubleArray) -> DoubleArray) {
    FDR_BH(Significance::benjaminiHochberg),
    BONFERRONI(Significance::bonferroni),
}

/** All tables at once: what is asked of several layers is asked together. */
private fun adjustedTogether(pvalues: List<DenseMatrix>, adjustment: Adjustment): List<DenseMatrix> {
    val all = pvalues.flatMap { it.doubleData().asIterable() }.toDoubleArray()
    val adjusted = Significance.keepingNaN(all) { adjustment.of(it) }
    var from = 0
    return pvalues.map {
        val size = it.nRows() * it.nCols()
        from += size
        DenseMatrix.wrap(adjusted.copyOfRange(from - size, from), it.nRows(), it.nCols())
    }
}
