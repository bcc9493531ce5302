package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.ConvergenceException
import org.junit.jupiter.api.Test
import java.util.SplittableRandom

/** What verbs of clones cannot take is told by clone or cell, slot and number; nothing is written then. */
class ClonalRefusalsTest {
    private val random = SplittableRandom(5)

    private fun normal(n: Int, d: Int) = DenseMatrix.ofRows(Array(n) { DoubleArray(d) { random.nextGaussian() } })

    /** 60 cells, of which the first 20 have no clone, and 14 clones in 3 columns of `X` and of embeddings. */
    private fun cells(): AnnData {
        val names = DataFrame.ofNames(*Array(60) { "c$it" })
        val adata = AnnData(normal(60, 6), names, DataFrame.ofNames(*Array(6) { "g$it" }))
        adata.obs["clone"] = List(60) { if (it < 20) "NA" else "k${it % 4}" }
        adata.obs["batch"] = List(60) { if (it % 2 == 0) "u" else "v" }
        adata.obsm["X_pca"] = normal(60, 5)
        return adata
    }

    private fun clones(): AnnData {
        val n = 14
        val names = DataFrame.ofNames(*Array(n) { "k$it" })
        val clones = AnnData(normal(n, 3), names, DataFrame.ofNames("t0", "t1", "t2"))
        clones.obs["well"] = List(n) { if (it < 7) "x" else "y" }
        clones.obsm["z"] = normal(n, 3)
        clones.obsp["gex_adjacency"] =
            DenseMatrix.ofRows(Array(n) { i -> DoubleArray(n) { j -> ((i * j) % 5 + 1).toDouble() } }).toCsr()
        return clones
    }

    private fun filled(n: Int, d: Int, of: (Int, Int) -> Double) =
        DenseMatrix.ofRows(Array(n) { i -> DoubleArray(d) { j -> of(i, j) } })

    private fun refused(adata: AnnData, vararg parts: String, verb: () -> Unit) {
        val before = adata.copy()
        assertThatThrownBy { verb() }
            .isInstanceOfAny(IllegalArgumentException::class.java, ConvergenceException::class.java)
            .satisfies({ e -> parts.forEach { assertThat(e.message).contains(it) } })
            .satisfies({ e -> assertThat(e.message).doesNotContain("\n") })
        assertThat(adata.differenceTo(before)).isNull()
    }

    @Test
    fun `a cell without a direction is called by its name and slot`() {
        val adata = cells()
        val x = adata.obsm["X_pca"] as DenseMatrix
        for (j in 0 until 5) x.set(30, j, 0.0)
        val clones = c2v.pp.clonesAdata(adata)
        for (metric in listOf("cosine", "correlation")) {
            val kind = if (metric == "cosine") "all zero" else "constant"
            val said = "cell 'c30' (row 30) of obsm['X_pca'] is $kind, so that metric $metric is not defined"
            refused(clones, said) { c2v.tl.clonalNn(adata, clones, k = 3, metric = metric) }
            refused(clones, said) { c2v.tl.clonalNn(adata, clones, k = 3, metric = metric, splitBy = "batch") }
            refused(adata, said) { sc.pp.neighbors(adata, nNeighbors = 5, useRep = "X_pca", metric = metric) }
            refused(adata, said) {
                sc.pp.neighbors(adata, 5, useRep = "X_pca", metric = metric, knn = false, method = "gauss")
            }
            refused(adata, said) { sc.pp.bbknn(adata, "batch", metric = metric) }
        }
        refused(clones, "cell 'c30' (row 30) of adataRef.obsm['X_pca'] is all zero") {
            c2v.tl.clonalNn(cells(), clones, k = 3, metric = "cosine", adataRef = adata, clonesRef = clones)
        }
        refused(clones, "cell 'c30' (row 30) of obsm['X_pca'] is all zero") {
            c2v.tl.clonalNn(adata, clones, k = 3, metric = "cosine", adataRef = cells(), clonesRef = clones)
        }
        for (i in 20 until 60) for (j in 0 until 5) x.set(i, j, 1e300 * (i + 1))
        refused(clones, "the distance between cells 'c20' and 'c", " of obsm['X_pca'] is Infinity") {
            c2v.tl.clonalNn(adata, clones, k = 3)
        }
    }

