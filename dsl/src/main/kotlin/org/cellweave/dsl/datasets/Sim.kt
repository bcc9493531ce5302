package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.simulate.BooleanRules
import org.cellweave.simulate.GeneNetwork
import org.cellweave.simulate.NetworkRealizations
import org.cellweave.simulate.NetworkSimulation
import org.cellweave.util.FilePath
import java.nio.file.Files

private val REALIZATIONS = NetworkRealizations.Params.DEFAULTS

/** What scanpy's own files of parameters ask for. */
private val SWITCH_COURSE =
    NetworkSimulation.Params
        .builder()
        .steps(200)
        .every(1)
        .stepSize(0.1)
        .noise(0.001)
        .build()
private val SWITCH =
    NetworkRealizations.Params
        .builder()
        .course(SWITCH_COURSE)
        .nRealizations(2)
        .observationNoise(0.01)
        .build()

/**
 * Simulates gene expression over time from a Boolean network. See [NetworkRealizations], [BooleanRules].
 *
 * Reads nothing but the file of [model], when it names one. Writes `uns["iroot"]` and `uns["tmax_write"]` (rows of a
 * course) of the object that it returns: courses one after the other, genes as in the model.
 *
 * @param model `krumsiek11`, `toggleswitch`, or a file of rules such as `A = A and not B`
 * @param tmax time steps of a course; null, as below, for the model's own
 * @param branching keep only courses that end as none before
 * @param noiseObs standard deviation of what is added to every value
 * @param noiseDyn standard deviation of what is added at every step
 * @param step of how many time steps one is returned
 */
public fun Tools.sim(
    model: String,
    tmax: Int? = null,
    branching: Boolean? = null,
    nrRealizations: Int? = null,
    noiseObs: Number? = null,
    noiseDyn: Number? = null,
    step: Int? = null,
    seed: Long? = null,
): AnnData {
    val (network, own) = networkOf(model)
    val course = own.course()
    val every = step ?: course.every()
    val params =
        NetworkRealizations.Params
            .builder()
            .course(
                NetworkSimulation.Params
                    .builder()
                    .steps(tmax ?: course.steps())
                    .every(every)
                    .stepSize(course.stepSize())
                    .noise(noiseDyn?.toDouble() ?: course.noise())
                    .seed(seed ?: course.seed())
                    .build(),
            ).nRealizations(nrRealizations ?: own.nRealizations())
            .branching(branching ?: own.branching())
            .observationNoise(noiseObs?.toDouble() ?: own.observationNoise())
            .build()
    val result =
        Log.timed<NetworkRealizations.Result>("simulating $model", { null }) {
            withProgress { NetworkRealizations.run(network, params, it) }
        }
    if (result.kept() < params.nRealizations()) {
        Log.warning(
            "only ${result.kept()} of ${params.nRealizations()} branches were found in ${result.drawn()} courses; " +
                "raise noiseDyn or tmax, or set branching = false",
        )
    }
    val adata = courses(result.x(), result.rowsPerCourse(), network)
    adata.uns["tmax_write"] = result.rowsPerCourse().toDouble()
    return adata
}

private fun networkOf(model: String): Pair<GeneNetwork, NetworkRealizations.Params> =
    when (model) {
        "krumsiek11" -> GeneNetwork.myeloid() to REALIZATIONS
        "toggleswitch" -> GeneNetwork.toggleSwitch() to SWITCH
        else -> {
            val file = FilePath.of(model)
            require(Files.isRegularFile(file)) {
                "model must be 'krumsiek11', 'toggleswitch' or a file of rules, got '$model'"
            }
            BooleanRules.parse(Files.readAllLines(file)) to REALIZATIONS
        }
    }
