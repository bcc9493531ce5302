package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.MidasModel
import org.cellweave.dsl.asCategorical
import org.cellweave.dsl.get
import org.cellweave.dsl.log1p
import org.cellweave.dsl.midas
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.util.FormatException
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class MidasVerbTest {
    @TempDir
    lateinit var folder: Path

    /** Counts of three batches: RNA, proteins, both. */
    private fun mosaic(n: Int = 90): MuData {
        val adata = sc.datasets.simulatedBatches(nCells = n, nGenes = 120, nBatches = 3, nTypes = 3)
        adata.obs["batch"] = adata.obs["batch"].asCategorical()
        adata.obs["cell_type"] = adata.obs["cell_type"].asCategorical()
        return Mosaics.mosaic(adata)
    }

    @Test
    fun `places, history and parameters are stored, and the model answers`() {
        val mdata = mosaic()
        val model = sc.tl.midas(mdata, maxEpochs = 2, batchSize = 32, dimC = 8)
        assertThat(mdata.obsm.matrix("X_midas", "").nCols()).isEqualTo(8)
        assertThat(mdata.obsm.matrix("X_midas_u", "").nCols()).isEqualTo(2)
        val told = mdata.uns["midas"] as Map<*, *>
        assertThat(((told["history"] as Map<*, *>)["loss"] as NdArray).shape()).containsExactly(2)
        assertThat((told["params"] as Map<*, *>)["batch_key"]).isEqualTo("batch")
        assertThat((told["params"] as Map<*, *>)["max_epochs"]).isEqualTo(2L)
        assertThat(model.mdata).isSameAs(mdata)
        assertThat(model.modalities).containsExactly("rna", "adt")
        assertThat(model.batches).hasSize(3)
        assertThat(model.history.keys).contains("loss", "alignment", "discriminator")
        assertThat(model.history.nRows()).isEqualTo(2)

        val c = model.getLatentRepresentation()
        assertThat(Mosaics.bits(c)).isEqualTo(Mosaics.bits(mdata.obsm.matrix("X_midas", "").toDense()))
        assertThat(model.getLatentRepresentation(kind = "joint").nCols()).isEqualTo(10)

        val proteins = model.getImputedValues("adt")
        assertThat(proteins.cells).isEqualTo(mdata.obsNames)
        assertThat(proteins.genes).isEqualTo(mdata["adt"].varNames)
        assertThat(proteins.rowSums().all { it > 0 }).isTrue()

        val translated = model.translate("rna", "adt")
        assertThat(translated.cells.toSet()).isEqualTo(mdata["rna"].obsNames.toSet())
        assertThat(model.translate(listOf("rna"), "adt")[0, 0]).isEqualTo(translated[0, 0])

        val drawn = model.batchCorrected("rna")
        assertThat(drawn[0, 0]).isEqualTo(Math.rint(drawn[0, 0]))
        assertThat(model.batchCorrected("rna", sample = false).nRows()).isEqualTo(mdata.nObs)
    }

    @Test
    fun `models are saved, loaded and trained on`() {
        val mdata = mosaic()
        val model = sc.tl.midas(mdata, maxEpochs = 1, batchSize = 32)
        val at = folder.resolve("model").toString()
        model.save(at)
        assertThatThrownBy { model.save(at) }.hasMessageContaining("overwrite = true")
        val read = MidasModel.load(at, mdata)
        assertThat(Mosaics.bits(read.getLatentRepresentation()))
            .isEqualTo(Mosaics.bits(model.getLatentRepresentation()))
        assertThat(read.toString()).contains("rna").contains("adt")
        assertThatThrownBy { MidasModel.load(folder.toString(), mdata) }.isInstanceOf(FormatException::class.java)

        val query = MuData(mapOf("rna" to mdata["rna"].copy()))
        query["rna"].obs["batch"] = List(query.nObs) { "new" }
        query.update()
        assertThatThrownBy { read.getLatentRepresentation(query) }.hasMessageContaining("knows no batch 'new'")
        val mapped = read.loadQueryData(query, maxEpochs = 1, batchSize = 32)
        assertThat(mapped.batches).contains("new")
        assertThat(query.obsm.matrix("X_midas", "").nRows()).isEqualTo(query.nObs)
        assertThat(mapped.getLatentRepresentation(mdata).nRows()).isEqualTo(mdata.nObs)
        val types = mapped.transferLabels(mdata, "cell_type", nNeighbors = 3)
        assertThat(types.size()).isEqualTo(query.nObs)
        assertThat((0 until query.nObs).none(types::isMissing)).isTrue()
    }

    @Test
    fun `training can begin near an embedding, and end by held-out cells`() {
        val mdata = mosaic()
        mdata.obsm.set("X_start", sc.tl.midas(mdata.copy(), maxEpochs = 1, batchSize = 32).getLatentRepresentation())
        val model =
            sc.tl.midas(
                mdata, maxEpochs = 2, batchSize = 32, startRep = "X_start", warmStartEpochs = 1,
                earlyStoppingPatience = 1, keyAdded = "warm",
            )
        assertThat(mdata.obsm.keys).contains("X_warm", "X_warm_u")
        assertThat(model.history.keys).contains("warm_start", "validation")
    }

    @Test
    fun `messages say what to do, and nothing is written`() {
        val mdata = mosaic()
        val before = mdata.copy()
        assertThatThrownBy { sc.tl.midas(mdata, batchKey = "bach") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.tl.midas(mdata, geneLikelihood = "poison") }.hasMessageContaining("poisson")
        assertThatThrownBy { sc.tl.midas(mdata, startRep = "X_none") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.tl.midas(mdata, maxEpochs = 0) }.hasMessage("maxEpochs must be positive, got 0")
        sc.pp.log1p(mdata["rna"])
        assertThatThrownBy { sc.tl.midas(mdata, maxEpochs = 1) }
            .hasMessageContaining("midas reads counts, but rna holds")
            .hasMessageContaining("Give the layer with raw counts")
        assertThat(mdata.obsm.keys).isEqualTo(before.obsm.keys)
        assertThat(mdata.uns).isEqualTo(before.uns)
    }
}
