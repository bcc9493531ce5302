package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.TissueImage
import org.cellweave.util.MissingKeyException

/** What `uns["spatial"]` tells of one slide: its picture, and how large things are. */
internal class Slide private constructor(
    private val place: String,
    private val scales: Map<String, Any?>?,
    private val imageKey: String?,
    /** Null where no picture is shown. */
    val image: TissueImage?,
) {
    /** Pixels of the picture in a unit of the coordinates. */
    val scaleFactor: Double get() = if (imageKey == null) 1.0 else number("tissue_${imageKey}_scalef")

    /** Diameter of spots in the coordinates. */
    val spotSize: Double
        get() {
            requireNotNull(scales) {
                "spotSize must be given, the diameter of spots in the units of obsm: uns['spatial'] tells of no slide"
            }
            return number("spot_diameter_fullres")
        }

    private fun number(key: String): Double =
        when (val value = scales?.get(key)) {
            is Number -> value.toDouble()
            is NdArray -> value.number(0)
            else -> throw MissingKeyException("$place['scalefactors']", key, scales?.keys.orEmpty(), "")
        }

    companion object {
        private val USUAL = listOf("hires", "lowres")

        /** @param imageKey null for the first of the usual ones, `none` for no picture */
        fun of(adata: AnnData, libraryId: String?, imageKey: String?, given: NdArray?): Slide {
            val slides = mapOf(adata.uns["spatial"])
            if (slides == null && libraryId == null) {
                require(imageKey == null || imageKey == "none") {
                    "imgKey = \"$imageKey\" names a picture, but adata.uns has no 'spatial' with pictures"
                }
                return Slide("uns", null, null, given?.let { image(it, "img") })
            }
            val all = slides.orEmpty()
            require(libraryId != null || all.size == 1) {
                "libraryId must be one of ${all.keys}; uns['spatial'] has ${all.size} slides"
            }
            val name = libraryId ?: all.keys.first()
            val place = "uns['spatial']['$name']"
            val slide = mapOf(all[name]) ?: throw MissingKeyException("uns['spatial']", name, all.keys, "")
            val images = mapOf(slide["images"]).orEmpty()
            val key = when (imageKey) {
                "none" -> null
                null -> if (given == null) usual(images.keys, place) else null
                else -> imageKey
            }
            val picture = given ?: key?.let {
                images[it]
                    ?: throw MissingKeyException("$place['images']", it, images.keys, "imgKey = \"none\" draws none.")
            }
            val from = if (given == null) "$place['images']['$key']" else "img"
            return Slide(place, mapOf(slide["scalefactors"]).orEmpty(), key, picture?.let { image(it, from) })
        }

        private fun usual(keys: Set<String>, place: String): String =
            USUAL.firstOrNull { it in keys }
                ?: throw MissingKeyException("$place['images']", USUAL[0], keys, "imgKey names another one.")

        @Suppress("UNCHECKED_CAST")
        private fun mapOf(value: Any?): Map<String, Any?>? = value as? Map<String, Any?>

        /** Values reach from 0 to 1, or to 255 where they are whole. */
        private fun image(value: Any, place: String): TissueImage {
            val shape = (value as? NdArray)?.takeIf { !it.isText }?.shape()
            require(shape != null && (shape.size == 2 || shape.size == 3 && shape[2] in 1..4)) {
                "$place must be a picture of rows, columns and up to four channels, got ${shape?.toList() ?: value}"
            }
            val array = value as NdArray
            val most = if (array.dtype().isFloating) 1.0 else 255.0
            return TissueImage(shape[1], shape[0], shape.getOrElse(2) { 1 }) { array.number(it) / most }
        }
    }
}
