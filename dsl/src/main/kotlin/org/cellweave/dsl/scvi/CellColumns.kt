package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.slotName
import org.cellweave.dsl.slots.source
import org.cellweave.neural.data.CellData
import org.cellweave.neural.data.ChunkedRows
import org.cellweave.neural.data.ChunkedShuffle
import org.cellweave.neural.data.CountRows
import org.cellweave.neural.data.Fingerprint
import org.cellweave.neural.data.MatrixRows
import org.cellweave.neural.data.StoredCounts
import org.cellweave.neural.files.Json
import org.cellweave.neural.model.CountModel
import org.cellweave.util.Check
import org.cellweave.util.NonFiniteException
import org.cellweave.util.RefusedValueException

/**
 * Which parts of an AnnData a model reads. They are kept in `uns["_scvi"]`, so that copies, parts and files of the
 * object know them.
 */
internal class CellColumns(
    val layer: String? = null,
    val batchKey: String? = null,
    val labelsKey: String? = null,
    val unlabeledCategory: String? = null,
    val sizeFactorKey: String? = null,
    val categorical: List<String> = emptyList(),
    val continuous: List<String> = emptyList(),
) {
    /** Names of these as `uns` and files have them. */
    fun texts(): Map<String, String> =
        listOfNotNull(
            layer?.let { "layer" to it },
            batchKey?.let { "batch_key" to it },
            labelsKey?.let { "labels_key" to it },
            unlabeledCategory?.let { "unlabeled_category" to it },
            sizeFactorKey?.let { "size_factor_key" to it },
        ).toMap()

    fun store(adata: AnnData) {
        adata.uns[KEY] =
            texts() +
            dict(
                "categorical_covariate_keys" to NdArray.of(*categorical.toTypedArray()),
                "continuous_covariate_keys" to NdArray.of(*continuous.toTypedArray()),
            )
    }

    /** What a saved model keeps of these: lists as JSON, because names may hold any character. */
    fun noted(): Map<String, String> =
        texts() + mapOf("categorical" to Json.write(categorical), "continuous" to Json.write(continuous))

    /** The same with labels, as scANVI wants them. */
    fun withLabels(key: String?, unlabeled: String): CellColumns =
        CellColumns(layer, batchKey, key ?: labelsKey, unlabeled, sizeFactorKey, categorical, continuous)

    /** The cells for a model that is there: genes that are not its own are named before counts are looked at. */
    fun read(adata: AnnData, model: CountModel): CellData {
        model.requireGenes(slotName(layer), adata.varNames.toTypedArray())
        return read(adata)
    }

    /** Says where nobody has the category of cells without a label, which is more often a slip than meant. */
    fun tellUnlabelled(adata: AnnData) {
        val labels = adata.categories(labelsKey ?: return, "labelsKey", complete = false)
        val category = unlabeledCategory ?: return
        val used = labels.levels().filterIndexed { level, _ -> labels.size(level) > 0 }
        if (category in used || labels.codes().any { it < 0 }) return
        val text = "no cell of obs['$labelsKey'] is '$category' (unlabeledCategory), so that all count as labelled."
        // short names are near to any other
        val likely = if (category.length < SHORT) used.filter { it.equals(category, ignoreCase = true) } else used
        val near = Check.suggestion(category, likely)
        if (near.isEmpty()) Log.info(text) else Log.warning(text + near)
    }

    /** The cells as models read them; refuses what they cannot take, by cell and column. */
    fun read(adata: AnnData): CellData {
        val covariates = covariates(adata)
        return try {
            Minified.of(adata)?.read(adata, covariates) { countRows(adata) } ?: CellData(countRows(adata), covariates)
        } catch (e: NonFiniteException) {
            val column = "obs['${continuous[e.column()]}']"
            val text = e.message.orEmpty().replace("continuous covariate ${e.column()}", column)
            throw IllegalArgumentException(named(adata, text, e.row(), -1), e)
        } catch (e: RefusedValueException) {
            throw IllegalArgumentException(named(adata, e.message.orEmpty(), e.row(), e.column()), e)
        }
    }

    private fun covariates(adata: AnnData): CellData.Covariates =
        CellData.Covariates(
            slotName(layer),
            batchKey?.let { adata.categories(it, "batchKey") },
            labelsKey?.let { labels(adata, it) },
            categorical.map { adata.categories(it, "categoricalCovariateKeys") },
            continuous.map { numbers(adata, it, "continuousCovariateKeys") },
            sizeFactorKey?.let { numbers(adata, it, "sizeFactorKey") },
        )

    /** All that [read] reads, in sums by the name of the slot. Counts in a file are not looked at. */
    fun fingerprint(adata: AnnData): Fingerprint {
        val of = covariates(adata)
        val out = Fingerprint().names("the cells", adata.obsNames).names("the genes", adata.varNames)
        listOfNotNull(of.batch(), of.labels()).plus(of.categories()).forEach { out.categories(it.name(), it) }
        of.continuous().forEachIndexed { k, values -> out.numbers("obs['${continuous[k]}']", values) }
        of.sizeFactors()?.let { out.numbers("obs['$sizeFactorKey']", it) }
        val minified = Minified.of(adata)?.also { it.addTo(out, adata) }
        if (minified?.holdsCounts == false) return out
        return if (areInFile(adata)) out.text("X", "in its file") else out.counts(slotName(layer), countRows(adata))
    }

    /** A message with the names of the cell and the gene in place of their numbers. */
    private fun named(adata: AnnData, message: String, cell: Int, gene: Int): String {
        val name = "cell '${adata.obsNames[cell]}'"
        val place = if (gene < 0) name else "$name, gene '${adata.varNames[gene]}',"
        return message
            .replace("[$cell, $gene]", place)
            .replace(Regex("\\bcell $cell\\b"), Regex.escapeReplacement(name))
            .replace("size factors", "obs['$sizeFactorKey']")
            .replace("totals", "obs['${Minified.TOTALS}']")
    }

    /** Whether the counts stay in their file and are read from there, chunk by chunk. */
    fun areInFile(adata: AnnData): Boolean = layer == null && adata.rowsInFile() != null

    private fun countRows(adata: AnnData): CountRows {
        val genes = adata.varNames.toTypedArray()
        if (!areInFile(adata)) return MatrixRows(adata.source(layer).x, genes)
        val rows = adata.rowsInFile()
        val stored =
            object : StoredCounts {
                override fun nCells() = adata.nObs

                override fun nGenes() = adata.nVars

                override fun genes() = genes

                override fun read(from: Int, to: Int) = rows.rows(from, to).toCsr()
            }
        return ChunkedRows(stored, ChunkedShuffle.DEFAULTS)
    }

    /** Cells without a label are those of the category for it. */
    private fun labels(adata: AnnData, key: String): Categories {
        if (unlabeledCategory == null) return adata.categories(key, "labelsKey")
        val read = adata.categories(key, "labelsKey", complete = false)
        val levels = read.levels().toList()
        if (read.codes().none { it < 0 }) return read
        val all = if (unlabeledCategory in levels) levels else levels + unlabeledCategory
        val none = all.indexOf(unlabeledCategory)
        return Categories(
            read.name(),
            IntArray(read.nCells()) { i -> read.code(i).takeIf { it >= 0 } ?: none },
            all.toTypedArray(),
        )
    }

    companion object {
        const val KEY: String = "_scvi"
        private const val SHORT = 5

        /** What `setupAnndata` has kept. */
        fun of(adata: AnnData, model: String): CellColumns {
            @Suppress("UNCHECKED_CAST")
            val kept = adata.uns[KEY] as? Map<String, Any?>
            requireNotNull(kept) {
                "adata is not set up for models; call scvi.$model.setupAnndata(adata, batchKey = ...) first"
            }
            return of(kept)
        }

        fun of(kept: Map<String, Any?>): CellColumns =
            CellColumns(
                kept["layer"]?.toString(),
                kept["batch_key"]?.toString(),
                kept["labels_key"]?.toString(),
                kept["unlabeled_category"]?.toString(),
                kept["size_factor_key"]?.toString(),
                names(kept["categorical_covariate_keys"]),
                names(kept["continuous_covariate_keys"]),
            )

        fun ofNotes(notes: Map<String, String>): CellColumns =
            CellColumns(
                notes["layer"],
                notes["batch_key"],
                notes["labels_key"],
                notes["unlabeled_category"],
                notes["size_factor_key"],
                noted(notes["categorical"]),
                noted(notes["continuous"]),
            )

        private fun noted(text: String?): List<String> {
            val read = text?.let { Json.read(it) } ?: return emptyList()
            require(read is List<*> && read.all { it is String }) {
                "the model's file has names of columns that are no list, '$text'; it is damaged"
            }
            return read.map { it as String }
        }

        private fun names(kept: Any?): List<String> = (kept as? NdArray)?.texts()?.filterNotNull().orEmpty()
    }
}

/** A column of numbers, one per cell. */
internal fun numbers(adata: AnnData, key: String, argument: String): DoubleArray {
    val column = adata.obsColumn(key)
    require(column is NumericColumn) {
        val kind = if (column is CategoricalColumn || column is StringColumn) "labels" else column.dtypeName()
        "$argument must name columns of numbers, but obs['$key'] holds $kind; " +
            "give labels by categoricalCovariateKeys"
    }
    return column.toDoubles()
}
