package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.all
import org.cellweave.dsl.concat
import org.cellweave.dsl.foscttm
import org.cellweave.dsl.get
import org.cellweave.dsl.labelTransferAccuracy
import org.cellweave.dsl.matchPivots
import org.cellweave.dsl.multimap
import org.cellweave.dsl.sc
import org.cellweave.dsl.scale
import org.cellweave.dsl.scmodal
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

    /** Linked features, each with mean 0 and deviation 1: the baseline that a script in numpy computed, too. */
    @Test
    fun `measures of nothing learnt are those of an independent program`() {
        val (rna, adt) = Mosaics.paired()
        sc.tl.matchPivots(rna, adt, Mosaics.links())
        val told = rna.uns["pivots"] as Map<*, *>
        for ((half, key) in listOf(rna to "links", adt to "links_of_partner")) {
            val features = (told[key] as NdArray).texts().toList()
            half.obsm["X_joint"] = sc.pp.scale(half[all, features].copy()).x
        }
        val close = within(2e-4)
        val (correlation, euclidean) = listOf("correlation", "euclidean").map { metric ->
            sc.metrics.foscttm(rna, adt, "X_joint", metric = metric).getValue("mean")
        }
        assertThat(correlation).isCloseTo(0.154821875, close)
        assertThat(euclidean).isCloseTo(0.269178125, within(5e-4))
        val both = sc.concat(mapOf("rna" to rna, "adt" to adt), label = "modality", indexUnique = "-")
        val joint = listOf(rna, adt).map { it.obsm.matrix("X_joint", "").toDense() }
        both.obsm["X_joint"] = DenseMatrix.ofRows(
            Array(800) { i -> DoubleArray(72).also { row -> joint[i / 400].readRow(i % 400, row) } },
        )
        val found = sc.metrics.labelTransferAccuracy(
            both, "celltype", "modality", useRep = "X_joint", metric = "correlation",
        )
        assertThat(found.names).containsExactly("adt to rna", "rna to adt")
        assertThat(found["accuracy"].toDoubles()).containsExactly(0.7675, 0.875)
    }

    @Test
    fun `scmodal brings cells near their others by links alone`() {
        val (rna, adt) = Mosaics.paired()
        val joint =
            sc.tl.scmodal(
                rna, adt, Mosaics.links(), trainingSteps = 350, batchSize = 200, nHidden = 128, nNeighbors = 12,
                lambdaMnn = 10.0,
            )
        val x = joint.obsm.matrix("X_scmodal", "").toDense()
        assertGood(placed(rna, x, IntArray(400) { it }), placed(adt, x, IntArray(400) { 400 + it }), 0.135, 0.91)
    }
}
