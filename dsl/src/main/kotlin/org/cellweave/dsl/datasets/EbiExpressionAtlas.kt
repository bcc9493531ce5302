package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.Settings
import org.cellweave.io.format.MatrixMarket
import org.cellweave.util.FormatException
import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.ZipException
import java.util.zip.ZipFile

/**
 * A data set of EMBL-EBI's Single Cell Expression Atlas: raw quantification and the experimental design in `obs`.
 *
 * Downloaded once and kept as `datasetdir/accession/accession.h5ad`. The publisher gives no digests; those of the
 * first download are kept.
 *
 * @param accession as in the address of the data set's page, such as `E-MTAB-4888`
 * @param filterBoring leaves out columns of the design with one value, or with a different one for every cell
 */
public fun Datasets.ebiExpressionAtlas(accession: String, filterBoring: Boolean = false): AnnData {
    require(Regex("E-[A-Z]+-[0-9]+").matches(accession)) {
        "accession must look like E-MTAB-4888, got '$accession'; https://www.ebi.ac.uk/gxa/sc/experiments lists them"
    }
    val folder = Settings.datasetFolder.resolve(accession)
    val kept = folder.resolve("$accession.h5ad")
    val adata =
        if (Files.exists(kept)) {
            sc.readH5ad(kept.toString())
        } else {
            val base = "https://www.ebi.ac.uk/gxa/sc/experiment/$accession"
            val design =
                remote(
                    "$accession/experimental_design.tsv",
                    "$base/download?accessKey=&fileType=experiment-design",
                    null,
                )
            val archive =
                remote(
                    "$accession/expression_archive.zip",
                    "$base/download/zip?accessKey=&fileType=quantification-raw",
                    null,
                )
            atlasExperiment(archive, design).also { it.writeH5ad(kept.toString(), compression = "gzip") }
        }
    if (filterBoring) {
        adata.obs.keys.toList().forEach { key ->
            val values = adata.obs[key].texts().toSet()
            if (values.size == 1 || values.size == adata.nObs) adata.obs.remove(key)
        }
    }
    return adata
}

private fun opened(archive: Path): ZipFile =
    try {
        ZipFile(archive.toFile())
    } catch (e: ZipException) {
        throw FormatException("$archive is no zip archive (${e.message}); delete it to download it again", e)
    }

internal fun atlasExperiment(archive: Path, design: Path): AnnData =
    opened(archive).use { zip ->
        fun entry(ending: String) =
            zip.entries().asSequence().firstOrNull { it.name.endsWith(ending) }
                ?: throw FormatException("$archive has no $ending file; is it the raw quantification of an experiment?")

        fun lines(ending: String) =
            zip.getInputStream(entry(ending)).bufferedReader().useLines { all ->
                all.filter { it.isNotEmpty() }.map { it.split('\t') }.toList()
            }
        val genes = lines(".mtx_rows").map { it.getOrElse(1) { _ -> it[0] } }
        val cells = lines(".mtx_cols").map { it[0] }
        val market = entry(".mtx")
        val x = zip.getInputStream(market).use { MatrixMarket.read(it, "$archive, ${market.name}") }.transposeToCsr()
        if (x.nRows() != cells.size || x.nCols() != genes.size) {
            throw FormatException(
                "$archive, ${market.name} is ${x.nCols()} genes x ${x.nRows()} cells, but its tables list " +
                    "${genes.size} genes and ${cells.size} cells; delete it to download it again",
            )
        }
        val adata = AnnData(x, DataFrame.ofNames(*cells.toTypedArray()), DataFrame.ofNames(*genes.toTypedArray()))
        designColumns(design, cells).forEach { (key, column) -> adata.obs.set(key, column) }
        adata
    }

/** The columns of the design in the order of [cells]; a cell that it lacks has missing values. */
private fun designColumns(design: Path, cells: List<String>): Map<String, Column> {
    val rows = Files.readAllLines(design).filter { it.isNotEmpty() }.map { it.split('\t') }
    val byCell = rows.drop(1).associateBy { it[0] }
    return rows.first().withIndex().drop(1).associate { (j, key) ->
        val values = cells.map { byCell[it]?.getOrNull(j)?.takeIf { text -> text.isNotEmpty() } }
        val numbers = values.map { it?.toDoubleOrNull() }
        val numeric = values.indices.all { values[it] == null || numbers[it] != null } && values.any { it != null }
        key to
            if (numeric) {
                NumericColumn.of(*DoubleArray(values.size) { numbers[it] ?: Double.NaN })
            } else {
                val texts: Array<String?> = values.toTypedArray()
                CategoricalColumn.ofTexts(*texts)
            }
    }
}