    @Test
    fun `coordinates of clones are no cells and no genes`() {
        val clones = clones()
        c2v.tl.findMnn(clones, "well", useRep = "z", k = 5, minAnchors = 1)
        (clones.obsm["z"] as DenseMatrix).set(1, 1, Double.NaN)
        val said = "clone 'k1' (row 1), column 1 of obsm['z'] is NaN"
        refused(clones, said) { c2v.tl.findMnn(clones, "well", useRep = "z", k = 5) }
        refused(clones, said) { c2v.tl.align(clones, useRep = "z") }
        refused(clones, said) { c2v.tl.clone2vec(clones, zDim = 3, init = "custom", initObsm = "z") }
        refused(clones, "cell 'k1' (row 1), column 1 of obsm['z'] is NaN") {
            sc.pp.neighbors(clones, 5, useRep = "z")
        }
        clones.obsm["z"] = filled(14, 3) { i, j -> if (i == 9) 0.0 else 1.0 + i * j }
        refused(clones, "clone 'k9' (row 9) of obsm['z'] is all zero") {
            c2v.tl.findMnn(clones, "well", useRep = "z", k = 5, metric = "cosine")
        }
        clones.obsm["z"] = filled(14, 3) { i, j -> 1e200 * (i * j + 1) }
        refused(clones, "1.0E200 for clone 'k0' (row 0), column 0 of obsm['z']", "up to 1.0E50") {
            c2v.tl.align(clones, useRep = "z")
        }
        refused(clones, "clone 'k0' (row 0), column 0 of obsm['z'] is 1.0E200", "up to 1.0E15") {
            c2v.tl.clone2vec(clones, zDim = 3, init = "custom", initObsm = "z")
        }
    }

    @Test
    fun `fits that end in no numbers, and arguments beyond all`() {
        val clones = clones()
        refused(clones, "learningRate = 1.0E200 is too large; lower it") {
            c2v.tl.clone2vec(clones, zDim = 3, solver = "sgd", learningRate = 1e200)
        }
        c2v.tl.clone2vec(clones, zDim = 3, solver = "sgd", batchSize = Int.MAX_VALUE, maxIter = 2)
        assertThat((clones.obsm["clone2vec"] as Matrix).nRows()).isEqualTo(14)
        refused(clones, "numTrees must be at most 1000000, got 2147483647") {
            c2v.tl.boostedTrees(clones, "z", numTrees = Int.MAX_VALUE)
        }
        clones.X = filled(14, 3) { _, _ -> 1e308 }
        clones.obsp["connectivities"] = filled(14, 14) { i, j -> if (i == j) 0.0 else 1.0 }.toCsr()
        refused(clones, "smooth has no finite numbers for 'k0', but Infinity in column 0", "rescale them first") {
            c2v.tl.smooth(clones)
        }
        val adata = cells()
        adata.X = filled(60, 6) { _, _ -> 1e308 }
        refused(adata, "no finite numbers for 'k0', but Infinity in column 0", "rescale them first") {
            c2v.pp.transferExpression(adata, c2v.pp.clonesAdata(adata))
        }
    }

