package org.cellweave.dsl

import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.embedding
import org.cellweave.neural.midas.Midas
import org.cellweave.util.Check
import org.cellweave.neural.midas.Midas.Params.DEFAULTS as MIDAS

/**
 * One place for every cell of a mosaic, whatever modalities it has, by a variational autoencoder; gives the model, which
 * imputes, translates and takes new batches. See [Midas].
 *
 * Reads `X` (or [layer]; raw counts) of every modality and `obs[batchKey]`. Writes `obsm["X_midas"]` (biological
 * dimensions), `obsm["X_midas_u"]` (technical ones) and `uns["midas"]` (`history`, `params`); with [keyAdded] under that
 * name.
 *
 * @param batchKey column of `mdata.obs`, or of the modalities; null for one batch
 * @param maxEpochs suits the small example that the defaults are those of; data of thousands of cells want hundreds
 * @param earlyStoppingPatience epochs that held-out cells may grow no better; 0 trains all epochs on all cells
 * @param geneLikelihood of the modality [rna]: `poisson` or `negative_binomial`
 * @param atac modality of accessible regions, which are taken for open or not, by chromosome
 * @param startRep key in `mdata.obsm` of an embedding that training begins near, such as `X_stabmap`
 * @param warmStartEpochs that draw places towards it
 */
public fun Tools.midas(
    mdata: MuData,
    batchKey: String? = "batch",
    maxEpochs: Int = MIDAS.maxEpochs(),
    batchSize: Int = MIDAS.batchSize(),
    lr: Number = MIDAS.lr(),
    earlyStoppingPatience: Int = MIDAS.patience(),
    validationSize: Number = MIDAS.validationSize(),
    dimC: Int = MIDAS.dimC(),
    dimU: Int = MIDAS.dimU(),
    geneLikelihood: String = MIDAS.geneLikelihood().spelled(),
    rna: String = MIDAS.rna(),
    atac: String = MIDAS.atac(),
    startRep: String? = null,
    warmStartEpochs: Int = MIDAS.warmStartEpochs(),
    randomState: Long = MIDAS.seed(),
    layer: String? = null,
    keyAdded: String = "midas",
): MidasModel {
    val params =
        Midas.Params
            .builder()
            .maxEpochs(maxEpochs)
            .batchSize(batchSize)
            .lr(lr.toDouble())
            .patience(earlyStoppingPatience)
            .validationSize(validationSize.toDouble())
            .dimC(dimC)
            .dimU(dimU)
            .geneLikelihood(Check.oneOf(geneLikelihood, Midas.GeneLikelihood::class.java, "geneLikelihood"))
            .rna(rna)
            .atac(atac)
            .warmStartEpochs(warmStartEpochs)
            .seed(randomState)
            .build()
    val input = mdata.mosaic("midas", batchKey, layer)
    val start = startRep?.let { mdata.shared.embedding(it) }
    val result =
        Log.timed<Midas.Result>("training MIDAS", { outcome(it, keyAdded) }) {
            withProgress { Midas.run(input, start, params, it) }
        }
    val told =
        listOfNotNull(
            batchKey?.let { "batch_key" to it }, layer?.let { "layer" to it },
            startRep?.let { "start_rep" to it },
        )
    result.model().notes().putAll(told)
    mdata.storePlaces(result, keyAdded, told.toMap())
    return MidasModel(mdata, result.model())
}

private fun outcome(result: Midas.Result, key: String): String {
    val loss = result.history().get("loss").last()
    return "after ${result.history().epochs()} epochs: loss %.1f\n    'X_$key', %d biological dimensions (mdata.obsm)\n"
        .format(loss, result.c().nCols()) + "    'X_${key}_u', ${result.u().nCols()} technical dimensions (mdata.obsm)"
}

/** Writes what [Midas] found of these cells. */
internal fun MuData.storePlaces(result: Midas.Result, key: String, told: Map<String, Any?>) {
    obsm.set("X_$key", result.c())
    obsm.set("X_${key}_u", result.u())
    val params =
        recorded(
            result.model().params(), "dimC", "dimU", "maxEpochs", "batchSize", "lr", "patience", "geneLikelihood",
            "seed", called = mapOf("patience" to "earlyStoppingPatience"),
        )
    val history = result.history().series().mapValues { NdArray.of(*it.value) }
    uns[key] =
        dict(
            "history" to dict(*history.toList().toTypedArray()),
            "stopped_early" to result.stoppedEarly(),
            "params" to dict(*(params + told).toList().toTypedArray()),
        )
}
