package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.RecordArray
import org.cellweave.dsl.slots.dict
import org.cellweave.testing.Tolerance
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** Filters and overlaps of ranked genes, logistic regression, aggregates; beside scanpy where it is there. */
class MarkersTest {
    @TempDir
    lateinit var folder: Path

    private fun logged(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 240, nGenes = 300, nTypes = 3)
        adata.layers["counts"] = adata.X.copy()
        return sc.pp.log1p(sc.pp.normalizeTotal(adata))
    }

    @Suppress("UNCHECKED_CAST")
    private fun AnnData.stored(key: String) = uns[key] as Map<String, Any?>

    private fun AnnData.names(key: String): Map<String, List<String>> =
        (stored(key)["names"] as RecordArray).fields().mapValues { it.value.texts().toList() }

    /** Cells with three groups of their own; scanpy runs [script] on the same file. */
    private fun kang(script: String): AnnData {
        val adata = controlCells()
        sc.pp.filterGenes(adata, minCells = 50)
        sc.pp.log1p(sc.pp.normalizeTotal(adata, targetSum = 1e4))
        val totals = adata.X.rowSums()
        val order = totals.indices.sortedBy { totals[it] }
        val rank = IntArray(totals.size).also { r -> order.forEachIndexed { i, cell -> r[cell] = i } }
        adata.obs["g"] = Array(totals.size) { "abc"[3 * rank[it] / totals.size].toString() }
        adata.obs["h"] = Array(totals.size) { if (it % 7 < 3) "x" else "y" }
        adata.obs.set("g", adata.obs["g"].asCategorical())
        adata.writeH5ad(folder.resolve("a.h5ad").toString())
        Peer.run(folder, "a = ad.read_h5ad('a.h5ad')\n" + script.trimIndent())
        return adata
    }

    private fun lines(name: String): List<List<String>> =
        folder
            .resolve(name)
            .toFile()
            .readLines()
            .map { it.split(",") }

    @Test
    fun `the same genes stay as in scanpy`() {
        val adata =
            kang(
                """
def show(key, f):
    n = a.uns[key]["names"]
    open(f, "w").write("\n".join(",".join(str(x) for x in n[g]) for g in n.dtype.names))
for pts, tag in ((True, "pts"), (False, "no")):
    sc.tl.rank_genes_groups(a, "g", n_genes=60, pts=pts)
    sc.tl.filter_rank_genes_groups(a, min_fold_change=0.2, max_out_group_fraction=0.9)
    show("rank_genes_groups_filtered", tag + ".txt")
sc.tl.rank_genes_groups(a, "g", groups=["a"], reference="b", n_genes=60)
sc.tl.filter_rank_genes_groups(a, min_fold_change=0.1, max_out_group_fraction=0.9, compare_abs=True, key_added="k")
show("k", "pair.txt")
""",
            )
        for ((pts, tag) in listOf(true to "pts", false to "no")) {
            sc.tl.rankGenesGroups(adata, "g", nGenes = 60, pts = pts)
            sc.tl.filterRankGenesGroups(adata, minFoldChange = 0.2, maxOutGroupFraction = 0.9)
            assertSameNames(adata.names("rank_genes_groups_filtered").values.toList(), lines("$tag.txt"))
        }
        sc.tl.rankGenesGroups(adata, "g", groups = listOf("a"), reference = "b", nGenes = 60)
        sc.tl.filterRankGenesGroups(
            adata, minFoldChange = 0.1, maxOutGroupFraction = 0.9, compareAbs = true, keyAdded = "k",
        )
        assertSameNames(adata.names("k").values.toList(), lines("pair.txt"))
        assertThat(adata.names("rank_genes_groups_filtered").values.flatten()).contains("nan")
        adata.writeH5ad(folder.resolve("out.h5ad").toString())
        val back = sc.readH5ad(folder.resolve("out.h5ad").toString())
        assertThat(back.names("k")).isEqualTo(adata.names("k"))
        Peer.judge(folder, "ad.read_h5ad('out.h5ad').uns['k']['names']['a']")
    }

    /** Genes with equal scores may change places. */
    private fun assertSameNames(ours: List<List<String>>, theirs: List<List<String>>) {
        assertThat(ours.size).isEqualTo(theirs.size)
        for (g in ours.indices) {
            assertThat(ours[g].sorted()).isEqualTo(theirs[g].sorted())
        }
    }

    @Test
    fun `coefficients are scikit-learn's`() {
        val whole =
            kang(
                """
a = a[:, :60].copy()
for tag, kw in {"all": {}, "two": dict(groups=["a", "c"]), "ref": dict(groups=["b"], reference="c")}.items():
    sc.tl.rank_genes_groups(a, "g", method="logreg", max_iter=5000, tol=1e-7, **kw)
    r = a.uns["rank_genes_groups"]
    assert sorted(r) == ["names", "params", "scores"], sorted(r)
    with open(tag + ".txt", "w") as f:
        for g in r["names"].dtype.names:
            for n, s in zip(r["names"][g], r["scores"][g]):
                f.write(f"{g},{n},{s}\n")
""",
            )
        val adata = whole[all, whole.varNames.take(60)].copy()
        for ((tag, groups, reference) in listOf(
            Triple("all", null, "rest"),
            Triple("two", listOf("a", "c"), "rest"),
            Triple("ref", listOf("b"), "c"),
        )) {
            sc.tl.rankGenesGroups(
                adata, "g", method = "logreg", maxIter = 5000, tol = 1e-7, groups = groups, reference = reference,
            )
            val ours = adata.stored("rank_genes_groups")
            assertThat(ours.keys).containsExactlyInAnyOrder("names", "params", "scores")
            val scores = HashMap<Pair<String, String>, Double>()
            for ((group, genes) in adata.names("rank_genes_groups")) {
                val values = (ours["scores"] as RecordArray).get(group).toDoubles()
                genes.forEachIndexed { r, gene -> scores[group to gene] = values[r] }
            }
            // Of two groups scanpy has one ranking: the coefficients of the second, filed under the first.
            val sign = if (tag == "all") 1 else -1
            val theirs = lines("$tag.txt").associate { (it[0] to it[1]) to sign * it[2].toDouble() }
            assertThat(scores.keys).containsAll(theirs.keys)
            assertThat(scores.keys.map { it.first }.toSet())
                .isEqualTo(mapOf("all" to setOf("a", "b", "c"), "two" to setOf("a", "c"), "ref" to setOf("b"))[tag])
            assertThat(theirs.maxOf { (at, v) -> Math.abs(v - scores.getValue(at)) }).isLessThan(1e-3)
        }
    }

    @Test
    fun `overlaps are scanpy's`() {
        val adata =
            kang(
                """
sc.tl.rank_genes_groups(a, "g", method="wilcoxon", tie_correct=True)
ref = {"one": list(a.var_names[:40]), "two": list(a.var_names[100:300]), "none": ["Z"]}
for i, kw in enumerate([{}, dict(normalize="data"), dict(normalize="reference"), dict(method="jaccard"),
                        dict(method="overlap_coef", top_n_markers=50), dict(adj_pval_threshold=0.01)]):
    sc.tl.marker_gene_overlap(a, ref, **kw).to_csv(f"{i}.csv")
""",
            )
        sc.tl.rankGenesGroups(adata, "g", method = "wilcoxon", tieCorrect = true)
        val names = adata.varNames
        val ref = mapOf("one" to names.subList(0, 40), "two" to names.subList(100, 300), "none" to listOf("Z"))

        fun overlap(i: Int, table: DataFrame) {
            val theirs = lines("$i.csv")
            assertThat(table.keys.toList()).isEqualTo(theirs[0].drop(1))
            for ((c, key) in table.keys.withIndex()) {
                val column = DoubleArray(3) { theirs[it + 1][c + 1].toDouble() }
                assertThat(table.get(key).toDoubles()).`as`("%d", i).containsExactly(column, within(Tolerance.EXACT))
            }
        }
        overlap(0, sc.tl.markerGeneOverlap(adata, ref))
        overlap(1, sc.tl.markerGeneOverlap(adata, ref, normalize = "data"))
        overlap(2, sc.tl.markerGeneOverlap(adata, ref, normalize = "reference"))
        overlap(3, sc.tl.markerGeneOverlap(adata, ref, method = "jaccard"))
        overlap(4, sc.tl.markerGeneOverlap(adata, ref, method = "overlap_coef", topNMarkers = 50))
        overlap(5, sc.tl.markerGeneOverlap(adata, ref, adjPvalThreshold = 0.01))
    }

    @Test
    fun `aggregates are scanpy's`() {
        val adata =
            kang(
                """
funcs = ["mean", "sum", "count_nonzero", "var", "median"]
sc.get.aggregate(a, ["g", "h"], funcs).write_h5ad("two.h5ad")
a.var["v"] = pd.Categorical(["p" if n < "M" else "q" for n in a.var_names])
sc.get.aggregate(a, "v", funcs, axis=1).write_h5ad("genes.h5ad")
""",
            )
        val funcs = listOf("mean", "sum", "count_nonzero", "var", "median")
        adata.`var`["v"] = adata.varNames.map { if (it < "M") "p" else "q" }
        val ours = sc.get.aggregate(adata, listOf("g", "h"), funcs)
        assertSameLayers(ours, "two.h5ad")
        assertThat(ours.obs["g"].texts().toList()).containsExactly("a", "a", "b", "b", "c", "c")
        assertThat(ours.obsNames).containsExactly("a_x", "a_y", "b_x", "b_y", "c_x", "c_y")
        assertSameLayers(sc.get.aggregate(adata, listOf("v"), funcs, axis = 1), "genes.h5ad")
    }

    private fun assertSameLayers(ours: AnnData, file: String) {
        val theirs = sc.readH5ad(folder.resolve(file).toString())
        assertThat(ours.obsNames).isEqualTo(theirs.obsNames)
        assertThat(ours.varNames).isEqualTo(theirs.varNames)
        assertThat(ours.obs.keys.toSet()).isEqualTo(theirs.obs.keys.toSet())
        assertThat(ours.layers.keys.toSet()).isEqualTo(theirs.layers.keys.toSet())
        for (key in ours.layers.keys) {
            val a = ours.layers
                .get(key)
                .toDense()
                .toFloat64()
                .doubleData()
            val b = theirs.layers
                .get(key)
                .toDense()
                .toFloat64()
                .doubleData()
            for (i in a.indices) {
                assertThat(a[i]).`as`("%s %d", key, i).isCloseTo(b[i], within(1e-5 * Math.abs(b[i]) + 1e-6))
            }
        }
    }

    @Test
    fun `aggregates of obsm and with a mask`() {
        val adata = sc.pp.pca(logged(), nComps = 3)
        val mask = adata.obs["batch"] eq adata.obs["batch"].texts()[0]
        val out = sc.get.aggregate(adata, "cell_type", "mean", obsm = "X_pca", mask = mask)
        assertThat(out.nVars).isEqualTo(3)
        val name = out.obsNames[0]
        val both = mask and (adata.obs["cell_type"] eq name)
        val cells = both.indices.filter { both[it] }
        val pcs = adata.obsm.matrix("X_pca", "")
        assertThat(out.layers.get("mean").get(0, 1))
            .isCloseTo(cells.sumOf { pcs.get(it, 1) } / cells.size, within(1e-6))
        adata.`var`["half"] = List(adata.nVars) { "all" }
        val genes = sc.get.aggregate(adata, "half", "sum", layer = "counts", axis = 1)
        assertThat(genes.layers.get("sum").rowSums())
            .containsExactly(adata.layers.get("counts").rowSums(), within(Tolerance.F64))
    }

    @Test
    fun messages() {
        val adata = logged()
        assertThatThrownBy { sc.tl.filterRankGenesGroups(adata) }.hasMessageContaining("Run sc.tl.rankGenesGroups()")
        sc.tl.rankGenesGroups(adata, "cell_type")
        assertThatThrownBy { sc.tl.filterRankGenesGroups(adata, useRaw = true) }
            .hasMessageContaining("adata.raw is not set")
        assertThatThrownBy { sc.tl.filterRankGenesGroups(adata, groupby = "batch") }
            .hasMessageContaining("groupby must have the groups of the ranking")
        assertThatThrownBy { sc.tl.markerGeneOverlap(adata, emptyMap()) }.hasMessageContaining("must not be empty")
        assertThatThrownBy { sc.tl.markerGeneOverlap(adata, mapOf("a" to listOf("b")), method = "jacard") }
            .hasMessageContaining("Did you mean 'jaccard'?")
        assertThatThrownBy { sc.tl.markerGeneOverlap(adata, mapOf("a" to listOf("b")), adjPvalThreshold = 2.0) }
            .hasMessageContaining("adjPvalThreshold must lie in")
        sc.tl.rankGenesGroups(adata, "cell_type", method = "logreg", maxIter = 2)
        assertThatThrownBy { sc.tl.markerGeneOverlap(adata, mapOf("a" to listOf("b")), adjPvalThreshold = 0.1) }
            .hasMessageContaining("which has p-values")
        assertThatThrownBy { sc.get.aggregate(adata, "cell_typ", "mean") }
            .hasMessageContaining("Did you mean 'cell_type'?")
        assertThatThrownBy { sc.get.aggregate(adata, "cell_type", "median2") }
            .hasMessageContaining("Did you mean 'median'?")
        assertThatThrownBy { sc.get.aggregate(adata, "cell_type", "mean", axis = 2) }
            .hasMessageContaining("axis must be one of [obs, var, 0, 1], got '2'")
        assertThatThrownBy { sc.get.aggregate(adata, "cell_type", "mean", obsm = "a", layer = "b") }
            .hasMessageContaining("exclude each other")
        assertThatThrownBy { sc.get.aggregate(adata, "cell_type", "mean", obsm = "a", axis = 1) }
            .hasMessageContaining("obsm goes with axis = 0")
        assertThatThrownBy { sc.get.aggregate(adata, "cell_type", "mean", varm = "a", axis = 0) }
            .hasMessageContaining("varm goes with axis = 1")
    }

    @Test
    fun `an overlap written in place survives the file`() {
        val adata = logged()
        sc.tl.rankGenesGroups(adata, "cell_type")
        val first = adata.varNames.take(5)
        val table = sc.tl.markerGeneOverlap(adata, mapOf("t" to first), inplace = true)
        adata.writeH5ad(folder.resolve("o.h5ad").toString())
        val back = sc.readH5ad(folder.resolve("o.h5ad").toString()).uns["marker_gene_overlap"] as DataFrame
        assertThat(back.names).containsExactly("t")
        assertThat(back.keys).isEqualTo(table.keys)
    }
}
