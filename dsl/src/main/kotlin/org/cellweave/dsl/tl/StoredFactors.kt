package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.unsMap
import org.cellweave.integrate.factor.FactorSet
import org.cellweave.integrate.factor.OnlineInmf
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** Factors that `sc.tl.inmf`, `onlineInmf` or `uinmf` have put into an object. */
internal class StoredFactors(adata: AnnData, private val key: String) {
    private val told = adata.unsMap(key)

    val parts: List<String> = array("parts").texts().toList()
    val features: List<String> = array("features").texts().toList()

    /** Weights of the shared [features], which need not be those of `var` any more. */
    private val w: NdArray = array("W")
    val k: Int = w.shape()[1]

    private fun array(name: String): NdArray =
        told[name] as? NdArray
            ?: throw MissingKeyException("uns['$key']", name, told.keys.map { "$it" }, remedy(INMF_KEY, "uns"))

    /** The factors asked for: a number counted from 0, several, or null for all. */
    fun chosen(factors: Any?): List<Int> {
        val numbers =
            when (factors) {
                null -> List(k) { it }
                is Number -> listOf(factors.toInt())
                is IntArray -> factors.asList()
                is Iterable<*> -> factors.map { (it as? Number)?.toInt() ?: throw noFactors(factors) }
                else -> throw noFactors(factors)
            }
        require(numbers.isNotEmpty() && numbers.all { it in 0 until k }) {
            "factors must lie in 0..${k - 1}, got $numbers"
        }
        return numbers
    }

    private fun noFactors(factors: Any) =
        IllegalArgumentException("factors must be numbers counted from 0, got '$factors'")

    /** Weights shared by all sets, or those that [part] has for itself, its own features included. */
    fun weights(part: String?): Weights {
        if (part == null) {
            return Weights(features, w.toDoubles(), k)
        }
        val at = parts.indexOf(part)
        require(at >= 0) { "part must be one of $parts, got '$part'." + Check.suggestion(part, parts) }
        val v = slice("V", at, features.size * k)
        if ("U" !in told) return Weights(features, v, k)
        val owner = array("unshared_part").texts()
        val own = owner.indices.filter { owner[it] == part }
        val names = array("unshared").texts()
        val u = own.flatMap { row -> List(k) { array("U").number(row * k + it) } }
        return Weights(features + own.map { names[it] }, v + u, k)
    }

    private fun slice(name: String, part: Int, size: Int): DoubleArray =
        DoubleArray(size) { array(name).number(part * size + it) }

    /** What learning goes on from. */
    fun base(): OnlineInmf.Base {
        require("U" !in told) {
            "base must hold factors without features of single sets, as of sc.tl.inmf or onlineInmf; those of " +
                "uns['$key'] have some"
        }
        val sets =
            parts.mapIndexed { p, name ->
                val hh = slice("HH", p, k * k)
                FactorSet(
                    name, array("n_cells").number(p).toInt(), slice("V", p, features.size * k),
                    Array(k) { hh.copyOfRange(it * k, (it + 1) * k) }, slice("XH", p, features.size * k),
                    array("squares").number(p),
                )
            }
        return OnlineInmf.Base(features.toTypedArray(), weights(null).values, sets)
    }
}

/** Weights of features, a row of [k] for each of [names]. */
internal class Weights(val names: List<String>, val values: DoubleArray, private val k: Int) {
    fun of(factor: Int): DoubleArray = DoubleArray(names.size) { values[it * k + factor] }

    /** The largest weights of a factor above 0, by their rows; of equal ones the first. */
    fun top(factor: Int, n: Int): List<Int> {
        val own = of(factor)
        return own.indices
            .filter { own[it] > 0 }
            .sortedByDescending { own[it] }
            .take(n)
    }
}
