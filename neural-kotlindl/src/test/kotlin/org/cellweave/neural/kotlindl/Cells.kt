package org.cellweave.neural.kotlindl

import org.cellweave.design.Categories
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neural.data.CellData
import org.cellweave.neural.data.MatrixRows
import org.cellweave.neural.data.Split
import org.cellweave.neural.distributions.Likelihood
import org.cellweave.neural.module.VaeShape
import org.cellweave.neural.train.CellFeed
import java.util.SplittableRandom

/** Cells of three programs in two batches, with a further category and two numbers. */
internal object Cells {
    const val GENES = 60
    private const val CELLS = 300

    val data: CellData = make()

    val feed: CellFeed = CellFeed(data, Split.of(CELLS, 0.9, Double.NaN, 1), 64, 3)

    private fun make(): CellData {
        val random = SplittableRandom(7)
        val batch = IntArray(CELLS) { random.nextInt(2) }
        val third = IntArray(CELLS) { random.nextInt(3) }
        val x = Array(CELLS) { i ->
            val program = random.nextInt(3)
            DoubleArray(GENES) { g ->
                val high = if (g % 3 == program) 6 else 2 + batch[i]
                if (g == 0 || random.nextDouble() < 0.5) 1.0 + random.nextInt(if (g == 4) 300 else high) else 0.0
            }
        }
        return CellData(
            MatrixRows(DenseMatrix.ofRows(x)),
            CellData.Covariates(
                "X",
                Categories("batch", batch, arrayOf("a", "b")),
                null,
                listOf(Categories("donor", third, arrayOf("a", "b", "c"))),
                List(2) { DoubleArray(CELLS) { random.nextDouble() - 0.5 } },
                null,
            ),
        )
    }

    /** As scvi-tools has it by default, but for what is named. */
    fun shape(
        likelihood: Likelihood = Likelihood.NB,
        layers: Int = 1,
        categories: List<Int> = emptyList(),
        continuous: Int = 0,
        encodeCovariates: Boolean = false,
        observedLibrary: Boolean = true,
        linear: Boolean = false,
        batchNorm: VaeShape.Where = VaeShape.Where.BOTH,
        dropout: Double = 0.1,
    ): VaeShape =
        VaeShape(
            GENES, 2, 0, categories, continuous, 16, 5, layers, dropout, VaeShape.Dispersion.GENE, likelihood,
            VaeShape.LatentDistribution.NORMAL, observedLibrary, false, true, true, encodeCovariates, batchNorm,
            VaeShape.Where.NONE, linear, false,
        )
}
