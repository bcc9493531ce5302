// Nearest neighbours of points made here; one line of figures on standard output.
// usage: ./cellweave tools/bench/neighbors.kts hard|real CELLS SEARCH RECALL [FILE.h5ad]     see tools/bench/neighbors

import com.sun.management.OperatingSystemMXBean
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neighbors.NearestNeighbors
import java.lang.management.ManagementFactory
import java.util.SplittableRandom
import kotlin.math.exp
import kotlin.math.pow

val dims = 50
val cells = args[1].toInt()
val random = SplittableRandom(1)

fun hard(): FloatArray {
    val groups = 40
    val wide = DoubleArray(dims) { 9 * exp(-it / 5.0) }
    val centres = Array(groups) { DoubleArray(dims) { j -> random.nextGaussian() * wide[j] * 0.9 } }
    val along = Array(dims) { j -> DoubleArray(8) { random.nextGaussian() * wide[j] * 0.15 } }
    val x = FloatArray(cells * dims)
    for (i in 0 until cells) {
        val centre = centres[(groups * random.nextDouble().pow(2)).toInt()]
        val z = DoubleArray(8) { random.nextGaussian() }
        for (j in 0 until dims) {
            var value = centre[j] + 1.3 * random.nextGaussian()
            for (q in 0 until 8) value += along[j][q] * z[q]
            x[i * dims + j] = value.toFloat()
        }
    }
    return x
}

/** The file's components, and noise as wide as the last where there are fewer than 50. */
fun components(): Array<FloatArray> {
    val pcs = (sc.readH5ad(args[4]).obsm["X_pca"] as org.cellweave.matrix.Matrix).toDense()
    val known = minOf(dims, pcs.nCols())
    val last = (0 until pcs.nRows()).sumOf { pcs.get(it, known - 1).pow(2) } / pcs.nRows()
    return Array(pcs.nRows()) { i ->
        FloatArray(dims) { j ->
            (if (j < known) pcs.get(i, j) else random.nextGaussian() * last.pow(0.5)).toFloat()
        }
    }
}

fun real(): FloatArray {
    val known = components()
    val k = 11
    val flat = FloatArray(known.size * dims) { known[it / dims][it % dims] }
    val near = NearestNeighbors.run(
        DenseMatrix.wrap(flat, known.size, dims),
        NearestNeighbors.Params.builder().nNeighbors(k).search(NearestNeighbors.Search.EXACT).build(),
    ).indices()
    val x = FloatArray(cells * dims)
    for (i in 0 until cells) {
        val a = random.nextInt(known.size)
        val b = known[near[a * k + 1 + random.nextInt(k - 1)]]
        val c = known[near[a * k + 1 + random.nextInt(k - 1)]]
        val u = random.nextDouble()
        val v = random.nextDouble() * (1 - u)
        for (j in 0 until dims) {
            val from = known[a][j]
            x[i * dims + j] = (from + u * (b[j] - from) + v * (c[j] - from) + 0.3 * random.nextGaussian()).toFloat()
        }
    }
    return x
}

fun cpuSeconds(): Double =
    (ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean).processCpuTime / 1e9

fun peakGib(): Double =
    java.io.File("/proc/self/status").readLines().first { it.startsWith("VmHWM") }
        .split(Regex("\\s+"))[1].toDouble() / (1 shl 20)

val x = DenseMatrix.wrap(if (args[0] == "real") real() else hard(), cells, dims)
val params = NearestNeighbors.Params.builder()
    .search(NearestNeighbors.Search.valueOf(args[2].uppercase()))
    .recall(args[3].toDouble())
    .build()
val start = System.nanoTime()
val cpu = cpuSeconds()
val found = NearestNeighbors.run(x, params)
val seconds = (System.nanoTime() - start) / 1e9
println(
    "%s %,d x %d, %s: %.1f s, %.1f CPU s, %.2f GiB, recall %.4f".format(
        java.util.Locale.ROOT, args[0], cells, dims, found.search(), seconds, cpuSeconds() - cpu, peakGib(), found.recall(),
    ),
)
