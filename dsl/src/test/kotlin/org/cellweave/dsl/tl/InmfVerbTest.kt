package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.all
import org.cellweave.dsl.asCategorical
import org.cellweave.dsl.get
import org.cellweave.dsl.inmf
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.dsl.scale
import org.cellweave.dsl.uinmf
import org.cellweave.dsl.writeH5ad
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class InmfVerbTest {
    /** The first batch lacks proteins, so that genes are shared by all. */
    private fun withBridge(): MuData {
        val adata = Mosaics.cells()
        val (rna, adt) = Mosaics.halves(adata)
        val first = adata.obs["batch"].asCategorical().categoryNames()[0]
        val some = adt[BooleanArray(adt.nObs) { adt.obs["batch"].text(it) != first }, all].copy()
        return MuData(mapOf("rna" to rna, "adt" to some))
    }

    @Test
    fun `factors of batches with the same genes`(
        @TempDir folder: Path,
    ) {
        val adata = Mosaics.cells()
        val raw = sc.tl.inmf(adata, k = 6, align = "none", copy = true)
        assertThat(adata.obsm.keys).isEmpty()
        sc.tl.inmf(adata, k = 6)
        val before = Mosaics.bits(adata.obsm.matrix("X_inmf_raw", "").toDense())
        assertThat(before).isEqualTo(Mosaics.bits(raw.obsm.matrix("X_inmf", "").toDense()))
        assertThat(raw.obsm.keys).doesNotContain("X_inmf_raw")
        assertThat(before.flatten()).allMatch { it >= 0 }
        assertThat(adata.obsm.matrix("X_inmf", "").nCols()).isEqualTo(6)
        assertThat(adata.varm.matrix("inmf", "").nRows()).isEqualTo(adata.nVars)
        val told = adata.uns["inmf"] as Map<*, *>
        assertThat((told["V"] as NdArray).shape()).containsExactly(3, 120, 6)
        assertThat((told["features"] as NdArray).texts().toList()).isEqualTo(adata.varNames)
        val objective = (told["objective"] as NdArray).toDoubles().toList()
        assertThat(objective).isSortedAccordingTo(reverseOrder<Double>())
        assertThat((told["params"] as Map<*, *>)["lambda"]).isEqualTo(5.0)
        adata.writeH5ad(folder.resolve("a.h5ad").toString())
        val read = sc.readH5ad(folder.resolve("a.h5ad").toString())
        assertThat(read.obs["inmf_cluster"].texts()).isEqualTo(adata.obs["inmf_cluster"].texts())
    }

    @Test
    fun `features of some sets alone have weights of their own`() {
        val mdata = withBridge()
        sc.tl.uinmf(mdata, k = 5)
        assertThat(mdata.obsm.matrix("X_inmf", "").nRows()).isEqualTo(mdata.nObs)
        val told = mdata.uns["inmf"] as Map<*, *>
        assertThat((told["features"] as NdArray).texts().toList()).hasSize(70).allMatch { it.startsWith("rna: ") }
        assertThat((told["unshared"] as NdArray).texts().toList()).hasSize(100).allMatch { it.startsWith("adt: ") }
        assertThat((told["U"] as NdArray).shape()).containsExactly(100, 5)
        val loadings = mdata.varm.matrix("inmf", "").toDense()
        val sums = (0 until mdata.nVars).map { i -> (0 until 5).sumOf { loadings.get(i, it) } }
        assertThat(sums.take(70).count { it > 0 }).isGreaterThan(50)
        assertThat(sums.drop(70)).allMatch { it == 0.0 }
    }

    @Test
    fun `messages say what to do, and nothing is written`() {
        val adata = Mosaics.cells(90)
        val before = adata.copy()
        assertThatThrownBy { sc.tl.inmf(adata, "bach") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.tl.inmf(adata, k = 40) }.hasMessageContaining("k must be at most the number of cells")
        assertThatThrownBy { sc.tl.inmf(adata, align = "quantilenorms") }
            .hasMessageContaining("Did you mean 'quantile_norm'?")
        assertThatThrownBy { sc.tl.inmf(adata, k = 3, reference = "x") }
            .hasMessageContaining("reference must be one of")
        assertThat(adata.differenceTo(before)).isNull()
        val scaled = sc.pp.scale(adata, copy = true)
        assertThatThrownBy { sc.tl.inmf(scaled, k = 3) }
            .hasMessageContaining("inmf needs values of at least 0, but cell '")
            .hasMessageContaining("neither centred nor scaled")
        assertThatThrownBy { sc.tl.uinmf(Mosaics.mosaic()) }
            .hasMessageContaining("uinmf needs features that all sets share")
    }
}
