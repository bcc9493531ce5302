package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import java.util.SplittableRandom

/** Clones of wells that hold the same places, the later ones fewer: each well's embedding is sheared in its own way. */
internal class WellClones(private val names: List<String>) {
    /** Size of each well. */
    val sizes: List<Int> = names.indices.map { 60 - 10 * it }

    private val random = SplittableRandom(3)
    private val places = Array(sizes.first()) { DoubleArray(COLUMNS) { random.nextGaussian() } }
    private val owner = sizes.indices.flatMap { well -> List(sizes[well]) { well to it } }

    /** Where the first well has the clone of each row. */
    val expected: DenseMatrix = DenseMatrix.ofRows(Array(owner.size) { sheared(0, places[owner[it].second]) })

    fun adata(): AnnData {
        val n = owner.size
        val clones =
            AnnData(
                DenseMatrix.zeros(n, 1, DType.FLOAT32),
                DataFrame.ofNames(*Array(n) { "clone $it" }),
                DataFrame.ofNames("gene"),
            )
        clones.obs.set("well", StringColumn.of(*Array(n) { names[owner[it].first] }))
        clones.obsm.set("X_pca", DenseMatrix.ofRows(Array(n) { places[owner[it].second].clone() }))
        clones.obsm.set(
            "clone2vec",
            DenseMatrix.ofRows(Array(n) { sheared(owner[it].first, places[owner[it].second]) }),
        )
        return clones
    }

    private fun sheared(well: Int, x: DoubleArray): DoubleArray =
        DoubleArray(COLUMNS) { j -> (1 + well) * x[j] + 0.5 * well * x[(j + 1) % COLUMNS] + well }

    companion object {
        const val COLUMNS = 3

        /** Largest difference. */
        fun apart(a: DenseMatrix, b: DenseMatrix): Double =
            (0 until a.nRows()).maxOf { i -> (0 until a.nCols()).maxOf { Math.abs(a.get(i, it) - b.get(i, it)) } }

        @Suppress("UNCHECKED_CAST")
        fun told(clones: AnnData, key: String = "simple_mnn"): Map<String, Any?> = clones.uns[key] as Map<String, Any?>

        fun texts(value: Any?): List<String> = (value as NdArray).texts().toList()

        fun numbers(value: Any?): List<Double> = (value as NdArray).toDoubles().toList()
    }
}