    @Test
    fun `weights and counts between clones are told by their names`() {
        val clones = clones()
        c2v.tl.findMnn(clones, "well", useRep = "z", k = 5, minAnchors = 1)
        val mnn = clones.obsp["mnn"]

        fun graph(of: (Int, Int) -> Double) {
            clones.obsp["mnn"] = filled(14, 14, of).toCsr()
        }
        graph { i, j -> if (i + j == 13) -1.0 else 0.0 }
        refused(clones, "weights of obsp['mnn'] must be finite and not negative, but that from 'k0' to 'k13' is -1.0") {
            c2v.tl.align(clones, useRep = "z")
        }
        graph { i, j -> if (i == 2 && j == 11) 1.0 else 0.0 }
        refused(clones, "obsp['mnn'] must be symmetric, but", "from 'k2' to 'k11' is 1.0 and that back is 0.0") {
            c2v.tl.align(clones, useRep = "z")
        }
        graph { i, j -> if (i + j == 13) 1e60 else 0.0 }
        refused(clones, "weights of obsp['mnn'] must be at most 1.0E50, but that from 'k0' to 'k13' is 1.0E60") {
            c2v.tl.align(clones, useRep = "z")
        }
        clones.obsp["mnn"] = mnn
        c2v.tl.clone2vec(clones, zDim = 3)
        c2v.tl.clone2vecPoi(clones, zDim = 3)
        val query = clones()
        query.obsp["gex_adjacency"] = filled(14, 14) { i, j -> if (i == 2 && j == 3) 0.5 else 1.0 }.toCsr()
        query.obsm["ref_gex_adjacency"] = query.obsp["gex_adjacency"]
        val said = "must hold counts, whole numbers from 0, got 0.5 for 'k2', 'k3'"
        refused(query, "obsp['gex_adjacency'] $said") { c2v.tl.clone2vec(query, zDim = 3) }
        refused(query, "obsp['gex_adjacency'] $said") { c2v.tl.clone2vecPoi(query, zDim = 3) }
        refused(query, "obsm['ref_gex_adjacency'] $said") { c2v.tl.projectClone2vec(query, clones) }
        refused(query, "obsm['ref_gex_adjacency'] $said") { c2v.tl.projectClone2vecPoi(query, clones) }
        query.obsm["ref_gex_adjacency"] = DataFrame.ofNames(*query.obsNames.toTypedArray()).also {
            it.set("k0", StringColumn.of(*Array(14) { "x" }))
        }
        refused(query, "columns of obsm['ref_gex_adjacency'] must be counts, but 'k0' is ") {
            c2v.tl.projectClone2vec(query, clones)
        }
    }

    @Test
    fun `too few clones for any association, or none that differ`() {
        val clones = clones()
        for (method in listOf("pearson", "spearman")) {
            for (n in 1..2) {
                val few = clones[IntArray(n) { it }].copy()
                refused(few, "method = \"$method\" needs at least 3 clones, but X has $n") {
                    c2v.tl.associations(few, "z", method = method)
                }
            }
            c2v.tl.associations(clones[IntArray(3) { it }].copy(), "z", method = method)
        }
        for (n in 2..4) {
            val few = clones[IntArray(n) { it }].copy()
            refused(few, "method = \"gam\" needs at least 5 clones, but X has $n; use method = \"pearson\"") {
                c2v.tl.associations(few, "z", method = "gam", splineDf = 3)
            }
            refused(few, "needs at least 7 clones, but X has $n with splineDf = 5; lower splineDf (3 is least)") {
                c2v.tl.associations(few, "z", method = "gam")
            }
        }
        c2v.tl.associations(clones[IntArray(5) { it }].copy(), "z", method = "gam", splineDf = 3)
        clones.obs["n_cells"] = List(14) { 10 }
        refused(clones, "no response of obs varies over the 14 clones of X: 'n_cells' is 10.0 for each") {
            c2v.tl.associations(clones, "n_cells", responseField = "obs")
        }
        clones.X = filled(14, 3) { _, j -> j.toDouble() }
        refused(clones, "no feature of X varies over its 14 clones") { c2v.tl.associations(clones, "z") }
    }

