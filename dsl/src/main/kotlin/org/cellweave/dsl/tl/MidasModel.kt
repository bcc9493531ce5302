package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neighbors.CrossNeighbors
import org.cellweave.neighbors.Metric
import org.cellweave.neighbors.MetricArguments
import org.cellweave.neighbors.NearestNeighbors.Search
import org.cellweave.neighbors.NeighborVotes
import org.cellweave.neural.midas.Midas
import org.cellweave.neural.midas.TrainedMidas
import org.cellweave.util.FilePath
import org.cellweave.neighbors.NeighborVotes.Params.DEFAULTS as VOTES
import org.cellweave.neural.midas.Midas.Params.DEFAULTS as MIDAS

/**
 * A trained MIDAS model with the mosaic that it was trained on. Every question takes another mosaic of its batches as
 * well.
 *
 * @property mdata the mosaic; `mod` of other modalities than the model's are refused
 */
public class MidasModel internal constructor(
    public val mdata: MuData,
    internal val core: TrainedMidas,
) {
    private val batchKey get() = core.notes()["batch_key"]
    private val layer get() = core.notes()["layer"]

    private fun read(other: MuData?) = (other ?: mdata).mosaic("midas", batchKey, layer)

    public val batches: List<String> get() = core.batches()

    public val modalities: List<String> get() = core.modalities()

    /** What training recorded: one row per epoch, means over its minibatches. */
    public val history: DataFrame
        get() {
            val history = core.history()
            val epochs = StringColumn.of(*Array(history.epochs()) { it.toString() })
            return DataFrame("history", epochs, "epoch").also { table ->
                history.names().forEach { table.set(it, NumericColumn.of(*history.get(it))) }
            }
        }

    /**
     * Places of cells, means: cells by dimensions.
     *
     * @param kind `c` for the biological dimensions, `u` for the technical ones, `joint` for both
     * @param modalities that tell the places, of which a cell needs all, others are left out; null for whatever it has
     */
    public fun getLatentRepresentation(
        mdata: MuData? = null,
        kind: String = "c",
        modalities: Collection<String>? = null,
    ): DenseMatrix {
        val kinds = listOf("c", "u", "joint")
        require(kind in kinds) { "kind must be one of $kinds, got '$kind'" }
        val places = core.latent(read(mdata), modalities?.toList().orEmpty())
        return when (kind) {
            "c" -> places.c()
            "u" -> places.u()
            else -> beside(places.c(), places.u())
        }
    }

    private fun beside(c: DenseMatrix, u: DenseMatrix): DenseMatrix {
        val width = c.nCols() + u.nCols()
        val both = FloatArray(Math.multiplyExact(c.nRows(), width))
        for (i in 0 until c.nRows()) {
            for (j in 0 until width) {
                both[i * width + j] = (if (j < c.nCols()) c.get(i, j) else u.get(i, j - c.nCols())).toFloat()
            }
        }
        return DenseMatrix.wrap(both, c.nRows(), width)
    }

    /** What the model expects of a modality in every cell, also in those that lack it: counts, or shares of open regions. */
    public fun getImputedValues(modality: String, mdata: MuData? = null): ExpressionTable =
        table(core.imputed(read(mdata), modality), mdata)

    /**
     * What the model expects of the modality [to] by [from] alone, in the cells that have it.
     *
     * @param from a name, or several in a list
     */
    public fun translate(from: Any, to: String, mdata: MuData? = null): ExpressionTable {
        val names = (from as? Collection<*>)?.map { it.toString() } ?: listOf(from.toString())
        return table(core.translated(read(mdata), names, to), mdata)
    }

    /**
     * Counts as if all cells were of one batch, the one that lies in the middle of the technical dimensions.
     *
     * @param sample draws counts, as the original does; false for expectations
     */
    public fun batchCorrected(
        modality: String,
        mdata: MuData? = null,
        sample: Boolean = true,
        randomState: Long = MIDAS.seed(),
    ): ExpressionTable = table(core.batchCorrected(read(mdata), modality, sample, randomState), mdata)

    private fun table(of: TrainedMidas.Decoded, other: MuData?): ExpressionTable {
        val names = (other ?: mdata).obsNames
        return ExpressionTable(of.cells().map { names[it] }, of.features().toList(), of.x())
    }

    /** Saves the model in a folder: one file, `model.safetensors`, that holds no code and no cells. */
    public fun save(dirPath: String, overwrite: Boolean = false) {
        core.save(FilePath.of(dirPath), overwrite)
    }

    /**
     * Trains a copy on with other cells, whose batches may be new, and places them beside those the model knows. Reads
     * [mdata] as the model read its own; features that it lacks count for nothing. Writes what `sc.tl.midas` writes to
     * [mdata], under [keyAdded].
     */
    public fun loadQueryData(
        mdata: MuData,
        maxEpochs: Int = MIDAS.maxEpochs(),
        batchSize: Int = MIDAS.batchSize(),
        lr: Number = MIDAS.lr(),
        randomState: Long = MIDAS.seed(),
        keyAdded: String = "midas",
    ): MidasModel {
        val training =
            Midas.Params
                .builder()
                .maxEpochs(maxEpochs)
                .batchSize(batchSize)
                .lr(lr.toDouble())
                .seed(randomState)
                .build()
        val input = read(mdata)
        val result =
            Log.timed<Midas.Result>("training MIDAS on", { "after ${it.history().epochs()} epochs" }) {
                withProgress { core.query(input, training, it) }
            }
        mdata.storePlaces(result, keyAdded, result.model().notes())
        return MidasModel(mdata, result.model())
    }

    /**
     * Labels of other cells for these, by the votes of the nearest in the biological dimensions; missing where none of
     * them has one.
     *
     * @param reference cells of batches that the model knows
     * @param labelsKey column of its `obs`, or of its modalities
     * @param mdata cells that want labels; null for the model's own
     */
    public fun transferLabels(
        reference: MuData,
        labelsKey: String,
        nNeighbors: Int = VOTES.nNeighbors(),
        mdata: MuData? = null,
    ): CategoricalColumn {
        val labels = reference.labels(labelsKey, "labelsKey", complete = false)
        val known = getLatentRepresentation(reference)
        val asked = getLatentRepresentation(mdata)
        val near =
            withProgress {
                CrossNeighbors.run(known, asked, nNeighbors, Metric.EUCLIDEAN, MetricArguments.NONE, Search.AUTO, it)
            }
        val told = NeighborVotes.run(near, labels, NeighborVotes.Params(nNeighbors)).predicted()
        return CategoricalColumn.ofTexts(*Array(told.size) { if (told[it] < 0) null else labels.level(told[it]) })
    }

    override fun toString(): String = core.toString()

    public companion object {
        /**
         * Loads a saved model for a mosaic of its batches and modalities.
         *
         * @throws org.cellweave.util.FormatException when there is none, or the file is damaged
         */
        public fun load(dirPath: String, mdata: MuData): MidasModel =
            MidasModel(mdata, TrainedMidas.load(FilePath.of(dirPath)))
    }
}
