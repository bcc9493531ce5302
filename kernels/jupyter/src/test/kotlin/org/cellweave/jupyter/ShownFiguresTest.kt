package org.cellweave.jupyter

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.dsl.c2v
import org.cellweave.dsl.embeddingAxis
import org.cellweave.dsl.hist
import org.cellweave.dsl.panels
import org.cellweave.dsl.plot
import org.cellweave.dsl.plt
import org.cellweave.dsl.sc
import org.cellweave.dsl.session.FrontEnd
import org.cellweave.dsl.umap
import org.cellweave.matrix.DenseMatrix
import org.jetbrains.kotlinx.jupyter.api.KotlinKernelHost
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import org.junit.jupiter.api.Test
import java.lang.reflect.Proxy

/** Figures that are made of others take their place among the outputs of a cell. */
class ShownFiguresTest {
    private val outputs = LinkedHashMap<String, String>()

    private val host = Proxy.newProxyInstance(
        javaClass.classLoader, arrayOf(KotlinKernelHost::class.java),
    ) { _, method, arguments ->
        if (method.name in setOf("display", "updateDisplay")) {
            val output = arguments[0] as MimeTypedResult
            outputs[arguments[1] as String] = output["text/plain"].orEmpty()
        }
        null
    } as KotlinKernelHost

    @Test
    fun `a trimmed figure and a page of figures replace what was shown`() {
        val adata = AnnData(null, DataFrame.ofNames("a", "b", "c"), DataFrame.ofNames("g"))
        adata.obs.set("group", CategoricalColumn.ofTexts("p", "q", "p"))
        adata.obsm.set("X_umap", DenseMatrix.wrap(floatArrayOf(0f, 0f, 1f, 2f, 2f, 1f), 3, 2))
        val usual = FrontEnd.current
        val frontEnd = NotebookFrontEnd()
        frontEnd.begin(host)
        FrontEnd.current = frontEnd
        try {
            val first = c2v.pl.embeddingAxis(sc.pl.umap(adata, color = "group"))
            assertThat(outputs.values).containsExactly(first.toString())
            val second = sc.pl.umap(adata)
            val both = c2v.pl.panels(first, second)
            assertThat(outputs.values).containsExactly(both.toString(), "")
            assertThat(frontEnd.wasShown(both)).isTrue()
            frontEnd.begin(host)
            val later = c2v.pl.embeddingAxis(both)
            assertThat(outputs.values)
                .`as`("of an earlier cell nothing is replaced")
                .containsExactly(both.toString(), "", later.toString())
        } finally {
            FrontEnd.current = usual
        }
    }

    @Test
    fun `a figure of plt is shown once, where it is asked for or where its cell ends`() {
        val usual = FrontEnd.current
        val frontEnd = NotebookFrontEnd()
        FrontEnd.current = frontEnd
        try {
            plt.close("all")
            frontEnd.begin(host)
            plt.plot(listOf(1, 2), listOf(3, 4))
            assertThat(outputs).`as`("while the cell runs").isEmpty()
            plt.cellEnds()
            assertThat(outputs).hasSize(1)
            frontEnd.begin(host)
            plt.cellEnds()
            assertThat(outputs).`as`("a cell without figures").hasSize(1)
            frontEnd.begin(host)
            plt.hist(listOf(1, 2, 2))
            plt.show()
            plt.cellEnds()
            assertThat(outputs).`as`("shown by hand, and not again").hasSize(2)
        } finally {
            FrontEnd.current = usual
        }
    }
}
