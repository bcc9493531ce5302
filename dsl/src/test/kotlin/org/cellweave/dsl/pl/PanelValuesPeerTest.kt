package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.Figure
import org.cellweave.dsl.Peer
import org.cellweave.dsl.dendrogram
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.filterRankGenesGroups
import org.cellweave.dsl.matrixplot
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.rankGenesGroupsDotplot
import org.cellweave.dsl.rankGenesGroupsMatrixplot
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.dsl.slots.dict
import org.cellweave.matrix.Matrix
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** The values that tables of groups and genes draw, and their order, beside scanpy's on its own small data set. */
class PanelValuesPeerTest {
    @TempDir lateinit var folder: Path

    companion object {
        @JvmStatic
        @BeforeAll
        fun needsScanpy() = Peer.needed()
    }

    private class Cell(val group: String, val gene: String, val value: Double, val size: Double)

    private fun theirs(case: String): List<Cell> =
        Files.readAllLines(folder.resolve("$case.tsv")).map { line ->
            val f = line.split('\t')
            Cell(f[0], f[1], f[2].toDouble(), f[3].toDouble())
        }

    private fun ours(figure: Figure, geom: String): List<Cell> {
        val layer = Specs
            .layers(Specs.plots(figure).single())
            .first { it["geom"] == geom && "gene" in (it["data"] as Map<*, *>) }
        val groups = Specs.column(layer, "group")
        val genes = Specs.column(layer, "gene")
        val values = Specs.column(layer, "value")
        val parts = if (geom == "point") Specs.column(layer, "fraction") else groups.map { 0.0 }
        return groups.indices.map {
            Cell(
                groups[it].toString(), genes[it].toString(), (values[it] as? Number)?.toDouble() ?: Double.NaN,
                (parts[it] as Number).toDouble(),
            )
        }
    }

    /** Dots of size nothing may be left out of the figure. */
    private fun same(case: String, figure: Figure, geom: String, tolerance: Double = 1e-5) {
        val expected = theirs(case)
        val got = ours(figure, geom)
        for ((what, name) in listOf(Cell::group to "groups", Cell::gene to "genes")) {
            assertThat(got.map(what).distinct()).`as`("$case: $name").isEqualTo(expected.map(what).distinct())
        }
        val byPlace = got.groupBy { it.group to it.gene }
        for ((place, cells) in expected.groupBy { it.group to it.gene }) {
            for ((a, b) in byPlace.getValue(place).zip(cells)) {
                assertThat(a.value).`as`("$case: value at $place").isCloseTo(b.value, within(tolerance))
                if (geom == "point") assertThat(a.size).`as`("$case: size at $place").isCloseTo(b.size, within(1e-6))
            }
        }
    }

