// One integration twice on the cells of a file; seconds and peak GiB of each run on standard output.
// usage: tools/bench/integrate, which puts a call on `adata` in the place of CALL

val file = args[0]

fun peakGib(): Double =
    java.io.File("/proc/self/status").readLines().first { it.startsWith("VmHWM") }
        .split(Regex("\\s+"))[1].toDouble() / (1 shl 20)

val read = sc.readH5ad(file)
repeat(2) {
    val adata = read.copy()
    val start = System.nanoTime()
    CALL
    println("${(System.nanoTime() - start) / 1e9} ${peakGib()}")
}
