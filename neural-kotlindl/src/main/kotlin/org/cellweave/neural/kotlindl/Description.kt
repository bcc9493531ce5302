package org.cellweave.neural.kotlindl

/** A description, an operation or arguments as they came across the border: names and values of JDK types. */
internal class Description(private val values: Map<String, Any>) {
    fun has(name: String): Boolean = name in values

    fun int(name: String): Int = of(name)

    fun double(name: String): Double = of(name)

    fun float(name: String): Float = double(name).toFloat()

    fun flag(name: String): Boolean = of(name)

    fun string(name: String): String = of(name)

    fun floats(name: String): FloatArray = of(name)

    @Suppress("UNCHECKED_CAST")
    fun ints(name: String): List<Int> = of<List<*>>(name) as List<Int>

    @Suppress("UNCHECKED_CAST")
    fun all(name: String): List<Description> = (of<List<*>>(name) as List<Map<String, Any>>).map(::Description)

    @Suppress("UNCHECKED_CAST")
    fun arrays(name: String): Map<String, FloatArray> = of<Map<*, *>>(name) as Map<String, FloatArray>

    private inline fun <reified T> of(name: String): T =
        values[name] as? T ?: error("'$name' is missing or of another type: ${values.keys}")
}