    @Test
    fun `values and order are scanpy's`() {
        Peer.run(
            folder,
            """
            sc.settings.verbosity = 0
            import matplotlib; matplotlib.use("Agg")
            a = sc.datasets.pbmc68k_reduced()
            a.uns = {k: v for k, v in a.uns.items() if k in ("neighbors", "pca")}
            a.obs["few"] = a.obs["phase"].astype("category")
            a.write_h5ad("pbmc.h5ad")
            G = ["CD79A", "LYZ", "CD3D", "NKG7", "LYZ"]
            M = {"T": ["CD3D"], "B": ["CD79A"], "other": ["NKG7", "LYZ"]}
            def put(name, p):
                df = getattr(p, "dot_color_df", None)
                df = p.values_df if df is None else df
                size = getattr(p, "dot_size_df", df)
                if p.var_names_idx_order is not None:
                    df, size = df.iloc[:, p.var_names_idx_order], size.iloc[:, p.var_names_idx_order]
                if p.categories_order is not None:
                    df, size = df.loc[p.categories_order, :], size.loc[p.categories_order, :]
                with open(name + ".tsv", "w") as f:
                    for i, g in enumerate(df.index):
                        for j, n in enumerate(df.columns):
                            f.write(f"{g}\t{n}\t{float(df.iloc[i, j])}\t{float(size.iloc[i, j])}\n")
            for tree in (False, True):
                t = "tree" if tree else "flat"
                put(t + "_dots", sc.pl.dotplot(a, G[:4], "bulk_labels", dendrogram=tree, return_fig=True))
                kw = dict(dendrogram=tree, return_fig=True)
                put(t + "_map", sc.pl.matrixplot(a, M, "louvain", standard_scale="var", **kw))
                put(t + "_x", sc.pl.matrixplot(a, G[:4], "louvain", use_raw=False, standard_scale="group", **kw))
            put("two", sc.pl.dotplot(a, G[:4], ["bulk_labels", "few"], return_fig=True))
            put("bins", sc.pl.dotplot(a, G[:4], "percent_mito", num_categories=4, return_fig=True))
            kw = dict(log=True, expression_cutoff=0.5, mean_only_expressed=True, standard_scale="group")
            put("only", sc.pl.dotplot(a, G[:4], "few", categories_order=["S", "G1", "G2M"], return_fig=True, **kw))
            kw = dict(var_group_positions=[(0, 1), (2, 3)], var_group_labels=["x", "y"], dendrogram=True)
            put("labels", sc.pl.dotplot(a, G[:4], "few", return_fig=True, **kw))
            sc.tl.rank_genes_groups(a, "bulk_labels", method="wilcoxon")
            put("rank", sc.pl.rank_genes_groups_dotplot(a, n_genes=3, return_fig=True))
            some = ["CD19+ B", "Dendritic"]
            put("rank_some", sc.pl.rank_genes_groups_dotplot(a, groups=some, n_genes=3, return_fig=True))
            put("rank_low", sc.pl.rank_genes_groups_matrixplot(a, n_genes=-2, return_fig=True))
            kw = dict(n_genes=4, min_logfoldchange=3, values_to_plot="logfoldchanges")
            put("rank_min", sc.pl.rank_genes_groups_matrixplot(a, return_fig=True, **kw))
            kw = dict(n_genes=2, values_to_plot="log10_pvals_adj")
            put("rank_p", sc.pl.rank_genes_groups_dotplot(a, return_fig=True, **kw))
            kw = dict(var_names=M, values_to_plot="scores")
            put("rank_score", sc.pl.rank_genes_groups_matrixplot(a, return_fig=True, **kw))
            sc.tl.rank_genes_groups(a, "bulk_labels", method="t-test", use_raw=False)
            put("rank_raw", sc.pl.rank_genes_groups_dotplot(a, n_genes=2, return_fig=True))
            sc.tl.rank_genes_groups(a, "louvain", method="wilcoxon")
            kw = dict(min_in_group_fraction=-1, max_out_group_fraction=0.4)
            sc.tl.filter_rank_genes_groups(a, min_fold_change=2, compare_abs=True, **kw)
            kw = dict(key="rank_genes_groups_filtered", n_genes=3, dendrogram=False)
            put("filtered", sc.pl.rank_genes_groups_dotplot(a, return_fig=True, **kw))
            """,
        )
        val a = sc.readH5ad(folder.resolve("pbmc.h5ad").toString())
        val genes = listOf("CD79A", "LYZ", "CD3D", "NKG7")
        val map = mapOf("T" to listOf("CD3D"), "B" to "CD79A", "other" to listOf("NKG7", "LYZ"))
        for ((tree, name) in listOf(false to "flat", true to "tree")) {
            same("${name}_dots", sc.pl.dotplot(a, genes, "bulk_labels", dendrogram = tree), "point")
            same("${name}_map", sc.pl.matrixplot(a, map, "louvain", dendrogram = tree, standardScale = "var"), "rect")
            same(
                "${name}_x",
                sc.pl.matrixplot(a, genes, "louvain", dendrogram = tree, useRaw = false, standardScale = "group"),
                "rect",
            )
        }
        tables(a, genes)
        rankings(a, map)
    }

    @Test
    fun `trees are scanpy's for all their arguments`() {
        val ways = listOf("pearson", "spearman", "kendall").map { it to "complete" } +
            listOf("average", "single", "weighted", "ward", "centroid", "median").map { "pearson" to it }
        Peer.run(
            folder,
            """
            sc.settings.verbosity = 0
            a = sc.datasets.pbmc68k_reduced()
            a.uns = {}
            del a.raw
            a.obs["few"] = a.obs["phase"].astype("category")
            a.write_h5ad("pbmc.h5ad")
            def put(name, **kw):
                sc.tl.dendrogram(a, key_added="t", **kw)
                t = a.uns["t"]
                with open(name + ".tsv", "w") as f:
                    f.write("\t".join(t["categories_ordered"]) + "\n")
                    f.write("\t".join(str(float(x)) for x in t["linkage"].ravel()) + "\n")
                    f.write("\t".join(str(float(x)) for x in t["correlation_matrix"].ravel()) + "\n")
            for c in ("pearson", "spearman", "kendall"):
                put(c + "_complete", groupby="bulk_labels", cor_method=c)
            for l in ("average", "single", "weighted", "ward", "centroid", "median"):
                put("pearson_" + l, groupby="bulk_labels", linkage_method=l)
            put("pair", groupby=["few", "bulk_labels"])
            a.obsm["X_other"] = a.obsm["X_pca"][:, 3:20].copy()
            put("other", groupby="louvain", use_rep="X_other")
            put("some", groupby="louvain", n_pcs=7)
            put("x", groupby="louvain", use_rep="X")
            put("genes", groupby="louvain", var_names=list(a.var_names))
            """,
        )
        val a = sc.readH5ad(folder.resolve("pbmc.h5ad").toString())
        for ((cor, linkage) in ways) {
            sc.tl.dendrogram(a, "bulk_labels", corMethod = cor, linkageMethod = linkage, keyAdded = "t")
            sameTree(a, "${cor}_$linkage")
        }
        sc.tl.dendrogram(a, listOf("few", "bulk_labels"), keyAdded = "t")
        sameTree(a, "pair")
        a.obsm["X_other"] = (a.obsm["X_pca"] as Matrix).takeCols(IntArray(17) { it + 3 })
        sc.tl.dendrogram(a, "louvain", useRep = "X_other", keyAdded = "t")
        sameTree(a, "other")
        sc.tl.dendrogram(a, "louvain", nPcs = 7, keyAdded = "t")
        sameTree(a, "some")
        sc.tl.dendrogram(a, "louvain", useRep = "X", keyAdded = "t")
        sameTree(a, "x")
        sc.tl.dendrogram(a, "louvain", varNames = a.varNames, keyAdded = "t")
        sameTree(a, "genes")
    }

