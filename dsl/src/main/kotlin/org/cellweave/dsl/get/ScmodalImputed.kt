package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.slots.settings
import org.cellweave.dsl.slots.unsMap
import org.cellweave.neural.files.Tensor
import org.cellweave.neural.scmodal.Scmodal
import org.cellweave.neural.scmodal.ScmodalModel
import org.cellweave.util.Check

/**
 * What the cells of one modality would have in another, or have in their own without noise, by the networks that
 * `sc.tl.scmodal` has trained.
 *
 * Reads `uns["scmodal"]` (or [key]) of [mdata] and `X`, or the layer trained on, of the modality. Writes nothing.
 *
 * @param of modality whose cells are asked for
 * @param to modality whose features are asked for
 * @param scale `log` for values as the modality had them, `scaled` for mean 0 and deviation 1
 * @return an object of these cells and features; `X` in float32
 */
public fun Get.scmodalImputed(
    mdata: MuData,
    of: String,
    to: String,
    scale: String = "log",
    key: String = SCMODAL_KEY,
): AnnData {
    require(of in mdata.mod.keys) { "of: mdata has no '$of', it has ${mdata.mod.keys}" }
    return scmodalImputed(mdata.shared, mdata.mod.get(of), of, to, scale, key)
}

/**
 * As for a [MuData], for cells of one of two sets, or for other cells with the same features in the same values.
 *
 * Reads `uns["scmodal"]` (or [key]) of [trained] and `X`, or the layer trained on, of [adata]. Writes nothing.
 *
 * @param trained what `sc.tl.scmodal` has returned
 */
public fun Get.scmodalImputed(
    trained: AnnData,
    adata: AnnData,
    of: String,
    to: String,
    scale: String = "log",
    key: String = SCMODAL_KEY,
): AnnData {
    val asked = Check.oneOf(scale, ScmodalModel.Scale::class.java, "scale")
    val told = trained.unsMap(key)
    val model = scmodalModel(trained, key)
    val source = adata.namedSource(told.settings()["layer"] as String?, of)
    val expected = told.featuresOf(of, model)
    val lacking = expected.zip(source.columns!!).firstOrNull { (a, b) -> a != b }
    require(expected.size == source.columns.size && lacking == null) {
        "'$of' was trained on ${expected.size} features in another order or of other names: " +
            (
                lacking?.let { (a, b) -> "'$a' stands where these cells have '$b'" }
                    ?: "these cells have ${source.columns.size}"
            )
    }
    adata.requireFinite("scmodalImputed", source)
    val names = told.featuresOf(to, model)
    return AnnData(model.imputed(of, source.x, to, asked), adata.obs.copy(), DataFrame.ofNames(*names))
}

/**
 * The networks that `sc.tl.scmodal` has trained; `save` of them writes a file.
 *
 * Reads `uns["scmodal"]` (or [key]). Writes nothing.
 */
public fun Get.scmodalModel(adata: AnnData, key: String = SCMODAL_KEY): ScmodalModel {
    val told = adata.unsMap(key)
    val settings = told.settings()
    val params =
        Scmodal.Params
            .builder()
            .nLatent(settings.found<Number>("n_latent", key).toInt())
            .nHidden(settings.found<Number>("n_hidden", key).toInt())
            .scale(settings.found<Boolean>("scale", key))
            .build()
    val tensors =
        told.found<Map<*, *>>("networks", key).entries.associate { (name, it) ->
            val array = it as? NdArray ?: throw notOfScmodal("networks", key)
            "$name" to Tensor(array.data(), *array.shape())
        }
    return ScmodalModel.of(told.found<NdArray>("sets", key).texts().asList(), params, tensors)
}

/** As for an object of one modality. Reads the same. Writes nothing. */
public fun Get.scmodalModel(mdata: MuData, key: String = SCMODAL_KEY): ScmodalModel = scmodalModel(mdata.shared, key)

private inline fun <reified T> Map<*, *>.found(name: String, key: String): T =
    this[name] as? T ?: throw notOfScmodal(name, key)

private fun notOfScmodal(name: String, key: String) =
    IllegalArgumentException(
        "uns['$key'] has no usable '$name', so that it was not written by sc.tl.scmodal or is damaged; run it again",
    )

private fun Map<String, Any?>.featuresOf(set: String, model: ScmodalModel): Array<String> {
    val features = (this["features"] as? Map<*, *>)?.get(set) as? NdArray
    return requireNotNull(features) {
        "scmodal was trained on ${model.names()}, not on '$set'." + Check.suggestion(set, model.names())
    }.texts()
}
