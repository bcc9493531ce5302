// Verbs of tables on raw columns; the name and the median in milliseconds of each on standard output.
// usage: ./cellweave tools/bench/tables.kts PATH       see tools/bench/tables

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path

fun bytes(name: String): ByteBuffer =
    ByteBuffer.wrap(Files.readAllBytes(Path.of("${args[0]}.$name"))).order(ByteOrder.LITTLE_ENDIAN)

val x = bytes("x").asDoubleBuffer().let { b -> DoubleArray(b.remaining()).also { b.get(it) } }
val n = bytes("n").asLongBuffer().let { b -> LongArray(b.remaining()).also { b.get(it) } }
val g = bytes("g").asIntBuffer().let { b -> IntArray(b.remaining()).also { b.get(it) } }
val names = List(30) { "type $it" }
val kind = CategoricalColumn(g, StringColumn.of(*names.toTypedArray()), false)
val batch = CategoricalColumn(IntArray(n.size) { (n[it] % 5).toInt() }, StringColumn.of("a", "b", "c", "d", "e"), false)
val df = pd.DataFrame(mapOf("x" to x, "n" to n, "kind" to kind, "text" to kind.astype("str"), "batch" to batch))
val mask = df["x"] gt 0

fun by() = df.groupby("kind")["x"]

val verbs: Map<String, () -> Any> =
    mapOf(
        "x > 0" to { df["x"] gt 0 },
        "n >= 100" to { df["n"] ge 100 },
        "x > n" to { df["x"] gt df["n"] },
        "kind == B" to { df["kind"] eq "type 7" },
        "text == B" to { df["text"] eq "type 7" },
        "text isin" to { df["text"].isin(listOf("type 7", "type 9")) },
        "two masks" to { (df["x"] gt 0) and (df["n"] lt 100) },
        "x isna" to { df["x"].isna() },
        "df[mask]" to { df[mask] },
        "x * 2 + n" to { df["x"] * 2 + df["n"] },
        "n + 1" to { df["n"] + 1 },
        "x / n" to { df["x"] / df["n"] },
        "mean" to { df["x"].mean() },
        "median" to { df["x"].median() },
        "mean by kind" to { by().mean() },
        "sum by kind" to { by().sum() },
        "std by kind" to { by().std() },
        "median by kind" to { by().median() },
        "mean by text" to { df.groupby("text")["x"].mean() },
        "sort by x" to { df.sortValues("x") },
        "sort by n" to { df.sortValues("n") },
        "sort by kind, x" to { df.sortValues(listOf("kind", "x")) },
        "value counts" to { df["kind"].valueCounts() },
        "value counts of text" to { df["text"].valueCounts() },
        "cross table" to { pd.crosstab(df["kind"], df["batch"]) },
        "map by a dict" to { df["kind"].map(names.associateWith { it.uppercase() }) },
        "unique of text" to { df["text"].unique() },
    )
for ((name, verb) in verbs) {
    val times = DoubleArray(39) {
        val start = System.nanoTime()
        verb()
        (System.nanoTime() - start) / 1e6
    }
    println("$name\t${np.median(times.drop(30).toDoubleArray())}")
}
