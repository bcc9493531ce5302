package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.dsl.session.preset
import org.junit.jupiter.api.Test

class HelpTest {
    @Test
    fun `a verb shows its arguments with the values of the defaults`() {
        val help = sc.help("pp.neighbors")
        assertThat(help.name).isEqualTo("sc.pp.neighbors")
        assertThat(help.signature)
            .startsWith("sc.pp.neighbors(\n    adata: AnnData,\n    nNeighbors: Int = 15,")
            .contains("metric: String = \"euclidean\"")
            .endsWith("): AnnData")
        assertThat(help.text).startsWith("The graph of nearest neighbours.").contains("Writes `obsp[\"distances\"]`")
        assertThat(help.arguments["nNeighbors"]).isEqualTo("counts the cell itself, as in scanpy")
        assertThat(help.toString()).contains("  nNeighbors: counts the cell itself")
    }

    @Test
    fun `other ways to call a verb are shown too`() {
        val help = sc.help("tl.mapQuery")
        assertThat(help.forms).hasSize(2)
        assertThat(help.forms.keys).doesNotContain(help.signature).allMatch { it.startsWith("sc.tl.mapQuery(") }
        assertThat(help.toString()).contains("\nor sc.tl.mapQuery(")
        assertThat(sc.help("pp.neighbors").forms.keys).doesNotContain(sc.help("pp.neighbors").signature)
    }

    @Test
    fun `names are found with and without what stands before them`() {
        for (name in listOf("sc.tl.umap", "tl.umap", "sc.tl.umap()", " tl.umap ")) {
            assertThat(sc.help(name).name).isEqualTo("sc.tl.umap")
        }
        assertThat(sc.help("regressOut").name).isEqualTo("sc.pp.regressOut")
        assertThat(sc.help("pl").verbs.keys).contains("sc.pl.umap", "sc.pl.dotplot").doesNotContain("sc.tl.umap")
        assertThat(sc.help().verbs.keys).contains("sc.readH5ad", "sc.pp.pca", "sc.metrics.ilisi")
    }

    @Test
    fun `a wrong name gets a near one, an ambiguous one all of them`() {
        assertThatThrownBy { sc.help("pp.nieghbors") }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage("there is no verb 'pp.nieghbors'. Did you mean 'pp.neighbors'? sc.help() lists all.")
        assertThatThrownBy { sc.help("umap") }.hasMessageContaining("Did you mean pl.umap or tl.umap?")
    }

    @Test
    fun `names of the Python packages lead to ours`() {
        for (name in listOf("catboost", "tl.catboost", "c2v.tl.catboost")) {
            assertThatThrownBy { sc.help(name) }
                .hasMessage("there is no verb '$name'. Did you mean c2v.tl.boostedTrees? sc.help() lists all.")
        }
        assertThatThrownBy { c2v.help("catboost") }.hasMessageContaining("Did you mean c2v.tl.boostedTrees?")
        assertThat(c2v.help("connectClones").name).isEqualTo("c2v.utils.connectClones")
        assertThat(c2v.help("gs").name).isEqualTo("c2v.utils.gs")
        assertThat(c2v.help("find_mnn").name).isEqualTo("c2v.tl.findMnn")
        assertThatThrownBy { c2v.help("tl.gs") }.hasMessageContaining("Did you mean c2v.utils.gs?")
        assertThatThrownBy { c2v.help("groupConnectivity") }
            .hasMessageContaining("Did you mean c2v.pl.groupConnectivity or c2v.tl.groupConnectivity?")
    }

    @Test
    fun `what objects can be asked is found by class, by name and behind a value`() {
        assertThat(sc.help("AnnData.obsVector").signature).startsWith("AnnData.obsVector(\n    k: String,")
        assertThat(sc.help("adata.obsVector").name).isEqualTo("AnnData.obsVector")
        assertThat(sc.help("AnnData.obs").signature).isEqualTo("AnnData.obs: DataFrame")
        assertThat(sc.help("AnnData").verbs.keys).contains("AnnData.obs", "AnnData.writeH5ad", "AnnData.shape")
        assertThat(sc.help("table.copy").forms.keys + sc.help("table.copy").signature)
            .anyMatch { it.startsWith("DataFrame.copy") }
            .anyMatch { it.startsWith("AnnData.copy") }
        for (word in sc.memberWords()) assertThat(sc.help(".$word").signature).contains(word)
        assertThat(sc.memberWords()).contains("obsVector", "head").doesNotContain("umap")
    }

    @Test
    fun `every verb has a sentence, and no default is left as an expression`() {
        for (name in sc.help().verbs.keys) {
            val help = sc.help(name)
            assertThat(help.text).`as`(name).isNotBlank
            assertThat(help.signature)
                .`as`(name)
                .doesNotContain("DEFAULTS", "preset.")
                .doesNotContainPattern("= [A-Z_]{2,}")
        }
    }
}
