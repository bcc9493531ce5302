package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.firstRepeated
import org.cellweave.integrate.harmony.CompressedReference
import org.cellweave.io.H5adReader
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.FilePath
import org.cellweave.util.FormatException
import org.cellweave.util.ShapeMismatchException

/**
 * A reference that `sc.tl.mapQuery` maps on, made by `sc.tl.buildReference`: what Symphony keeps
 * ([CompressedReference]), the corrected places of the reference's cells with their labels, and their map where there
 * is one. The expression of the cells is not in it.
 *
 * @property cells all of it as an object without `X`, of the genes used: `obs` with the labels, `var["mean"]` and
 *   `var["std"]`, `varm["PCs"]`, `obsm["X_reference"]` and perhaps `obsm["X_umap"]`, and `uns["reference_map"]`.
 *   Figures can be drawn of it
 */
public class ReferenceMap internal constructor(public val cells: AnnData) {
    internal val core: CompressedReference = coreOf(cells)

    /** How it was made. */
    public val method: String get() = told(cells)["method"] as String

    /** Genes that a query is compared by. */
    public val genes: List<String> get() = cells.varNames

    /** Columns of labels that a query can get. */
    public val labels: List<String>
        get() = ((told(cells)["labels"] as? NdArray)?.takeIf { it.isText }?.texts()?.toList()).orEmpty()

    /** Number of the reference's cells. */
    public val nCells: Int get() = cells.nObs

    /** Number of components. */
    public val nPcs: Int get() = core.nDims()

    /** Number of soft clusters. */
    public val nClusters: Int get() = core.nClusters()

    internal val places: DenseMatrix get() = (cells.obsm.get(PLACES) as Matrix).toDense()

    internal val hasLayout: Boolean get() = LAYOUT in cells.obsm.keys

    internal val isOfLogarithms: Boolean get() = told(cells)["of_logarithms"] as? Boolean ?: true

    /** Neighbours that the layout was computed from; null for a layout that was given. */
    internal val layoutNeighbors: Int? get() = (told(cells)["n_neighbors"] as? Number)?.toInt()

    /**
     * Writes this as an ordinary `.h5ad` file, which scanpy opens. An old file of this name is replaced when the new
     * one is complete.
     */
    public fun save(path: String): Unit = cells.writeH5ad(path)

    override fun toString(): String =
        "ReferenceMap of $nCells cells: $nPcs components of ${genes.size} genes, $nClusters clusters, labels $labels"

