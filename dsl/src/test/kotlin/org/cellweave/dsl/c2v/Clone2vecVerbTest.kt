package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.random.Random

class Clone2vecVerbTest {
    /** Clones of three kinds; those of a kind meet each other most. */
    private fun counts(n: Int, m: Int, seed: Int): DenseMatrix {
        val random = Random(seed)
        val rows = Array(n) { DoubleArray(m) }
        for (i in 0 until n) {
            repeat(30) {
                val j = random.nextInt(m)
                val near = (j - j % 3 + i % 3).takeIf { it < m } ?: j
                rows[i][if (random.nextInt(4) > 0) near else j]++
            }
        }
        return DenseMatrix.ofRows(rows)
    }

    private fun clones(n: Int = 40): AnnData {
        val names = DataFrame.ofNames(*Array(n) { "clone_$it" })
        val clones = AnnData(DenseMatrix.zeros(n, 1, DType.FLOAT32), names, DataFrame.ofNames("None"))
        clones.obsp.set("gex_adjacency", counts(n, n, 1).toCsr())
        return clones
    }

    private fun AnnData.fields(key: String) = uns[key] as Map<*, *>

    private fun AnnData.embedding(key: String) = (obsm.get(key) as Matrix).toDense()

    @Test
    fun `writes coordinates, contexts and losses as the original does`(
        @TempDir folder: Path,
    ) {
        val clones = c2v.tl.clone2vec(clones(), zDim = 4)
        assertThat(clones.embedding("clone2vec").dtype()).isEqualTo(DType.FLOAT32)
        assertThat(clones.embedding("clone2vec").nCols()).isEqualTo(4)
        clones.writeH5ad(folder.resolve("c.h5ad").toString())
        val read = sc.readH5ad(folder.resolve("c.h5ad").toString())
        val fit = read.fields("clone2vec")
        assertThat(fit["type"]).isEqualTo("fit")
        assertThat((fit["init"] as Map<*, *>)["z_dim"]).isEqualTo(4L)
        assertThat((fit["var_names"] as NdArray).texts()).startsWith("clone_0", "clone_1").hasSize(40)
        val losses = (fit["loss_history"] as NdArray).toDoubles()
        assertThat(losses.last()).isLessThan(losses.first())
        assertThat((fit["params"] as Map<*, *>)["solver"]).isEqualTo("exact")
        assertThat((fit["params"] as Map<*, *>).keys).doesNotContain("mask_key")
    }

    @Test
    fun `clones of a file are projected to where they are, by name or by place`(
        @TempDir folder: Path,
    ) {
        val reference = c2v.tl.clone2vec(clones(), zDim = 4)
        reference.writeH5ad(folder.resolve("c.h5ad").toString())
        val read = sc.readH5ad(folder.resolve("c.h5ad").toString())
        val query = clones()
        query.obsm.set("ref_gex_adjacency", query.obsp.get("gex_adjacency"))
        c2v.tl.projectClone2vec(query, read)
        val here = query.embedding("clone2vec")
        val there = reference.embedding("clone2vec")
        val away = here.doubleData().zip(there.doubleData()) { a, b -> (a - b) * (a - b) }.sum()
        assertThat(away / there.doubleData().sumOf { it * it }).isLessThan(0.1)

        val table = DataFrame(query.obs.index)
        val values = query.obsp.get("gex_adjacency").toDense()
        // other order, and one that nobody met is left out
        for (j in (0 until 40).reversed()) {
            val column = DoubleArray(40) { values.doubleData()[it * 40 + j] }
            if (column.any { it > 0 }) table.set("clone_$j", NumericColumn.of(*column))
        }
        query.obsm.set("named", table)
        c2v.tl.projectClone2vec(query, read, obsmKeyQuery = "named", obsmKey = "by_name")
        assertThat(query.embedding("by_name").floatData()).isEqualTo(here.floatData())
        assertThat(query.fields("clone2vec")["type"]).isEqualTo("project")
    }

