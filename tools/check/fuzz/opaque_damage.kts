// Reads every file of opaque_damage.py and writes it again. ./cellweave tools/check/fuzz/opaque_damage.kts FOLDER
// A crash ends the process: FOLDER/last then names the file. Prints counts, slow files and unnamed messages.
import org.cellweave.util.FormatException
import java.io.File

val folder = File(args[0])
val copy = File(folder, "copy.h5ad").path
val counts = java.util.TreeMap<String, Int>()
var slowest = 0L
sc.settings.verbosity = 0

fun named(e: Throwable, file: File): String {
    val text = e.message ?: ""
    val ok = (e is FormatException) && text.contains(file.name) && text.none { it < ' ' }
    if (!ok) println("UNNAMED ${file.name}: ${e.javaClass.simpleName}: $text")
    return if (ok) "refused" else "UNNAMED"
}

for (file in folder.listFiles()!!.filter { it.name.endsWith(".h5ad") && it.name != "copy.h5ad" }.sorted()) {
    File(folder, "last").writeText(file.name)
    val start = System.nanoTime()
    val adata = try { sc.readH5ad(file.path) } catch (e: Throwable) { counts.merge("read " + named(e, file), 1, Int::plus); null }
    if (adata != null) {
        try {
            adata.writeH5ad(copy)
            sc.readH5ad(copy)
            counts.merge("written", 1, Int::plus)
        } catch (e: Throwable) {
            counts.merge("write " + named(e, file), 1, Int::plus)
        }
    }
    val millis = (System.nanoTime() - start) / 1_000_000
    slowest = maxOf(slowest, millis)
    if (millis > 10_000) println("SLOW ${file.name}: $millis ms")
}
println("$counts; slowest $slowest ms")
