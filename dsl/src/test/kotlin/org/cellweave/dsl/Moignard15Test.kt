package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.dsl.session.Settings
import org.cellweave.util.FormatException
import org.dhatim.fastexcel.Workbook
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

class Moignard15Test {
    @TempDir
    lateinit var folder: Path

    private val before = Settings.datasetdir

    @AfterEach
    fun restore() {
        Settings.datasetdir = before
    }

    private fun book(file: Path, cells: List<String>): Path {
        Files.createDirectories(file.parent)
        val genes = listOf("Cell", "Cbfa2t3h", "Eif2b1", "Erg", "Mrpl19", "Polr2a", "Ubc", "Tal1")
        Files.newOutputStream(file).use { out ->
            Workbook(out, "test", "1.0").use { book ->
                book.newWorksheet("legend").value(0, 0, "Supplementary table 7")
                val sheet = book.newWorksheet("dCt_values.txt")
                genes.forEachIndexed { j, gene -> sheet.value(0, j, gene) }
                cells.forEachIndexed { i, cell ->
                    sheet.value(i + 1, 0, cell)
                    (1 until genes.size).forEach { j -> sheet.value(i + 1, j, 10.0 * i + j) }
                }
            }
        }
        return file
    }

    private val cells = listOf("HFA1_1", "NPB2_7", "PS01", "4SGA1", "4SFGA2", "HF2")

    @Test
    fun `groups, colours, root and genes are those of scanpy`() {
        Settings.datasetdir = folder
        book(folder.resolve("moignard15/nbt.3154-S3.xlsx"), cells)
        val adata = sc.datasets.moignard15()
        assertThat(adata.varNames).containsExactly("Cbfa2t3h", "Erg", "Tal1")
        assertThat(adata.obsNames).isEqualTo(cells)
        val groups = adata.obs["exp_groups"] as CategoricalColumn
        assertThat(groups.categoryNames()).containsExactly("HF", "NP", "PS", "4SG", "4SFG")
        assertThat(groups.texts()).containsExactly("HF", "NP", "PS", "4SG", "4SFG", "HF")
        assertThat((adata.uns["exp_groups_colors"] as NdArray).texts())
            .containsExactly("#D7A83E", "#7AAE5D", "#497ABC", "#AF353A", "#765099")
        assertThat(adata.uns["iroot"]).isEqualTo(532L)
        assertThat(adata.X.get(2, 1)).isEqualTo(23.0)
        assertThat(adata.X.dtype().numpyName()).isEqualTo("float32")
    }

    @Test
    fun `the same book in scanpy gives the same object`() {
        val python = System.getenv("CELLWEAVE_PYTHON") ?: ""
        val import = if (python.isEmpty()) null else ProcessBuilder(python, "-c", "import openpyxl").start()
        assumeTrue(import?.waitFor() == 0) { "CELLWEAVE_PYTHON does not name a python with scanpy and openpyxl" }
        val file = book(folder.resolve("moignard15/nbt.3154-S3.xlsx"), cells)
        val ours = moignard15(file)
        val script =
            """
            sc.settings.datasetdir = '.'
            m = sc.datasets.moignard15()
            assert list(m.obs_names) == list(a.obs_names) and list(m.var_names) == list(a.var_names)
            assert (m.X == a.X).all()
            assert list(m.obs['exp_groups']) == list(a.obs['exp_groups'])
            assert list(m.obs['exp_groups'].cat.categories) == list(a.obs['exp_groups'].cat.categories)
            assert list(m.uns['exp_groups_colors']) == list(a.uns['exp_groups_colors'])
            assert m.uns['iroot'] == a.uns['iroot']
            """
        Peer.run(folder, ours, script)
    }

    @Test
    fun `a strange or damaged file is refused`() {
        val strange = book(folder.resolve("s.xlsx"), listOf("HF1", "XX1"))
        assertThatThrownBy { moignard15(strange) }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("cell 'XX1' begins with none of [HF, NP, PS, 4SG, 4SFG]")
        Settings.datasetdir = folder
        val kept = book(folder.resolve("moignard15/nbt.3154-S3.xlsx"), cells)
        sc.datasets.moignard15()
        Files.write(kept, Files.readAllBytes(kept).copyOf(700))
        assertThatThrownBy { sc.datasets.moignard15() }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("Delete it to download it again from https://static-content.springer.com")
        Files.delete(kept.resolveSibling("nbt.3154-S3.xlsx.sha256"))
        assertThatThrownBy { sc.datasets.moignard15() }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("cannot be read as an .xlsx file")
    }

    @Test
    fun `a sheet is read by name or number`() {
        val file = book(folder.resolve("s.xlsx"), cells).toString()
        assertThat(sc.readExcel(file, "dCt_values.txt").nVars).isEqualTo(7)
        assertThat(sc.readExcel(file, 1).nObs).isEqualTo(6)
        assertThatThrownBy { sc.readExcel(file, 1.5) }.hasMessageContaining("sheet must be a name or a number from 0")
    }
}
