// Harmony twice on raw float32 points of 50 components; seconds and peak GiB of each run on standard output.
// usage: ./cellweave tools/bench/harmony.kts PATH GROUPS ITERATIONS       see tools/bench/harmony

import org.cellweave.design.Categories
import org.cellweave.integrate.harmony.Harmony
import org.cellweave.matrix.DenseMatrix
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.channels.FileChannel
import java.nio.file.Path

val (path, groups, iterations) = args

fun bytes(ending: String): ByteBuffer =
    FileChannel.open(Path.of(path + ending)).use { file ->
        file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()).order(ByteOrder.LITTLE_ENDIAN)
    }

fun labels(name: String): Categories {
    val codes = bytes(".$name").asIntBuffer()
    return Categories.of(name, *IntArray(codes.remaining()).also { codes.get(it) })
}

fun peakGib(): Double =
    java.io.File("/proc/self/status").readLines().first { it.startsWith("VmHWM") }
        .split(Regex("\\s+"))[1].toDouble() / (1 shl 20)

val floats = bytes(".points").asFloatBuffer()
val dims = 50
val points = DenseMatrix.wrap(FloatArray(floats.remaining()).also { floats.get(it) }, floats.capacity() / dims, dims)
val covariates = listOfNotNull(labels("batch"), if (groups.toInt() > 1) labels("group") else null)
val params = Harmony.Params.builder().maxIterHarmony(iterations.toInt()).tolHarmony(0.0).build()
repeat(2) {
    val start = System.nanoTime()
    val result = Harmony.run(points, covariates, params)
    val seconds = (System.nanoTime() - start) / 1e9
    check(result.iterations() == iterations.toInt())
    println("$seconds ${peakGib()}")
}
