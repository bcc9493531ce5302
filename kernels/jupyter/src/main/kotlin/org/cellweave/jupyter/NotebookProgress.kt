package org.cellweave.jupyter

import org.cellweave.dsl.ProgressDisplay
import org.jetbrains.kotlinx.jupyter.api.KotlinKernelHost
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import java.util.UUID

/** A bar that fills up in place; it appears after a quarter of a second and is gone when the call ends. */
internal class NotebookProgress(private val host: KotlinKernelHost?) : ProgressDisplay {
    private val id = UUID.randomUUID().toString()
    private val started = System.nanoTime()
    private var drawn = 0L
    private var open = false

    @Synchronized
    override fun step(stage: String, step: Int, total: Int, objective: Double) {
        val now = System.nanoTime()
        if (host == null || now - started < APPEAR_NANOS || now - drawn < REDRAW_NANOS) return
        drawn = now
        val seconds = (now - started) / 1e9
        if (open) {
            host.updateDisplay(bar(stage, step, total, seconds), id)
        } else {
            host
                .display(bar(stage, step, total, seconds), id)
        }
        open = true
    }

    @Synchronized
    override fun close() {
        if (open) host?.updateDisplay(textAndHtml("", ""), id)
        open = false
    }

    private fun bar(stage: String, step: Int, total: Int, seconds: Double): MimeTypedResult =
        textAndHtml("$stage $step/$total %.0f s".format(seconds), "<progress value=$step max=$total></progress>")

    private companion object {
        const val APPEAR_NANOS = 250_000_000L
        const val REDRAW_NANOS = 100_000_000L
    }
}
