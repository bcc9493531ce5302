package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.matrix.CsrMatrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.writeText

/** What older notebooks write, with the values that anndata 0.12 and scanpy 1.11 give. */
class OlderNamesTest {
    @TempDir
    lateinit var folder: Path

    private fun first(): AnnData {
        val obs = pd.DataFrame(mapOf("n" to listOf(1, 2)), index = listOf("x", "y"))
        val vars = pd.DataFrame(
            mapOf("sym" to listOf("A", "B", "C"), "m" to listOf(1.0, 2.0, 3.0)), index = listOf("g0", "g1", "g2"),
        )
        return sc.AnnData(X = listOf(listOf(1, 2, 3), listOf(4, 5, 6)), obs = obs, vars = vars)
    }

    private fun second(): AnnData {
        val vars = pd.DataFrame(
            mapOf("sym" to listOf("A", "B", "C"), "m" to listOf(1.0, 2.0, 9.0)), index = listOf("g0", "g1", "g2"),
        )
        val obs = pd.DataFrame(mapOf("k" to listOf("q")), index = listOf("x"))
        return sc.AnnData(X = np.array(listOf(7, 8, 9)), obs = obs, vars = vars)
    }

    @Test
    fun `concatenate keeps columns of all, with the names of their objects`() {
        val merged = first().concatenate(second())
        assertThat(merged.obsNames).containsExactly("x-0", "y-0", "x-1")
        assertThat(merged.obs.keys).containsExactly("n", "k", "batch")
        assertThat(merged.obs["batch"].texts()).containsExactly("0", "0", "1")
        assertThat(merged.vars.keys).containsExactly("sym", "m-0", "m-1")
        assertThat(merged.vars["m-1"].toDoubles()).containsExactly(1.0, 2.0, 9.0)
        assertThat(merged.X[2, 2]).isEqualTo(9.0)
        val named = first().concatenate(
            listOf(second()), batchKey = "s", batchCategories = listOf("one", "two"), indexUnique = null,
        )
        assertThat(named.obsNames).containsExactly("x", "y", "x")
        assertThat(named.obs["s"].texts()).containsExactly("one", "one", "two")
        assertThat(named.vars.keys).containsExactly("sym", "m-one", "m-two")
        val outer = first().concatenate(second()[all, listOf("g2", "g0")], join = "outer")
        assertThat(outer.varNames).containsExactly("g0", "g1", "g2")
        assertThat(outer.vars.keys).containsExactly("sym-0", "m-0", "sym-1", "m-1")
        assertThat(first().concatenate().nObs).isEqualTo(2)
        assertThatThrownBy { first().concatenate("b") }
            .hasMessage("concatenate takes objects, got a String at 0")
    }

    @Test
    fun `normalizePerCell leaves out cells without counts and notes the counts`() {
        fun counts() = sc.AnnData(listOf(listOf(1, 0), listOf(3, 0), listOf(5, 6), listOf(0, 0)))
        val adata = counts()
        sc.pp.normalizePerCell(adata)
        assertThat(adata.obsNames).containsExactly("0", "1", "2")
        assertThat(adata.obs["n_counts"].toDoubles()).containsExactly(1.0, 3.0, 11.0)
        assertThat(adata.X.sum(1)).containsExactly(doubleArrayOf(3.0, 3.0, 3.0), within(1e-6))
        val other = sc.pp.normalizePerCell(counts(), countsPerCellAfter = 1e4, keyNCounts = "k", copy = true)
        assertThat(other.obs.keys).containsExactly("k")
        assertThatThrownBy { sc.pp.normalizePerCell(counts(), countsPerCell = listOf(1)) }
            .hasMessageContaining("sc.pp.normalizeBySizeFactors")
        assertThatThrownBy { sc.pp.normalizePerCell(counts(), useRep = "X") }.hasMessageContaining("useRep")
    }

    @Test
    fun `metrics are a pair, written or not`() {
        val adata = first()
        val qc = sc.pp.calculateQcMetrics(adata, percentTop = null)
        assertThat(qc[0]["total_counts"].toDoubles()).containsExactly(6.0, 15.0)
        assertThat(qc[1].keys).contains("n_cells_by_counts")
        assertThat(adata.obs.keys).contains("total_counts")
        val (cells, genes) = sc.pp.calculateQcMetrics(first(), percentTop = listOf(), inplace = false)
        assertThat(cells.keys).noneMatch { it.startsWith("pct_counts_in_top") }
        assertThat(genes.nRows()).isEqualTo(3)
        assertThatThrownBy { qc[2] }.hasMessageContaining("two tables")
    }

    @Test
    fun `readers take types, and make matrices sparse`() {
        val text = folder.resolve("x.csv")
        text.writeText("name,g0,g1\na,1,0\nb,0,3\n")
        assertThat(
            sc
                .readCsv(text, dtype = "float64")
                .X.dtype
                .toString(),
        ).isEqualToIgnoringCase("float64")
        assertThat(sc.readText(text, delimiter = ",", dtype = "float64").nVars).isEqualTo(2)
        val file = folder.resolve("x.h5ad")
        val adata = first()
        adata.layers["l"] = adata.X.copy()
        adata.raw = adata
        adata.write(file)
        val read = sc.readH5ad(file, asSparse = listOf("X", "layers/l", "raw/X"), chunkSize = 100)
        assertThat(listOf(read.X, read.layers["l"], read.raw.X)).allMatch { it is CsrMatrix }
        assertThatThrownBy { sc.readH5ad(file, asSparse = "obs") }.hasMessageContaining("asSparse must name X")
        assertThatThrownBy { sc.readH5ad(file, asSparse = "X", asSparseFmt = "coo") }.hasMessageContaining("'coo'")
        val backed = sc.readH5ad(file, backed = "r")
        assertThat(backed.isbacked).isTrue
        assertThat(backed.isview).isFalse
        assertThat(backed.file.filename).endsWith("x.h5ad")
        backed.file.close()
        assertThatThrownBy { backed.X }.hasMessageContaining("was closed; read the object anew")
        assertThat(backed.obs.shape).isEqualTo(2 to 1)
    }

    @Test
    fun `a vector is one row`() {
        val adata = first()
        val sum = sc.AnnData(X = adata.X.sum(axis = 0), vars = adata.vars[listOf<String>()])
        assertThat(sum.shape).isEqualTo(1 to 3)
        assertThat(sum.X[0, 2]).isEqualTo(9.0)
        assertThat(sum.varNames).containsExactly("g0", "g1", "g2")
    }

    @Test
    fun `messages take the time before and braces`() {
        val before = sc.settings.verbosity
        sc.settings.verbosity = 3
        val start = sc.logging.info("begun")
        sc.logging.hint("{a} done in {time_passed}", time = start, deep = "more", extra = mapOf("a" to 5))
        sc.settings.verbosity = before
        val out = StringBuilder()
        sc.logging.printVersionAndDate(out)
        assertThat(out.toString()).matches("Running Cellweave .*, on \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d\\.\n")
    }
}
