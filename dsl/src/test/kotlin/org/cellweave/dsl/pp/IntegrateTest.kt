package org.cellweave.dsl.pp

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.dsl.PairedSamples
import org.cellweave.dsl.X
import org.cellweave.dsl.get
import org.cellweave.dsl.harmonyIntegrate
import org.cellweave.dsl.help
import org.cellweave.dsl.ilisi
import org.cellweave.dsl.integrate
import org.cellweave.dsl.integrationMethods
import org.cellweave.dsl.log1p
import org.cellweave.dsl.multimap
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.pca
import org.cellweave.dsl.sc
import org.cellweave.dsl.scale
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.dsl.stabmap
import org.cellweave.dsl.tl.Mosaics
import org.cellweave.dsl.uinmf
import org.cellweave.matrix.Matrix
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

class IntegrateTest {
    private fun prepared(): AnnData {
        val adata =
            sc.datasets.simulatedBatches(nCells = 500, nGenes = 200, nBatches = 2, nTypes = 3, batchEffect = 0.4)
        adata.layers["counts"] = adata.X
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        sc.pp.pca(adata, nComps = 35)
        return adata
    }

    private val methods = sc.get.integrationMethods()

    private fun ofKind(kind: String) = methods.names.filterIndexed { i, _ -> methods["object"].text(i) == kind }

    private fun values(x: Any?) = (x as Matrix).toDense().doubleData()

    /** Models that train for long have tests of their own; their row here is what they are reached by. */
    @TestFactory
    fun `every method writes where the list says, and leaves X alone`(): List<DynamicTest> =
        ofKind("AnnData").filterNot { it in listOf("scvi", "scanvi") }.map { method ->
            dynamicTest(method) {
                val adata = prepared()
                val before = values(adata.X)
                val other = adata.copy()
                sc.pp.integrate(adata, method, labelsKey = "cell_type")
                assertThat(values(adata.X)).isEqualTo(before)
                when (method) {
                    "bbknn" -> assertThat(adata.obsp.keys).contains("distances", "connectivities")
                    in listOf("combat", "limma", "regress", "mnn") -> assertThat(adata.layers.keys).contains(method)
                    else -> {
                        assertThat(adata.obsm.keys).contains("X_$method")
                        assertThat(sc.metrics.ilisi(adata, "batch", "X_$method"))
                            .isGreaterThan(sc.metrics.ilisi(adata, "batch", "X_pca"))
                    }
                }
                sc.pp.integrate(other, method, labelsKey = "cell_type", keyAdded = "mine")
                val names = other.obsm.keys + other.layers.keys + other.obsp.keys
                assertThat(names).anyMatch { "mine" in it }
                assertThat(names).noneMatch { it == "X_$method" || it == method }
            }
        }

    @Test
    fun `the door and the verb give the same`() {
        val adata = prepared()
        sc.pp.integrate(adata, "harmony", randomState = 3)
        sc.pp.harmonyIntegrate(adata, "batch", randomState = 3)
        assertThat(values(adata.obsm["X_harmony"])).isEqualTo(values(adata.obsm["X_pca_harmony"]))
    }

    @Test
    fun `a method that is not there is refused with what is`() {
        assertThatThrownBy { sc.pp.integrate(prepared(), "harmonyy") }
            .hasMessageContaining("method must be one of [harmony, fastmnn, mnn, clustermnn, cca")
            .hasMessageContaining("got 'harmonyy'. Did you mean 'harmony'?")
        assertThatThrownBy { sc.pp.integrate(prepared(), "scanvi") }
            .hasMessage("labelsKey must name a column of obs for method = \"scanvi\"")
    }

    @Test
    fun `the list is printed whole and names verbs that help knows`() {
        assertThat(ofKind("AnnData")).hasSize(14)
        assertThat(ofKind("MuData"))
            .containsExactly("stabmap", "uinmf", "inmf", "multimap", "pivots", "scmodal", "midas")
        val table = methods.toDataFrame()
        assertThat(table.keys).containsExactly("object", "reads", "writes", "verb")
        val printed = methods.toString()
        for (i in methods.names.indices) {
            assertThat(printed).contains(methods.names[i], *table.keys.map { table[it].text(i) }.toTypedArray())
            for (verb in table["verb"].text(i)!!.split(", ").filter { it.startsWith("sc.") }) {
                assertThat(sc.help(verb.removePrefix("sc.")).text).`as`(verb).contains("Writes")
            }
        }
    }
}

/** The same door for cells that have not all measured the same. */
class IntegrateMosaicTest {
    private fun linked(): MuData = PairedSamples.mosaic()

    private val links = PairedSamples.links()

    private fun values(mdata: MuData, key: String) = Mosaics.bits(mdata.obsm.matrix(key, "").toDense())

