package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.ContentEquality
import org.cellweave.data.DataFrame
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.texts

/**
 * anndata's older way to put cells below each other: `merged = a.concatenate(b)`. It says once what replaced it,
 * `sc.concat`, and differs from that: `obs` keeps all columns of all objects, names of cells end in `-0`, `-1`, ..., and
 * columns of `var` that differ between the objects are kept as `name-0`, `name-1`, ...; `varm` is left out.
 *
 * @param adatas other objects, or one list of them
 * @param join `inner` keeps the genes that all have, `outer` all genes
 * @param batchKey column of `obs` that says which object a cell came from
 * @param batchCategories names of the objects; `0`, `1`, ... by default
 * @param indexUnique put between a cell's name and its object's; null leaves the names as they are
 * @param fillValue of entries that an object lacks, with `outer`
 */
public fun AnnData.concatenate(
    vararg adatas: Any,
    join: String = "inner",
    batchKey: String? = "batch",
    batchCategories: Any? = null,
    unsMerge: String? = null,
    indexUnique: String? = "-",
    fillValue: Number? = null,
): AnnData {
    if (adatas.isEmpty()) return copy()
    Log.warnOnce(
        "adata.concatenate is anndata's older way; today it is " +
            "sc.concat(listOf(a, b), label = \"batch\", indexUnique = \"-\")",
    )
    val all = listOf(this) + othersOf(adatas)
    val names = texts(batchCategories, "batchCategories") ?: all.indices.map { it.toString() }
    val out = sc.concat(
        all, join = join, merge = "same", unsMerge = unsMerge, label = batchKey, keys = names,
        indexUnique = indexUnique, fillValue = fillValue,
    )
    val cells = all.map { AnnData(null, it.obs, DataFrame.ofNames()) }
    out.obs = sc.concat(cells, join = "outer", label = batchKey, keys = names, indexUnique = indexUnique).obs
    out.varm.keys
        .toList()
        .forEach { out.varm.remove(it) }
    out.vars = mergedGenes(all.map { it.vars.reindex(out.varNames) }, names, out.vars)
    return out
}

private fun othersOf(adatas: Array<out Any>): List<AnnData> {
    val given = (adatas.singleOrNull() as? Iterable<*>)?.toList() ?: adatas.toList()
    return given.mapIndexed { i, one ->
        require(one is AnnData) { "concatenate takes objects, got a ${one?.let { it::class.simpleName }} at $i" }
        one
    }
}

/** Columns that are the same in all tables by their name, others with the name of their object behind it. */
private fun mergedGenes(tables: List<DataFrame>, names: List<String>, genes: DataFrame): DataFrame {
    val keys = tables.flatMap { it.keys }.distinct()
    val same = keys.filter { key -> tables.all { it.contains(key) && equal(it.get(key), tables[0].get(key)) } }
    val out = DataFrame("var", genes.index, genes.indexName)
    same.forEach { out.set(it, tables[0].get(it)) }
    for ((name, table) in names.zip(tables).sortedBy { it.first }) {
        (keys - same.toSet()).filter(table::contains).forEach { out.set("$it-$name", table.get(it)) }
    }
    return out
}

private fun equal(a: Column, b: Column) = ContentEquality.difference(a, b, "") == null
