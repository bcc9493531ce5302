package org.cellweave.dsl

import org.cellweave.dsl.session.FrontEnd
import org.cellweave.dsl.session.Log

/** Figures of a script that no file holds yet: their number and the names of the first. */
public object DrawnFigures {
    /** Names by the tokens of figures, which may be large and are not kept for this. */
    private val unsaved = LinkedHashMap<Any, String>()

    /** A verb has drawn [figure], perhaps of others that are part of it now. */
    internal fun drawn(figure: Figure, parts: List<Figure>) {
        if (FrontEnd.current is FigureFrontEnd) return
        parts.forEach(::saved)
        unsaved[figure.token] = figure.name
    }

    internal fun saved(figure: Figure) {
        unsaved.remove(figure.token)
    }

    /** Says once, where a script ends, which of its figures were drawn and not saved. */
    public fun atEnd() {
        val names = unsaved.values.toList()
        val n = names.size
        unsaved.clear()
        if (n == 0) return
        val first = names.distinct().take(NAMED).joinToString()
        val which = if (n == 1) "the figure '$first' was" else "$n figures were"
        val list = if (n == 1) "" else " ($first${if (names.distinct().size > NAMED) ", ..." else ""})"
        Log.warning(
            "$which drawn and not saved$list: give the verb save = \"${names.first()}.png\", call " +
                "figure.save(\"${names.first()}.png\"), or set sc.settings.autosave = true",
        )
    }

    private const val NAMED = 4
}
