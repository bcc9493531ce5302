package org.cellweave.dsl

import org.cellweave.cluster.Dendrogram
import org.cellweave.cluster.Linkage
import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.GroupTree
import org.cellweave.dsl.shown.groupsOf
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.unsMap
import org.cellweave.util.Check

/**
 * Tree of the groups of cells by the correlation of their mean profiles. See [Dendrogram].
 *
 * Reads `obs[groupby]` and `obsm[useRep]` (by default `X_pca`), or the genes [varNames]. Writes
 * `uns["dendrogram_{groupby}"]` (or [keyAdded]). Categories without cells have no leaf.
 *
 * @param groupby a categorical column of `obs`, or several whose pairs are the groups
 * @param varNames a gene or a list
 * @param corMethod `pearson`, `spearman` or `kendall`
 * @param optimalOrdering false, the only one here
 * @param linkageMethod `complete`, `average`, `single`, `weighted`, `ward`, `centroid` or `median`
 */
public fun Tools.dendrogram(
    adata: AnnData,
    groupby: Any,
    nPcs: Int? = null,
    useRep: String? = null,
    varNames: Any? = null,
    useRaw: Boolean? = null,
    corMethod: String = Dendrogram.Params.DEFAULTS
        .correlation()
        .spelled(),
    linkageMethod: String = Dendrogram.Params.DEFAULTS
        .linkage()
        .spelled(),
    keyAdded: String? = null,
    copy: Boolean = false,
    optimalOrdering: Boolean = false,
): AnnData {
    require(!optimalOrdering) {
        "optimalOrdering = true is not here: leaves stand in the order in which they were merged, as by default"
    }
    val target = adata.target(copy)
    val params =
        Dendrogram.Params(
            Check.oneOf(corMethod, Dendrogram.Correlation::class.java, "corMethod"),
            Check.oneOf(linkageMethod, Linkage.Method::class.java, "linkageMethod"),
        )
    val keys = texts(groupby, "groupby")!!
    keys.filter { it in target.obs.keys }.forEach { target.groups(it, "groupby") }
    val cells = groupsOf(target, keys).let { it.only(it.used()) }
    GroupTree(params, nPcs, useRep, texts(varNames, "varNames"), useRaw)
        .store(target, keys, cells, keyAdded ?: GroupTree.key(keys))
    return target
}

/**
 * The same tree as what `uns` would hold of it. Reads the same; writes it only when [inplace] is true.
 */
public fun Tools.dendrogram(
    adata: AnnData,
    inplace: Boolean,
    groupby: Any,
    nPcs: Int? = null,
    useRep: String? = null,
    varNames: Any? = null,
    useRaw: Boolean? = null,
    corMethod: String = Dendrogram.Params.DEFAULTS
        .correlation()
        .spelled(),
    linkageMethod: String = Dendrogram.Params.DEFAULTS
        .linkage()
        .spelled(),
    keyAdded: String? = null,
): Map<String, Any?> {
    val target = if (inplace) adata else adata[all]
    dendrogram(target, groupby, nPcs, useRep, varNames, useRaw, corMethod, linkageMethod, keyAdded)
    return target.unsMap(keyAdded ?: GroupTree.key(texts(groupby, "groupby")!!))
}
