package org.cellweave.jupyter

import org.cellweave.dsl.Figure
import org.cellweave.dsl.FrontEnd
import org.cellweave.dsl.ProgressDisplay
import org.jetbrains.kotlinx.jupyter.api.KotlinKernelHost
import java.util.Collections
import java.util.IdentityHashMap

/** Messages, progress and figures as outputs of the cell that runs. */
internal class NotebookFrontEnd : FrontEnd {
    @Volatile
    var host: KotlinKernelHost? = null
    private val shown: MutableSet<Figure> = Collections.newSetFromMap(IdentityHashMap())

    fun begin(host: KotlinKernelHost) {
        this.host = host
        shown.clear()
    }

    /** Called when a cell is done. */
    fun end() {
        shown.clear()
    }

    /** True for a figure that this cell has shown already, so that a last expression does not show it twice. */
    fun wasShown(figure: Figure): Boolean = figure in shown

    override fun message(level: Int, text: String) {
        val host = host
        if (host == null || level > WARNING) System.err.println(text) else host.display(warning(text), null)
    }

    override fun progress(): ProgressDisplay = NotebookProgress(host)

    override fun show(figure: Figure) {
        val host = host ?: return
        shown += figure
        host.display(figureOutput(figure), null)
    }

    private fun warning(text: String) =
        textAndHtml(text, "<div class=\"cw-warning\">$text</div>")

    private companion object {
        const val WARNING = 1
    }
}
