package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.dsl.slots.dict
import org.cellweave.matrix.DenseMatrix
import org.cellweave.simulate.GeneNetwork
import org.cellweave.simulate.NetworkSimulation

/** Which genes are on at the end of each fate, in the order of [GeneNetwork.myeloid]. */
private val MYELOID_FATES =
    linkedMapOf("Mo" to "00000011110", "Ery" to "11110100000", "Mk" to "11101100000", "Neu" to "00000011001")

/** Where scanpy puts the names of the fates in figures; cells counted from 0. */
private val HIGHLIGHTS = dict("0" to "Stem", "159" to "Mo", "319" to "Ery", "459" to "Mk", "619" to "Neu")

private const val TOGGLE_STEPS = 500
private const val TOGGLE_NOISE = 0.0065

/** A switch that is still undecided at the end is not kept. */
private const val TOGGLE_ON = 0.9

/**
 * Development of myeloid progenitors to monocytes, erythrocytes, megakaryocytes and neutrophils, simulated from the
 * Boolean network of Krumsiek 2011 (doi 10.1371/journal.pone.0022649). See [NetworkSimulation].
 *
 * 640 cells x 11 genes: four courses of 160 cells from the same beginning, `obs["cell_type"]` (`progenitor` in the
 * first half of each), `uns["iroot"]` and `uns["highlights"]`. Made here, always the same: scanpy ships a file that its
 * authors simulated from the same network, so layout, rules and fates agree and single numbers do not.
 */
public fun Datasets.krumsiek11(): AnnData {
    val made = NetworkSimulation
        .run(GeneNetwork.myeloid(), MYELOID_FATES.values.toList(), NetworkSimulation.Params.DEFAULTS)
    val adata = courses(made, GeneNetwork.myeloid())
    val names = MYELOID_FATES.keys.toList()
    val types =
        Array<String?>(adata.nObs) {
            val late = it % made.rowsPerFate() >= made.rowsPerFate() / 2
            if (late) names[it / made.rowsPerFate()] else "progenitor"
        }
    adata.obs.set("cell_type", CategoricalColumn.ofTexts(*types))
    adata.uns["highlights"] = HIGHLIGHTS
    return adata
}

/**
 * Two genes that switch each other off, after Gardner 2000 (doi 10.1038/35002131), simulated. See [NetworkSimulation].
 *
 * 200 cells x 2 genes: a course that ends with the first gene on and one that ends with the second on, and
 * `uns["iroot"]`. Made here, always the same; not the numbers of scanpy's file.
 */
public fun Datasets.toggleswitch(): AnnData {
    val params =
        NetworkSimulation.Params
            .builder()
            .steps(TOGGLE_STEPS)
            .noise(TOGGLE_NOISE)
            .on(TOGGLE_ON)
            .build()
    return courses(
        NetworkSimulation.run(GeneNetwork.toggleSwitch(), listOf("10", "01"), params),
        GeneNetwork.toggleSwitch(),
    )
}

private fun courses(made: NetworkSimulation.Result, network: GeneNetwork): AnnData =
    courses(made.x(), made.rowsPerFate(), network)

/** Cells are numbered within their course, so that their names repeat, as in scanpy. */
internal fun courses(x: DenseMatrix, rowsPerCourse: Int, network: GeneNetwork): AnnData {
    val cells = Array(x.nRows()) { "${it % rowsPerCourse}" }
    val genes = Array(x.nCols()) { network.genes()[it].name() }
    val adata = AnnData(x, DataFrame.ofNames(*cells), DataFrame.ofNames(*genes))
    adata.uns["iroot"] = 0L
    return adata
}
