package org.cellweave.dsl

import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.FigureSize
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings

/** How figures look by the settings of this moment. */
internal fun sessionLook(): Look = Settings.figures.let {
    Look(it.text, it.facecolor, it.transparent, it.scanpy, minOf(it.width(SIDE), it.height(SIDE)), it.ground)
}

/** The colour map that the caller wants, or else the session, or else [default]. */
internal fun colorMap(choice: Any?, default: String): ColorMap =
    ColorMap.of(choice ?: Settings.figures.colorMap, default)

/** The size in inches that the caller wants, if any. */
internal fun figureSize(inches: Pair<Number, Number>?): FigureSize? = FigureSize.of(inches, Log::warning)

/** Pixels of a panel where the session asks for no size. */
private const val SIDE = 300
