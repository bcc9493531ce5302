package org.cellweave.dsl

import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PanelTexts
import org.cellweave.dsl.plot.Spec

/**
 * The colour bar of a panel, which `fig.axes` lists after the panel itself: `fig.axes[-1].tickParams(labelsize = 15)`.
 *
 * Only the look of its numbers can be changed; ends are chosen by `vmin`, `vmax` and `norm` of the verb.
 */
public class ColorBar internal constructor(override val figure: Figure, private val place: FigureCell) : Axes() {
    override val cells: List<FigureCell> get() = listOf(place)

    override fun change(step: (Panel) -> Panel): Unit =
        throw IllegalArgumentException(
            "of a colour bar only tickParams(labelsize = ...) can be changed; vmin, vmax and norm of the verb choose " +
                "its ends",
        )

    /** Numbers of another size, colour or angle, as a theme tells them. */
    internal fun numbersLike(look: Spec) {
        val size = (look["size"] as? Number)?.let { it.toDouble() / 2 }
        val more = look.filterKeys { it == "color" || it == "angle" } + listOfNotNull(size?.let { "size" to it })
        place.change { PanelTexts.bar(it, more) }
        figure.wasChanged()
    }

    override fun toString(): String = "the colour bar of a panel of $figure"
}

/** Axes of a figure, of which a negative number counts from the last. */
internal class AxesList(private val all: List<Axes>) : AbstractList<Axes>() {
    override val size: Int get() = all.size

    override fun get(index: Int): Axes =
        all.getOrNull(if (index < 0) size + index else index)
            ?: throw IndexOutOfBoundsException("fig.axes has $size axes, so that axes[$index] does not exist")
}
