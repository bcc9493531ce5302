package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.SharedData

/** Barcoded cells of days 4 and 6 (LARRY) and what clone2vec 0.1.1 made of them; skips where they are not here. */
internal object Larry {
    /** `obs["clone"]` is `day:barcode`, the first of a cell's barcodes, or `NA`. */
    fun cells(): AnnData {
        val adata = sc.readH5ad(SharedData.require("data/clonal/larry_subset.h5ad").toString())
        val barcodes = adata.obsm.matrix("X_clone", "").toCsr()
        val days = adata.obs["time_info"].texts()
        adata.obs["clone"] =
            List(adata.nObs) { i ->
                val block = barcodes.blockOf(i)
                if (barcodes.rowNnz(i) == 0) "NA" else "${days[i]}:${block.indices()[block.start(i)]}"
            }
        return adata[BooleanArray(adata.nObs) { days[it] != "2" }].copy()
    }

    fun ofDay(day: String): AnnData = reference("larry_clones_day$day.h5ad")

    fun reference(name: String): AnnData = sc.readH5ad(SharedData.require("reference/$name").toString())
}

/** Six cells, four of them of the clones a and b, without files. */
internal fun fewCells(): AnnData {
    val x = DenseMatrix.ofRows(
        arrayOf(
            doubleArrayOf(1.0, 0.0),
            doubleArrayOf(3.0, 2.0),
            doubleArrayOf(0.0, 4.0),
            doubleArrayOf(7.0, 7.0),
            doubleArrayOf(0.0, 6.0),
            doubleArrayOf(5.0, -6.0),
        ),
    )
    val names = DataFrame.ofNames("c0", "c1", "c2", "c3", "c4", "c5")
    val adata = AnnData(x, names, DataFrame.ofNames("g0", "g1"))
    adata.obs["clone"] = listOf("a", "a", "b", "NA", "b", "a")
    adata.obs["state"] = listOf("x", "y", "x", "z", null, "x")
    adata.obs["well"] = listOf("w1", "w1", "w2", "w1", "w2", "w1")
    adata.obsm.set("X_pca", x.copy())
    return adata
}
