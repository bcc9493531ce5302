// Reads files named on standard input, writes each again as .h5ad, and answers with one line of JSON each; see run.
// Every line in is kind TAB path TAB output path (or -).
import java.io.PrintStream
import java.nio.file.Path
import org.cellweave.io.H5adReader
import org.cellweave.io.H5muReader
import org.cellweave.matrix.AxisArray
import org.cellweave.util.Progress

val answers = System.out
System.setOut(PrintStream(System.err, true))
sc.settings.verbosity = 0
sc.settings.syncWrites = "never"

/** Elements above this many values are told by their shape and first values alone. */
val large = 20_000

fun quoted(s: String?): String {
    if (s == null) return "null"
    val out = StringBuilder("\"")
    for (c in s) {
        when {
            c == '"' || c == '\\' -> out.append('\\').append(c)
            c < ' ' || c > '~' -> out.append("\\u%04x".format(c.code))
            else -> out.append(c)
        }
    }
    return out.append('"').toString()
}

fun obj(vararg parts: Pair<String, String>) = parts.joinToString(",", "{", "}") { (k, v) -> quoted(k) + ":" + v }
fun <T> list(values: Iterable<T>, text: (T) -> String) = values.joinToString(",", "[", "]", transform = text)

fun number(dtype: DType, data: Any, i: Int): String = when (data) {
    is BooleanArray -> data[i].toString()
    is ByteArray -> (if (dtype.isSigned()) data[i].toInt() else data[i].toInt() and 0xff).toString()
    is ShortArray -> (if (dtype.isSigned()) data[i].toInt() else data[i].toInt() and 0xffff).toString()
    is IntArray -> (if (dtype.isSigned()) data[i].toLong() else data[i].toLong() and 0xffffffffL).toString()
    is LongArray -> if (dtype.isSigned()) data[i].toString() else java.lang.Long.toUnsignedString(data[i])
    is FloatArray -> data[i].toDouble().toString()
    is DoubleArray -> data[i].toString()
    else -> error("no numbers in a ${data.javaClass}")
}

fun array(a: NdArray): String {
    val n = minOf(a.size(), large)
    val values = if (a.isText()) list(a.texts().take(n), ::quoted) else list(0 until n) { number(a.dtype(), a.data(), it) }
    val type = if (a.isText()) "text" else a.dtype().numpyName()
    return obj("t" to "\"array\"", "dtype" to quoted(type), "shape" to list(a.shape().toList()) { "$it" }, "v" to values)
}

fun column(c: Column): String = when (c) {
    is CategoricalColumn -> obj(
        "t" to "\"cat\"", "cats" to column(c.categories()), "codes" to list(c.codes().take(large)) { "$it" },
        "ordered" to "${c.isOrdered}",
    )
    is NumericColumn -> plainColumn(c) { i -> c.longs()?.let { number(c.dtype(), it, i) } ?: "${c.get(i)}" }
    is BooleanColumn -> plainColumn(c) { i -> "${c.get(i)}" }
    is StringColumn -> plainColumn(c) { i -> quoted(c.get(i)) }
}

fun plainColumn(c: Column, text: (Int) -> String): String {
    // NaN is a value of its own where the type has no mask.
    val real = c is NumericColumn && !c.isInteger && !c.isNullable
    val values = list(0 until minOf(c.size(), large)) { if (!real && c.isMissing(it)) "null" else text(it) }
    return obj("t" to "\"column\"", "dtype" to quoted(c.dtypeName()), "n" to "${c.size()}", "v" to values)
}

fun table(t: DataFrame) = obj(
    "t" to "\"table\"", "index" to column(t.index), "name" to quoted(t.indexName),
    "cols" to list(t.keys) { "[" + quoted(it) + "," + column(t.get(it)) + "]" },
)

fun matrix(m: Matrix): String {
    val small = m.nRows().toLong() * m.nCols() <= large
    val values = if (small) list(m.toDense().doubleData().asList()) { "$it" } else "null"
    return obj(
        "t" to "\"matrix\"", "dtype" to quoted(m.dtype().numpyName()), "sparse" to "${m.isSparse()}",
        "shape" to "[${m.nRows()},${m.nCols()}]", "nnz" to if (m.isSparse()) "${m.nnz()}" else "null", "v" to values,
    )
}