    private fun sameTree(a: AnnData, case: String) {
        val (order, linkage, correlation) = Files.readAllLines(folder.resolve("$case.tsv")).map { it.split('\t') }
        val tree = a.uns["t"] as Map<*, *>
        assertThat((tree["categories_ordered"] as NdArray).texts().toList()).`as`(case).isEqualTo(order)
        for ((field, expected) in listOf("linkage" to linkage, "correlation_matrix" to correlation)) {
            val values = (tree[field] as NdArray).toDoubles()
            assertThat(values).`as`("$case: $field").hasSize(expected.size)
            for (i in values.indices) {
                assertThat(values[i]).`as`("$case: $field[$i]").isCloseTo(expected[i].toDouble(), within(1e-5))
            }
        }
    }

    private fun tables(a: AnnData, genes: List<String>) {
        same("two", sc.pl.dotplot(a, genes, listOf("bulk_labels", "few")), "point")
        val bins = ours(sc.pl.dotplot(a, genes, "percent_mito", numCategories = 4), "point")
        theirs("bins").zip(bins).forEach { (b, a) -> assertThat(a.value).isCloseTo(b.value, within(1e-5)) }
        same(
            "only",
            sc.pl.dotplot(
                a, genes, "few", log = true, expressionCutoff = 0.5, meanOnlyExpressed = true, standardScale = "group",
                categoriesOrder = listOf("S", "G1", "G2M"),
            ),
            "point",
        )
        same(
            "labels",
            sc.pl.dotplot(
                a, genes, "few", varGroupPositions = listOf(0 to 1, 2 to 3), varGroupLabels = listOf("x", "y"),
                dendrogram = true,
            ),
            "point",
        )
    }

    private fun rankings(a: AnnData, map: Map<String, Any>) {
        sc.tl.rankGenesGroups(a, "bulk_labels", method = "wilcoxon")
        same("rank", sc.pl.rankGenesGroupsDotplot(a, nGenes = 3), "point")
        val some = listOf("CD19+ B", "Dendritic")
        same("rank_some", sc.pl.rankGenesGroupsDotplot(a, groups = some, nGenes = 3), "point")
        same("rank_low", sc.pl.rankGenesGroupsMatrixplot(a, nGenes = -2), "rect")
        same(
            "rank_min",
            sc.pl.rankGenesGroupsMatrixplot(a, nGenes = 4, minLogfoldchange = 3.0, valuesToPlot = "logfoldchanges"),
            "rect", 1e-3,
        )
        same("rank_p", sc.pl.rankGenesGroupsDotplot(a, nGenes = 2, valuesToPlot = "log10_pvals_adj"), "point", 1e-3)
        same("rank_score", sc.pl.rankGenesGroupsMatrixplot(a, varNames = map, valuesToPlot = "scores"), "rect", 1e-3)
        sc.tl.rankGenesGroups(a, "bulk_labels", method = "t-test", useRaw = false)
        same("rank_raw", sc.pl.rankGenesGroupsDotplot(a, nGenes = 2), "point")
        sc.tl.rankGenesGroups(a, "louvain", method = "wilcoxon")
        sc.tl.filterRankGenesGroups(
            a, minFoldChange = 2.0, compareAbs = true, minInGroupFraction = -1.0, maxOutGroupFraction = 0.4,
        )
        same(
            "filtered",
            sc.pl.rankGenesGroupsDotplot(a, key = "rank_genes_groups_filtered", nGenes = 3, dendrogram = false),
            "point",
        )
    }
}
