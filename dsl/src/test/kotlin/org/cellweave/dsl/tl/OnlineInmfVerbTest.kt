package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.data.Percentage.withPercentage
import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.all
import org.cellweave.dsl.asCategorical
import org.cellweave.dsl.factorGenes
import org.cellweave.dsl.geneLoadings
import org.cellweave.dsl.get
import org.cellweave.dsl.inmf
import org.cellweave.dsl.onlineInmf
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.dsl.scaleNotCenter
import org.cellweave.dsl.selectGenes
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.dsl.uinmf
import org.cellweave.dsl.writeH5ad
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class OnlineInmfVerbTest {
    private fun counts(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 300, nGenes = 120, nBatches = 3, nTypes = 3)
        adata.obs["batch"] = adata.obs["batch"].asCategorical()
        return adata
    }

    private fun batches(adata: AnnData) = adata.obs["batch"].asCategorical().categoryNames()

    private fun of(adata: AnnData, vararg names: String): AnnData =
        adata[BooleanArray(adata.nObs) { adata.obs["batch"].text(it) in names }, all].copy()

    private fun mixtures(adata: AnnData) = Mosaics.bits(adata.obsm.matrix("X_inmf_raw", "").toDense())

    private fun objective(adata: AnnData) =
        ((adata.uns["inmf"] as Map<*, *>)["objective"] as NdArray).toDoubles().toList()

    @Test
    fun `a file gives the same bits as memory, and nothing but what is written changes`(
        @TempDir folder: Path,
    ) {
        val adata = Mosaics.cells()
        val path = folder.resolve("cells.h5ad").toString()
        adata.writeH5ad(path)
        val file = sc.readH5ad(path, backed = "r")
        sc.tl.onlineInmf(adata, k = 5, minibatchSize = 100)
        sc.tl.onlineInmf(file, k = 5, minibatchSize = 100)
        assertThat(file.isBacked).isTrue
        assertThat(mixtures(file)).isEqualTo(mixtures(adata))
        assertThat(objective(adata)).hasSize(6).isSortedAccordingTo(reverseOrder<Double>())
        assertThat(adata.varm.matrix("inmf", "").nCols()).isEqualTo(5)
        assertThat(adata.obs["inmf_cluster"].size()).isEqualTo(adata.nObs)
    }

    @Test
    fun `batches are added to factors of inmf, and cells are projected`() {
        val adata = Mosaics.cells()
        val names = batches(adata)
        val first = of(adata, names[0], names[1])
        val last = of(adata, names[2])
        sc.tl.inmf(first, k = 5)
        val before = first.copy()
        sc.tl.onlineInmf(last, base = first, minibatchSize = 100)
        assertThat(first.differenceTo(before)).isNull()
        val told = last.uns["inmf"] as Map<*, *>
        assertThat((told["parts"] as NdArray).texts()).containsExactlyElementsOf(names)
        assertThat((told["V"] as NdArray).shape()).containsExactly(3, adata.nVars, 5)
        // what was learnt is enough to go on from again
        val projected = sc.tl.onlineInmf(adata, base = last, project = true, copy = true)
        assertThat(
            projected.varm
                .matrix("inmf", "")
                .toDense()
                .column(2),
        ).isEqualTo(
            last.varm
                .matrix("inmf", "")
                .toDense()
                .column(2),
        )
        assertThat(objective(projected)).hasSize(1)
        assertThatThrownBy { sc.tl.onlineInmf(adata, base = last) }.hasMessageContaining("already")
        assertThatThrownBy { sc.tl.onlineInmf(last[all, 0 until 50].copy(), base = first) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("base has learnt from")
    }

    @Test
    fun `mixtures are aligned as asked for`() {
        val adata = Mosaics.cells()
        val moved = sc.tl.inmf(adata, k = 5, align = "centroidAlign", copy = true)
        val same = sc.tl.inmf(adata, k = 5, align = "none", copy = true)
        assertThat(mixtures(moved)).isEqualTo(Mosaics.bits(same.obsm.matrix("X_inmf", "").toDense()))
        val x = moved.obsm.matrix("X_inmf", "").toDense()
        assertThat(x.column(0).average()).isBetween(-0.2, 0.2)
        assertThat(((moved.uns["inmf"] as Map<*, *>)["params"] as Map<*, *>)["align"]).isEqualTo("centroidAlign")
    }

    @Test
    fun `genes are selected, and only they get weights`() {
        val adata = counts()
        sc.pp.selectGenes(adata)
        val chosen = adata.`var`["highly_variable"].toDoubles()
        val n = chosen.count { it > 0 }
        assertThat(n).isBetween(5, adata.nVars - 1)
        sc.tl.inmf(adata, k = 4)
        val w = adata.varm.matrix("inmf", "").toDense()
        for (j in 0 until adata.nVars) {
            if (chosen[j] == 0.0) assertThat((0 until 4).sumOf { w.get(j, it) }).isZero
        }
        assertThat(((adata.uns["inmf"] as Map<*, *>)["features"] as NdArray).size()).isEqualTo(n)
        sc.pp.selectGenes(adata, batchKey = null, thresh = 9.0)
        assertThat(adata.`var`["highly_variable"].toDoubles().sum()).isZero
        assertThatThrownBy { sc.tl.inmf(adata, k = 4) }.hasMessageContaining("mask chooses no feature")
        assertThatThrownBy { sc.tl.onlineInmf(adata, k = 4) }.hasMessageContaining("maskVar chooses no gene")
        assertThatThrownBy { sc.pp.selectGenes(adata, combine = "unio") }.hasMessageContaining("Did you mean 'union'?")
    }

    @Test
    fun `modalities have marks of their own`() {
        val adata = counts()
        val part = adata[BooleanArray(adata.nObs) { adata.obs["batch"].text(it) == batches(adata)[0] }, all].copy()
        part.varNames = part.varNames.map { "p_$it" }
        val mdata = MuData(mapOf("rna" to adata, "other" to part))
        mdata.obs["batch"] = adata.obs["batch"]
        sc.pp.selectGenes(mdata, unsharedThresh = 9.0)
        assertThat(mdata["rna"].`var`["highly_variable"].toDoubles().sum()).isPositive
        assertThat(mdata["other"].`var`["highly_variable"].toDoubles().sum()).isZero
        sc.pp.selectGenes(mdata)
        sc.tl.uinmf(mdata, k = 4)
        val own = (mdata.uns["inmf"] as Map<*, *>)["unshared"] as NdArray
        assertThat(own.size().toDouble()).isEqualTo(mdata["other"].`var`["highly_variable"].toDoubles().sum())
        assertThat(sc.get.factorGenes(mdata, nGenes = 3).nRows()).isEqualTo(12)
        val sets = ((mdata.uns["inmf"] as Map<*, *>)["parts"] as NdArray).texts()
        assertThat(
            sc.get
                .factorGenes(mdata, nGenes = 500, part = sets[0])["names"]
                .texts()
                .toList(),
        ).anyMatch { it.startsWith("other: ") }
    }

    @Test
    fun `scaling within batches`() {
        val adata = counts()
        val scaled = sc.pp.scaleNotCenter(adata, copy = true)
        assertThat(scaled.x!!.isSparse).isEqualTo(adata.x!!.isSparse)
        sc.tl.inmf(scaled, k = 4, scale = false)
        sc.tl.inmf(adata, k = 4)
        assertThat(objective(scaled)[0]).isCloseTo(objective(adata)[0], withPercentage(0.1))
        assertThat(adata.x!!.toCsr()).isInstanceOf(CsrMatrix::class.java)
    }

    @Test
    fun `factors as lists of genes, and as a figure`() {
        val adata = Mosaics.cells()
        sc.tl.inmf(adata, k = 5)
        val table = sc.get.factorGenes(adata, nGenes = 4)
        assertThat(table["factor"].texts().toList()).startsWith("0", "0", "0", "0", "1")
        assertThat(table["loading"].toDoubles().take(4)).isSortedAccordingTo(reverseOrder<Double>())
        val w = adata.varm
            .matrix("inmf", "")
            .toDense()
            .column(0)
        val largest = adata.varNames[w.indices.maxBy { w[it] }]
        assertThat(table["names"].text(0)).isEqualTo(largest)
        val part = batches(adata)[1]
        assertThat(
            sc.get
                .factorGenes(adata, nGenes = 2, factors = listOf(3, 1), part = part)["factor"]
                .texts()
                .distinct(),
        ).containsExactly("3", "1")
        val figure = sc.pl.geneLoadings(adata, factors = listOf(0, 2))
        assertThat(figure.size).isEqualTo(8)
        assertThat(figure.toSvg()).contains("factor 2, shared", "factor 0, $part alone", largest)
        adata.obsm.set("X_umap", DenseMatrix.ofRows(Array(adata.nObs) { doubleArrayOf(it.toDouble(), w[0]) }))
        assertThat(sc.pl.geneLoadings(adata, factors = 1, sharey = true).size).isEqualTo(5)
        assertThat(adata.obs.keys).doesNotContain("factor 1")
        assertThatThrownBy { sc.pl.geneLoadings(adata, factors = 5) }
            .hasMessageContaining("factors must lie in 0..4, got [5]")
        assertThatThrownBy { sc.pl.geneLoadings(adata, factors = "a") }.hasMessageContaining("numbers counted from 0")
        assertThatThrownBy { sc.get.factorGenes(adata, part = "zz") }.hasMessageContaining("part must be one of")
        assertThatThrownBy { sc.get.factorGenes(adata, nGenes = 0) }.hasMessageContaining("nGenes must be positive")
        adata.uns.remove("inmf")
        assertThatThrownBy { sc.get.factorGenes(adata) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Run sc.tl.uinmf() first.")
    }

    @Test
    fun `messages say what to do, and nothing is written`() {
        val adata = Mosaics.cells(90)
        val before = adata.copy()
        assertThatThrownBy { sc.tl.onlineInmf(adata, "bach") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.tl.onlineInmf(adata, k = 40) }.hasMessageContaining("k must be at most")
        assertThatThrownBy { sc.tl.onlineInmf(adata, k = 3, project = true) }.hasMessageContaining("give base")
        assertThatThrownBy { sc.tl.onlineInmf(adata, k = 3, reference = "x") }
            .hasMessageContaining("reference must be one of")
        assertThatThrownBy { sc.tl.onlineInmf(adata, base = before) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("uns")
        assertThat(adata.differenceTo(before)).isNull()
        val x = adata.x!!.toDense().copy()
        x.set(4, 2, -3.0)
        adata.setX(x)
        assertThatThrownBy { sc.tl.onlineInmf(adata, k = 3) }
            .hasMessageContaining("cell '${adata.obsNames[4]}' (row 4), gene '${adata.varNames[2]}' of X is -3.0")
    }
}
