// Reads, streams and writes a file, turn by turn; "ours<tab>WHAT<tab>TURN<tab>SECONDS<tab>CPU<tab>PEAK_GIB" on standard output.
// usage: ./cellweave tools/bench/files.kts IN.h5ad OUT.h5ad [none|gzip|lzf [TURNS]]       see tools/bench/files
import java.lang.management.ManagementFactory
import java.nio.file.Path
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import org.cellweave.io.H5adReader

val (input, output) = args
val compression = args.getOrElse(2) { "none" }.takeIf { it != "none" }
val turns = args.getOrElse(3) { "2" }.toInt()
val system = ManagementFactory.getOperatingSystemMXBean() as com.sun.management.OperatingSystemMXBean

fun peakGib(): Double =
    java.io.File("/proc/self/status").readLines().first { it.startsWith("VmHWM") }
        .split(Regex("\\s+"))[1].toDouble() / (1 shl 20)

fun <T> timed(what: String, turn: Int, body: () -> T): T {
    val start = System.nanoTime()
    val cpu = system.processCpuTime
    val out = body()
    val seconds = listOf((System.nanoTime() - start) / 1e9, (system.processCpuTime - cpu) / 1e9, peakGib())
    println("ours\t$what\t$turn\t" + seconds.joinToString("\t") { "%.2f".format(it) })
    return out
}

/** Blocks of about 2^20 values, each read on its own, two at a time; of every block `one in` rows. */
fun stream(oneIn: Int) {
    H5adReader.backedX(Path.of(input)).use { matrix ->
        val rows = maxOf(1L, matrix.nRows().toLong() * (1 shl 20) / maxOf(1L, matrix.storedValues())).toInt()
        val threads = Executors.newFixedThreadPool(2)
        (0 until matrix.nRows() step rows)
            .map { from ->
                threads.submit(
                    Callable {
                        val to = minOf(matrix.nRows(), from + rows)
                        matrix.read((from until to step oneIn).toList().toIntArray(), null).nnz()
                    },
                )
            }.forEach { it.get() }
        threads.shutdown()
    }
}

sc.settings.verbosity = 0
sc.settings.syncWrites = "never"
for (turn in 1..turns) {
    timed("blocks", turn) { stream(1) }
    timed("every other row", turn) { stream(2) }
}
for (turn in 1..turns) {
    val adata = timed("read", turn) { sc.readH5ad(input) }
    java.io.File(output).delete()
    timed("write", turn) { adata.writeH5ad(output, compression = compression) }
}
