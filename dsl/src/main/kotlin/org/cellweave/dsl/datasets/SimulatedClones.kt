package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.NO_CLONE
import org.cellweave.simulate.CloneSimulator
import org.cellweave.simulate.CloneSimulator.Params.DEFAULTS as CLONES

/**
 * Barcoded cells on their way to several fates, in several wells, with the truth beside them. See [CloneSimulator].
 *
 * Fills `X` (counts), `obs["clone"]` (`{well}:{barcode}`, or `NA`), `obs["well"]`, `obs["fate"]`, `obs["maturity"]` and,
 * for cells with a barcode, `obs["barcode"]` and `obs["clone_kind"]`: the fates of their clone.
 *
 * @param nClones clones in all wells together; those of one barcode in two wells are two
 * @param sisters share of the clones whose barcode is in every well
 * @param unlabelled share of the cells without a barcode
 */
public fun Datasets.simulatedClones(
    nClones: Int = CLONES.nClones(),
    meanCells: Number = CLONES.meanCells(),
    nGenes: Int = CLONES.nGenes(),
    nFates: Int = CLONES.nFates(),
    nWells: Int = CLONES.nWells(),
    sisters: Number = CLONES.sisters(),
    unlabelled: Number = CLONES.unlabelled(),
    wellEffect: Number = CLONES.wellEffect(),
    fateEffect: Number = CLONES.fateEffect(),
    cloneEffect: Number = CLONES.cloneEffect(),
    depth: Number = CLONES.depth(),
    dispersion: Number = CLONES.dispersion(),
    seed: Long = CLONES.seed(),
): AnnData {
    val params = CloneSimulator.Params(
        nClones, meanCells.toDouble(), nGenes, nFates, nWells, sisters.toDouble(), unlabelled.toDouble(),
        wellEffect.toDouble(), fateEffect.toDouble(), cloneEffect.toDouble(), depth.toDouble(),
        dispersion.toDouble(), seed,
    )
    val simulated = withProgress { CloneSimulator.run(params, it) }
    val obs = DataFrame.ofNames(*Array(simulated.well().size) { "cell_$it" })
    val genes = DataFrame.ofNames(*Array(nGenes) { "gene_" + it.toString().padStart(nGenes.toString().length, '0') })
    val wells = List(nWells) { "well_$it" }
    val fates = List(nFates) { "fate_$it" }
    val kinds = fates + fates.indices.map { "${fates[it]}+${fates[(it + 1) % nFates]}" } + "all"

    fun ofClone(text: (Int) -> String) =
        CategoricalColumn.ofTexts(*Array(obs.nRows()) { i -> simulated.cloneOf()[i].takeIf { it >= 0 }?.let(text) })
    val wellOfClone = IntArray(nClones)
    simulated.cloneOf().forEachIndexed { i, c -> if (c >= 0) wellOfClone[c] = simulated.well()[i] }
    val barcode = { c: Int -> "barcode_${simulated.barcode()[c]}" }
    val names = Array(obs.nRows()) { i ->
        val c = simulated.cloneOf()[i]
        if (c < 0) NO_CLONE else "${wells[wellOfClone[c]]}:${barcode(c)}"
    }
    obs.set("clone", CategoricalColumn.ofTexts(*names))
    obs.set("well", CategoricalColumn(simulated.well(), StringColumn.of(*wells.toTypedArray()), false))
    obs.set("fate", CategoricalColumn(simulated.fate(), StringColumn.of(*fates.toTypedArray()), false))
    obs.set("maturity", NumericColumn.of(*simulated.maturity()))
    obs.set("barcode", ofClone(barcode))
    obs.set("clone_kind", ofClone { kinds[simulated.kind()[it]] })
    return AnnData(simulated.counts(), obs, genes)
}
