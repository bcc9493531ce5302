package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.StringColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.correlationMatrix
import org.cellweave.dsl.dendrogram
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.get
import org.cellweave.dsl.matrixplot
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.rankGenesGroupsDotplot
import org.cellweave.dsl.sc
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** When figures and verbs make, keep, renew or leave out a tree of groups. */
class GroupTreeChoicesTest {
    @RegisterExtension
    private val said = HeardMessages()

    @Test
    fun `a tree is made where there is none`() {
        said.listen()
        val a = panelCells()
        sc.pl.dotplot(a, listOf("A", "B", "C", "D"), "g", dendrogram = true)
        assertThat(said).anyMatch { "dendrogram data not found (using key=dendrogram_g)" in it }
        val made = (a.uns["dendrogram_g"] as Map<*, *>)["categories_ordered"] as NdArray
        assertThat(made.texts()).containsExactlyInAnyOrder("a", "b", "c")
        said.clear()
        assertThat(rowsOf(sc.pl.matrixplot(a, "A", "g", dendrogram = true))).isEqualTo(made.texts().toList())
        assertThat(said).isEmpty()
        sc.pl.dotplot(a, "A", "g", dendrogram = "mine")
        assertThat(a.uns.keys).contains("mine")
        sc.pl.dotplot(a, "A", listOf("g", "g"), dendrogram = true)
        assertThat(a.uns.keys).contains("dendrogram_g_g")
    }

    @Test
    fun `a tree over other groups is worked out anew in the same way`() {
        said.listen()
        val a = panelCells()
        sc.tl.dendrogram(a, "g", corMethod = "spearman", linkageMethod = "average")
        val names = (a.obs["g"] as CategoricalColumn).codes()
        a.obs["g"] = CategoricalColumn(names, StringColumn.of("empty", "x", "y", "z"), false)
        val figure = sc.pl.dotplot(a, "A", "g", dendrogram = true)
        assertThat(rowsOf(figure)).containsExactlyInAnyOrder("x", "y", "z")
        assertThat(said).anyMatch { it.startsWith("WARNING: the tree in uns['dendrogram_g'] is over [") }
        val anew = a.uns["dendrogram_g"] as Map<*, *>
        assertThat(anew["cor_method"]).isEqualTo("spearman")
        assertThat(anew["linkage_method"]).isEqualTo("average")
        // Another grouping's tree stays what it is.
        a.obs["h"] = CategoricalColumn(IntArray(24) { it % 4 }, StringColumn.of("p", "q", "r", "s"), false)
        assertThat(rowsOf(sc.pl.dotplot(a, "A", "h", dendrogram = "dendrogram_g"))).hasSize(4)
        assertThat(a.uns["dendrogram_g"]).isSameAs(anew)
        assertThat(a.uns.keys).contains("dendrogram_h")
    }

    @Test
    fun `a tree fits its groups in another order`() {
        said.listen()
        val a = panelCells()
        sc.tl.dendrogram(a, "g")
        val before = correlations(sc.pl.correlationMatrix(a, "g"))
        val codes = (a.obs["g"] as CategoricalColumn).codes()
        a.obs["g"] = CategoricalColumn(
            IntArray(codes.size) { 3 - codes[it] }, StringColumn.of("c", "b", "a", "empty"), false,
        )
        assertThat(correlations(sc.pl.correlationMatrix(a, "g"))).isEqualTo(before)
        assertThat(correlations(sc.pl.correlationMatrix(a, "g", dendrogram = false))).isEqualTo(before)
        assertThat(said).noneMatch { it.startsWith("WARNING") }
    }

    private fun correlations(figure: Figure): Map<Pair<Any?, Any?>, Any?> {
        val layer = Specs
            .layers(Specs.plots(figure).single())
            .first { "value" in ((it["data"] as? Map<*, *>) ?: emptyMap<Any, Any>()) }
        val data = layer["data"] as Map<*, *>
        val (rows, columns) = data.keys.filter { (data[it] as List<*>).first() in listOf("a", "b", "c") }
        val values = data["value"] as List<*>
        return values.indices.associate {
            ((data[rows] as List<*>)[it] to (data[columns] as List<*>)[it]) to values[it]
        }
    }

    @Test
    fun `no tree is drawn where none is to be had and nobody asked`() {
        said.listen()
        val a = panelCells()
        a.obs["two"] = CategoricalColumn(IntArray(24) { it % 2 }, StringColumn.of("a", "b"), false)
        sc.tl.rankGenesGroups(a, "two")
        assertThat(rowsOf(sc.pl.rankGenesGroupsDotplot(a, nGenes = 1))).containsExactly("a", "b")
        assertThat(said).noneMatch { it.startsWith("WARNING: dendrogram") }
        sc.pl.dotplot(a, "A", "two", dendrogram = true)
        assertThat(said).anyMatch { "Dendrogram not added" in it }
        refusing("a tree needs at least 2 groups, but 'one' has [a]") {
            a.obs["one"] = CategoricalColumn(IntArray(24), StringColumn.of("a"), false)
            sc.pl.dendrogram(a, "one")
        }
    }
}
