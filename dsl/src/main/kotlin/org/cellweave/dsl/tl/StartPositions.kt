package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.dsl.slots.Remedies
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.unsMap
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException
import java.util.SplittableRandom

/** Each cell at its group's place in the layout of PAGA. */
internal fun pagaPlaces(adata: AnnData): DenseMatrix {
    val places = PagaPlaces(adata)
    return places.cells { group, out ->
        out[0] = places.x(group)
        out[1] = places.y(group)
    }
}

/**
 * Each cell somewhere in the box that its group's place spans with that of the group it is best connected to, half of
 * the box on either side, as scanpy draws them.
 */
internal fun scatteredPagaPlaces(adata: AnnData, seed: Long): DenseMatrix {
    val places = PagaPlaces(adata)
    val best = places.bestConnected()
    val random = SplittableRandom(seed)
    return places.cells { group, out ->
        val other = best[group]
        val dx = if (other < 0) 0.0 else places.x(group) - places.x(other)
        val dy = if (other < 0) 0.0 else places.y(group) - places.y(other)
        out[0] = places.x(group) + (random.nextDouble() - 0.5) * dx
        out[1] = places.y(group) + (random.nextDouble() - 0.5) * dy
    }
}

private const val SLOT = "uns['paga']"

private class PagaPlaces(
    private val adata: AnnData,
) {
    private val paga = adata.unsMap("paga")
    private val key = paga["groups"] as? String ?: ""
    private val groups: CategoricalColumn = adata.groups(key, "uns['paga']['groups']")
    private val centres = centres()

    fun x(group: Int): Double = centres[2 * group]

    fun y(group: Int): Double = centres[2 * group + 1]

    fun cells(place: (Int, DoubleArray) -> Unit): DenseMatrix {
        val out = DenseMatrix.zeros(adata.nObs, 2, DType.FLOAT32)
        val row = DoubleArray(2)
        for (i in 0 until adata.nObs) {
            val g = groups.codes()[i]
            require(g >= 0) {
                "cell '${adata.obsNames[i]}' has no group in obs['$key']; initPos = paga needs one for each cell"
            }
            place(g, row)
            out.set(i, 0, row[0])
            out.set(i, 1, row[1])
        }
        return out
    }

    /** The group that each is best connected to, the first of equals; -1 without any connection. */
    fun bestConnected(): IntArray {
        val table =
            paga["connectivities"] as? Matrix
                ?: throw MissingKeyException(SLOT, "connectivities", paga.keys, remedy("connectivities", SLOT))
        val csr: CsrMatrix = table.toCsr()
        return IntArray(groups.nCategories()) { g ->
            var best = -1
            var weight = 0.0
            val block = csr.blockOf(g)
            for (p in block.start(g) until block.end(g)) {
                if (block.value(p) > weight) {
                    weight = block.value(p)
                    best = block.indices()[p]
                }
            }
            best
        }
    }

    /** x and y of each group in turn. */
    private fun centres(): DoubleArray {
        val nGroups = groups.nCategories()
        val place =
            when (val pos = paga["pos"]) {
                is NdArray -> pos.toDoubles()
                is Matrix -> pos.toDense().doubleData()
                else -> throw MissingKeyException(SLOT, "pos", paga.keys, remedy("pos", SLOT))
            }
        require(place.size == 2 * nGroups) {
            "uns['paga']['pos'] must hold x and y of $nGroups groups, got ${place.size} numbers. " +
                Remedies.again("pos", SLOT)
        }
        return place
    }
}
