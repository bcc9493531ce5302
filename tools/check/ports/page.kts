/** What the lines of docs/coming-from-scanpy.md find: a fresh copy for each row of its tables. page_peer.py has the same. */
class Stage(base: AnnData) {
    var adata: AnnData = base.copy()
    val obs = adata.obs
    val vars = adata.vars
    val x = adata.X
    val a = np.array(List(50) { it / 5.0 })
    val mask = a gt 5
    val i = 1
    val sample = "s1"
    val genes = listOf("CST3", "NKG7")
    val names = List(3) { "type $it" }
    val rows = adata.obsNames
    val a1 = base.copy()
    val a2 = base.copy()
    val df = pd.readCsv("t.csv", indexCol = 0)
    val other = pd.DataFrame(mapOf("group" to listOf("x", "y"), "weight" to listOf(1, 2)))
    val col = df["group"].astype("category")
    val ax = sc.pl.umap(adata, color = "CST3", show = false)
    val axs = plt.subplots(1, 2).axes
}

val base = sc.readH5ad("x.h5ad")
val failures = mutableListOf<String>()
val results = java.io.File("kotlin.tsv").printWriter()

/** All values of a result, one after the other, as page_peer.py writes them; null where there is nothing to compare. */
fun flat(value: Any?): List<String>? =
    when (value) {
        null -> listOf("nan")
        // A path is a list of paths, each of itself.
        is java.nio.file.Path -> null
        is Boolean -> listOf(if (value) "1" else "0")
        is Number -> listOf("%.5e".format(java.util.Locale.ROOT, value.toDouble()))
        is CharSequence -> listOf("$value")
        is Pair<*, *> -> flat(listOf(value.first, value.second))
        is Map<*, *> -> flat(value.values)
        is Column -> flat((0 until value.size()).map { i -> cell(value, i) })
        is DataFrame -> flat((0 until value.nRows()).map { i -> value.keys.map { cell(value[it], i) } })
        is Matrix -> flat((0 until value.nRows()).map { i -> (0 until value.nCols()).map { value[i, it] } })
        is DoubleArray -> flat(value.toList())
        is FloatArray -> flat(value.toList())
        is IntArray -> flat(value.toList())
        is LongArray -> flat(value.toList())
        is BooleanArray -> flat(value.toList())
        is Array<*> -> flat(value.toList())
        is Iterable<*> -> value.map { flat(it) }.let { if (null in it) null else it.flatMap { parts -> parts!! } }
        else -> null
    }

fun cell(column: Column, i: Int): Any? =
    if (column.isMissing(i)) null else if (column is CategoricalColumn) column.text(i) else column.toFlat(i)

fun Column.toFlat(i: Int): Any =
    text(i).let { if (it == "True") true else if (it == "False") false else it.toDoubleOrNull() ?: it }

fun attempt(line: Int, span: Int, code: Stage.() -> Any?) {
    try {
        val value = Stage(base).code()
        flat(value)?.let { results.println("$line\t$span\t" + it.joinToString(" ")) }
    } catch (e: Throwable) {
        failures.add("coming-from-scanpy.md:$line: ${e.message ?: e.toString()}")
    }
}

fun verdict(count: Int) {
    results.close()
    failures.forEach(System.err::println)
    check(failures.isEmpty()) { "${failures.size} of $count lines fail" }
    println("$count lines of docs/coming-from-scanpy.md ran")
}
