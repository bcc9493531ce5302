package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.all
import org.cellweave.dsl.get
import org.cellweave.dsl.leiden
import org.cellweave.dsl.neighbors
import org.cellweave.dsl.pca
import org.cellweave.dsl.readH5mu
import org.cellweave.dsl.sc
import org.cellweave.dsl.scale
import org.cellweave.dsl.set
import org.cellweave.dsl.umap
import org.cellweave.dsl.violin
import org.cellweave.dsl.wnn
import org.cellweave.dsl.writeH5mu
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class WnnVerbTest {
    @TempDir
    lateinit var folder: Path

    private fun reduced(mdata: MuData): MuData {
        mdata.mod.values().forEach { sc.pp.pca(it, nComps = 8) }
        return mdata
    }

    private fun paired(n: Int = 200): MuData =
        Mosaics.halves(Mosaics.cells(n)).let { (rna, adt) -> reduced(MuData(mapOf("rna" to rna, "adt" to adt))) }

    private fun weights(adata: AnnData, name: String): DoubleArray = adata.obs["$name:mod_weight"].toDoubles()

    @Test
    fun `modalities become one graph that maps, clusters and figures read`() {
        val mdata = paired()
        assertThat(sc.tl.wnn(mdata, mapOf("rna" to "X_pca", "adt" to "X_pca"), k = 10)).isSameAs(mdata)
        val shared = mdata.shared
        val (rna, adt) = weights(shared, "rna") to weights(shared, "adt")
        assertThat(rna.indices).allMatch { Math.abs(rna[it] + adt[it] - 1) < 1e-12 }
        val told = mdata.uns["wnn"] as Map<*, *>
        assertThat(told["connectivities_key"]).isEqualTo("wnn_connectivities")
        assertThat((told["params"] as Map<*, *>)["n_neighbors"]).isEqualTo(11L)
        assertThat((told["params"] as Map<*, *>)["use_rep"]).isEqualTo(mapOf("rna" to "X_pca", "adt" to "X_pca"))
        val distances = mdata.obsp.matrix("wnn_distances", "") as CsrMatrix
        assertThat(distances.nnz()).isEqualTo(10L * mdata.nObs)

        sc.tl.umap(shared, neighborsKey = "wnn", maxiter = 20)
        sc.tl.leiden(shared, neighborsKey = "wnn")
        shared.obs["type"] = mdata["rna"].obs["cell_type"]
        for (color in listOf("type", "leiden", "rna:mod_weight")) {
            assertThat(sc.pl.umap(shared, color = color)).isNotNull()
        }
        assertThat(sc.pl.umap(shared, color = "type", edges = true, neighborsKey = "wnn")).isNotNull()
        assertThat(sc.pl.violin(shared, listOf("rna:mod_weight", "adt:mod_weight"), groupby = "type")).isNotNull()

        val file = folder.resolve("wnn.h5mu").toString()
        mdata.writeH5mu(file)
        val read = sc.readH5mu(file)
        assertThat(read.differenceTo(mdata)).isNull()
        assertThat(weights(read.shared, "rna")).isEqualTo(rna)
    }

    @Test
    fun `one object with two representations gives the same`() {
        val mdata = sc.tl.wnn(paired(), k = 10)
        val one = AnnData(null, mdata["rna"].obs.copy(), DataFrame.ofNames())
        one.obsm.set("X_rna", mdata["rna"].obsm.get("X_pca"))
        one.obsm.set("X_adt", mdata["adt"].obsm.get("X_pca"))
        val made = sc.tl.wnn(one, listOf("X_rna", "X_adt"), k = 10, copy = true)
        assertThat(one.obsp.keys).isEmpty()
        assertThat(weights(made, "X_rna")).isEqualTo(weights(mdata.shared, "rna"))
        val params = (made.uns["wnn"] as Map<*, *>)["params"] as Map<*, *>
        assertThat((params["use_reps"] as NdArray).texts()).containsExactly("X_rna", "X_adt")
    }

    @Test
    fun `cells may lack a modality`() {
        val mdata = reduced(Mosaics.mosaic())
        sc.tl.wnn(mdata, k = 10)
        val weight = weights(mdata.shared, "rna")
        val (ofRna, ofAdt) = mdata.obsmap.getValue("rna") to mdata.obsmap.getValue("adt")
        for (i in weight.indices) {
            if (ofAdt[i] == 0) assertThat(weight[i]).isEqualTo(1.0)
            if (ofRna[i] == 0) assertThat(weight[i]).isEqualTo(0.0)
        }
        assertThat(weight.filter { it > 0 && it < 1 }).isNotEmpty()
    }

    @Test
    fun `messages say what to do, and nothing is written`() {
        val mdata = paired(80)
        assertThatThrownBy { sc.tl.wnn(mdata, mapOf("rna" to "X_pca")) }
            .hasMessageContaining("two or more representations, got obsm['X_pca'] of mod['rna'] alone")
        assertThatThrownBy { sc.tl.wnn(mdata, mapOf("rna" to "X_pca", "adt" to "X_lsi")) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Run sc.tl.lsi() first.")
        assertThatThrownBy { sc.tl.wnn(mdata, mapOf("rna" to "X_pca", "prot" to "X_pca")) }
            .hasMessageContaining("prot")
        assertThatThrownBy { sc.tl.wnn(mdata, k = 80) }.hasMessageContaining("Lower k")
        assertThatThrownBy { sc.tl.wnn(mdata, search = "fast") }.hasMessageContaining("search must be one of")
        assertThatThrownBy { sc.tl.wnn(mdata["rna"], listOf("X_pca", "X_pca")) }
            .hasMessageContaining("useReps must differ")
        assertThatThrownBy { sc.tl.wnn(mdata, emptyMap()) }.hasMessageContaining("got none")

        val x = mdata["adt"].obsm.matrix("X_pca", "").toDense()
        val zero = x.copy()
        zero.setRow(3, DoubleArray(8))
        mdata["adt"].obsm.set("X_zero", zero)
        val name = mdata["adt"].obsNames[3]
        assertThatThrownBy { sc.tl.wnn(mdata, mapOf("rna" to "X_pca", "adt" to "X_zero")) }
            .hasMessageContaining("but cell '$name' (row 3) of obsm['X_zero'] of mod['adt'] is all zero")
        val nan: DenseMatrix = x.copy()
        nan.set(5, 2, Double.NaN)
        mdata["adt"].obsm.set("X_nan", nan)
        assertThatThrownBy { sc.tl.wnn(mdata, mapOf("rna" to "X_pca", "adt" to "X_nan")) }
            .hasMessageContaining("cell '${mdata["adt"].obsNames[5]}' (row 5), column 2 of obsm['X_nan'] of mod['adt']")
        val rna = mdata["rna"]
        val part =
            MuData(mapOf("rna" to rna[0..59, all].copy(), "adt" to mdata["adt"][0..59, all].copy(), "all" to rna))
        assertThatThrownBy { sc.tl.wnn(part, mapOf("rna" to "X_pca", "adt" to "X_pca"), k = 5) }
            .hasMessageContaining("but '${rna.obsNames[60]}' is in none of [rna, adt]")
        assertThat(mdata.obsp.keys).isEmpty()
        assertThat(mdata.uns).isEmpty()
        assertThat(mdata.obs.keys).noneMatch { it.endsWith("mod_weight") }
    }

    /** The table in `docs/mosaic.md`. */
    @Test
    fun `real cells have more neighbours of their type than by either modality`() {
        val (rna, adt) = Mosaics.paired()
        sc.pp.pca(sc.pp.scale(rna), nComps = 30)
        sc.pp.pca(sc.pp.scale(adt), nComps = 20)
        val mdata = MuData(mapOf("rna" to rna, "adt" to adt))
        sc.tl.wnn(mdata)
        val alone =
            listOf(rna, adt).map { sc.pp.neighbors(it, nNeighbors = 21, useRep = "X_pca", metric = "cosine") }
        val votes = (alone + mdata.shared).zip(listOf("distances", "distances", "wnn_distances")).map { (a, key) ->
            votes(a.obsp.matrix(key, "") as CsrMatrix, rna)
        }
        assertThat(votes[2]).`as`("%s", votes).isGreaterThan(votes[0] + 0.02).isGreaterThan(votes[1])
    }

    /** Share of cells whose neighbours' most frequent type is their own. */
    private fun votes(distances: CsrMatrix, adata: AnnData): Double {
        val type = adata.obs["celltype"]
        val right =
            (0 until adata.nObs).count { i ->
                val block = distances.blockOf(i)
                val near = (block.start(i) until block.end(i)).map { type.text(block.indices()[it]) }
                near
                    .groupingBy { it }
                    .eachCount()
                    .maxBy { it.value }
                    .key == type.text(i)
            }
        return right / adata.nObs.toDouble()
    }
}
