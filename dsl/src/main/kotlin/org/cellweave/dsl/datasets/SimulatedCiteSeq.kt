package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.withProgress
import org.cellweave.simulate.BatchSimulator
import org.cellweave.simulate.CiteSeqSimulator
import org.cellweave.simulate.CiteSeqSimulator.Params.DEFAULTS as CITE

/**
 * Counts of genes (`rna`) and surface proteins (`adt`) in the same cells, of several types and batches. See
 * [CiteSeqSimulator].
 *
 * Fills `X` (counts) of both modalities, `obs["batch"]` and `obs["cell_type"]` of all cells and of both, and
 * `uns["true_links"]`, a table of every `gene` with its `protein`.
 *
 * @param nPrograms ways in which cells of a type differ, besides chance
 * @param coupling how much of its gene's log fold change a protein follows, between 0 and 1
 * @param depth median number of counts of genes in a cell, [proteinDepth] of proteins
 */
public fun Datasets.simulatedCiteSeq(
    nCells: Int = CITE.cells().nCells(),
    nGenes: Int = CITE.cells().nGenes(),
    nProteins: Int = CITE.nProteins(),
    nBatches: Int = CITE.cells().nBatches(),
    nTypes: Int = CITE.cells().nTypes(),
    nPrograms: Int = CITE.nPrograms(),
    batchEffect: Number = CITE.cells().batchEffect(),
    typeEffect: Number = CITE.cells().typeEffect(),
    programEffect: Number = CITE.programEffect(),
    coupling: Number = CITE.coupling(),
    depth: Number = CITE.cells().depth(),
    proteinDepth: Number = CITE.proteinDepth(),
    dispersion: Number = CITE.cells().dispersion(),
    seed: Long = CITE.cells().seed(),
): MuData {
    val cells =
        BatchSimulator.Params(
            nCells, nGenes, nBatches, nTypes, batchEffect.toDouble(), typeEffect.toDouble(), depth.toDouble(),
            dispersion.toDouble(), seed,
        )
    val params = CiteSeqSimulator.Params(
        cells, nProteins, nPrograms, programEffect.toDouble(), coupling.toDouble(), proteinDepth.toDouble(),
    )
    val simulated = withProgress { CiteSeqSimulator.run(params, it) }

    fun labelled(): DataFrame {
        val obs = DataFrame("obs", StringColumn.of(*Array(nCells) { "cell_$it" }), null)
        obs.set("batch", coded(simulated.batch(), nBatches, "batch_"))
        obs.set("cell_type", coded(simulated.type(), nTypes, "type_"))
        return obs
    }
    val genes = numbered("gene_", nGenes)
    val proteins = numbered("protein_", nProteins)
    val mdata =
        MuData(
            mapOf(
                "rna" to AnnData(simulated.genes(), labelled(), DataFrame.ofNames(*genes)),
                "adt" to AnnData(simulated.proteins(), labelled(), DataFrame.ofNames(*proteins)),
            ),
        )
    labelled().let { obs -> obs.keys.forEach { mdata.obs.set(it, obs.get(it)) } }
    val links = DataFrame.ofNames(*Array(nProteins) { "$it" })
    links.set("gene", StringColumn.of(*Array(nProteins) { genes[simulated.geneOf()[it]] }))
    links.set("protein", StringColumn.of(*proteins))
    mdata.uns["true_links"] = links
    return mdata
}

internal fun numbered(prefix: String, n: Int) =
    Array(n) { prefix + it.toString().padStart(n.toString().length, '0') }

internal fun coded(codes: IntArray, n: Int, prefix: String) =
    CategoricalColumn(codes, StringColumn.of(*Array(n) { "$prefix$it" }), false)
