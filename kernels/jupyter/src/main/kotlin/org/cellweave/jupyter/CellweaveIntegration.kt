package org.cellweave.jupyter

import org.cellweave.data.AnnData
import org.cellweave.data.AxisSlots
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.data.Raw
import org.cellweave.data.RecordArray
import org.cellweave.dsl.BenchmarkTable
import org.cellweave.dsl.Figure
import org.cellweave.dsl.FigurePanel
import org.cellweave.dsl.Help
import org.cellweave.dsl.LinkedPanels
import org.cellweave.dsl.plt
import org.cellweave.dsl.session.FrontEnd
import org.cellweave.dsl.session.Settings
import org.cellweave.matrix.Matrix
import org.jetbrains.kotlinx.jupyter.api.libraries.JupyterIntegration
import org.jetbrains.letsPlot.intern.Plot

/** What `%use cellweave` brings to a notebook: imports, outputs, progress bars, messages and errors. */
public class CellweaveIntegration : JupyterIntegration() {
    override fun Builder.onLoaded() {
        import(*IMPORTS.toTypedArray())
        val frontEnd = NotebookFrontEnd()
        val heap = HeapWatch(frontEnd::error)
        val replaced = ReplacedValues()
        val script = LetsPlotScript()
        onLoaded {
            frontEnd.host = this
            FrontEnd.current = frontEnd
            Settings.progress = true
            heap.start()
        }
        beforeCellExecution {
            frontEnd.begin(this)
            heap.cellStarts()
        }
        afterCellExecution { instance, _ ->
            plt.cellEnds()
            heap.cellEnds()
            replaced.defined(instance)
        }
        onInterrupt { heap.cellEnds() }
        addThrowableRenderer(CellErrors(heap::cellEnds, frontEnd::error))
        preprocessCode { code -> QuestionMarks.replaced(code) }
        render<Figure> { figure -> if (frontEnd.wasShown(figure)) Unit else figureOutput(figure) }
        render<FigurePanel> { panel -> if (frontEnd.wasShown(panel.figure)) Unit else figureOutput(panel.figure) }
        render<Plot> { plot -> figureOutput(plot) }
        render<InteractiveFigure> { figure ->
            val output = figure.output(script, notebook.currentCell?.code.orEmpty())
            if (figure.still != null && frontEnd.replace(figure.still, output)) Unit else output
        }
        render<LinkedPanels> { panels -> textAndHtml(panels.toString(), panels.toFragment()) }
        render<Help> { help -> textAndHtml(help.toString(), helpHtml(help)) }
        // An object may stand where a snapshot does, so that one renderer tells them apart.
        render<Raw> { raw ->
            when {
                raw !is AnnData -> rawOutput(raw)
                CellCode.endsInVerb(code) -> Unit
                else -> annDataOutput(raw)
            }
        }
        render<MuData> { mdata -> muDataOutput(mdata) }
        render<DataFrame> { table -> tableOutput(table) }
        render<BenchmarkTable> { benchmark -> benchmarkOutput(benchmark) }
        render<Matrix> { matrix -> matrixOutput(matrix) }
        render<Column> { column -> columnOutput(column) }
        render<NdArray> { array -> arrayOutput(array) }
        render<RecordArray> { records -> recordsOutput(records) }
        render<AxisSlots<*>> { slots -> slotsOutput(slots) }
    }

    private companion object {
        /** As in scripts. */
        val IMPORTS =
            listOf(
                "org.cellweave.dsl.*",
                // Lets-Plot has a Figure too.
                "org.cellweave.dsl.Figure",
                "org.cellweave.data.*",
                "org.cellweave.matrix.*",
                "org.cellweave.interop.*",
                "org.cellweave.jupyter.arguments",
                "org.cellweave.jupyter.interactive",
                "org.jetbrains.letsPlot.*",
                "org.jetbrains.letsPlot.geom.*",
                "org.jetbrains.letsPlot.label.*",
                "org.jetbrains.letsPlot.scale.*",
                "kotlin.math.*",
            )
    }
}
