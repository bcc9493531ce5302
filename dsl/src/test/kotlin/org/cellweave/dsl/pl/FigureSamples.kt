package org.cellweave.dsl.pl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.Raw
import org.cellweave.data.RecordArray
import org.cellweave.data.StringColumn
import org.cellweave.dsl.slots.categories
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.H5Reference
import org.cellweave.testing.SharedData
import java.nio.file.Files
import java.nio.file.Path
import java.util.SplittableRandom

/** Objects to draw. */
internal object FigureSamples {
    val figures: Path by lazy { Files.createDirectories(SharedData.projectRoot().resolve("dsl/target/figures")) }

    /** [n] cells of three groups with an embedding, a score with one missing value, and four genes. */
    fun cells(n: Int, seed: Long = 0): AnnData {
        val random = SplittableRandom(seed)
        val group = IntArray(n) { it % 3 }
        val umap = DoubleArray(2 * n) { random.nextDouble() + 4 * group[it / 2] * (it % 2) }
        val x = FloatArray(4 * n) {
            if (random.nextDouble() <
                0.5
            ) {
                0f
            } else {
                random.nextDouble().toFloat() * (it % 4 + 1)
            }
        }
        val adata = AnnData(
            DenseMatrix.wrap(x, n, 4),
            DataFrame.ofNames(*Array(n) { "c$it" }),
            DataFrame.ofNames("Ga", "Gb", "Gc", "Gd"),
        )
        adata.obs.set("group", CategoricalColumn(group, StringColumn.of("a", "b", "c"), false))
        adata.obs.set("score", NumericColumn.of(*DoubleArray(n) { if (it == 0) Double.NaN else it.toDouble() }))
        adata.obsm.set("X_umap", DenseMatrix.wrap(umap, n, 2))
        return adata
    }

    /** scanpy's result on the Kang cells, a copy that a test may change; skips the test without those. */
    fun kang(): AnnData = read.copy()

    private val read: AnnData by lazy {
        H5Reference.of(H5Reference.kangFile()).use { h ->
            val obs = DataFrame.ofNames(*h.strings("obs/" + indexName(h, "obs")))
            for (key in listOf("batch", "leiden")) {
                obs.set(key, CategoricalColumn(h.codes("obs/$key"), StringColumn.of(*h.categories("obs/$key")), false))
            }
            for (key in listOf("total_counts", "n_genes_by_counts", "pct_counts_in_top_50_genes")) {
                obs.set(key, NumericColumn.of(*h.doubles("obs/$key")))
            }
            val variables = DataFrame.ofNames(*h.strings("var/" + indexName(h, "var")))
            for (key in listOf("means", "dispersions", "dispersions_norm")) {
                if (h.has("var/$key")) variables.set(key, NumericColumn.of(*h.doubles("var/$key")))
            }
            variables.set(
                "highly_variable",
                org.cellweave.data.BooleanColumn
                    .of(*h.doubles("var/highly_variable").map { it == 1.0 }.toBooleanArray()),
            )
            val adata = AnnData(if (h.has("X/indptr")) h.csr("X") else h.dense("X"), obs, variables)
            if (h.has("raw/X")) {
                val names = DataFrame.ofNames(*h.strings("raw/var/" + indexName(h, "raw/var")))
                adata.raw = Raw.of(h.csr("raw/X"), names)
            }
            for (key in listOf("X_umap", "X_pca")) adata.obsm.set(key, h.dense("obsm/$key"))
            adata.uns["pca"] = mapOf("variance_ratio" to NdArray.of(*h.doubles("uns/pca/variance_ratio")))
            adata.uns["wilcoxon"] = differences(h, "uns/wilcoxon", adata)
            adata.uns["dendrogram_leiden"] = mapOf(
                "linkage" to
                    NdArray(
                        org.cellweave.matrix.DType.FLOAT64, intArrayOf(h.categories("obs/leiden").size - 1, 4),
                        h
                            .doubles("uns/dendrogram_leiden/linkage"),
                    ),
                "categories_ordered" to NdArray.of(*h.strings("uns/dendrogram_leiden/categories_ordered")),
            )
            adata.uns["paga"] = mapOf(
                "connectivities" to h.csr("uns/paga/connectivities"),
                "connectivities_tree" to h.csr("uns/paga/connectivities_tree"),
                "groups" to "leiden",
            )
            adata
        }
    }

    private fun indexName(h: H5Reference, group: String): String = h.node(group).getAttribute("_index").data as String

    private fun differences(h: H5Reference, path: String, adata: AnnData): Map<String, Any> {
        val groups = (adata.obs.get("leiden") as CategoricalColumn).categoryNames()
        val out = LinkedHashMap<String, Any>()
        out["params"] = mapOf("groupby" to "leiden", "reference" to "rest", "method" to "wilcoxon", "use_raw" to false)
        val n = h.recordStrings("$path/names", groups[0]).size
        out["names"] =
            RecordArray(n).also { a -> groups.forEach { a.with(it, NdArray.of(*h.recordStrings("$path/names", it))) } }
        for (field in listOf("scores", "logfoldchanges", "pvals", "pvals_adj")) {
            if (!h.has("$path/$field")) continue
            out[field] =
                RecordArray(n).also { a ->
                    groups.forEach { a.with(it, NdArray.of(*h.recordDoubles("$path/$field", it))) }
                }
        }
        return out
    }
}
