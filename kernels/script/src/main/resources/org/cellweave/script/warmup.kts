// Run once after a build: the classes it loads go into the archive that makes later starts fast.
val (first, second) = args
val squares = listOf(1, 2, 3).map { it * 2.0 }.associateWith { sqrt(it) }
fun describe(values: Map<Double, Double>, label: String = "squares"): String =
    values.entries.joinToString(prefix = "$label: ") { (key, value) -> "%.2f -> %.2f".format(key, value) }
data class Pairing(val name: String, val value: Double)
val pairs = squares.map { (key, value) -> Pairing(first + second, key + value) }.sortedBy { it.value }
println(describe(squares) + pairs.groupBy { it.name }.size)
