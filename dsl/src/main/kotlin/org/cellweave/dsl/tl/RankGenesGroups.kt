package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.data.StringColumn
import org.cellweave.diffexp.RankGenesGroups
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.categoryPositions
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.expression
import org.cellweave.dsl.slots.geneMask
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.rawGeneMask
import org.cellweave.util.Check
import org.cellweave.diffexp.RankGenesGroups.Params.DEFAULTS as RANK

/**
 * Ranks genes by how they differ between groups of cells. See [RankGenesGroups].
 *
 * Reads `obs[groupby]` and logarithms in `X` (or `layer`; or `raw`, which is preferred when it is there).
 * Writes `uns["rank_genes_groups"]` (or [keyAdded]): `names`, `scores`, `logfoldchanges`, `pvals`, `pvals_adj`,
 * `params`, and with [pts] the fractions of expressing cells.
 *
 * Welch 1947, doi:10.1093/biomet/34.1-2.28; Mann and Whitney 1947, doi:10.1214/aoms/1177730491; Ntranos et al. 2019,
 * doi:10.1038/s41592-018-0303-9; Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
 *
 * @param maskVar genes to compare: an array as long as `var`, or the name of a boolean column; genes of raw are matched
 *   by name
 * @param groups the groups to compare, by name or number, one or a list; null or `all` for all that have cells
 * @param reference a group, or `rest` for all other cells
 * @param nGenes how many genes to keep for each group; null for all
 * @param method `t-test`, `t-test_overestim_var`, `wilcoxon`, or `logreg`, which has scores only; of two groups each
 *   gets its own markers, where scanpy files those of the second under the first
 * @param meanInLogSpace fold changes from means of logarithms, or of what they are logarithms of
 * @param c inverse strength of the penalty of `logreg`, which stops after [maxIter] steps or at [tol]
 */
public fun Tools.rankGenesGroups(
    adata: AnnData,
    groupby: String,
    maskVar: Any? = null,
    useRaw: Boolean? = null,
    groups: Any? = null,
    reference: Any = "rest",
    nGenes: Int? = RANK.nGenes(),
    rankbyAbs: Boolean = RANK.rankbyAbs(),
    pts: Boolean = RANK.pts(),
    keyAdded: String = "rank_genes_groups",
    method: String = preset.rankMethod,
    corrMethod: String = RANK.correction().toString(),
    tieCorrect: Boolean = RANK.tieCorrect(),
    layer: String? = null,
    copy: Boolean = false,
    meanInLogSpace: Boolean = preset.meanInLogSpace,
    c: Number = RANK.regression().inverseStrength(),
    maxIter: Int = RANK.regression().maxIter(),
    tol: Number = RANK.regression().tol(),
): AnnData {
    val target = adata.target(copy)
    val parsed = Check.oneOf(method, RankGenesGroups.Method::class.java, "method")
    val correction = Check.oneOf(corrMethod, RankGenesGroups.Correction::class.java, "corrMethod")
    val source = target.expression(useRaw, layer)
    val raw = source.isRaw
    var x = source.x
    var names = source.genes.names
    maskVar?.let {
        val mask = if (raw) target.rawGeneMask(it, "maskVar", others = false) else target.geneMask(it, "maskVar")
        val kept = mask.indices.filter { j -> mask[j] }.toIntArray()
        require(kept.isNotEmpty()) { "maskVar leaves none of the ${names.size} genes to rank; loosen it" }
        x = x.takeCols(kept)
        names = kept.map { j -> names[j] }
    }
    warnOfCounts("rankGenesGroups", Source(source.slot, x))
    val every = target.groups(groupby, "groupby")
    val column = every.removeUnused()
    val categories = column.categoryNames()
    val logBase = ((target.uns["log1p"] as? Map<*, *>)?.get("base") as? Number)?.toDouble()
    val regression = RankGenesGroups.Regression(c.toDouble(), maxIter, tol.toDouble())
    val params = RankGenesGroups
        .Params(parsed, correction, tieCorrect, nGenes, rankbyAbs, pts, logBase, meanInLogSpace, regression)
    val wanted = compared(every, column, texts(groups, "groups"), groupby, "groups")
    val base = reference.toString()
    val other =
        if (base == "rest") {
            RankGenesGroups.REST
        } else {
            compared(every, column, listOf(base), groupby, "reference")[0]
        }
    val result =
        Log.timed<RankGenesGroups.Result>("ranking genes", { added(keyAdded) }) {
            target.running("rankGenesGroups", Source(source.slot, x, names)) {
                RankGenesGroups.run(x, column.codes(), categories, wanted, other, params, it)
            }
        }
    if (result.fewCells()) {
        Log.hint("Few observations in a group for normal approximation (<=25). Lower test accuracy.")
    }
    val undefined = result.groups().sumOf { g -> g.logFoldChanges()?.count { it.isNaN() } ?: 0 }
    if (undefined > 0) {
        Log.warning(
            "$undefined log fold changes are missing, because the means are negative: X seems to be scaled. " +
                "Rank logarithms of counts, for instance in raw or a layer",
        )
    }
    if (!result.converged()) {
        Log.warning("logistic regression has not converged after $maxIter iterations; raise maxIter")
    }
    target.uns[keyAdded] =
        stored(result, categories, names) +
        ("params" to params(groupby, base, parsed, raw, layer, correction)) +
        fractions(result, categories, names, base, pts)
    return target
}

