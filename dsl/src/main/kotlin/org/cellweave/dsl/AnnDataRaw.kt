package org.cellweave.dsl

import org.cellweave.data.AxisIndex
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.data.Raw
import org.cellweave.dsl.slots.columnsOf
import org.cellweave.dsl.slots.numberColumn
import org.cellweave.matrix.Matrix

// An object without a snapshot has null in raw. These are declared on `Raw?`, so that reading from it says what to do.

/** The snapshot's matrix. */
@Suppress("ktlint:standard:property-naming")
public val Raw?.X: Matrix get() = there().x

/** The snapshot's genes: `adata.raw.vars["gene_ids"]`. */
public val Raw?.vars: DataFrame get() = there().`var`

/** Numbers of cells and of genes of the snapshot. */
public val Raw?.shape: Pair<Int, Int> get() = there().let { it.nObs to it.nVars }

/** Some genes of the snapshot for some of its cells: `adata.raw[all, genes].X`. */
public operator fun Raw?.get(obs: Any, vars: Any): Raw =
    there().select(axisIndex(obs, "obs"), axisIndex(vars, "var"))

/** Some cells of the snapshot, with all its genes. */
public operator fun Raw?.get(obs: Any): Raw = there().select(axisIndex(obs, "obs"), AxisIndex.ALL)

/** One cell of the snapshot, by its position. */
public operator fun Raw?.get(obs: Int): Raw = get(obs as Any)

/** One cell of the snapshot, by its name. */
public operator fun Raw?.get(obs: String): Raw = get(obs as Any)

/** A gene's expression in raw, by its name. */
public fun Raw?.obsVector(k: String): Column = there().let { gene(it.x, NameIndex.of(it.`var`).at(k)) }

/** A column of raw's `var`. */
public fun Raw?.varVector(k: String): Column = there().`var`.get(k)

private fun Raw?.there(): Raw =
    requireNotNull(this) {
        "adata.raw is not set; adata.raw = adata keeps a copy of X and of the genes, to be done before genes are " +
            "selected"
    }

internal fun gene(x: Matrix, j: Int): Column = numberColumn(x.dtype(), columnsOf(x, intArrayOf(j))[0])
