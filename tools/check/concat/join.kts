// Joins the objects that make.py wrote; see run.
import java.io.File

File("ways.txt").readLines().forEachIndexed { t, line ->
    val c = line.split("|")
    fun s(i: Int) = c[i].takeIf { it != "None" }
    try {
        val parts = (0 until c[0].toInt()).map { sc.readH5ad("in_${t}_$it.h5ad") }
        sc.concat(
            parts, join = c[1], merge = s(2), unsMerge = s(3), label = if (c[4] == "True") "batch" else null,
            indexUnique = if (c[5] == "True") "-" else null, fillValue = s(6)?.toDouble(), pairwise = c[7] == "True",
        ).writeH5ad("out_$t.h5ad")
    } catch (e: Exception) { println("$t: $e") }
}
