package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.all
import org.cellweave.dsl.get
import org.cellweave.dsl.readH5mu
import org.cellweave.dsl.sc
import org.cellweave.dsl.scmodal
import org.cellweave.dsl.scmodalImputed
import org.cellweave.dsl.scmodalModel
import org.cellweave.dsl.set
import org.cellweave.dsl.writeH5mu
import org.cellweave.neural.scmodal.ScmodalModel
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class ScmodalVerbTest {
    private fun train(mdata: MuData, links: Any? = null, copy: Boolean = false) =
        sc.tl.scmodal(
            mdata, links, trainingSteps = 3, batchSize = 40, nLatent = 4, nHidden = 16, nNeighbors = 5, copy = copy,
        )

    private fun links(mdata: MuData) = ((mdata.uns["scmodal"] as Map<*, *>)["n_links"] as NdArray).toDoubles()

    private fun AnnData.latent() = obsm.matrix("X_scmodal", "").toDense()

    @Test
    fun `modalities of a mosaic get a latent space and know what they would have`(
        @TempDir folder: Path,
    ) {
        val mdata = Mosaics.mosaic()
        val links = mdata["rna"].varNames.take(20).zip(mdata["adt"].varNames)
        assertThat(train(mdata, links, copy = true)["rna"].obsm.keys).contains("X_scmodal")
        assertThat(mdata["rna"].obsm.keys).isEmpty()
        train(mdata, links)
        val (rna, adt) = mdata["rna"].latent() to mdata["adt"].latent()
        val both = mdata.shared.latent()
        assertThat(both.nCols()).isEqualTo(4)
        val (rnaRows, adtRows) = mdata.obsmap.getValue("rna") to mdata.obsmap.getValue("adt")
        for (cell in 0 until mdata.nObs step 7) {
            val of = listOfNotNull(
                rnaRows[cell].takeIf { it > 0 }?.let { rna.get(it - 1, 2) },
                adtRows[cell].takeIf { it > 0 }?.let { adt.get(it - 1, 2) },
            )
            assertThat(both.get(cell, 2)).isCloseTo(of.average(), within(1e-5))
        }
        val told = mdata.uns["scmodal"] as Map<*, *>
        assertThat(told.keys).containsExactly("losses", "sets", "features", "n_links", "networks", "params")
        assertThat((told["losses"] as Map<*, *>).keys).containsExactly("d", "gan", "ae", "la", "mnn", "geo")
        assertThat((told["n_links"] as NdArray).number(0)).isEqualTo(20.0)

        val there = sc.get.scmodalImputed(mdata, of = "rna", to = "adt")
        assertThat(there.nObs).isEqualTo(mdata["rna"].nObs)
        assertThat(there.varNames).isEqualTo(mdata["adt"].varNames)
        assertThat(there.obs.keys).isEqualTo(mdata["rna"].obs.keys)
        val back = sc.get.scmodalImputed(mdata, of = "adt", to = "rna", scale = "scaled")
        assertThat(back.varNames).isEqualTo(mdata["rna"].varNames)

        val path = folder.resolve("a.h5mu").toString()
        mdata.writeH5mu(path)
        val read = sc.readH5mu(path)
        assertThat(
            Mosaics.bits(
                sc.get
                    .scmodalImputed(read, "rna", "adt")
                    .x
                    .toDense(),
            ),
        ).isEqualTo(Mosaics.bits(there.x.toDense()))
        val file = folder.resolve("networks.safetensors")
        sc.get.scmodalModel(read).save(file)
        assertThat(
            ScmodalModel
                .load(file)
                .names(),
        ).containsExactly("rna", "adt")
    }

    @Test
    fun `two sets become one object`() {
        val (rna, adt) = Mosaics.halves(Mosaics.cells(), 40)
        val joint =
            sc.tl.scmodal(
                rna, adt, names = "rna" to "adt", trainingSteps = 3, batchSize = 40, nHidden = 16, nNeighbors = 5,
            )
        assertThat(joint.nObs).isEqualTo(600)
        assertThat(joint.latent().nCols()).isEqualTo(20)
        assertThat(joint.obs["modality"].text(599)).isEqualTo("adt")
        assertThat(rna.obsm.keys).isEmpty()
        val imputed = sc.get.scmodalImputed(joint, rna, of = "rna", to = "adt")
        assertThat(imputed.varNames).isEqualTo(adt.varNames)
        assertThatThrownBy { sc.get.scmodalImputed(joint, adt, of = "rna", to = "adt") }
            .hasMessageContaining("'rna' was trained on 70 features in another order or of other names")
    }

    @Test
    fun `three modalities form a chain, with links of their own`() {
        val adata = Mosaics.cells(120)
        val names = adata.varNames
        val sets = listOf("a" to (0 until 50), "b" to (40 until 90), "c" to (80 until 120))
        val mdata =
            MuData(
                sets.associate { (name, at) ->
                    val part = adata[all, names.slice(at)].copy()
                    part.obsNames = part.obsNames.map { "$it-$name" }
                    name to part
                },
            )
        train(mdata)
        assertThat(links(mdata))
            .containsExactly(10.0, 10.0)
        train(mdata, listOf(listOf(names[0] to names[50]), null))
        assertThat(links(mdata))
            .containsExactly(1.0, 10.0)
        assertThatThrownBy { sc.tl.scmodal(mdata, modalities = listOf("a", "c")) }
            .hasMessageContaining("'a' and 'c' have no feature of the same name")
    }

    @Test
    fun `messages say what to do, and nothing changes`() {
        val mdata = Mosaics.mosaic(Mosaics.cells(90))
        assertThatThrownBy { sc.get.scmodalImputed(mdata, "rna", "adt") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Run sc.tl.scmodal() first.")
        assertThatThrownBy { train(mdata) }.hasMessageContaining("'rna' and 'adt' have no feature of the same name")
        assertThatThrownBy { sc.tl.scmodal(mdata, modalities = listOf("rna", "protein")) }
            .hasMessageContaining("modalities: mdata has no 'protein', it has [rna, adt]")
        assertThatThrownBy { sc.tl.scmodal(MuData(mapOf("rna" to mdata["rna"]))) }
            .hasMessageContaining("scmodal needs at least two modalities, got [rna]")
        val links = mdata["rna"].varNames.take(20).zip(mdata["adt"].varNames)
        assertThatThrownBy { sc.tl.scmodal(mdata, links, nNeighbors = 80) }
            .hasMessageContaining("nNeighbors must be smaller than the number of cells of every set, got 80, but 'rna'")
        assertThat(mdata.uns.keys).isEmpty()
        train(mdata, links)
        assertThatThrownBy { sc.get.scmodalImputed(mdata, "rna", "atac") }
            .hasMessageContaining("scmodal was trained on [rna, adt], not on 'atac'")
        val (rna, adt) = Mosaics.halves(Mosaics.cells(90))
        assertThatThrownBy { sc.tl.scmodal(rna, adt, names = "a" to "a") }.hasMessageContaining("names must differ")
    }
}