    @Test
    fun `gaps are filled with numbers or not at all`() {
        val clones = clones()
        clones.obs["o"] = List(14) { if (it % 3 == 0) "NA" else "o${it % 2}" }
        c2v.utils.impute(clones, "o", useRep = "z", k = 3, weights = "gaussian", gausSigma = 1e-200)
        val shares = clones.obsm["impute_prob"] as DataFrame
        assertThat(shares.keys.flatMap { shares.get(it).toDoubles().toList() }).allMatch { it == 0.0 || it == 1.0 }
        clones.obs["p"] = NumericColumn.of(
            *DoubleArray(14) {
                if (it == 2) {
                    Double.NaN
                } else if (it == 3) {
                    Double.POSITIVE_INFINITY
                } else {
                    it * 1.0
                }
            },
        )
        refused(clones, "impute takes means of finite numbers, but obs['p'] is Infinity for 'k3'") {
            c2v.utils.impute(clones, "p", useRep = "z", k = 3)
        }
        clones.obsm["z"] = filled(14, 3) { i, _ -> 1e300 * (if (i == 3) -i else i) }
        refused(clones, "(row 0) of obsm['z'] lies Infinity away") {
            c2v.utils.impute(clones, "o", useRep = "z", k = 3)
        }
    }

    @Test
    fun `no key takes the place of another table`() {
        val adata = cells()
        val clones = c2v.pp.clonesAdata(adata, fillObs = "batch")
        for (key in listOf("proportions", "X")) {
            refused(clones, "maskKey must not be '$key', the key of another table") {
                c2v.pp.transferExpression(adata, clones, splitObs = "batch", maskKey = key)
            }
        }
        val made = c2v.pp.transferExpression(adata, clones)
        refused(made, "obsm['X'] of the clones would be replaced by a table of their X; rename it first") {
            c2v.pp.transferExpression(adata, made)
        }
        c2v.pp.transferExpression(adata, made, layersToObsm = emptyList<String>())
        c2v.tl.clonalNn(adata, clones, k = 3)
        refused(clones, "nnTransferName must differ from 'masked_nn'") {
            c2v.tl.clonalNn(
                adata, clones, k = 3, maskObs = BooleanArray(60), adataRef = adata, clonesRef = clones,
                nnTransferName = "masked_nn",
            )
        }
        val all = clones()
        c2v.tl.findMnn(all, "well", useRep = "z", k = 5, minAnchors = 1)
        refused(all, "adjRep must differ from useRep = 'z', which it would replace") {
            c2v.tl.align(all, useRep = "z", adjRep = "z")
        }
        refused(all, "obsmKey must differ from maskKey = 'm'") { c2v.tl.clone2vec(all, obsmKey = "m", maskKey = "m") }
        refused(all, "obsmKey must differ from maskKey = 'm'") {
            c2v.tl.clone2vecPoi(all, obsmKey = "m", maskKey = "m")
        }
        refused(all, "classificationObsm must differ from useRep = 'z'") {
            c2v.utils.impute(all, "well", useRep = "z", classificationObsm = "z")
        }
        c2v.tl.clone2vec(all, zDim = 3)
        all.obsm["ref_gex_adjacency"] = all.obsp["gex_adjacency"]
        refused(all, "obsmKey must differ from obsmKeyQuery = 'ref_gex_adjacency'") {
            c2v.tl.projectClone2vec(all, all.copy(), obsmKey = "ref_gex_adjacency")
        }
        refused(all, "unsKeyQuery must differ from unsKeyRef = 'clone2vec'") { c2v.tl.projectClone2vec(all, all) }
        refused(all, "keyAdded must differ from graphKey = 'neighbors'") {
            c2v.tl.clonocluster(all, keyAdded = "neighbors")
        }
        refused(adata, "createdObsName must not be 'clone', the column of the cells that says their clones") {
            clones.obs["s"] = List(clones.nObs) { "s" }
            c2v.pp.transferAnnotation(adata, clones, "s", createdObsName = "clone")
        }
    }

    @Test
    fun `an object without cells says so`() {
        val none = cells()[intArrayOf()]
        assertThatThrownBy { c2v.pp.clonesAdata(none) }
            .hasMessage("obsName needs cells, but the object that has obs['clone'] has none (0 x 6)")
    }
}
