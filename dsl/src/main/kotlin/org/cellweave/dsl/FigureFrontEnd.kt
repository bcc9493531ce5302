package org.cellweave.dsl

import org.cellweave.dsl.session.FrontEnd

/** A front end that shows figures, as a notebook does; elsewhere they are shown by saving them. */
public interface FigureFrontEnd : FrontEnd {
    /** A figure that a verb of `sc.pl` has just made; called on the thread that runs the verb. */
    public fun show(figure: Figure)
}

/** Shows [figure] where figures are shown. */
internal fun showFigure(figure: Figure) {
    (FrontEnd.current as? FigureFrontEnd)?.show(figure)
}
