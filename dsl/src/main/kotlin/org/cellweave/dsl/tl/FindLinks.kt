package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.integrate.mosaic.FeatureLinks
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.integrate.mosaic.FeatureLinks.Params.DEFAULTS as LINKS

/** Of the table that `sc.tl.findLinks` makes. */
internal const val LINKS_KEY = "links"

/**
 * Finds which features of two modalities go together, a gene and its protein, from cells that have both. See
 * [FeatureLinks].
 *
 * Reads `X` (or [layer]; logarithms) of both. Writes `uns["links"]` of [adata1], a table with `feature_x`, `feature_y`
 * and `score`, the best link first, which `sc.get.links` returns and `sc.tl.matchPivots` takes.
 *
 * @param partnerKey column of [adata1] with the names of partners in [adata2], such as `partner` of
 *   `sc.tl.matchPivots`; null for cells of the same name
 * @param association `correlation`, or `canonical` for cells that were matched and whose single features are noise
 * @param nComps1 principal components of [adata1] for `canonical`
 * @param nComps2 as [nComps1], of [adata2]
 * @param minScore of a link, in standard deviations
 */
public fun Tools.findLinks(
    adata1: AnnData,
    adata2: AnnData,
    partnerKey: String? = null,
    association: String = LINKS.association().spelled(),
    nComps1: Int = LINKS.nCompsX(),
    nComps2: Int = LINKS.nCompsY(),
    nCanonical: Int = LINKS.nCanonical(),
    minScore: Number = LINKS.minScore(),
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val params = linkParams(association, nComps1, nComps2, nCanonical, minScore.toDouble())
    val target = adata1.target(copy)
    target.uns[LINKS_KEY] = foundLinks(target, adata2, partnerKey, layer, params, "adata1" to "adata2")
    return target
}

/**
 * As for two objects, from the cells that two modalities share.
 *
 * Reads `X` (or [layer]; logarithms) of both modalities. Writes `uns["links"]` of [mdata].
 *
 * @param modalities two names; null for the first two
 */
public fun Tools.findLinks(
    mdata: MuData,
    modalities: Pair<String, String>? = null,
    association: String = LINKS.association().spelled(),
    nComps1: Int = LINKS.nCompsX(),
    nComps2: Int = LINKS.nCompsY(),
    nCanonical: Int = LINKS.nCanonical(),
    minScore: Number = LINKS.minScore(),
    layer: String? = null,
    copy: Boolean = false,
): MuData {
    val params = linkParams(association, nComps1, nComps2, nCanonical, minScore.toDouble())
    val names = modalities?.toList() ?: mdata.mod.keys.take(2)
    require(names.size == 2) { "findLinks needs two modalities, but mdata has ${mdata.mod.keys}" }
    val target = mdata.target(copy)
    val (first, second) = names.map { target.mod.get(it) }
    target.uns[LINKS_KEY] =
        foundLinks(first, second, null, layer, params, "mod['${names[0]}']" to "mod['${names[1]}']")
    return target
}

internal fun linkParams(association: String, nComps1: Int, nComps2: Int, nCanonical: Int, minScore: Double) =
    FeatureLinks.Params(
        Check.oneOf(association, FeatureLinks.Association::class.java, "association"), nComps1, nComps2, nCanonical,
        minScore,
    )

private fun foundLinks(
    first: AnnData,
    second: AnnData,
    partnerKey: String?,
    layer: String?,
    params: FeatureLinks.Params,
    called: Pair<String, String>,
): DataFrame {
    val (x, y) = pairedValues("findLinks", first, second, partnerKey, layer, called)
    val added = { it: FeatureLinks.Result -> "added\n    '$LINKS_KEY', ${it.links().size} links (.uns)" }
    val result =
        Log.timed("linking features", added) {
            withProgress { FeatureLinks.run(x, y, params, it) }
        }
    val links = result.links()
    if (links.isEmpty()) Log.warning("no two features are each other's best with a score above ${params.minScore()}")
    val table = DataFrame.ofNames(*Array(links.size) { "$it" })
    table.set("feature_x", StringColumn.of(*Array(links.size) { first.varNames[links[it].x()] }))
    table.set("feature_y", StringColumn.of(*Array(links.size) { second.varNames[links[it].y()] }))
    table.set("score", NumericColumn.of(*DoubleArray(links.size) { links[it].score() }))
    return table
}

/** Values of both objects for the cells that are one, or a cell and its partner, row by row. */
internal fun pairedValues(
    verb: String,
    first: AnnData,
    second: AnnData,
    partnerKey: String?,
    layer: String?,
    called: Pair<String, String>,
): Pair<Matrix, Matrix> {
    for ((adata, name) in listOf(first to called.first, second to called.second)) {
        require(adata.nObs > 0) { "$name has no cells, so that $verb cannot use it" }
    }
    val sources = listOf(first.namedSource(layer, called.first), second.namedSource(layer, called.second))
    listOf(first, second).zip(sources).forEach { (adata, source) ->
        adata.requireFinite(verb, source)
        warnOfCounts(verb, source)
    }
    val cells = pairedCells(verb, first, second, partnerKey, called)
    return sources[0].x.takeRows(cells.first) to sources[1].x.takeRows(cells.second)
}

private fun pairedCells(
    verb: String,
    first: AnnData,
    second: AnnData,
    partnerKey: String?,
    called: Pair<String, String>,
): Pair<IntArray, IntArray> {
    val at = second.obsNames.withIndex().associate { (i, name) -> name to i }
    val partners = partnerKey?.let { first.obsColumn(it).texts().asList() } ?: first.obsNames
    val found = partners.indices.filter { partners[it] in at }
    require(found.size >= LEAST_CELLS) {
        val what = if (partnerKey == null) "cells of the same name" else "partners of obs['$partnerKey']"
        "$verb needs at least $LEAST_CELLS cells that both have, but ${called.first} and ${called.second} have " +
            "${found.size} $what, such as '${partners.firstOrNull()}' and '${second.obsNames.firstOrNull()}'. " +
            "Match them with sc.tl.matchPivots() and pass partnerKey = \"partner\""
    }
    return found.toIntArray() to IntArray(found.size) { at.getValue(partners[found[it]]) }
}

private const val LEAST_CELLS = 3
