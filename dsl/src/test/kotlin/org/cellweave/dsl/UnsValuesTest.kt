package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.RecordArray
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class UnsValuesTest {
    @TempDir
    lateinit var folder: Path

    private fun ranked(): AnnData {
        val adata = AnnData(DenseMatrix.wrap(DoubleArray(6), 2, 3))
        val names = RecordArray(2).with("0", NdArray.of("CD3E", "LYZ")).with("1", NdArray.of("LYZ", "CD3E"))
        adata.uns["rank_genes_groups"] =
            mapOf(
                "params" to mapOf("method" to "wilcoxon", "n" to 3L),
                "names" to names,
                "pvals" to RecordArray(2).with("0", NdArray.of(0.1, 0.2)).with("1", NdArray.of(0.3, 0.4)),
            )
        adata.uns["leiden_colors"] = listOf("#ff0000", "#00ff00")
        adata.uns["old"] = mapOf("k" to NdArray.of(15L), "m" to NdArray.of("umap"))
        adata.uns["table"] = DataFrame.ofNames("r").also { it["c"] = 5 }
        return adata
    }

    @Test
    fun `keys lead down by at and by brackets`() {
        val uns = ranked().uns
        assertThat(uns.at("rank_genes_groups", "params", "method")).isEqualTo("wilcoxon")
        assertThat(uns["rank_genes_groups", "params", "method"]).isEqualTo("wilcoxon")
        assertThat(uns["rank_genes_groups"]["params"]["method"]).isEqualTo("wilcoxon")
        assertThat(uns["rank_genes_groups"]["names"]["0"][0]).isEqualTo("CD3E")
        assertThat(uns["rank_genes_groups"]["pvals"]["1"][-1]).isEqualTo(0.4)
        assertThat(uns["leiden_colors"][1]).isEqualTo("#00ff00")
        assertThat(uns["table"]["c"][0]).isEqualTo(5L)
        assertThat(uns.at("rank_genes_groups")).isSameAs(uns["rank_genes_groups"])
    }

    @Test
    fun `typed values`() {
        val uns = ranked().uns
        assertThat(uns.text("rank_genes_groups", "params", "method")).isEqualTo("wilcoxon")
        assertThat(uns.number("rank_genes_groups", "params", "n")).isEqualTo(3.0)
        assertThat(uns.text("old", "m")).isEqualTo("umap")
        assertThat(uns.number("old", "k")).isEqualTo(15.0)
        assertThat(uns.texts("leiden_colors")).containsExactly("#ff0000", "#00ff00")
        assertThat(uns.records("rank_genes_groups", "names").dtype.names).containsExactly("0", "1")
    }

    @Test
    fun `record arrays are tables`() {
        val table = ranked().uns.records("rank_genes_groups", "names").toTable()
        assertThat(table.keys).containsExactly("0", "1")
        assertThat(table.names).containsExactly("0", "1")
        assertThat(table["1"].texts()).containsExactly("LYZ", "CD3E")
    }

    @Test
    fun `colours come back from a file as texts`() {
        val adata = ranked()
        adata.write(folder.resolve("x.h5ad"))
        val read = sc.read(folder.resolve("x.h5ad"))
        assertThat(read.uns.texts("leiden_colors")).containsExactly("#ff0000", "#00ff00")
        assertThat(read.uns["rank_genes_groups"]["names"]["0"][0]).isEqualTo("CD3E")
    }

    @Test
    fun `nested values are written without touching the original of a view`() {
        val adata = ranked()
        val view = adata[0 until 1]
        view.uns["rank_genes_groups", "params", "method"] = "t-test"
        assertThat(adata.uns.text("rank_genes_groups", "params", "method")).isEqualTo("wilcoxon")
        assertThat(view.uns.text("rank_genes_groups", "params", "method")).isEqualTo("t-test")
        adata.uns["mine", "new", "deep"] = listOf(1)
        assertThat(adata.uns["mine"]["new"]["deep"][0]).isEqualTo(1)
        assertThatThrownBy { adata.uns["leiden_colors", "x"] = 1 }
            .hasMessageContaining("uns['leiden_colors'] is a ")
            .hasMessageContaining("in which nothing can be put under 'x'")
    }

    @Test
    fun `what is not there or of another kind is told`() {
        val uns = ranked().uns
        assertThatThrownBy { uns.at("rank_genes_groups", "param") }
            .hasMessageContaining("uns['rank_genes_groups']['param'] is missing")
            .hasMessageContaining("Did you mean 'params'?")
        assertThatThrownBy { uns.at("rank_genes_groups", "params", "method", "x") }
            .hasMessage(
                "uns['rank_genes_groups']['params']['method'] is the text 'wilcoxon', which holds nothing by name, " +
                    "got 'x'",
            )
        assertThatThrownBy { uns["nothing"]["x"] }
            .hasMessage("this value is null, which holds nothing by name, got 'x'")
        assertThatThrownBy { uns["leiden_colors"][7] }.hasMessage("this value has 2 entries, got position 7")
        assertThatThrownBy { uns["old"][0] }.hasMessageContaining("which holds nothing by position, got 0")
        assertThatThrownBy { uns.number("leiden_colors") }
            .hasMessageStartingWith("uns['leiden_colors'] must be a number")
        assertThatThrownBy { uns.records("old") }
            .hasMessage("uns['old'] must be a record array, but is a dict with [k, m]")
        assertThatThrownBy { uns.at() }.hasMessage("at needs at least one key")
    }

    @Test
    fun `maps of any keys are read as they always were`() {
        val map: Map<*, *> = mapOf("a" to 1)
        assertThat(map["a"]).isEqualTo(1)
        assertThat(map["b"]).isNull()
        val counts: Map<String, Int> = mapOf("a" to 1)
        val one: Int? = counts["a"]
        assertThat(listOf(one, counts["b"])).containsExactly(1, null)
    }

    @Test
    fun `groups of a match keep their names`() {
        val found = Regex("(?<year>[0-9]+)").find("in 2026")!!
        assertThat(found.groups["year"]?.value).isEqualTo("2026")
    }
}
