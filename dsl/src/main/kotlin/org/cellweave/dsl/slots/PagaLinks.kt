package org.cellweave.dsl.slots

import org.cellweave.data.CategoricalColumn
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.ShapeMismatchException

/** Links between the groups of [column] that have cells, of a matrix with a row for each of these or every category. */
internal fun linksOfUsed(links: Matrix, column: CategoricalColumn, slot: String): CsrMatrix {
    val used = column.usedCategories()
    return when (links.nRows()) {
        used.size -> links.toCsr()
        column.nCategories() -> links.takeRows(used).takeCols(used).toCsr()
        else -> throw ShapeMismatchException(
            "uns['paga']['$slot'] has ${links.nRows()} groups, but its column of obs has ${column.nCategories()} " +
                "categories. ${Remedies.again("paga", "uns")}",
        )
    }
}
