package org.cellweave.dsl

import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.neural.data.ChunkedShuffle
import org.cellweave.neural.model.Accelerators
import org.cellweave.neural.train.EarlyStopping
import org.cellweave.neural.train.Optimizer
import org.cellweave.neural.train.Plateau
import org.cellweave.neural.train.Training
import org.cellweave.neural.train.Warmup
import org.cellweave.util.Check
import org.cellweave.util.FilePath

/**
 * Trains the model, from its present weights on. Names and defaults are those of scvi-tools' `train`, its
 * `plan_kwargs` and
 * its trainer; what stands in [planKwargs] may as well be given by name.
 *
 * @param maxEpochs null for as many as make 20,000 cells seen 400 times, and at most 400
 * @param accelerator `auto`, `cpu` or `gpu`
 * @param engine `auto`, `fused` (CPU), `tensorflow` or `kotlindl`
 * @param validationSize null for all cells that are not trained on
 * @param earlyStopping whether training ends when [earlyStoppingMonitor] has not fallen for [earlyStoppingPatience]
 *   epochs
 * @param checkValEveryNEpoch epochs between validations; null for none, unless something watches them
 * @param nEpochsKlWarmup epochs over which the weight of divergences rises to [maxKlWeight]; null for [nStepsKlWarmup]
 * @param optimizer `Adam` or `AdamW`
 * @param nSamplesPerLabel of scANVI: cells of every label that an epoch draws; null for all
 * @param chunkedShuffle whether cells come in an order that a file can follow, chunks of 64 in random order and 256 of
 *   them
 *   mixed; null where the counts are in a file (`sc.readH5ad(path, backed = "r")`), which is then read once an epoch
 * @param checkpoint a folder where an unfinished training is kept, so that the same call goes on from it
 */
@Suppress("LongParameterList")
public fun GenerativeModel.train(
    maxEpochs: Int? = null,
    accelerator: String = Accelerators.AUTO,
    trainSize: Number = TRAINING.trainSize(),
    validationSize: Number? = null,
    batchSize: Int = TRAINING.batchSize(),
    earlyStopping: Boolean = false,
    checkValEveryNEpoch: Int? = null,
    planKwargs: Map<String, Any?> = emptyMap(),
    lr: Number = TRAINING.learningRate(),
    weightDecay: Number = OPTIMIZER.weightDecay(),
    eps: Number = OPTIMIZER.epsilon(),
    optimizer: String = "Adam",
    nEpochsKlWarmup: Int? = WARMUP.epochs(),
    nStepsKlWarmup: Int? = null,
    minKlWeight: Number = WARMUP.least(),
    maxKlWeight: Number = WARMUP.most(),
    reduceLrOnPlateau: Boolean = false,
    lrFactor: Number = PLATEAU.factor(),
    lrPatience: Int = PLATEAU.patience(),
    lrThreshold: Number = PLATEAU.threshold(),
    lrMin: Number = PLATEAU.least(),
    earlyStoppingMonitor: String = STOPPING.monitor(),
    earlyStoppingPatience: Int = STOPPING.patience(),
    earlyStoppingMinDelta: Number = STOPPING.minDelta(),
    earlyStoppingWarmupEpochs: Int = STOPPING.warmupEpochs(),
    nSamplesPerLabel: Int? = null,
    checkpoint: String? = null,
    checkpointEveryNEpoch: Int = 10,
    chunkedShuffle: Boolean? = null,
    engine: String = Accelerators.AUTO,
    seed: Long = scvi.settings.seed,
) {
    maxEpochs?.let { Check.positive(it, "maxEpochs") }
    validationSize?.toDouble()?.let { Check.finite(it, "validationSize") }
    nSamplesPerLabel?.let { Check.positive(it, "nSamplesPerLabel") }
    Check.positive(checkpointEveryNEpoch, "checkpointEveryNEpoch")
    val plan = PlanArguments(planKwargs)
    val training =
        Training
            .builder()
            .maxEpochs(maxEpochs ?: 0)
            .batchSize(batchSize)
            .trainSize(trainSize.toDouble())
            .validationSize(validationSize?.toDouble() ?: Double.NaN)
            .learningRate(plan.number("lr", lr.toDouble()))
            .optimizer(
                adam(
                    plan.number("eps", eps.toDouble()),
                    plan.number("weightDecay", weightDecay.toDouble()),
                    plan.text("optimizer", optimizer),
                ),
            ).warmup(
                Warmup(
                    plan.whole("nEpochsKlWarmup", nEpochsKlWarmup) ?: 0,
                    plan.whole("nStepsKlWarmup", nStepsKlWarmup) ?: 0,
                    plan.number("minKlWeight", minKlWeight.toDouble()),
                    plan.number("maxKlWeight", maxKlWeight.toDouble()),
                ),
            ).checkValEveryNEpoch(checkValEveryNEpoch ?: 0)
            .earlyStopping(
                EarlyStopping(
                    earlyStoppingMonitor, earlyStoppingPatience, earlyStoppingMinDelta.toDouble(),
                    earlyStoppingWarmupEpochs,
                ).takeIf { earlyStopping },
            ).plateau(
                Plateau(
                    STOPPING.monitor(),
                    plan.number("lrFactor", lrFactor.toDouble()),
                    plan.whole("lrPatience", lrPatience) ?: lrPatience,
                    plan.number("lrThreshold", lrThreshold.toDouble()),
                    plan.number("lrMin", lrMin.toDouble()),
                ).takeIf { plan.flag("reduceLrOnPlateau", reduceLrOnPlateau) },
            ).samplesPerLabel(nSamplesPerLabel ?: 0)
            .checkpoint(checkpoint?.let { Training.CheckpointFolder(FilePath.of(it), checkpointEveryNEpoch) })
            .chunkedShuffle(
                ChunkedShuffle.DEFAULTS.takeIf { chunkedShuffle ?: columns.areInFile(anndata(null)) },
            ).seed(seed)
            .build()
    plan.refuseOthers()
    val trainer = Accelerators.choose(accelerator, engine)
    val cells = cells(null)
    Log.timed<Unit>("training ${core.name()} (${trainer.device()})", { outcome() }) {
        withProgress { core.train(cells, training, trainer, it) }
    }
}

