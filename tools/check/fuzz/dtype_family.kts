// Reads the files of dtype_family.py and compares with what anndata reads.
// ./cellweave tools/check/fuzz/dtype_family.kts FOLDER; prints the counts and every silent difference
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.OpaqueElement
import org.cellweave.matrix.Matrix
import org.cellweave.util.FormatException
import java.io.File

val folder = File(args[0])

fun shown(place: String, file: File): String {
    val a = sc.readH5ad(file.path)
    return when (place) {
        "obs" -> (0 until a.nObs).joinToString(" ") { i -> a.obs["a"].let { c -> if (c is org.cellweave.data.StringColumn) c.text(i) else number(c.text(i)) } }
        "codes" -> (a.obs["c"] as CategoricalColumn).codes().joinToString(" ") { it.toDouble().toString() }
        "uns" -> when (val v = a.uns["v"]) {
            is NdArray -> if (v.isText) v.texts().joinToString(" ") else v.toDoubles().joinToString(" ")
            is OpaqueElement -> "opaque"
            else -> "other $v"
        }
        else -> (a.X as Matrix).toDense().let { d -> (0 until d.nRows()).joinToString(" ") { i -> (0 until d.nCols()).joinToString(" ") { j -> d.get(i, j).toString() } } }
    }
}

fun number(text: String) = when (text) {
    "True", "true" -> "1.0"
    "False", "false" -> "0.0"
    else -> text.toDouble().toString()
}

val counts = java.util.TreeMap<String, Int>()
File(folder, "expected.tsv").forEachLine { line ->
    val (name, place, expected) = line.split("\t")
    val got = try { shown(place, File(folder, name)) } catch (e: FormatException) {
        if (e.message!!.contains(name) && !e.message!!.contains("\n")) "refused" else "UNNAMED ${e.message}"
    } catch (e: Throwable) { "CRASH $e" }
    val kind = when {
        got == expected -> "same"
        got == "refused" -> if (expected.startsWith("error")) "refused as in anndata" else "refused"
        got == "opaque" -> "opaque"
        expected.startsWith("error") -> "read, error in anndata"
        else -> "DIFFERENT"
    }
    counts.merge(kind, 1, Int::plus)
    if (kind == "DIFFERENT" || kind == "read, error in anndata" && counts[kind]!! < 30) println("$kind $name\n  expected $expected\n  got      $got")
}
println(counts)