    @Test
    fun `masked neighbours are contexts of their own`() {
        val clones = clones()
        clones.obsm.set("masked_nn", DenseMatrix.ofRows(Array(40) { doubleArrayOf((it % 3) * 10.0) }))
        c2v.tl.clone2vec(clones, zDim = 4, maskKey = "masked_nn")
        val fit = clones.fields("clone2vec")
        assertThat((fit["var_names"] as NdArray).texts().last()).isEqualTo("masked_nn:0")
        assertThat(((fit["output"] as Map<*, *>)["weight"] as Matrix).nRows()).isEqualTo(41)
        clones.obsm.set("ref_gex_adjacency", clones.obsp.get("gex_adjacency"))
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones, unsKeyQuery = "p", obsmKey = "p") }
            .hasMessage(
                "obsm['ref_gex_adjacency'] must have a column for each of the 41 contexts of the reference, got 40; " +
                    "run c2v.tl.clonalNn() with adataRef and clonesRef of this reference, or give maskKey",
            )
        c2v.tl.projectClone2vec(clones, clones, unsKeyQuery = "p", obsmKey = "p", maskKey = "masked_nn")
        assertThat(clones.embedding("p").nRows()).isEqualTo(40)
    }

    @Test
    fun `the Poisson model writes what it needs to place others`() {
        val clones = c2v.tl.clone2vecPoi(clones(), zDim = 3)
        val weights = clones.fields("clone2vec_Poi")["weights"] as Map<*, *>
        assertThat(weights.keys).containsExactly("V", "d", "col_offset", "row_offset")
        clones.obsm.set("ref_gex_adjacency", clones.obsp.get("gex_adjacency"))
        c2v.tl.projectClone2vecPoi(clones, clones, obsmKey = "placed", ridge = 1e-3)
        val here = clones.embedding("placed").doubleData()
        val there = clones.embedding("clone2vec_Poi").doubleData()
        val away = here.zip(there) { a, b -> (a - b) * (a - b) }.sum()
        assertThat(away / there.sumOf { it * it }).isLessThan(0.1)
        assertThat(clones.fields("clone2vec_Poi_project")["type"]).isEqualTo("project")
    }

    @Test
    fun `a given start is read from obsm`() {
        val clones = clones()
        clones.obsm.set("mine", DenseMatrix.wrap(FloatArray(160) { (it % 7) / 7f }, 40, 4))
        c2v.tl.clone2vec(clones, zDim = 4, init = "custom", initObsm = "mine", maxIter = 1, tol = 0.0)
        assertThat(clones.embedding("clone2vec").doubleData()[1]).isCloseTo(1 / 7.0, within(0.1))
    }

    @Test
    fun `says what it cannot take`() {
        val clones = clones()
        assertThatThrownBy { c2v.tl.clone2vec(clones, init = "custom") }
            .hasMessage("init = 'custom' and initObsm belong together, got init = 'custom' and initObsm = null")
        assertThatThrownBy { c2v.tl.clone2vec(clones, solver = "adam") }
            .hasMessageContaining("solver must be one of")
            .hasMessageContaining("got 'adam'")
        assertThatThrownBy { c2v.tl.clone2vec(clones, obspKey = "other") }.hasMessageContaining("other")
        clones.obsp.set("half", DenseMatrix.ofRows(Array(40) { DoubleArray(40) { 0.5 } }))
        assertThatThrownBy { c2v.tl.clone2vec(clones, obspKey = "half") }
            .hasMessageContaining("obsp['half'] must hold counts, whole numbers")
            .hasMessageContaining("got 0.5 for 'clone_0', 'clone_0'")
        assertThatThrownBy { c2v.tl.clone2vec(clones, zDim = 40) }
            .hasMessageContaining("zDim must be less than the number of clones, got zDim = 40 for 40 clones")
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones) }.hasMessageContaining("clone2vec")
        clones.uns["clone2vec"] = mapOf("type" to "project")
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones) }
            .hasMessage(
                "clonesRef.uns['clone2vec']['output'] is missing: it is a projection itself, or made by another " +
                    "verb; fit the reference first",
            )
    }

    @Test
    fun `a single clone and a start that does not fit are refused in the verb's own words`() {
        val one = clones(1)
        assertThatThrownBy { c2v.tl.clone2vec(one) }
            .hasMessageContaining("obsp['gex_adjacency'] must be of at least two clones")
            .hasMessageContaining("Lower minSize of c2v.pp.clonesAdata()")
        val clones = clones()
        assertThatThrownBy { c2v.tl.clone2vec(clones, earlyStoppingPatience = 0) }
            .hasMessage("earlyStoppingPatience must be positive, got 0")
        clones.obsm.set("plane", DenseMatrix.wrap(FloatArray(80) { if (it == 7) Float.NaN else 1f }, 40, 2))
        assertThatThrownBy { c2v.tl.clone2vec(clones, init = "custom", initObsm = "plane") }
            .hasMessage(
                "initObsm must name coordinates in zDim = 10 columns, but obsm['plane'] has 2; give others, or " +
                    "zDim = 2",
            )
        assertThatThrownBy { c2v.tl.clone2vec(clones, zDim = 2, init = "custom", initObsm = "plane") }
            .hasMessageContaining("clone2vec needs finite values, but clone 'clone_3' (row 3), column 1 of")
    }

    @Test
    fun `what a projection lacks is told with the object and the call`() {
        val clones = clones()
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones) }
            .hasMessage("clonesRef.uns['clone2vec'] is missing; clonesRef.uns is empty. Run c2v.tl.clone2vec() first.")
        c2v.tl.clone2vec(clones, zDim = 3)
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones) }
            .hasMessage(
                "clonesQuery.obsm['ref_gex_adjacency'] is missing; clonesQuery.obsm has [clone2vec]. Run " +
                    "c2v.tl.clonalNn(adata, clonesQuery, adataRef = ..., clonesRef = clonesRef) first.",
            )
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones, obsmKeyQuery = "mine") }
            .hasMessageEndingWith("clonesRef = clonesRef, nnTransferName = \"mine\") first.")
        clones.obsm.set("ref_gex_adjacency", clones.obsp.get("gex_adjacency"))
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones, ridge = 0.0) }
            .hasMessageStartingWith("ridge must be positive, got 0.0: without it")
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones, maskKey = "masked_nn") }
            .hasMessageEndingWith("Run c2v.tl.clonalNn(maskObs = ...) first.")
        val fit = clones.fields("clone2vec")
        val output = fit["output"] as Map<*, *>
        clones.uns["clone2vec"] = fit + ("output" to output + ("bias" to NdArray.of(1.0, 2.0)))
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones) }
            .hasMessage(
                "clonesRef.uns['clone2vec']['output'] must have an array 'bias' of 40 finite numbers; fit the " +
                    "reference again",
            )
        val weight = (output["weight"] as Matrix).toDense().copy()
        weight.set(3, 1, Double.NaN)
        clones.uns["clone2vec"] = fit + ("output" to output + ("weight" to weight))
        assertThatThrownBy { c2v.tl.projectClone2vec(clones, clones) }
            .hasMessageContaining("has weights that are not finite; fit the reference again")
    }
}