private fun GenerativeModel.outcome(): String {
    val history = core.history()
    val last = history.get("elbo_train").last()
    return "after ${history.epochs()} epochs: elbo_train %.2f".format(last)
}

private fun adam(eps: Double, weightDecay: Double, name: String): Optimizer {
    require(name in listOf("Adam", "AdamW")) { "optimizer must be \"Adam\" or \"AdamW\", got \"$name\"" }
    return Optimizer(OPTIMIZER.beta1(), OPTIMIZER.beta2(), eps, weightDecay, name == "AdamW")
}

/**
 * Settings as scvi-tools' users hand them over, in Python's spelling or Kotlin's; they win over those given by name.
 */
private class PlanArguments(given: Map<String, Any?>) {
    private val values = given.mapKeys { (name, _) -> inCamelCase(name) }
    private val asked = mutableListOf<String>()

    fun number(name: String, otherwise: Double): Double = value(name, "a number")?.toDouble() ?: otherwise

    fun text(name: String, otherwise: String): String {
        asked += name
        return values[name]?.toString() ?: otherwise
    }

    fun flag(name: String, otherwise: Boolean): Boolean {
        asked += name
        val found = values[name] ?: return otherwise
        return found as? Boolean ?: wrong(name, "true or false", found)
    }

    /** A null that is given counts: `n_epochs_kl_warmup = null` turns the warm-up off. */
    fun whole(name: String, otherwise: Int?): Int? {
        if (name !in values) return otherwise.also { asked += name }
        val kind = "a whole number up to ${Int.MAX_VALUE}"
        val found = value(name, kind) ?: return null
        val number = found.toDouble()
        if (number != Math.rint(number) || Math.abs(number) > Int.MAX_VALUE) wrong(name, kind, found)
        return number.toInt()
    }

    private fun value(name: String, kind: String): Number? {
        asked += name
        val found = values[name] ?: return null
        return found as? Number ?: wrong(name, kind, found)
    }

    private fun wrong(name: String, kind: String, found: Any): Nothing =
        throw IllegalArgumentException("planKwargs[\"$name\"] must be $kind, got '$found'")

    fun refuseOthers() {
        val unknown = values.keys.firstOrNull { it !in asked } ?: return
        throw IllegalArgumentException(
            "planKwargs has no '$unknown'; it takes $asked.${Check.suggestion(unknown, asked)}",
        )
    }

    private fun inCamelCase(name: String) =
        name
            .split('_')
            .filter(String::isNotEmpty)
            .joinToString("") { it.replaceFirstChar(Char::uppercase) }
            .replaceFirstChar(Char::lowercase)
}

private val TRAINING = Training.DEFAULTS
private val OPTIMIZER = Optimizer.DEFAULTS
private val WARMUP = Warmup.DEFAULTS
private val PLATEAU = Plateau.DEFAULTS
private val STOPPING = EarlyStopping.DEFAULTS
