package org.cellweave.dsl

import org.cellweave.dsl.session.FrontEnd

/** A front end that shows figures, as a notebook does; elsewhere they are shown by saving them. */
public interface FigureFrontEnd : FrontEnd {
    /** A figure that a verb of `sc.pl` has just made; called on the thread that runs the verb. */
    public fun show(figure: Figure)

    /** A figure made of [before], which may be shown already and then give way to it. */
    public fun show(figure: Figure, before: List<Figure>) {
        show(figure)
    }
}

/** Shows [figure] where figures are shown, in the place of those [before] that it was made of. */
internal fun showFigure(figure: Figure, before: List<Figure> = emptyList()) {
    val frontEnd = FrontEnd.current as? FigureFrontEnd ?: return
    figure.isShown = true
    Pyplot.shown(figure)
    if (before.isEmpty()) frontEnd.show(figure) else frontEnd.show(figure, before)
}
