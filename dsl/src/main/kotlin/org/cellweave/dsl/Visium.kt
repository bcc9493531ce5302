package org.cellweave.dsl

import de.siegmar.fastcsv.reader.CsvReader
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.fileOf
import org.cellweave.io.format.H5Datasets
import org.cellweave.io.format.TenX
import org.cellweave.matrix.DType
import org.cellweave.util.FormatException
import org.cellweave.util.Quoted
import org.jetbrains.letsPlot.commons.intern.json.JsonSupport
import java.awt.image.BufferedImage
import java.awt.image.IndexColorModel
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import javax.imageio.ImageIO

private const val FIELDS = 6
private const val ALPHA = 3
private const val BYTE = 0xFF

/**
 * Reads the folder that Space Ranger writes for a Visium slide: counts, positions of the spots and pictures.
 *
 * Writes `obs["in_tissue"]`, `obs["array_row"]`, `obs["array_col"]`, `obsm["spatial"]` (x, then y, in pixels of the full
 * picture) and `uns["spatial"][libraryId]` with `images`, `scalefactors` and `metadata`. Pictures are float32 from
 * 0 to 1. Where scanpy leaves NaN for a spot of the counts that has no position, this is an error.
 *
 * @param path folder that holds [countFile] and the folder `spatial`
 * @param genome keeps only features of this genome
 * @param libraryId key in `uns["spatial"]`; the one in the file of counts by default
 * @param loadImages without it only counts are read, and `uns["spatial"][libraryId]` is empty
 * @param sourceImagePath path of the full picture, noted in the metadata
 */
public fun Cellweave.readVisium(
    path: Any,
    genome: String? = null,
    countFile: String = "filtered_feature_bc_matrix.h5",
    libraryId: String? = null,
    loadImages: Boolean = true,
    sourceImagePath: String? = null,
): AnnData {
    val folder = fileOf(path, "path")
    val counts = folder.resolve(countFile)
    val adata = TenX.readH5(counts, genome, true) { Log.warning(it) }
    val notes = H5Datasets.rootTexts(counts, listOf("library_ids", "chemistry_description", "software_version"))
    val library =
        libraryId ?: notes["library_ids"] ?: throw FormatException("$counts names no library; give libraryId = \"...\"")
    val entry = LinkedHashMap<String, Any>()
    adata.uns["spatial"] = linkedMapOf<String, Any>(library to entry)
    if (!loadImages) {
        return adata
    }
    val spatial = folder.resolve("spatial")
    val withHeader = spatial.resolve("tissue_positions.csv")
    val positions = if (Files.exists(withHeader)) withHeader else spatial.resolve("tissue_positions_list.csv")
    val scales = lines(spatial.resolve("scalefactors_json.json")).joinToString(" ")
    entry["images"] =
        listOf("hires", "lowres").associateWithTo(LinkedHashMap<String, Any>()) {
            picture(spatial.resolve("tissue_${it}_image.png"))
        }
    entry["scalefactors"] = flatNumbers(scales, spatial.resolve("scalefactors_json.json"))
    val metadata = LinkedHashMap<String, Any>(notes - "library_ids")
    sourceImagePath?.let {
        metadata["source_image_path"] = Path
            .of(it)
            .toAbsolutePath()
            .normalize()
            .toString()
    }
    entry["metadata"] = metadata
    place(adata, positions, positions == withHeader)
    return adata
}

private fun lines(file: Path): List<String> {
    if (!Files.exists(file)) {
        throw NoSuchFileException("$file", null, "a Visium folder has it; loadImages = false reads only the counts")
    }
    return Files.readAllLines(file)
}

private fun place(adata: AnnData, file: Path, header: Boolean) {
    val rows = HashMap<String, LongArray>()
    CsvReader
        .builder()
        .skipEmptyLines(true)
        .allowExtraFields(true)
        .allowMissingFields(true)
        .ofCsvRecord(lines(file).joinToString("\n"))
        .forEachIndexed { i, record ->
            val fields = record.fields
            if (!(header && i == 0) && fields.any { it.isNotBlank() }) {
                val numbers = fields.drop(1).mapNotNull { it.trim().toDoubleOrNull()?.let(Math::round) }
                if (fields.size != FIELDS || numbers.size != FIELDS - 1) {
                    val line = fields.joinToString(",")
                    throw FormatException(
                        "$file line ${record.startingLineNumber}: expected a barcode and five numbers, got '$line'",
                    )
                }
                rows[fields[0]] = numbers.toLongArray()
            }
        }
    val spots =
        adata.obsNames.map {
            rows[it]
                ?: throw FormatException("$file has no position for spot '$it' of the counts; is it another slide's?")
        }
    listOf("in_tissue", "array_row", "array_col").forEachIndexed { k, name ->
        adata.obs.set(name, NumericColumn.of(*LongArray(spots.size) { spots[it][k] }))
    }
    val xy = LongArray(2 * spots.size) { spots[it / 2][FIELDS - 2 - it % 2] }
    adata.obsm["spatial"] = NdArray(DType.INT64, intArrayOf(spots.size, 2), xy)
}

/** Rows x columns (of a grey picture) x red, green, blue (and opacity where the file has it), from 0 to 1. */
private fun picture(file: Path): NdArray {
    val image =
        (if (Files.exists(file)) ImageIO.read(file.toFile()) else null)
            ?: throw FormatException("$file is missing or no picture; loadImages = false reads only the counts")
    val model = image.colorModel
    return if (model.numComponents == 1 && model !is IndexColorModel) grey(image) else coloured(image)
}

/** Straight from the raster: Java would take the values for linear light and change them. */
private fun grey(image: BufferedImage): NdArray {
    val most = (1 shl image.colorModel.getComponentSize(0)) - 1f
    val out = FloatArray(Math.multiplyExact(image.width, image.height))
    for (y in 0 until image.height) {
        for (x in 0 until image.width) {
            out[y * image.width + x] = image.raster.getSample(x, y, 0) / most
        }
    }
    return NdArray(DType.FLOAT32, intArrayOf(image.height, image.width), out)
}

private fun coloured(image: BufferedImage): NdArray {
    val channels = if (image.colorModel.hasAlpha()) ALPHA + 1 else ALPHA
    val out = FloatArray(Math.multiplyExact(image.width * channels, image.height))
    val shifts = intArrayOf(16, 8, 0, 24)
    var at = 0
    for (y in 0 until image.height) {
        for (x in 0 until image.width) {
            val argb = image.getRGB(x, y)
            for (c in 0 until channels) {
                out[at++] = (argb ushr shifts[c] and BYTE) / BYTE.toFloat()
            }
        }
    }
    return NdArray(DType.FLOAT32, intArrayOf(image.height, image.width, channels), out)
}

private fun flatNumbers(json: String, file: Path): Map<String, Any> {
    val values =
        try {
            JsonSupport.parseJson(json)
        } catch (e: RuntimeException) {
            throw FormatException("$file is no JSON (${Quoted.line("${e.message}")}); fetch it again", e)
        }
    val found = LinkedHashMap<String, Any>()
    values.forEach { (name, value) -> if (value is Number) found[name] = value.toDouble() }
    if (found.isEmpty()) {
        throw FormatException("$file holds no scale factors; expected {\"tissue_hires_scalef\": 0.1, ...}")
    }
    return found
}
