package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.columnsOf
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.dsl.slots.numberColumn
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.rowVector
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Sampling
import org.cellweave.util.MissingKeyException

private const val CHUNK = 6000
private const val DRAWN = 1000

/** Genes by cells; see [AnnData.transpose]. */
@Suppress("ktlint:standard:property-naming")
public val AnnData.T: AnnData get() = transpose()

/** A column of `obs`, or a gene's expression in `X` (or [layer]); unknown and ambiguous names are refused. */
public fun AnnData.obsVector(k: String, layer: String? = null): Column = vector(obs, k, NameIndex.of(`var`), "var") {
    gene(matrixOf(layer), it)
}

/** A column of `var`, or a cell's expression in `X` (or [layer]); unknown and ambiguous names are refused. */
public fun AnnData.varVector(k: String, layer: String? = null): Column = vector(`var`, k, NameIndex.of(obs), "obs") {
    rowVector(matrixOf(layer), it)
}

private fun vector(table: DataFrame, key: String, names: NameIndex, other: String, values: (Int) -> Column): Column {
    val column = table.find(key)
    val slot = if (other == "var") "obs" else "var"
    if (column != null) {
        require(!names.contains(key)) { "'$key' is in $slot and in ${other}_names; rename one of them" }
        return column
    }
    if (!names.contains(key)) {
        throw MissingKeyException("$slot or ${other}_names", key, table.keys + names.names(), remedy(key, slot))
    }
    return values(names.at(key))
}

/**
 * `X` (or [layer]) as a table: a row per cell, a column per gene. A table of many genes takes memory like a dense
 * matrix of float64.
 *
 * @throws IllegalArgumentException when names of genes repeat
 */
public fun AnnData.toDf(layer: String? = null): DataFrame {
    val x = matrixOf(layer)
    val repeats = NameIndex.of(`var`).repeats()
    require(repeats == 0) {
        "columns of a table must differ, but $repeats names of genes repeat; call adata.varNamesMakeUnique() first"
    }
    val out = DataFrame("obs", obs.index, obs.indexName)
    val values = columnsOf(x, IntArray(nVars) { it })
    varNames.forEachIndexed { j, name -> out.set(name, numberColumn(x.dtype(), values[j])) }
    return out
}

/** Rows of `X` chosen by their positions. */
public fun AnnData.chunkX(select: IntArray): Matrix = select(AxisIndex.positions(*select), AxisIndex.ALL).X

/**
 * Rows of `X` chosen by chance.
 *
 * @param select how many
 * @param replace whether a row may be chosen more than once
 * @param seed of the choice; anndata chooses anew every time
 */
public fun AnnData.chunkX(select: Int = DRAWN, replace: Boolean = true, seed: Long = 0): Matrix {
    require(select > 0) { "select must be positive, got $select" }
    require(replace || select <= nObs) { "select must not exceed the $nObs cells when replace is false, got $select" }
    return chunkX(Sampling.run(nObs, null, Sampling.Params(null, select, replace, seed)))
}

/** `X` in pieces of 6,000 rows, as in anndata: `for ((chunk, start, end) in adata.chunkedX())`. */
public fun AnnData.chunkedX(): Iterable<AnnData.Chunk> = chunkedX(CHUNK)

/** The rows of the piece. */
public operator fun AnnData.Chunk.component1(): Matrix = x()

/** Position of its first row. */
public operator fun AnnData.Chunk.component2(): Int = first()

/** Position behind its last row. */
public operator fun AnnData.Chunk.component3(): Int = end()

/** Warns of names that repeat, in anndata's words. */
internal fun AnnData.warnOfRepeatedNames(): AnnData {
    if (NameIndex.of(obs).repeats() > 0) {
        Log.warning("Observation names are not unique. To make them unique, call adata.obsNamesMakeUnique().")
    }
    if (NameIndex.of(`var`).repeats() > 0) {
        Log.warning("Variable names are not unique. To make them unique, call adata.varNamesMakeUnique().")
    }
    return this
}
