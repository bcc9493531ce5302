package org.cellweave.dsl

import org.cellweave.dsl.session.FigureStyle
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check

/** matplotlib's `plt.style`. */
public object FigureStyles {
    private val grounds = listOf("white", "whitegrid", "dark", "darkgrid", "ticks")

    /** The styles that [use] knows. */
    public val available: List<String> =
        listOf("default", "ggplot", "bmh") + grounds.flatMap { listOf("seaborn-v0_8-$it", "seaborn-$it") }

    /** Takes a style from now on; `default` also takes back what `rcParams` and `setFigureParams` have set. */
    public fun use(style: String) {
        require(style in available) {
            "plt.style must be one of $available, got '$style'." + Check.suggestion(style, available)
        }
        Settings.figures = when (style) {
            "default" -> FigureStyle()
            "ggplot" -> Settings.figures.copy(ground = "darkgrid")
            "bmh" -> Settings.figures.copy(ground = "whitegrid")
            else -> Settings.figures.copy(ground = style.substringAfterLast('-'))
        }
    }
}
