package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.math.ln

/** What verbs change, return and count; numbers and types checked against scanpy 1.11.5. */
class InplaceTest {
    @TempDir
    lateinit var folder: Path

    private fun counts(type: DType = DType.FLOAT32): Matrix =
        DenseMatrix
            .ofRows(arrayOf(doubleArrayOf(100.0, 100.0, 1.0), doubleArrayOf(2.0, 0.0, 0.0)))
            .withDType(type)
            .toCsr()

    private fun values(x: Matrix): List<Double> = (0 until x.nRows()).flatMap { i -> List(x.nCols()) { x.get(i, it) } }

    private fun backed(type: DType = DType.FLOAT32): AnnData {
        val file = folder.resolve("backed.h5ad").toString()
        AnnData(counts(type)).writeH5ad(file)
        return sc.readH5ad(file, backed = "r")
    }

    @Test
    fun `a backed X is changed as it is read, and its file is not`() {
        val file = folder.resolve("backed.h5ad").toString()
        val n = sc.pp.normalizeTotal(backed(), targetSum = 20)
        assertThat(n.X.rowSums().toList()).allSatisfy { assertThat(it).isCloseTo(20.0, within(1e-5)) }
        assertThat(n.isBacked).isTrue
        val l = sc.pp.log1p(backed())
        assertThat(l.X.get(0, 2)).isCloseTo(ln(2.0), within(1e-6))
        assertThat(l.uns).containsKey("log1p")
        assertThat(values(sc.pp.sqrt(backed()).X).take(3)).containsExactly(10.0, 10.0, 1.0)
        assertThat(values(sc.pp.log1p(backed(), copy = true, chunked = true, chunkSize = 1).X)).isEqualTo(values(l.X))
        assertThat(values(sc.pp.sqrt(backed(DType.INT32)[intArrayOf(0)]).X)).containsExactly(10.0, 10.0, 1.0)
        assertThat(values(sc.pp.scale(backed()).X).first()).isCloseTo(Math.sqrt(0.5), within(1e-6))
        assertThat(values(sc.pp.downsampleCounts(backed(), totalCounts = 3).X).sum()).isEqualTo(3.0)
        assertThat(values(sc.readH5ad(file).X)).isEqualTo(values(counts()))
    }

