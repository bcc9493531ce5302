// Writes to a disk that is too small; see run.   full.kts FOLDER
import java.nio.file.Files
import java.nio.file.Path

val disk = Path.of(args[0])
sc.settings.verbosity = 0
val small = AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, 2.0), doubleArrayOf(3.0, 4.0))))
val large = AnnData(DenseMatrix.ofRows(Array(1500) { val r = java.util.SplittableRandom(it.toLong()); DoubleArray(1000) { r.nextDouble() } }))
val target = disk.resolve("a.h5ad")
small.writeH5ad("$target")

fun names() = Files.list(disk).use { s -> s.map { "${it.fileName}" }.toList().toSet() }

fun refused(what: String, body: () -> Unit) {
    val e = try { body(); null } catch (e: Throwable) { e }
    val m = e?.message ?: ""
    val good = e is java.io.UncheckedIOException && "a.h5ad" in m && m.none { it < ' ' } &&
        sc.readH5ad("$target").differenceTo(small) == null && names() - "fill" == setOf("a.h5ad")
    println(if (good) "ok\tfull disk $what" else "fault\tfull disk $what\t$e ${names()}".replace("\n", "\\n"))
}
refused("large") { large.writeH5ad("$target") }
refused("large gzip") { large.writeH5ad("$target", compression = "gzip") }
// The disk ends at every possible place of a small file.
Files.newOutputStream(disk.resolve("fill")).use { out -> try { while (true) out.write(ByteArray(1024)) } catch (e: java.io.IOException) { } }
var room = 0L
while (room < 64 * 1024) {
    java.io.RandomAccessFile("${disk.resolve("fill")}", "rw").use { f -> f.setLength(maxOf(0, f.length() - 4096)) }
    room += 4096
    try {
        small.writeH5ad("$target")
        break
    } catch (e: java.io.UncheckedIOException) {
        refused("room for $room bytes") { throw e }
    }
}
println("end")
