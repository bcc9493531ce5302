package org.cellweave.dsl

import org.cellweave.dsl.session.FrontEnd
import org.cellweave.dsl.session.Log

/** Figures of a script that no file holds yet: their number and the names of the first. */
public object DrawnFigures {
    private val unsaved = LinkedHashMap<Figure, Unit>()
    private var more = 0

    /** A verb has drawn [figure], perhaps of others that are part of it now. */
    internal fun drawn(figure: Figure, parts: List<Figure>) {
        if (FrontEnd.current is FigureFrontEnd) return
        parts.forEach(::saved)
        // Figures may be large: those beyond a few are counted only.
        if (unsaved.size < KEPT) unsaved[figure] = Unit else more++
    }

    internal fun saved(figure: Figure) {
        unsaved.remove(figure)
    }

    /** Says once, where a script ends, which of its figures were drawn and not saved. */
    public fun atEnd() {
        val names = unsaved.keys.map { it.name }
        val n = names.size + more
        unsaved.clear()
        more = 0
        if (n == 0) return
        val first = names.distinct().take(NAMED).joinToString()
        val which = if (n == 1) "the figure '$first' was" else "$n figures were"
        val list = if (n == 1) "" else " ($first${if (names.distinct().size > NAMED) ", ..." else ""})"
        Log.warning(
            "$which drawn and not saved$list: give the verb save = \"${names.first()}.png\", call " +
                "figure.save(\"${names.first()}.png\"), or set sc.settings.autosave = true",
        )
    }

    private const val KEPT = 20
    private const val NAMED = 4
}
