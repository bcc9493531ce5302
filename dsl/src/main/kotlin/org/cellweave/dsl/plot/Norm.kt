package org.cellweave.dsl.plot

import kotlin.math.log10
import kotlin.math.pow

/**
 * How numbers become colours, as in matplotlib: [Normalize], [LogNorm], [PowerNorm] or [TwoSlopeNorm].
 *
 * A bound that is null is the smallest or the largest value drawn.
 */
public sealed class Norm(
    /** Value of the first colour. */
    public val vmin: Double?,
    /** Value of the last colour. */
    public val vmax: Double?,
) {
    init {
        require(listOf(vmin, vmax).all { it == null || it.isFinite() }) {
            "vmin and vmax must be finite, got $vmin and $vmax"
        }
        require(vmin == null || vmax == null || vmin <= vmax) { "vmin must not exceed vmax, got $vmin and $vmax" }
    }

    /** Value of the middle colour, which the ends lie around. */
    internal open val center: Double? get() = null

    /** Where in a colour map [value] of [low]..[high] lies, 0..1. */
    internal abstract fun position(value: Double, low: Double, high: Double): Double

    internal open fun check(low: Double, high: Double) {}
}

/** Colours in proportion to values. */
public class Normalize(vmin: Number? = null, vmax: Number? = null) : Norm(vmin?.toDouble(), vmax?.toDouble()) {
    override fun position(value: Double, low: Double, high: Double): Double = (value - low) / (high - low)
}

/** Colours in proportion to logarithms; the values must be positive, smaller ones take the first colour. */
public class LogNorm(vmin: Number? = null, vmax: Number? = null) : Norm(vmin?.toDouble(), vmax?.toDouble()) {
    override fun position(value: Double, low: Double, high: Double): Double =
        if (value <= low) 0.0 else log10(value / low) / log10(high / low)

    override fun check(low: Double, high: Double) {
        require(low > 0) { "LogNorm needs positive values, but the smallest is $low; give LogNorm a positive vmin" }
    }
}

/** Colours in proportion to a power of the distance from the smallest value. */
public class PowerNorm(
    private val gamma: Double,
    vmin: Number? = null,
    vmax: Number? = null,
) : Norm(vmin?.toDouble(), vmax?.toDouble()) {
    init {
        require(gamma > 0) { "gamma must be positive, got $gamma" }
    }

    override fun position(value: Double, low: Double, high: Double): Double =
        ((value - low) / (high - low)).coerceAtLeast(0.0).pow(gamma)
}

/** Two straight halves that meet in the middle colour at [vcenter]. */
public class TwoSlopeNorm(
    private val vcenter: Double,
    vmin: Number? = null,
    vmax: Number? = null,
) : Norm(vmin?.toDouble(), vmax?.toDouble()) {
    override fun position(value: Double, low: Double, high: Double): Double =
        if (value < vcenter) 0.5 * (value - low) / (vcenter - low) else 0.5 + 0.5 * (value - vcenter) / (high - vcenter)

    override val center: Double get() = vcenter
}
