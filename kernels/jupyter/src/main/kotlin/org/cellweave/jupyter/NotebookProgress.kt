package org.cellweave.jupyter

import org.cellweave.dsl.session.ProgressDisplay
import org.cellweave.jupyter.html.progressBar
import org.jetbrains.kotlinx.jupyter.api.KotlinKernelHost
import org.jetbrains.kotlinx.jupyter.api.MimeTypedResult
import java.util.Locale
import java.util.UUID

/** A bar that fills up in place; it appears after a quarter of a second and is gone when the call ends. */
internal class NotebookProgress(private val host: KotlinKernelHost?) : ProgressDisplay {
    private val id = UUID.randomUUID().toString()
    private val started = System.nanoTime()
    private var stage = ""
    private var stageStarted = started
    private var drawn = started
    private var open = false

    @Synchronized
    override fun step(stage: String, step: Int, total: Int, objective: Double) {
        val now = System.nanoTime()
        if (stage != this.stage) {
            this.stage = stage
            stageStarted = now
        }
        if (host == null || now - started < APPEAR_NANOS || now - drawn < REDRAW_NANOS) return
        drawn = now
        val bar = bar(step, total, (now - stageStarted) / NANOS)
        if (open) host.updateDisplay(bar, id) else host.display(bar, id)
        open = true
    }

    @Synchronized
    override fun close() {
        if (open) host?.updateDisplay(textAndHtml("", ""), id)
        open = false
    }

    private fun bar(step: Int, total: Int, seconds: Double): MimeTypedResult {
        val part = if (total > 0) (step.toDouble() / total).coerceIn(0.0, 1.0) else null
        val detail =
            if (part == null) {
                "%d, %s".format(step, clock(seconds))
            } else {
                "%d/%d, %s, %s left".format(step, total, clock(seconds), clock(seconds / part * (1 - part)))
            }
        return textAndHtml("$stage $detail", progressBar(stage, part, detail))
    }

    private fun clock(seconds: Double): String {
        val whole = Math.round(seconds)
        return String.format(Locale.ROOT, "%d:%02d", whole / MINUTE, whole % MINUTE)
    }

    private companion object {
        const val APPEAR_NANOS = 250_000_000L
        const val REDRAW_NANOS = 100_000_000L
        const val NANOS = 1e9
        const val MINUTE = 60
    }
}
