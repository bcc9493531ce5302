package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.dsl.concat
import org.cellweave.dsl.foscttm
import org.cellweave.dsl.get
import org.cellweave.dsl.labelTransferAccuracy
import org.cellweave.dsl.multimap
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.dsl.stabmap
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test

/** Paired blood cells whose halves are told apart: rows of the table in `docs/mosaic.md`. */
class MosaicQualityTest {
    private fun placed(a: AnnData, x: DenseMatrix, rows: IntArray): AnnData =
        a.copy().also { it.obsm.set("X_joint", x.takeRows(rows)) }

    private fun assertGood(rna: AnnData, adt: AnnData, foscttm: Double, transfer: Double) {
        assertThat(sc.metrics.foscttm(rna, adt, "X_joint")["mean"]).isLessThan(foscttm)
        val both = sc.concat(mapOf("rna" to rna, "adt" to adt), label = "modality", indexUnique = "-")
        val found = sc.metrics.labelTransferAccuracy(both, "celltype", "modality", useRep = "X_joint")
        assertThat(found["accuracy"].toDoubles().toList()).allMatch { it > transfer }
    }

    @Test
    fun `stabmap carries half of the cells over the other half`() {
        val (rna, adt) = Mosaics.paired()
        val names = rna.obsNames
        val ends = listOf("-rna", "-adt")
        val parts =
            listOf(rna.copy(), adt.copy()).zip(ends).map { (half, end) ->
                half.obsNames = names.mapIndexed { i, name -> if (i < 200) name else name + end }
                half
            }
        val mdata = MuData(mapOf("rna" to parts[0], "adt" to parts[1]))
        mdata.obs["part"] = mdata.obsNames.map { name -> ends.firstOrNull(name::endsWith) ?: "both" }
        sc.tl.stabmap(mdata, batchKey = "part", references = listOf("both"))
        val x = mdata.obsm.matrix("X_stabmap", "").toDense()
        val at = mdata.obsNames.withIndex().associate { (i, name) -> name to i }
        val (first, second) =
            listOf(rna, adt).zip(ends).map { (half, end) ->
                placed(half[200..399].copy(), x, IntArray(200) { at.getValue(names[200 + it] + end) })
            }
        assertGood(first, second, 0.11, 0.9)
    }

    @Test
    fun `multimap draws cells near their others by links alone`() {
        val (rna, adt) = Mosaics.paired()
        val joint = sc.tl.multimap(rna, adt, Mosaics.links())
        val x = joint.obsm.matrix("X_multimap", "").toDense()
        assertGood(placed(rna, x, IntArray(400) { it }), placed(adt, x, IntArray(400) { 400 + it }), 0.125, 0.82)
    }
}