    @Test
    fun `sums of whole numbers have 64 bits`() {
        for (type in DType.entries.filter { it.isInteger && it != DType.INT64 }) {
            val a = AnnData(counts(type))
            sc.pp.filterCells(a, minCounts = 1)
            sc.pp.filterGenes(a, minCounts = 1)
            sc.pp.calculateQcMetrics(a, percentTop = null)
            val wide = if (type.isSigned) "int64" else "uint64"
            for (column in listOf(a.obs["n_counts"], a.obs["total_counts"])) {
                assertThat(column.dtypeName()).`as`("$type").isEqualTo(wide)
                assertThat(column.toDoubles()).containsExactly(201.0, 2.0)
            }
            assertThat(a.`var`["n_counts"].dtypeName()).isEqualTo(wide)
            assertThat(a.`var`["total_counts"].toDoubles()).containsExactly(102.0, 100.0, 1.0)
        }
        assertThat(
            sc.pp
                .filterCells(AnnData(counts()), minCounts = 1)
                .obs["n_counts"]
                .dtypeName(),
        ).isEqualTo("float32")
        val drawn = sc.pp.downsampleCounts(
            AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(200.0, 200.0))).withDType(DType.UINT8).toCsr()),
            countsPerCell = 400,
            replace = true,
        )
        assertThat(drawn.X.rowSums()[0]).isEqualTo(400.0)
        drawn.writeH5ad(folder.resolve("d.h5ad").toString())
        assertThat(sc.readH5ad(folder.resolve("d.h5ad").toString()).X.rowSums()[0]).isEqualTo(400.0)
    }

    @Test
    fun `metrics as tables`() {
        val a = AnnData(counts())
        a.`var`["mt"] = listOf(true, false, false)
        val (obs, vars) = sc.pp.calculateQcMetrics(a, inplace = false, qcVars = "mt", percentTop = listOf(2))
        assertThat(a.obs.keys).isEmpty()
        assertThat(a.`var`.keys).containsExactly("mt")
        assertThat(obs.keys).containsExactly(
            "n_genes_by_counts", "log1p_n_genes_by_counts", "total_counts", "log1p_total_counts",
            "pct_counts_in_top_2_genes", "total_counts_mt", "log1p_total_counts_mt", "pct_counts_mt",
        )
        assertThat(obs["total_counts_mt"].toDoubles()).containsExactly(100.0, 2.0)
        assertThat(vars["n_cells_by_counts"].toDoubles()).containsExactly(2.0, 1.0, 1.0)
        sc.pp.calculateQcMetrics(a, inplace = true, percentTop = null)
        assertThat(a.obs["total_counts"].toDoubles()).containsExactly(201.0, 2.0)
    }

    @Test
    fun `filters as masks, of objects and of matrices`() {
        val a = AnnData(counts())
        val (keep, number) = sc.pp.filterCells(a, minGenes = 2, inplace = false)
        assertThat(keep).containsExactly(true, false)
        assertThat(number.toDoubles()).containsExactly(3.0, 1.0)
        assertThat(a.nObs).isEqualTo(2)
        assertThat(
            sc.pp
                .filterCells(counts(), minCounts = 3)
                .number
                .toDoubles(),
        ).containsExactly(201.0, 2.0)
        assertThat(sc.pp.filterGenes(counts(), minCells = 2).keep).containsExactly(true, false, false)
        assertThat(sc.pp.filterGenes(a, maxCounts = 50, inplace = false).keep).containsExactly(false, false, true)
        assertThat(sc.pp.filterGenes(a, minCells = 2, inplace = true).keep).containsExactly(true, false, false)
        assertThat(a.`var`["n_cells"].toDoubles()).containsExactly(2.0)
    }

    @Test
    fun `matrices beside the object`() {
        val a = AnnData(counts())
        val (x, factors) = sc.pp.normalizeTotal(a, targetSum = 10, inplace = false)
        assertThat(factors).containsExactly(20.1f, 0.2f)
        assertThat(x.rowSums()[0]).isCloseTo(10.0, within(1e-5))
        assertThat(values(a.X)).isEqualTo(values(counts()))
        val residuals = sc.pp.normalizePearsonResiduals(a, inplace = false)
        assertThat(residuals.computedOn).isEqualTo("adata.X")
        assertThat(residuals.theta).isEqualTo(100.0)
        assertThat(a.uns).isEmpty()
        assertThat(values(sc.pp.normalizePearsonResiduals(a, copy = true).X)).isEqualTo(values(residuals.X))
        val b = sc.datasets.simulatedBatches(nCells = 60, nGenes = 30)
        val before = values(b.X)
        val corrected = sc.pp.combat(b, key = "batch", inplace = false)
        assertThat(values(b.X)).isEqualTo(before)
        assertThat(values(sc.pp.combat(b, covariates = null, key = "batch").X)).isEqualTo(values(corrected))
    }

    @Test
    fun `verbs on matrices`() {
        val x = DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, 2.0), doubleArrayOf(3.0, 4.0)))
        assertThat(values(sc.pp.log1p(x, copy = true))).isEqualTo(listOf(1.0, 2.0, 3.0, 4.0).map { Math.log1p(it) })
        assertThat(x.get(0, 0)).isEqualTo(1.0)
        assertThat(sc.pp.log1p(x)).isSameAs(x)
        assertThat(x.get(0, 0)).isEqualTo(Math.log1p(1.0))
        val whole = counts(DType.INT32)
        assertThat(values(sc.pp.sqrt(whole)).take(3)).containsExactly(10.0, 10.0, 1.0)
        assertThat(values(whole).first()).isEqualTo(100.0)
        val y = DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, 2.0), doubleArrayOf(3.0, 4.0)))
        assertThat(values(sc.pp.scale(y, copy = true)).first()).isCloseTo(-Math.sqrt(0.5), within(1e-6))
        assertThat(y.get(0, 0)).isEqualTo(1.0)
    }

    @Test
    fun `arrays of obsm`() {
        val a = AnnData(counts())
        a.obsm.set("P", DenseMatrix.ofRows(arrayOf(doubleArrayOf(0.0), doubleArrayOf(3.0))))
        sc.pp.log1p(a, obsm = "P")
        assertThat(a.obsm.matrix("P", "").get(1, 0)).isCloseTo(ln(4.0), within(1e-6))
        sc.pp.scale(a, obsm = "P")
        assertThat(a.obsm.matrix("P", "").get(1, 0)).isCloseTo(Math.sqrt(0.5), within(1e-6))
        assertThat(a.`var`.keys).isEmpty()
        assertThat(values(a.X)).isEqualTo(values(counts()))
    }

    @Test
    fun `metrics are those of the live peer`() {
        val a = AnnData(counts(DType.UINT16))
        a.`var`["mt"] = listOf(true, false, false)
        val peer =
            Peer.run(
                folder,
                a,
                "sc.pp.calculate_qc_metrics(a, qc_vars='mt', percent_top=[2], inplace=True)\n" +
                    "sc.pp.filter_cells(a, min_counts=1)",
            )
        sc.pp.calculateQcMetrics(a, qcVars = "mt", percentTop = listOf(2))
        sc.pp.filterCells(a, minCounts = 1)
        assertThat(a.obs.keys).containsExactlyElementsOf(peer.obs.keys)
        for (key in a.obs.keys - "n_genes_by_counts") {
            assertThat(a.obs[key].toDoubles()).`as`(key).containsExactly(peer.obs[key].toDoubles(), within(1e-12))
            assertThat(a.obs[key].dtypeName()).`as`(key).isEqualTo(peer.obs[key].dtypeName())
        }
        assertThat(a.`var`["total_counts"]).isInstanceOf(NumericColumn::class.java)
        assertThat(a.`var`["total_counts"].dtypeName()).isEqualTo(peer.`var`["total_counts"].dtypeName())
    }
}
