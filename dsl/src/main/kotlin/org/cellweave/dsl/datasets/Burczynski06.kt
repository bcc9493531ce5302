package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.FormatException
import java.io.BufferedReader
import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.GZIPInputStream

/**
 * Bulk expression of blood cells in ulcerative colitis and Crohn's disease (Burczynski 2006,
 * doi 10.2353/jmoldx.2006.050079): 127 samples x 22,283 probes, `obs["groups"]`. The publisher gives no digest; the one
 * of the first download is kept.
 */
public fun Datasets.burczynski06(): AnnData =
    softTable(
        remote(
            "burczynski06/GDS1615_full.soft.gz",
            "https://ftp.ncbi.nlm.nih.gov/geo/datasets/GDS1nnn/GDS1615/soft/GDS1615_full.soft.gz",
            null,
        ),
    )

/** The expression table of a SOFT data set of GEO, samples in rows, each with the subset that lists it last. */
internal fun softTable(file: Path): AnnData =
    GZIPInputStream(Files.newInputStream(file)).bufferedReader().use { reader ->
        val groups = subsets(reader, file)
        val header = requireNotNull(reader.readLine()) { "$file ends after !dataset_table_begin" }.split('\t')
        val columns = header.indices.filter { header[it].startsWith("GSM") }
        val genes = ArrayList<String>()
        val rows = ArrayList<DoubleArray>()
        while (true) {
            val line = reader.readLine() ?: throw FormatException("$file ends without !dataset_table_end")
            if (line.startsWith("!dataset_table_end")) break
            val cells = line.split('\t')
            rows +=
                DoubleArray(columns.size) {
                    number(cells.getOrElse(columns[it]) { "" }, file, genes.size, header[columns[it]])
                }
            genes += cells[1]
        }
        val samples = columns.map { header[it] }
        val x = DenseMatrix.ofRows(rows.toTypedArray()).transpose()
        val adata =
            AnnData(x, DataFrame.ofNames(*samples.toTypedArray()), DataFrame.ofNames(*genes.toTypedArray()))
        adata.obs.set(
            "groups",
            CategoricalColumn.ofTexts(
                *Array(samples.size) {
                    groups[samples[it]] ?: throw FormatException("$file names no subset for sample ${samples[it]}")
                },
            ),
        )
        adata
    }

private fun subsets(reader: BufferedReader, file: Path): Map<String, String> {
    val groups = HashMap<String, String>()
    var description = ""
    while (true) {
        val line =
            reader.readLine() ?: throw FormatException("$file has no !dataset_table_begin; is it a SOFT data set?")
        val value = line.substringAfter('=', "").trim()
        when {
            line.startsWith("!dataset_table_begin") -> return groups
            line.startsWith("!subset_description") -> description = value
            line.startsWith("!subset_sample_id") -> value.split(',').forEach { groups[it.trim()] = description }
        }
    }
}

private fun number(text: String, file: Path, row: Int, column: String): Double =
    text.toDoubleOrNull() ?: throw FormatException("$file: row ${row + 1}, column $column is not a number, got '$text'")