/** Positions of the groups that are asked for in [used], the categories of [every] that have cells. */
private fun compared(
    every: CategoricalColumn,
    used: CategoricalColumn,
    names: List<String>?,
    groupby: String,
    argument: String,
): IntArray {
    if (names == null || names == listOf("all") && "all" !in every.categoryNames()) {
        return IntArray(used.nCategories()) { it }
    }
    val empty = names.filter { it in every.categoryNames() && it !in used.categoryNames() }
    require(empty.isEmpty()) {
        "$argument must have cells, but obs['$groupby'] has none of ${empty.joinToString { "'$it'" }}"
    }
    return categoryPositions(used, names, argument)
}

private fun params(
    groupby: String,
    reference: String,
    method: RankGenesGroups.Method,
    raw: Boolean,
    layer: String?,
    correction: RankGenesGroups.Correction,
) = dict(
    "groupby" to groupby,
    "reference" to reference,
    "method" to method.toString(),
    "use_raw" to raw,
    "layer" to layer,
    "corr_method" to correction.toString(),
)

private fun stored(
    result: RankGenesGroups.Result,
    categories: List<String>,
    names: List<String>,
): Map<String, Any?> {
    val length = result
        .groups()
        .firstOrNull()
        ?.genes()
        ?.size ?: 0

    fun records(values: (RankGenesGroups.GroupResult) -> NdArray) =
        result.groups().fold(RecordArray(length)) { r, g -> r.with(categories[g.group()], values(g)) }

    fun floats(values: DoubleArray) = NdArray.of(*FloatArray(values.size) { values[it].toFloat() })
    return dict(
        "names" to records { g -> NdArray.of(*Array(g.genes().size) { names[g.genes()[it]] }) },
        "scores" to records { floats(it.scores()) },
    ) +
        if (result.groups().all { it.pvals() == null }) {
            emptyMap()
        } else {
            dict(
                "pvals" to records { NdArray.of(*it.pvals()) },
                "pvals_adj" to records { NdArray.of(*it.pvalsAdj()) },
                "logfoldchanges" to records { floats(it.logFoldChanges()) },
            )
        }
}

private fun fractions(
    result: RankGenesGroups.Result,
    categories: List<String>,
    names: List<String>,
    reference: String,
    pts: Boolean,
): Map<String, Any?> {
    if (!pts) {
        return emptyMap()
    }
    val index = StringColumn.of(*names.toTypedArray())
    val inside = DataFrame("pts", index, null)
    val outside = DataFrame("pts_rest", index, null)
    for (group in result.groups()) {
        inside.set(categories[group.group()], NumericColumn.of(*group.pts()))
        group.ptsRest()?.let { outside.set(categories[group.group()], NumericColumn.of(*it)) }
    }
    result.referencePts()?.let { inside.set(reference, NumericColumn.of(*it)) }
    return if (reference == "rest") dict("pts" to inside, "pts_rest" to outside) else dict("pts" to inside)
}

private fun added(key: String): String =
    "added to `.uns['$key']`\n" +
        "    'names', sorted np.recarray to be indexed by group ids\n" +
        "    'scores', sorted np.recarray to be indexed by group ids\n" +
        "    'logfoldchanges', sorted np.recarray to be indexed by group ids\n" +
        "    'pvals', sorted np.recarray to be indexed by group ids\n" +
        "    'pvals_adj', sorted np.recarray to be indexed by group ids"
