package org.cellweave.dsl

import io.jhdf.HdfFile
import org.apache.commons.compress.archivers.tar.TarArchiveEntry
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.NdArray
import org.cellweave.dsl.session.Settings
import org.cellweave.util.FormatException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.awt.image.BufferedImage
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.util.zip.GZIPOutputStream
import javax.imageio.ImageIO

class VisiumTest {
    @TempDir
    lateinit var folder: Path

    /** Two spots, three genes; positions list the spots the other way round and one that has no counts. */
    private fun slide(positions: String, header: Boolean) {
        HdfFile.write(folder.resolve("filtered_feature_bc_matrix.h5")).use { file ->
            file.putAttribute("library_ids", arrayOf("slide1"))
            file.putAttribute("software_version", "spaceranger-2.0.0")
            val matrix = file.putGroup("matrix")
            matrix.putDataset("barcodes", arrayOf("AA-1", "CC-1"))
            matrix.putDataset("data", intArrayOf(5, 7, 9))
            matrix.putDataset("indices", longArrayOf(0, 2, 1))
            matrix.putDataset("indptr", longArrayOf(0, 2, 3))
            matrix.putDataset("shape", intArrayOf(3, 2))
            val features = matrix.putGroup("features")
            features.putDataset("id", arrayOf("E1", "E2", "E3"))
            features.putDataset("name", arrayOf("G1", "G2", "G3"))
            features.putDataset("feature_type", Array(3) { "Gene Expression" })
            features.putDataset("genome", Array(3) { "GRCh38" })
        }
        val spatial = Files.createDirectories(folder.resolve("spatial"))
        val head = "barcode,in_tissue,array_row,array_col,pxl_row_in_fullres,pxl_col_in_fullres\n"
        Files.writeString(spatial.resolve(positions), (if (header) head else "") + ROWS)
        Files.writeString(
            spatial.resolve("scalefactors_json.json"),
            """{"spot_diameter_fullres": 89.5, "tissue_hires_scalef": 1.7e-1}""",
        )
        for (name in listOf("hires", "lowres")) {
            val image = BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB)
            image.setRGB(2, 1, 0x0AC814)
            ImageIO.write(image, "png", spatial.resolve("tissue_${name}_image.png").toFile())
        }
    }

    @Test
    fun `both layouts of positions give the same object`() {
        for ((name, header) in listOf("tissue_positions_list.csv" to false, "tissue_positions.csv" to true)) {
            slide(name, header)
            val adata = sc.readVisium("$folder")
            assertThat(adata.obs["in_tissue"].toDoubles()).containsExactly(1.0, 0.0)
            assertThat(adata.obs["array_row"].toDoubles()).containsExactly(10.0, 20.0)
            assertThat(adata.obs["array_col"].toDoubles()).containsExactly(11.0, 21.0)
            assertThat((adata.obsm["spatial"] as NdArray).toDoubles()).containsExactly(103.0, 102.0, 203.0, 202.0)
            assertThat(adata.x.toDense().get(0, 2)).isEqualTo(7.0)
            val entry = (adata.uns["spatial"] as Map<*, *>)["slide1"] as Map<*, *>
            assertThat(entry["scalefactors"])
                .isEqualTo(mapOf("spot_diameter_fullres" to 89.5, "tissue_hires_scalef" to 0.17))
            assertThat(entry["metadata"]).isEqualTo(mapOf("software_version" to "spaceranger-2.0.0"))
            val image = (entry["images"] as Map<*, *>)["hires"] as NdArray
            assertThat(image.shape()).containsExactly(2, 3, 3)
            assertThat(image.data() as FloatArray).endsWith(10 / 255f, 200 / 255f, 20 / 255f)
        }
    }

    @Test
    fun `pictures of every kind are as matplotlib reads them`() {
        slide("tissue_positions.csv", true)
        val kinds =
            mapOf(
                "byte" to BufferedImage.TYPE_BYTE_GRAY,
                "short" to BufferedImage.TYPE_USHORT_GRAY,
                "opaque" to BufferedImage.TYPE_INT_RGB,
                "clear" to BufferedImage.TYPE_INT_ARGB,
            )
        for ((name, kind) in kinds) {
            val image = BufferedImage(4, 3, kind)
            for (p in 0 until 12) {
                when (name) {
                    "byte" -> image.raster.setSample(p % 4, p / 4, 0, 20 * p)
                    "short" -> image.raster.setSample(p % 4, p / 4, 0, 5000 * p)
                    else -> image.setRGB(
                        p % 4, p / 4,
                        (0x80 + p shl 24) or (p * 0x14 shl 16) or (p * 0x0A shl 8) or 0x33,
                    )
                }
            }
            ImageIO.write(image, "png", folder.resolve("$name.png").toFile())
        }
        Peer.run(
            folder,
            "from matplotlib.image import imread\n" +
                "a = ad.AnnData(np.ones((1, 1), dtype=np.float32))\n" +
                kinds.keys.joinToString("\n") { "a.uns['$it'] = imread('$it.png')" } + "\na.write_h5ad('peer.h5ad')",
        )
        val theirs = sc.readH5ad("${folder.resolve("peer.h5ad")}")
        for (name in kinds.keys) {
            for (place in listOf("hires", "lowres")) {
                val to = folder.resolve("spatial/tissue_${place}_image.png")
                Files.copy(folder.resolve("$name.png"), to, StandardCopyOption.REPLACE_EXISTING)
            }
            val entry = (sc.readVisium("$folder").uns["spatial"] as Map<*, *>)["slide1"] as Map<*, *>
            val ours = (entry["images"] as Map<*, *>)["hires"] as NdArray
            val expected = theirs.uns[name] as NdArray
            assertThat(ours.shape()).`as`(name).isEqualTo(expected.shape())
            assertThat(ours.toDoubles()).`as`(name).isEqualTo(expected.toDoubles())
        }
    }

    @Test
    fun `a spot without a position is refused by its name`() {
        slide("tissue_positions_list.csv", false)
        Files.writeString(folder.resolve("spatial/tissue_positions_list.csv"), ROWS.lines().first())
        assertThatThrownBy { sc.readVisium("$folder") }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("AA-1")
    }

    @Test
    fun `a missing picture is refused with the way around`() {
        slide("tissue_positions_list.csv", false)
        Files.delete(folder.resolve("spatial/tissue_lowres_image.png"))
        assertThatThrownBy { sc.readVisium("$folder") }.hasMessageContaining("loadImages = false")
        val bare = sc.readVisium("$folder", libraryId = "mine", loadImages = false)
        assertThat(bare.uns["spatial"]).isEqualTo(mapOf("mine" to emptyMap<String, Any>()))
    }

    /** The files of a slide as its publisher has them, in the place of the downloads. */
    private fun published(id: String, vararg more: Pair<String, String>): Path {
        slide("tissue_positions_list.csv", false)
        val place = Files.createDirectories(folder.resolve("data/$id"))
        Files.move(folder.resolve("filtered_feature_bc_matrix.h5"), place.resolve("filtered_feature_bc_matrix.h5"))
        val files = Files.list(folder.resolve("spatial")).use { all ->
            all.toList().map { "spatial/${it.fileName}" to it }
        }
        val bytes =
            files.map { it.first to Files.readAllBytes(it.second) } + more.map { it.first to it.second.toByteArray() }
        Files.newOutputStream(place.resolve("${id}_spatial.tar.gz")).use { out ->
            TarArchiveOutputStream(GZIPOutputStream(out)).use { tar ->
                for ((name, content) in bytes) {
                    tar.putArchiveEntry(TarArchiveEntry(name, true).also { it.size = content.size.toLong() })
                    tar.write(content)
                    tar.closeArchiveEntry()
                }
            }
        }
        return place
    }

    private fun <T> inFolder(body: () -> T): T {
        val before = Settings.datasetdir
        Settings.datasetdir = folder.resolve("data")
        try {
            return body()
        } finally {
            Settings.datasetdir = before
        }
    }

    @Test
    fun `a published slide is unpacked and read`() {
        val id = "V1_Mouse_Kidney"
        val place = published(id)
        val adata = inFolder { sc.datasets.visiumSge(id) }
        assertThat(adata.obs["array_row"].toDoubles()).containsExactly(10.0, 20.0)
        val entry = (adata.uns["spatial"] as Map<*, *>)["slide1"] as Map<*, *>
        assertThat((entry["images"] as Map<*, *>).keys).containsExactly("hires", "lowres")
        assertThat(place.resolve("spatial/scalefactors_json.json")).exists()
        Files.writeString(place.resolve("image.tif"), "a large picture")
        val again = inFolder { sc.datasets.visiumSge(id, includeHiresTiff = true) }
        val noted = (((again.uns["spatial"] as Map<*, *>)["slide1"] as Map<*, *>)["metadata"] as Map<*, *>)
        assertThat(noted["source_image_path"]).isEqualTo(place.resolve("image.tif").toAbsolutePath().toString())
    }

    @Test
    fun `a strange or damaged archive of a slide is refused`() {
        val evil = published("Parent_Visium_Human_Glioblastoma", "../../evil.txt" to "x")
        assertThatThrownBy { inFolder { sc.datasets.visiumSge("Parent_Visium_Human_Glioblastoma") } }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("'../../evil.txt', which would leave its folder")
        assertThat(evil.resolve("spatial")).doesNotExist()
        assertThat(folder.resolve("evil.txt")).doesNotExist()
        val cut = published("V1_Human_Heart").resolve("V1_Human_Heart_spatial.tar.gz")
        Files.write(cut, Files.readAllBytes(cut).copyOf(300))
        assertThatThrownBy { inFolder { sc.datasets.visiumSge("V1_Human_Heart") } }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("cannot be unpacked as a .tar.gz archive")
        assertThat(cut.resolveSibling("spatial")).doesNotExist()
        Files.write(cut, byteArrayOf(1))
        assertThatThrownBy { inFolder { sc.datasets.visiumSge("V1_Human_Heart") } }
            .hasMessageContaining("Delete it to download it again from https://cf.10xgenomics.com/samples/")
        assertThatThrownBy { sc.datasets.visiumSge("../V1_Human_Heart") }
            .hasMessageContaining("sampleId must look like V1_Human_Lymph_Node, got '../V1_Human_Heart'")
    }

    @Test
    fun `without a network the address and the place are named`() {
        val place = published("Parent_Visium_Human_Cerebellum")
        Files.delete(place.resolve("Parent_Visium_Human_Cerebellum_spatial.tar.gz"))
        // a proxy that is not there stands for a network that is not there
        val names = listOf("https.proxyHost" to "127.0.0.1", "https.proxyPort" to "1")
        val before = names.map { it.first to System.getProperty(it.first) }
        names.forEach { (name, value) -> System.setProperty(name, value) }
        try {
            assertThatThrownBy { inFolder { sc.datasets.visiumSge("Parent_Visium_Human_Cerebellum") } }
                .hasMessageContaining(
                    "https://cf.10xgenomics.com/samples/spatial-exp/1.2.0/Parent_Visium_Human_Cerebellum/" +
                        "Parent_Visium_Human_Cerebellum_spatial.tar.gz",
                ).hasMessageContaining("fetch it elsewhere and put it at $place")
        } finally {
            before.forEach { (name, value) ->
                if (value == null) System.clearProperty(name) else System.setProperty(name, value)
            }
        }
    }

    private companion object {
        const val ROWS = "CC-1,0,20,21,202,203\nAA-1,1,10,11,102,103\nTT-1,0,1,1,2,3\n"
    }
}
