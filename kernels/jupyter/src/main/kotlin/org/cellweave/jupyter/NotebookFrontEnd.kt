package org.cellweave.jupyter

import org.cellweave.dsl.Figure
import org.cellweave.dsl.FigureFrontEnd
import org.cellweave.dsl.session.ProgressDisplay
import org.cellweave.jupyter.html.box
import org.jetbrains.kotlinx.jupyter.api.KotlinKernelHost
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import java.util.IdentityHashMap
import java.util.UUID

/** Messages, progress and figures as outputs of the cell that runs. */
internal class NotebookFrontEnd : FigureFrontEnd {
    @Volatile
    var host: KotlinKernelHost? = null

    /** Figures that this cell has shown, with the names of their outputs. */
    private val shown = IdentityHashMap<Figure, String>()

    /** Called before every cell. */
    fun begin(host: KotlinKernelHost) {
        this.host = host
        shown.clear()
    }

    /** True for a figure that this cell has shown already, so that a last expression does not show it twice. */
    fun wasShown(figure: Figure): Boolean = figure in shown

    /** Warnings in a box; the rest as printed text, because the kernel does not show standard error. */
    override fun message(level: Int, text: String) {
        val host = host
        if (host == null || level > WARNING) println(text) else host.display(boxOutput("warning", text), null)
    }

    /** A sentence above the trace of a failure. */
    fun error(text: String) {
        host?.display(boxOutput("error", text), null)
    }

    override fun progress(): ProgressDisplay = NotebookProgress(host)

    override fun show(figure: Figure) {
        val host = host ?: return
        val id = UUID.randomUUID().toString()
        shown[figure] = id
        host.display(figureOutput(figure), id)
    }

    /** In the place of the first that this cell has shown; what was shown of the others is emptied. */
    override fun show(figure: Figure, before: List<Figure>) {
        val ids = before.mapNotNull { shown.remove(it) }
        val first = ids.firstOrNull() ?: return show(figure)
        shown[figure] = first
        host?.updateDisplay(figureOutput(figure), first)
        ids.drop(1).forEach { host?.updateDisplay(textAndHtml("", ""), it) }
    }

    /** Puts [output] where this cell has shown [figure]; false when it has not. */
    fun replace(figure: Figure, output: MimeTypedResult): Boolean {
        val id = shown[figure] ?: return false
        host?.updateDisplay(output, id)
        return true
    }

    private fun boxOutput(kind: String, text: String) = textAndHtml(text, box(kind, text))

    private companion object {
        const val WARNING = 1
    }
}