    /** Networks that train for long have tests of their own; their row in the list is what they are reached by. */
    @TestFactory
    fun `every method gives all cells places`(): List<DynamicTest> =
        listOf("stabmap", "uinmf", "inmf", "multimap", "pivots").map { method ->
            dynamicTest(method) {
                val mdata = linked()
                val given = links.takeIf { method != "stabmap" }
                val made = sc.pp.integrate(mdata, method, links = given, randomState = 3, copy = true)
                assertThat(mdata.obsm.keys).noneMatch { it.startsWith("X_") }
                assertThat(made.obsm.matrix("X_$method", "").nRows()).isEqualTo(mdata.nObs)
                sc.pp.integrate(mdata, method, links = given, keyAdded = "mine", randomState = 3)
                assertThat(values(mdata, "X_mine")).isEqualTo(values(made, "X_$method"))
                assertThat(mdata.obsm.keys).doesNotContain("X_$method")
            }
        }

    @Test
    fun `the door and the verb give the same`() {
        val (door, verb) = linked() to linked()
        sc.pp.integrate(door, "uinmf", links = links)
        sc.tl.uinmf(verb, links = links)
        assertThat(values(door, "X_uinmf")).isEqualTo(values(verb, "X_inmf"))
        sc.pp.integrate(door, "multimap", links = links)
        sc.tl.multimap(verb, links)
        assertThat(values(door, "X_multimap")).isEqualTo(values(verb, "X_multimap"))
        sc.pp.integrate(door, "stabmap", references = listOf("batch_2"))
        sc.tl.stabmap(verb, references = listOf("batch_2"))
        assertThat(values(door, "X_stabmap")).isEqualTo(values(verb, "X_stabmap"))
    }

    @Test
    fun `of pivots a cell with both modalities has the mean of both places`() {
        val mdata = linked()
        sc.pp.integrate(mdata, "pivots", links = links)
        val joint = mdata.obsm.matrix("X_pivots", "").toDense()
        val sides = listOf("rna", "adt").map { it to mdata[it].obsm.matrix("X_pivots", "").toDense() }
        val cell = mdata.obsNames.indexOf("cell_299")
        val places = sides.map { (name, x) -> x.get(mdata[name].obsNames.indexOf("cell_299"), 0) }
        assertThat(joint.get(cell, 0)).isCloseTo(places.average(), within(1e-6))
        assertThat(mdata["rna"].obs.keys).contains("partner")
    }

    @Test
    fun `messages say what to do, and nothing is written`() {
        val mdata = linked()
        val before = mdata.copy()
        assertThatThrownBy { sc.pp.integrate(mdata, "stabmp") }
            .hasMessageContaining("method must be one of [stabmap, uinmf, inmf, multimap, pivots, scmodal, midas]")
            .hasMessageContaining("Did you mean 'stabmap'?")
        assertThatThrownBy { sc.pp.integrate(mdata, "stabmap", links = links) }
            .hasMessageContaining("links does not go with method = \"stabmap\"")
            .hasMessageEndingWith("but with [uinmf, inmf, multimap, pivots, scmodal]")
        assertThatThrownBy { sc.pp.integrate(mdata, "uinmf", references = listOf("batch_2")) }
            .hasMessage("references does not go with method = \"uinmf\", but with [stabmap]")
        assertThatThrownBy { sc.pp.integrate(mdata, "inmf") }
            .hasMessageContaining("have none in common. A gene and its protein are two features until links join them")
        assertThatThrownBy { sc.pp.integrate(mdata, "uinmf", links = listOf("no" to "body")) }
            .hasMessageContaining("none of the 1 links joins a feature of mod['rna'] with one of mod['adt']")
        assertThatThrownBy { sc.tl.uinmf(mdata, k = 200, links = links) }
            .hasMessageContaining("k must be at most the number of cells and of features of every set, got 200")
            .hasMessageContaining("Pass k = ")
        assertThat(mdata.differenceTo(before)).isNull()
        val one = MuData(mapOf("rna" to mdata["rna"]))
        assertThatThrownBy { sc.pp.integrate(one, "pivots", links = links) }
            .hasMessage("pivots matches two modalities, but mdata has [rna]")
        assertThatThrownBy { sc.tl.uinmf(one, links = links) }
            .hasMessageContaining("links join the features of two modalities, but mdata has [rna]")
        sc.pp.scale(mdata["adt"])
        assertThatThrownBy { sc.pp.integrate(mdata, "uinmf", links = links) }
            .hasMessageContaining("uinmf needs values of at least 0, but cell 'cell_")
            .hasMessageContaining("of X of mod['adt'] is -")
            .hasMessageContaining("neither centred nor scaled")
    }
}
