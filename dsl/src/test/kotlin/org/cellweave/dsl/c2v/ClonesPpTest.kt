package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.testing.Tolerance
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class ClonesPpTest {
    private fun values(x: Matrix?) = x!!.toDense().toFloat64().doubleData()

    private fun DataFrame.numbers(key: String) = get(key).toDoubles()

    private fun few() = fewCells().let { it to c2v.pp.clonesAdata(it, minSize = 2, fillObs = "state") }

    @Test
    fun `the table is clone2vec's`() {
        val clones = c2v.pp.clonesAdata(Larry.cells(), minSize = 2, fillObs = "state_info")
        val theirs = listOf(Larry.ofDay("4"), Larry.ofDay("6"))
        assertThat(clones.obsNames).containsExactlyInAnyOrderElementsOf(theirs.flatMap { it.obsNames })
        for (reference in theirs) {
            val ours = clones[reference.obsNames]
            assertThat(clones.varNames).isEqualTo(reference.varNames)
            assertThat(values(ours.x)).isEqualTo(values(reference.x))
            for (layer in listOf("counts", "proportions")) {
                assertThat(values(ours.layers[layer])).isEqualTo(values(reference.layers[layer]))
                assertThat(ours.layers[layer].dtype()).isEqualTo(reference.layers[layer].dtype())
            }
            for (key in listOf("n_cells", "n_fates")) {
                assertThat(ours.obs.numbers(key)).isEqualTo(reference.obs.numbers(key))
                assertThat(ours.obs[key].dtypeName()).isEqualTo("int64")
            }
            assertThat(clones.`var`.numbers("n_clones")).isEqualTo(reference.`var`.numbers("n_clones"))
            for (key in listOf("obs_name", "min_size", "fill_obs")) {
                assertThat(clones.uns[key]).isEqualTo(reference.uns[key])
            }
        }
        val sizes = clones.obs.numbers("n_cells").toList()
        assertThat(sizes).isEqualTo(sizes.sortedDescending())
    }

    @Test
    fun `a table by hand, with fates and without`() {
        val (_, clones) = few()
        assertThat(clones.obsNames).containsExactly("a", "b")
        assertThat(clones.varNames).containsExactly("x", "y")
        assertThat(values(clones.layers["counts"])).containsExactly(2.0, 1.0, 1.0, 0.0)
        assertThat(values(clones.x)).containsExactly(2 / 3.0, 1 / 3.0, 1.0, 0.0)
        assertThat(clones.obs.numbers("n_cells")).containsExactly(3.0, 2.0)
        val plain = c2v.pp.clonesAdata(fewCells(), naValue = "a", minSize = 1)
        assertThat(plain.obsNames).containsExactly("b", "NA")
        assertThat(plain.varNames).containsExactly("None")
        assertThat(values(plain.x)).containsExactly(0.0, 0.0)
        assertThat(plain.uns.keys).containsExactly("obs_name", "min_size")
    }

    @Test
    fun `what leaves no clone or no fate is named`() {
        val adata = fewCells()
        assertThatThrownBy { c2v.pp.clonesAdata(adata, obsName = "clones") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'clone'?")
        assertThatThrownBy { c2v.pp.clonesAdata(adata, minSize = 4) }
            .hasMessage("minSize must be at most 3, the cells of the largest of 2 clones in obs['clone'], got 4")
        adata.obs["none"] = List(6) { if (it < 3) "NA" else null }
        assertThatThrownBy { c2v.pp.clonesAdata(adata, obsName = "none") }
            .hasMessage("obsName needs a column of clones, but all of obs['none'] is missing or 'NA'")
        adata.obs["unused"] = CategoricalColumn.ofTexts(Array(6) { "NA" }, arrayOf("NA", "a"), false)
        assertThatThrownBy { c2v.pp.clonesAdata(adata, obsName = "unused") }
            .hasMessage("obsName needs a column of clones, but all of obs['unused'] is missing or 'NA'")
        adata.obs["fate"] = listOf(null, null, null, "x", null, null)
        assertThatThrownBy { c2v.pp.clonesAdata(adata, minSize = 2, fillObs = "fate") }
            .hasMessage("obs['fate'] is missing for all cells that have a clone; fates need labels")
    }

    @Test
    fun `a cell stands for each of its barcodes`() {
        val adata = fewCells()
        adata.obs["second"] = listOf("p", "NA", "p", "NA", null, "q")
        val cells = c2v.pp.makeUniqueClones(adata, listOf("clone", "second"))
        assertThat(cells.obs["clone"].texts())
            .startsWith("clone_a", "second_p", "clone_a", "clone_b", "second_p", "NA", "clone_b")
            .endsWith("clone_a", "second_q")
        assertThat(cells.obs["clone"].dtypeName()).isEqualTo("category")
        assertThat(cells.obsNames).containsExactly("c0", "c0-1", "c1", "c2", "c2-1", "c3", "c4", "c5", "c5-1")
        assertThat(values(cells.x).takeLast(4)).containsExactly(5.0, -6.0, 5.0, -6.0)
        assertThat(adata.nObs).isEqualTo(6)
        val named = c2v.pp.makeUniqueClones(adata, listOf("second"), finalObsName = "both")
        assertThat(named.obs["both"].texts()).containsExactly("second_p", "NA", "second_p", "NA", "NA", "second_q")
        assertThatThrownBy { c2v.pp.makeUniqueClones(adata, emptyList()) }
            .hasMessage("injectionCols must name a column of clones, got none")
        assertThatThrownBy { c2v.pp.makeUniqueClones(adata, listOf("clone", "clone")) }
            .hasMessage("injectionCols must differ, got [clone, clone]")
    }

    @Test
    fun `other fates leave the rest of the clones`() {
        val (adata, clones) = few()
        clones.obsm.set("clone2vec", DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0), doubleArrayOf(2.0))))
        clones.obs["kind"] = listOf("k", "l")
        val other = c2v.pp.recalcComposition(adata, clones, "well")
        assertThat(other.varNames).containsExactly("w1", "w2")
        assertThat(values(other.layers["counts"])).containsExactly(3.0, 0.0, 0.0, 2.0)
        assertThat(values(other.x)).containsExactly(1.0, 0.0, 0.0, 1.0)
        assertThat(other.obs.keys).containsExactly("n_cells", "n_fates", "kind")
        assertThat(other.obs.numbers("n_fates")).containsExactly(1.0, 1.0)
        assertThat(other.`var`.numbers("n_clones")).containsExactly(1.0, 1.0)
        assertThat(values(other.obsm["clone2vec"] as Matrix)).containsExactly(1.0, 2.0)
        assertThat(other.uns["fill_obs"]).isEqualTo("well")
        assertThat(clones.uns["fill_obs"]).isEqualTo("state")
        assertThat(c2v.pp.recalcComposition(adata, clones, "state").x).isNotNull
        assertThatThrownBy { c2v.pp.recalcComposition(adata[0 until 2], clones, "well") }
            .hasMessageContaining("clone 'b' has no cell in obs['clone'], and perhaps others have none")
    }

    @Test
    fun `labels go to cells and to clones`() {
        val (adata, clones) = few()
        clones.obs["leiden"] = CategoricalColumn.ofTexts(arrayOf("2", "10"), arrayOf("2", "10"), false)
        clones.obs["size"] = NumericColumn.of(3L, 2L)
        assertThat(c2v.pp.transferAnnotation(adata, clones, listOf("leiden", "size"))).isSameAs(adata)
        assertThat(adata.obs["c2v_leiden"].texts()).containsExactly("2", "2", "10", "NA", "10", "2")
        assertThat((adata.obs["c2v_leiden"] as CategoricalColumn).categoryNames()).containsExactly("2", "10", "NA")
        assertThat(adata.obs["c2v_size"].texts()).containsExactly("3", "3", "2", "NA", "2", "3")
        c2v.pp.transferAnnotation(adata, clones, "leiden", createdObsName = "mine", naValue = null)
        assertThat(adata.obs["mine"].isMissing(3)).isTrue
        assertThat(c2v.pp.transferAnnotation(adata, clones, annotationObsAdata = "well")).isSameAs(clones)
        assertThat(clones.obs["gex_well"].texts()).containsExactly("w1", "w2")
        assertThat(clones.obs["gex_well"].dtypeName()).isEqualTo("category")
        // b's cells have x and nothing, which is no second value
        adata.obs["most"] = listOf("x", null, "y", "z", null, "x")
        c2v.pp.transferAnnotation(adata, clones, annotationObsAdata = "most", createdObsName = listOf("most"))
        assertThat(clones.obs["most"].texts()).containsExactly("x", "y")
        val part = c2v.pp.transferAnnotation(adata[0 until 2].copy(), clones, annotationObsAdata = "most")
        assertThat(part.obs["gex_most"].texts()).containsExactly("x", "NA")
    }

    @Test
    fun `labels that cannot be transferred are refused`() {
        val (adata, clones) = few()
        assertThatThrownBy { c2v.pp.transferAnnotation(adata, clones, annotationObsAdata = "state") }
            .hasMessageContaining("clone 'a' of obs['clone'] has 2 values of obs['state']: 'x', 'y'")
        assertThatThrownBy { c2v.pp.transferAnnotation(adata, clones) }
            .hasMessageContaining("exactly one of annotationObsClones (to cells) and annotationObsAdata (to clones)")
            .hasMessageContaining("got neither")
        assertThatThrownBy { c2v.pp.transferAnnotation(adata, clones, "n_cells", "well") }
            .hasMessageContaining("got [n_cells] and [well]")
        assertThatThrownBy { c2v.pp.transferAnnotation(adata, clones, "n_cells", createdObsName = listOf("a", "b")) }
            .hasMessage("createdObsName must be 1 different names, one for each of [n_cells], got [a, b]")
        assertThatThrownBy { c2v.pp.transferAnnotation(adata, clones, "cells") }.hasMessageContaining("obs['cells']")
        clones.uns.remove("obs_name")
        assertThatThrownBy { c2v.pp.transferAnnotation(adata, clones, "n_cells") }
            .hasMessageContaining("obsName must name the column of clones in the cells")
        assertThatThrownBy { c2v.pp.transferAnnotation(adata, clones, "n_cells", obsName = "well") }
            .hasMessageContaining("no clone of obs['well'] is a row of the clones, which are called 'a', ...")
        val none = clones[IntArray(0)].copy()
        assertThatThrownBy { c2v.pp.transferAnnotation(adata, none, "n_cells", obsName = "clone") }
            .hasMessage("clones must have a row for every clone, got an object without rows")
    }

    @Test
    fun `expression by hand, sparse as dense`() {
        for (sparse in listOf(false, true)) {
            val (adata, clones) = few()
            if (sparse) adata.x = adata.x.toCsr()
            val mean = c2v.pp.transferExpression(adata, clones, splitObs = "state")
            assertThat(mean.x.isSparse).isEqualTo(sparse)
            assertThat(values(mean.x)).containsExactly(3.0, -4 / 3.0, 0.0, 5.0)
            assertThat(mean.varNames).containsExactly("g0", "g1")
            assertThat(mean.layers.keys).containsExactly("x", "y", "z")
            assertThat(values(mean.layers["x"])).containsExactly(3.0, -3.0, 0.0, 4.0)
            assertThat(values(mean.layers["y"])).containsExactly(3.0, 2.0, 0.0, 0.0)
            assertThat(values(mean.layers["z"])).containsExactly(0.0, 0.0, 0.0, 0.0)
            val mask = mean.obsm["mask"] as DataFrame
            assertThat((mask["x"] as BooleanColumn).values()).containsExactly(true, true)
            assertThat((mask["y"] as BooleanColumn).values()).containsExactly(true, false)
            assertThat((mask["z"] as BooleanColumn).values()).containsExactly(false, false)
            assertThat(mean.uns["mask_key"]).isEqualTo("mask")
            assertThat(mean.uns["transfer_expression"])
                .isEqualTo(mapOf("strategy" to "average", "split_obs" to "state"))
            val sum = c2v.pp.transferExpression(adata, clones, strategy = "sum")
            assertThat(values(sum.x)).containsExactly(9.0, -4.0, 0.0, 10.0)
            assertThat("mask" in sum.obsm.keys).isFalse
            assertThat(sum.uns["transfer_expression"]).isEqualTo(mapOf("strategy" to "sum"))
        }
    }

    @Test
    fun `fates become tables, and only clones without cells are left out`() {
        val (adata, clones) = few()
        val here = adata[listOf("c0", "c1", "c5", "c3")].copy()
        here.x = DenseMatrix.ofRows(Array(4) { doubleArrayOf(-1.0, 0.0) })
        val made = c2v.pp.transferExpression(here, clones)
        assertThat(made.obsNames).containsExactly("a")
        assertThat(values(made.x)).containsExactly(-1.0, 0.0)
        assertThat(made.obsm.keys).containsExactly("X", "proportions", "counts")
        val table = made.obsm["counts"] as DataFrame
        assertThat(table.keys).containsExactly("x", "y")
        assertThat(table.numbers("x")).containsExactly(2.0)
        assertThat(made.obs.keys).contains("n_cells", "n_fates")
        assertThat(made.uns["obs_name"]).isEqualTo("clone")
        assertThat(
            c2v.pp
                .transferExpression(adata, clones, layersToObsm = "counts")
                .obsm.keys,
        ).containsExactly("counts")
        assertThatThrownBy { c2v.pp.transferExpression(adata, clones, layersToObsm = listOf("X", "shares")) }
            .hasMessageContaining("layers['shares'] is missing; layers has [X, proportions, counts]")
    }

    @Test
    fun `clones of a group share a profile`() {
        val adata = fewCells()
        val clones = c2v.pp.clonesAdata(adata, minSize = 1, naValue = "-")
        // what the caller lets be a clone is one
        assertThat(clones.obsNames).containsExactly("a", "b", "NA")
        clones.obs["group"] = listOf("u", "v", "u")
        val made = c2v.pp.transferExpression(adata, clones, useCol = "group", strategy = "sum", splitObs = "well")
        assertThat(values(made.x)).containsExactly(16.0, 3.0, 0.0, 10.0, 16.0, 3.0)
        assertThat(values(made.layers["w2"])).containsExactly(0.0, 0.0, 0.0, 10.0, 0.0, 0.0)
        clones.obs["group"] = listOf("u", null, "u")
        assertThatThrownBy { c2v.pp.transferExpression(adata, clones, useCol = "group") }
            .hasMessageContaining("obs['group'] has 1 missing label, for clone 'b'. Give every clone a label")
    }

    @Test
    fun `layer, raw and X are the sources`() {
        val (adata, clones) = few()
        adata.layers.set("ten", DenseMatrix.ofRows(Array(6) { doubleArrayOf(10.0, 20.0) }))
        assertThat(values(c2v.pp.transferExpression(adata, clones, layer = "ten").x))
            .containsExactly(10.0, 20.0, 10.0, 20.0)
        adata.setRaw(adata)
        adata.x = DenseMatrix.ofRows(Array(6) { doubleArrayOf(1.0, 1.0) })
        assertThat(values(c2v.pp.transferExpression(adata, clones).x)).containsExactly(3.0, -4 / 3.0, 0.0, 5.0)
        assertThat(values(c2v.pp.transferExpression(adata, clones, useRaw = false).x))
            .containsExactly(1.0, 1.0, 1.0, 1.0)
        assertThatThrownBy { c2v.pp.transferExpression(adata, clones, layer = "ten", useRaw = true) }
            .hasMessageContaining("exclude each other")
        assertThatThrownBy { c2v.pp.transferExpression(adata, clones, strategy = "mean") }
            .hasMessageContaining("strategy must be one of")
        adata.x = DenseMatrix.ofRows(Array(6) { doubleArrayOf(if (it > 2) Double.NaN else 1.0, 1.0) })
        assertThatThrownBy { c2v.pp.transferExpression(adata, clones, useRaw = false) }
            .hasMessageContaining("transferExpression needs finite values, but cell 'c4' (row 4), gene 'g0' of X")
    }

    @Test
    fun `expression is clone2vec's, and files go back and forth`(
        @TempDir folder: Path,
    ) {
        val cells = Larry.cells()
        val theirs = Larry.reference("larry_clones.h5ad")
        val clones = c2v.pp.clonesAdata(cells, minSize = 2, fillObs = "state_info")
        val made = c2v.pp.transferExpression(cells, clones, splitObs = "state_info")
        assertThat(made.varNames).isEqualTo(theirs.varNames)
        // the reference was scaled over all clones afterwards, and cut at 10
        val ours = made[theirs.obsNames].x.toDense()
        val (mean, std) = listOf("mean", "std").map { theirs.`var`.numbers(it) }
        for (c in 0 until ours.nRows()) {
            for (g in 0 until ours.nCols()) {
                val scaled = (ours.get(c, g) - mean[g]) / (if (std[g] == 0.0) 1.0 else std[g])
                assertThat(theirs.x.get(c, g)).isCloseTo(scaled.coerceIn(-10.0, 10.0), within(Tolerance.F32))
            }
        }
        for (key in listOf("X", "proportions", "counts")) {
            val (a, b) = listOf(made[theirs.obsNames], theirs).map { it.obsm[key] as DataFrame }
            assertThat(a.keys).containsExactlyElementsOf(b.keys)
            for (fate in a.keys) assertThat(a.numbers(fate)).isEqualTo(b.numbers(fate))
        }
        val path = folder.resolve("clones.h5ad").toString()
        made.writeH5ad(path)
        assertThat(sc.readH5ad(path).differenceTo(made)).isNull()
    }
}