    public companion object {
        internal const val PLACES = "X_reference"
        internal const val LAYOUT = "X_umap"
        private const val KEY = "reference_map"
        private const val FORMAT = "cellweave.reference_map"
        private const val VERSION = 1L

        /**
         * Reads what [save] has written.
         *
         * @throws FormatException when the file holds no reference, one of a newer version, or a damaged one
         */
        public fun load(path: String): ReferenceMap {
            val adata = H5adReader.read(FilePath.of(path), h5adOptions(false))
            try {
                return ReferenceMap(adata)
            } catch (e: FormatException) {
                throw FormatException("'$path' cannot be used as a reference: ${e.message}", e)
            }
        }

        /** @param parts see [cells]; [about] goes beside the format into `uns["reference_map"]` */
        internal fun of(
            core: CompressedReference,
            genes: List<String>,
            obs: DataFrame,
            places: DenseMatrix,
            about: Map<String, Any?>,
        ): ReferenceMap {
            val table = DataFrame.ofNames(*genes.toTypedArray())
            table.set("mean", NumericColumn.of(*core.mean()))
            table.set("std", NumericColumn.of(*core.std()))
            val cells = AnnData(null, obs, table)
            cells.varm.set("PCs", core.loadings())
            cells.obsm.set(PLACES, places)
            cells.uns[KEY] = dict("format" to FORMAT, "version" to VERSION) + about + arraysOf(core)
            return ReferenceMap(cells)
        }

        private fun arraysOf(core: CompressedReference): Map<String, Any?> {
            val (clusters, dims) = core.nClusters() to core.nDims()

            fun array(x: DenseMatrix, vararg shape: Int) =
                NdArray(DType.FLOAT64, shape, x.toFloat64().copy().doubleData())

            return dict(
                "sigma" to core.sigma(),
                "directions" to array(core.directions(), clusters, dims),
                "centroids" to array(core.centroids(), clusters, dims),
                "covariances" to array(core.covariances(), clusters, dims, dims),
                "cluster_sizes" to NdArray.of(*core.sizes()),
                "cluster_sums" to array(core.sums(), clusters, dims),
            )
        }

        @Suppress("UNCHECKED_CAST")
        private fun told(cells: AnnData): Map<String, Any?> =
            cells.uns[KEY] as? Map<String, Any?>
                ?: throw FormatException(
                    "uns['$KEY'] is missing; sc.tl.buildReference(adata, ..., filename = ...) writes such a file",
                )

        private fun coreOf(cells: AnnData): CompressedReference {
            val told = told(cells)
            requireVersion(told)
            requireLabels(cells)
            requireGenes(cells)
            requireLayout(cells)
            val loadings = matrix(cells.varm.find("PCs"), "varm['PCs']")
            val sizes = numbers(told, "cluster_sizes")
            val (clusters, dims) = sizes.size to loadings.nCols()

            fun table(key: String, columns: Int): DenseMatrix {
                val values = numbers(told, key)
                if (values.size != clusters * columns) {
                    throw damaged("uns['$KEY']['$key'] has ${values.size} numbers, expected $clusters x $columns")
                }
                return DenseMatrix.wrap(values, clusters, columns)
            }
            val places = matrix(cells.obsm.find(PLACES), "obsm['$PLACES']")
            if (places.nCols() != dims) {
                throw damaged("obsm['$PLACES'] has ${places.nCols()} columns, expected $dims")
            }
            try {
                return CompressedReference(
                    gene(cells, "mean"), gene(cells, "std"), loadings.toFloat64(), table("directions", dims),
                    table("centroids", dims), table("covariances", dims * dims), sizes, table("cluster_sums", dims),
                    told["sigma"] as? Double ?: throw damaged("uns['$KEY']['sigma'] is missing or no number"),
                )
            } catch (e: IllegalArgumentException) {
                throw FormatException("it is damaged: ${e.message}", e)
            } catch (e: ShapeMismatchException) {
                throw FormatException("it is damaged: ${e.message}", e)
            }
        }

        private fun requireVersion(told: Map<String, Any?>) {
            if (told["format"] != FORMAT) {
                throw FormatException("uns['$KEY']['format'] must be '$FORMAT', got '${told["format"]}'")
            }
            val version = (told["version"] as? Number)?.toLong()
            if (version != VERSION) {
                throw FormatException(
                    "uns['$KEY']['version'] is ${told["version"]}, and this version of Cellweave reads $VERSION. " +
                        "Build the reference again, or use the version that wrote it",
                )
            }
            if (told["method"] !is String) throw damaged("uns['$KEY']['method'] is missing")
        }

        private fun requireLabels(cells: AnnData) {
            val labels = (told(cells)["labels"] as? NdArray)?.takeIf { it.isText }?.texts().orEmpty()
            val lost = labels.firstOrNull { cells.obs.find(it) !is CategoricalColumn }
            if (lost != null) throw damaged("obs['$lost'] is missing or not categorical")
        }

        /** A query's genes are found by name. */
        private fun requireGenes(cells: AnnData) {
            val twice = cells.varNames.firstRepeated()
            if (twice != null) throw damaged("var has '${twice.key}' ${twice.value} times")
        }

        private fun requireLayout(cells: AnnData) {
            val given = told(cells)["n_neighbors"] ?: return
            val neighbors = (given as? Number)?.toLong()
            if (neighbors == null || neighbors < 1 || neighbors > cells.nObs) {
                throw damaged("uns['$KEY']['n_neighbors'] must be from 1 to the ${cells.nObs} cells, got $given")
            }
        }

        private fun matrix(found: AxisArray?, name: String): DenseMatrix =
            (found as? Matrix)?.toDense() ?: throw damaged("$name is missing or no matrix")

        private fun numbers(told: Map<String, Any?>, key: String): DoubleArray =
            when (val value = told[key]) {
                is NdArray -> if (value.isText) null else value.toDoubles()
                is Matrix ->
                    value
                        .toDense()
                        .toFloat64()
                        .copy()
                        .doubleData()
                else -> null
            } ?: throw damaged("uns['$KEY']['$key'] is missing or holds no numbers")

        private fun gene(cells: AnnData, key: String): DoubleArray =
            (cells.`var`.find(key) as? NumericColumn)?.toDoubles()
                ?: throw damaged("var['$key'] is missing or no numbers")

        private fun damaged(what: String) = FormatException("it is damaged: $what")
    }
}

/** The columns of labels that a query is to get, all of the reference where [asked] is null. */
internal fun ReferenceMap.labelsAsked(asked: Collection<String>?): List<String> {
    val wanted = asked?.toList() ?: labels
    for (label in wanted) {
        require(label in labels) {
            "labels must be among those of the reference, $labels, got '$label'.${Check.suggestion(label, labels)}"
        }
    }
    return wanted
}
