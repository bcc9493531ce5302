package org.cellweave.jupyter.html

import java.util.Locale
import kotlin.math.abs
import kotlin.math.log10

/** Numbers as a reader wants them: the same digits down a column, counts with commas, bytes with units. */
internal object Numerals {
    private const val DIGITS = 6
    private const val SINGLE_DIGITS = 8
    private const val SMALL = 1e-6
    private const val LARGE = 1e6
    private const val WIDE = 12
    private const val PERCENT = 100
    private const val KILO = 1024.0
    private val UNITS = listOf("KiB", "MiB", "GiB", "TiB")

    /**
     * Numbers of one column: six decimals without the zeros that all end with, or powers of ten when some would vanish
     * or overflow.
     *
     * @param single whether they are float32, whose digits past the eighth say nothing
     */
    fun column(values: DoubleArray, single: Boolean = false): List<String> {
        val finite = values.filter { it.isFinite() }.map { abs(it) }
        val largest = finite.maxOrNull() ?: 0.0
        val before = if (largest < 1) 1 else log10(largest).toInt() + 1
        val decimals = if (single) (SINGLE_DIGITS - before).coerceIn(1, DIGITS) else DIGITS
        val small = finite.any { it > 0 && it < SMALL }
        val format = if (small || largest > LARGE && before + decimals >= WIDE) "%.${DIGITS}e" else "%.${decimals}f"
        val texts = values.map { if (it.isFinite()) String.format(Locale.ROOT, format, it) else special(it) }
        return withoutCommonZeros(texts)
    }

    private fun special(value: Double): String = if (value.isNaN()) {
        "NaN"
    } else if (value > 0) {
        "inf"
    } else {
        "-inf"
    }

    private fun withoutCommonZeros(texts: List<String>): List<String> {
        val mantissas = texts.filter { '.' in it }.map { it.substringBefore('e') }
        val zeros = mantissas.minOfOrNull { m -> m.length - m.trimEnd('0').length } ?: 0
        val decimals = mantissas.firstOrNull()?.substringAfter('.')?.length ?: 0
        val cut = minOf(zeros, decimals - 1)
        return texts.map { text ->
            val mantissa = text.substringBefore('e')
            if ('.' in text) mantissa.dropLast(cut) + text.substring(mantissa.length) else text
        }
    }

    /** One number. */
    fun single(value: Double): String =
        column(doubleArrayOf(value)).single().removeSuffix(".0")

    /** 1234567 as `1,234,567`. */
    fun count(n: Long): String = String.format(Locale.ROOT, "%,d", n)

    fun count(n: Int): String = count(n.toLong())

    /** `1 column`, `2 columns`. */
    fun counted(n: Int, noun: String): String = count(n) + " " + noun + if (n == 1) "" else "s"

    /** [part] of [whole] in percent, three digits. */
    fun percent(part: Long, whole: Long): String =
        if (part == 0L || whole == 0L) {
            "0 %"
        } else {
            String.format(Locale.ROOT, "%.3g", PERCENT.toDouble() * part / whole) + " %"
        }

    /** Bytes with a unit. */
    fun bytes(n: Long): String {
        if (n < KILO) return "$n B"
        var size = n / KILO
        var unit = 0
        while (size >= KILO && unit < UNITS.lastIndex) {
            size /= KILO
            unit++
        }
        return String.format(Locale.ROOT, if (size < 10) "%.1f" else "%.0f", size) + " " + UNITS[unit]
    }
}
