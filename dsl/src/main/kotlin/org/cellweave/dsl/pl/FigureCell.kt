package org.cellweave.dsl

import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.PanelOverlay
import org.cellweave.dsl.plot.Sketch

/** A panel of a figure as its verb made it, where it is, and what was changed of it since. */
internal class FigureCell(
    private var base: Panel,
    x: Int,
    y: Int,
    /** What was drawn by hand, if the panel is not a verb's. */
    private var sketch: Sketch? = null,
    changes: List<(Panel) -> Panel> = emptyList(),
) {
    private val changes = ArrayList(changes)

    /** The last panel that was made, with the size that was asked for. */
    private var made: Pair<Pair<Int, Int>?, Panel>? = null

    /** Pixels from the left of the figure before any change, as [y] from above. */
    var x: Int = x
        private set
    var y: Int = y
        private set
    private var room: Pair<Int, Int>? = null

    /** Pixels that it was given, or that it takes by itself before any change. */
    val width: Int get() = room?.first ?: base.width
    val height: Int get() = room?.second ?: base.height

    /** Gives it a part of a figure of fixed size. */
    fun place(x: Int, y: Int, width: Int, height: Int) {
        this.x = x
        this.y = y
        room = width to height
    }

    val isDrawing: Boolean get() = base.isDrawing
    val verbPanel: Panel get() = base

    /** The panel in its own size, or in so many pixels. */
    fun panel(size: Pair<Int, Int>? = null): Panel {
        made?.let { (asked, panel) -> if (asked == size) return panel }
        val natural = changed(base)
        val panel = if (size == null) {
            natural
        } else {
            val more = natural.width - base.width to natural.height - base.height
            val fit = changed(
                base.sized(maxOf(LEAST, size.first - more.first), maxOf(LEAST, size.second - more.second)),
            )
            fit.sized(size.first, size.second)
        }
        made = size to panel
        return panel
    }

    private fun changed(panel: Panel) = changes.fold(panel) { sum, change -> change(sum) }

    /** Adds a change, or leaves all as it was where the change fails. */
    fun change(step: (Panel) -> Panel) {
        changes += step
        made = null
        runCatching { panel() }.onFailure { undo() }.getOrThrow()
    }

    /** Takes the last change back. */
    fun undo() {
        changes.removeLast()
        made = null
    }

    /** Axes whose ends were asked for, so that what is drawn later leaves them. */
    val fixed: MutableSet<String> = HashSet()

    /** What took axes and frame away. */
    private var off: ((Panel) -> Panel)? = null

    /** Takes axes and frame away, or brings them back: as they were, or by [on] where the verb drew none. */
    fun switch(off: ((Panel) -> Panel)?, on: (Panel) -> Panel) {
        val before = this.off
        if (before != null) changes.remove(before)
        this.off = off
        made = null
        if (off != null) {
            change(off)
        } else if (before == null) {
            change(on)
        }
    }

    /** Draws a verb's panel over what is there, or in its place where one of both has no axes. */
    fun add(panel: Panel) {
        if (sketch == null && PanelOverlay.fits(base, panel)) {
            change { PanelOverlay.over(it, panel) }
        } else {
            put(panel)
        }
    }

    /** Puts a verb's panel in the place of what was there; lines drawn by hand stay, above it. */
    fun put(panel: Panel) {
        val own = sketch
        val (xs, ys) = sketch?.reach ?: (emptyList<Double>() to emptyList())
        base = panel
        sketch = null
        changes.clear()
        fixed.clear()
        off = null
        made = null
        if (own != null && !own.isBlank && !panel.isDrawing) {
            change {
                val wide = PanelOverlay.reaching(PanelOverlay.reaching(it, "x", xs), "y", ys)
                PanelChanges.layers(wide, own.layers(wide))
            }
        }
    }

    /** Takes the verb's panel to one drawn anew, with all changes. */
    fun redrawn(panel: Panel) {
        base = panel
        made = null
    }

    /** Draws by hand, in axes of its own or over what a verb has drawn. */
    fun sketched(verb: String, change: (Sketch) -> Unit) {
        val own = sketch
        require(own != null) { "$verb changes axes that are drawn by hand, but a verb of sc.pl has drawn these" }
        change(own)
        base = own.panel(base.width, base.height)
        made = null
    }

    val drawnByHand: Sketch? get() = sketch

    /** The same panel elsewhere; changes of the one are none of the other's. */
    fun copy(x: Int = this.x, y: Int = this.y, base: Panel = this.base): FigureCell =
        FigureCell(base, x, y, null, changes)

    companion object {
        private const val LEAST = 24

        /** Axes in which nothing is drawn. */
        fun blank(x: Int, y: Int, width: Int, height: Int): FigureCell {
            val sketch = Sketch(sessionLook())
            return FigureCell(sketch.panel(width, height), x, y, sketch).also { it.place(x, y, width, height) }
        }
    }
}
