package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Path
import java.security.MessageDigest
import java.util.Base64
import kotlin.io.path.readText

class Clones2cellsTest {
    private fun cells(n: Int = 60): AnnData =
        FigureSamples.cells(n).also { adata ->
            adata.obs.set("clone", CategoricalColumn.ofTexts(*Array(n) { if (it % 7 == 0) "NA" else "k${it % 5}" }))
        }

    private fun clones(adata: AnnData): AnnData =
        c2v.pp.clonesAdata(adata, fillObs = "group").also { made ->
            made.obsm
                .set("X_umap", DenseMatrix.wrap(FloatArray(2 * made.nObs) { (it * it % 7).toFloat() }, made.nObs, 2))
        }

    private fun data(html: String) = Regex("id=\"data\">(.*?)</script>", RegexOption.DOT_MATCHES_ALL)
        .find(html)!!
        .groupValues[1]

    private fun field(json: String, name: String) = Regex("\"$name\": ?\"([^\"]*)\"")
        .findAll(json)
        .map { it.groupValues[1] }
        .toList()

    private fun ints(text: String) =
        ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().let { b ->
            List(b.limit()) { b.get(it) }
        }

    private fun shorts(text: String) =
        ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().let { b ->
            List(b.limit()) {
                b.get(it).toInt() and
                    0xffff
            }
        }

    @Test
    fun `a page knows the places and clones of all cells, and asks the network for nothing`() {
        val adata = cells()
        val made = clones(adata)
        val html = c2v.pl.clones2cells(adata, made, cellsColor = "group", clonesColor = "n_cells").toHtml()
        val json = data(html)
        val names = made.obsNames
        val labels = (adata.obs["clone"] as CategoricalColumn).let { c -> List(60) { c.text(it) } }
        assertThat(ints(field(json, "cloneOf").single())).isEqualTo(labels.map { names.indexOf(it) })
        val umap = adata.obsm.matrix("X_umap", "")
        val x = List(60) { umap.get(it, 0) }
        val places = shorts(field(json, "x")[1])
        assertThat(places.indexOf(65_535)).isEqualTo(x.indexOf(x.max()))
        assertThat(places.indexOf(0)).isEqualTo(x.indexOf(x.min()))
        assertThat(shorts(field(json, "color")[1])).isEqualTo(List(60) { it % 3 })
        assertThat(json).contains("#1f77b4", "Cells: group", "Clones: n_cells").contains(names)
        assertThat(html).doesNotContain("http://", "https://", "src=")
        assertThat(html).contains("default-src 'none'")
        val script = html.substringAfterLast("<script>").substringBefore("</script>")
        val hash = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(script.toByteArray()))
        assertThat(html).`as`("the policy lets this script run").contains("script-src 'sha256-$hash'")
        assertThat(c2v.pl.clones2cells(adata, made, cellsColor = "group", clonesColor = "n_cells").toHtml())
            .isEqualTo(html)
    }

    @Test
    fun `a part of a notebook has a place of its own, and no name ends its script`() {
        val adata = cells()
        val names = Array(60) { if (it % 2 == 0) "</script><b>" else "k" }
        adata.obs.set("clone", CategoricalColumn.ofTexts(*names))
        val panels = c2v.pl.clones2cells(adata, clones(adata), mode = "filter")
        assertThat(panels.toString()).isEqualTo("LinkedPanels(2 clones, 60 cells)")
        val one = panels.toFragment()
        assertThat(one).isNotEqualTo(panels.toFragment())
        assertThat(Regex("</script>").findAll(one).count()).isEqualTo(1)
        assertThat(Regex("</script>").findAll(panels.toHtml()).count()).isEqualTo(2)
        assertThat(field(one, "mode")).containsExactly("filter")
    }

    @Test
    fun `files end in html`(
        @TempDir folder: Path,
    ) {
        val adata = cells()
        val made = clones(adata)
        val file = folder.resolve("a/linked.html")
        val panels = c2v.pl.clones2cells(adata, made, save = file)
        assertThat(file.readText()).isEqualTo(panels.toHtml())
        assertThatThrownBy { panels.save("a.png") }.hasMessageContaining("save must be a file name that ends in .html")
        assertThatThrownBy { c2v.pl.clones2cells(adata, made, save = 3) }
            .hasMessageContaining("save must be a file name, true or false, got 3")
        val big = cells(30_000)
        c2v.pl.clones2cells(
            big, clones(big), cellsColor = "group", save = FigureSamples.figures.resolve("c2v_clones2cells.html"),
        )
    }

    @Test
    fun messages() {
        val adata = cells()
        val made = clones(adata)

        fun refused(message: String, body: () -> Unit) =
            assertThatThrownBy { body() }
                .isInstanceOf(IllegalArgumentException::class.java)
                .hasMessageContaining(message)
        refused("mode must be one of [highlight, filter], got 'highlite'. Did you mean 'highlight'?") {
            c2v.pl.clones2cells(adata, made, mode = "highlite")
        }
        refused("sCells must be positive") { c2v.pl.clones2cells(adata, made, sCells = 0.0) }
        refused("width and height must lie in 100..2000, got 10 and 400") {
            c2v.pl.clones2cells(adata, made, width = 10)
        }
        refused("bgColor must be a colour") { c2v.pl.clones2cells(adata, made, bgColor = "gray-ish") }
        assertThatThrownBy { c2v.pl.clones2cells(adata, made, clonesBasis = "X_tsne") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageStartingWith("clones.obsm['X_tsne'] is missing; clones.obsm has [X_umap]. Run sc.tl.tsne()")
        val lost = AnnData(null, DataFrame.ofNames("p"), DataFrame.ofNames("None"))
        lost.obs.set("n_cells", NumericColumn.of(3.0))
        refused("obsName must name the column of clones") { c2v.pl.clones2cells(adata, lost) }
        made.obsm.set("X_umap", DenseMatrix.wrap(FloatArray(2 * made.nObs) { Float.NaN }, made.nObs, 2))
        refused("obsm['X_umap'] must be finite") { c2v.pl.clones2cells(adata, made) }
    }
}