fun value(v: Any?): String = when (v) {
    null -> obj("t" to "\"null\"")
    is Matrix -> matrix(v)
    is NdArray -> array(v)
    is DataFrame -> table(v)
    is Column -> column(v)
    is RecordArray -> obj("t" to "\"rec\"", "v" to map(v.fields()))
    is OpaqueElement -> obj("t" to "\"opaque\"")
    is Map<*, *> -> obj("t" to "\"dict\"", "v" to map(v))
    is String -> obj("t" to "\"text\"", "v" to quoted(v))
    is Float -> obj("t" to "\"scalar\"", "v" to "${v.toDouble()}")
    is Number, is Boolean -> obj("t" to "\"scalar\"", "v" to "$v")
    is AnnData -> obj("t" to "\"anndata\"", "v" to dump(v))
    else -> obj("t" to "\"other\"", "v" to quoted(v.javaClass.name))
}

fun map(m: Map<*, *>): String = m.entries.joinToString(",", "{", "}") { (k, v) -> quoted(k as String) + ":" + value(v) }
fun slots(keys: Set<String>, get: (String) -> AxisArray) = map(keys.associateWith(get))

fun dump(a: AnnData): String {
    val raw = a.raw
    return obj(
        "shape" to "[${a.nObs},${a.nVars}]", "X" to value(a.x), "obs" to table(a.obs), "var" to table(a.vars),
        "layers" to slots(a.layers.keys) { a.layers.get(it) }, "obsm" to slots(a.obsm.keys) { a.obsm.get(it) },
        "varm" to slots(a.varm.keys) { a.varm.get(it) }, "obsp" to slots(a.obsp.keys) { a.obsp.get(it) },
        "varp" to slots(a.varp.keys) { a.varp.get(it) }, "uns" to map(a.uns),
        "unread" to list(a.unread.keys) { quoted(it.replaceFirst('/', '.')) },
        "raw" to if (raw == null) "null" else obj(
            "X" to value(raw.x), "var" to table(raw.vars), "varm" to slots(raw.varm.keys) { raw.varm.get(it) },
        ),
    )
}

/** What all modalities share, once all of them were read. */
fun modalities(path: String, warn: (String) -> Unit): AnnData {
    val mdata = H5muReader.read(Path.of(path), H5adReader.Options(false, Progress.NONE, warn))
    mdata.mod.values().forEach { dump(it) }
    return mdata.shared
}

fun read(kind: String, path: String, warn: (String) -> Unit): AnnData = when (kind) {
    "h5ad" -> H5adReader.read(Path.of(path), H5adReader.Options(false, Progress.NONE, warn))
    "h5mu" -> modalities(path, warn)
    "10x" -> sc.read10xMtx(path)
    "10x_h5" -> sc.read10xH5(path)
    "loom" -> sc.readLoom(path)
    "xlsx" -> sc.readExcel(path, 0)
    "csv" -> sc.readCsv(path)
    "text" -> sc.readText(path)
    else -> sc.read(path)
}

fun failure(e: Throwable): String {
    val frames = e.stackTrace.filter { it.className.startsWith("org.cellweave") }.take(3)
    return obj(
        "type" to quoted(e.javaClass.name), "message" to quoted(e.message),
        "at" to quoted(frames.joinToString(" < ") { it.className.substringAfterLast('.') + "." + it.methodName }),
    )
}

while (true) {
    val (kind, path, out) = (readLine() ?: break).split("\t")
    val warnings = mutableListOf<String>()
    val parts = mutableListOf<Pair<String, String>>()
    try {
        val adata = read(kind, path) { warnings.add(it) }
        parts += "dump" to dump(adata)
        if (out != "-") {
            answers.println("read")
            answers.flush()
            try {
                adata.writeH5ad(out)
            } catch (e: Throwable) {
                parts += "write" to failure(e)
            }
        }
    } catch (e: Throwable) {
        parts += "error" to failure(e)
    }
    parts += "warnings" to list(warnings, ::quoted)
    answers.println(obj(*parts.toTypedArray()))
    answers.flush()
}
