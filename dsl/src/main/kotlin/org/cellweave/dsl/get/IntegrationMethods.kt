package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.StringColumn

/**
 * The methods of `sc.pp.integrate`, one a row: the `object` that holds the cells, what each method `reads` and `writes`,
 * and the `verb` with all its settings. `inmf` is there twice, for batches and for mosaics.
 *
 * Reads and writes nothing.
 */
public fun Get.integrationMethods(): IntegrationMethods {
    val ofBatches = INTEGRATORS.map { (name, it) -> listOf(name, "AnnData", it.reads, it.writes, it.verb) }
    val ofMosaics = MOSAIC_INTEGRATORS.map { (name, it) -> listOf(name, "MuData", it.reads, it.writes, it.verb) }
    val rows = ofBatches + ofMosaics

    fun column(at: Int) = StringColumn.of(*Array(rows.size) { rows[it][at] })
    val table = DataFrame("methods", column(0), "method")
    listOf("object", "reads", "writes", "verb").forEachIndexed { at, title -> table.set(title, column(at + 1)) }
    return IntegrationMethods(table)
}

/** What `sc.get.integrationMethods` lists; printed whole. */
public class IntegrationMethods internal constructor(private val table: DataFrame) {
    /** As `method` of [integrate], in the order of the rows. */
    public val names: List<String> = table.names

    public fun toDataFrame(): DataFrame = table

    public operator fun get(column: String): Column = table[column]

    override fun toString(): String = table.toText()
}
