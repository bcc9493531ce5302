package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.matrix.Matrix
import org.cellweave.testing.SharedData
import org.cellweave.testing.Tolerance
import org.junit.jupiter.api.Test

/** Verb by verb what clone2vec 0.1.1 makes of simulated barcoded cells; `tools/reference/clonal.py` has asked it. */
class ClonesPeerTest {
    private val folder = SharedData.projectRoot().resolve("jvm-core/src/test/resources/reference/clonal")

    private fun read(name: String): AnnData = sc.readH5ad(folder.resolve("$name.h5ad").toString())

    private val cells = read("cells")
    private val theirs = read("clones")

    /** Ours in their order, which is another among clones of one size. */
    private val clones = c2v.pp.clonesAdata(cells, fillObs = "state")[theirs.obsNames].copy().also {
        it.obs["kind"] = theirs.obs["kind"]
    }

    private fun values(x: Any?) = (x as Matrix).toDense().toFloat64().doubleData()

    private fun same(ours: Any?, other: Any?) = assertThat(values(ours)).isEqualTo(values(other))

    private fun sameTable(ours: AnnData, other: AnnData) {
        assertThat(ours.obsNames).isEqualTo(other.obsNames)
        same(ours.x, other.x)
        assertThat(ours.layers.keys).containsExactlyInAnyOrderElementsOf(other.layers.keys)
        for (layer in other.layers.keys) {
            val columns = IntArray(other.nVars) { ours.varNames.indexOf(other.varNames[it]) }
            same(ours.layers[layer].takeCols(columns), other.layers[layer])
        }
        for (key in listOf("n_cells", "n_fates")) {
            assertThat(ours.obs[key].toDoubles()).`as`(key).isEqualTo(other.obs[key].toDoubles())
        }
        assertThat(ours.`var`["n_clones"].toDoubles()).isEqualTo(other.`var`["n_clones"].toDoubles())
    }

    @Test
    fun `clonesAdata and recalcComposition`() {
        assertThat(clones.varNames).isEqualTo(theirs.varNames)
        sameTable(clones, theirs)
        sameTable(c2v.pp.recalcComposition(cells, clones, "well"), read("composition"))
    }

    @Test
    fun `clonalNn, plain, split, masked and in a reference`() {
        c2v.tl.clonalNn(cells, clones, k = 7, obspName = "split", splitBy = "well")
        c2v.tl.clonalNn(cells, clones, k = 7, obspName = "masked", maskObs = listOf("early", "late"))
        c2v.tl.clonalNn(cells, clones, k = 7)
        for (key in theirs.obsp.keys) same(clones.obsp[key], theirs.obsp[key])
        same(clones.obsm["masked_nn"], theirs.obsm["masked_nn"])
        val wells = cells.obs["well"].texts()
        val reference = cells[BooleanArray(cells.nObs) { wells[it] == "w1" }].copy()
        val first = theirs.obs["gex_well"].texts()
        val ofReference = clones[BooleanArray(clones.nObs) { first[it] == "w1" }].copy()
        c2v.tl.clonalNn(cells, clones, k = 7, adataRef = reference, clonesRef = ofReference)
        same(clones.obsm["ref_gex_adjacency"], theirs.obsm["ref_gex_adjacency"])
    }

    @Test
    fun `transferAnnotation, both ways, and makeUniqueClones`() {
        val before = cells.obs["c2v_kind"].texts()
        c2v.pp.transferAnnotation(cells, clones, "kind")
        c2v.pp.transferAnnotation(cells, clones, annotationObsAdata = "well")
        assertThat(cells.obs["c2v_kind"].texts()).isEqualTo(before)
        assertThat(clones.obs["gex_well"].texts()).isEqualTo(theirs.obs["gex_well"].texts())
        val other = read("injections")
        val ours = c2v.pp.makeUniqueClones(cells, listOf("clone", "second"), finalObsName = "both")
        assertThat(ours.obsNames).isEqualTo(other.obsNames)
        assertThat(ours.obs["both"].texts()).isEqualTo(other.obs["both"].texts())
    }

    /** It has NaN where a clone has no cell of a group, if dense; it drops clones whose sum is negative, ours stay. */
    @Test
    fun `transferExpression, sparse means and dense sums of groups`() {
        val average = c2v.pp.transferExpression(cells, clones, splitObs = "state")
        val sum = c2v.pp.transferExpression(
            cells, clones, splitObs = "state", layer = "scaled", strategy = "sum", useCol = "kind",
        )
        assertThat(sum.nObs).isEqualTo(clones.nObs)
        for ((made, name) in listOf(average to "average", sum to "sum")) {
            val other = read(name)
            val ours = made[other.obsNames]
            assertThat(ours.varNames).isEqualTo(other.varNames)
            assertThat(values(ours.x)).containsExactly(values(other.x), within(Tolerance.F32))
            assertThat(ours.layers.keys).containsExactlyInAnyOrderElementsOf(other.layers.keys)
            for (group in other.layers.keys) {
                val expected = values(other.layers[group]).map { if (it.isNaN()) 0.0 else it }.toDoubleArray()
                assertThat(values(ours.layers[group])).containsExactly(expected, within(Tolerance.F32))
                val (a, b) = listOf(ours, other).map { (it.obsm["mask"] as DataFrame)[group] as BooleanColumn }
                assertThat(a.values()).isEqualTo(b.values())
            }
        }
    }
}
