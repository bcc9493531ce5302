// One mosaic method twice on the cells of two files; seconds and peak GiB of each run on standard output.
// usage: tools/bench/mosaic, which puts a call on `rna`, `adt` (sets without a common cell), `batches` (RNA in two
// batches) and `mdata` (both modalities with a bridge) in the place of CALL

val folder = args[0]

fun peakGib(): Double =
    java.io.File("/proc/self/status").readLines().first { it.startsWith("VmHWM") }
        .split(Regex("\\s+"))[1].toDouble() / (1 shl 20)

fun batch(of: AnnData, name: String): AnnData =
    of[BooleanArray(of.nObs) { of.obs["batch"].text(it) == name }, all].copy()

val batches = sc.readH5ad("$folder/rna.h5ad")
val proteins = sc.readH5ad("$folder/adt.h5ad")
repeat(2) {
    val rna = batch(batches, "p1")
    val adt = batch(proteins, "p2")
    val mdata = MuData(mapOf("rna" to batches.copy(), "adt" to proteins.copy()))
    val start = System.nanoTime()
    CALL
    println("${(System.nanoTime() - start) / 1e9} ${peakGib()}")
}
