// Weighted nearest neighbours twice on raw float32 points; seconds and peak GiB of each run on standard output.
// usage: ./cellweave tools/bench/wnn.kts PATH       see tools/bench/wnn

import org.cellweave.matrix.DenseMatrix
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.channels.FileChannel
import java.nio.file.Path
import java.nio.file.StandardOpenOption

val path = args[0]

fun points(name: String, dims: Int): DenseMatrix =
    FileChannel.open(Path.of("$path.$name")).use { file ->
        val floats = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()
        DenseMatrix.wrap(FloatArray(floats.remaining()).also { floats.get(it) }, floats.capacity() / dims, dims)
    }

fun write(name: String, bytes: Int, fill: (ByteBuffer) -> Unit) {
    val out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).also(fill).flip()
    java.nio.file.Files.write(Path.of("$path.ours.$name"), out.array(), StandardOpenOption.CREATE)
}

fun peakGib(): Double =
    java.io.File("/proc/self/status").readLines().first { it.startsWith("VmHWM") }
        .split(Regex("\\s+"))[1].toDouble() / (1 shl 20)

val rna = points("rna", 30)
val adata = AnnData(null, DataFrame.ofNames(*Array(rna.nRows()) { "$it" }), DataFrame.ofNames())
adata.obsm.set("rna", rna)
adata.obsm.set("adt", points("adt", 20))
repeat(2) {
    val start = System.nanoTime()
    sc.tl.wnn(adata, listOf("rna", "adt"))
    println("${(System.nanoTime() - start) / 1e9} ${peakGib()}")
}
val n = adata.nObs
val weights = adata.obs["rna:mod_weight"].toDoubles()
write("weights", 8 * n) { out -> weights.forEach(out::putDouble) }
val near = adata.obsp["wnn_distances"] as CsrMatrix
write("indices", 80 * n) { out ->
    for (i in 0 until n) {
        val block = near.blockOf(i)
        for (p in block.start(i) until block.end(i)) out.putInt(block.indices()[p])
    }
}
