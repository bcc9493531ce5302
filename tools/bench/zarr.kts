// Reads and writes a zarr store twice; seconds and peak GiB on standard output.
// usage: ./cellweave tools/bench/zarr.kts STORE OUT       see tools/bench/zarr

fun peakGib(): Double =
    java.io.File("/proc/self/status").readLines().first { it.startsWith("VmHWM") }
        .split(Regex("\\s+"))[1].toDouble() / (1 shl 20)

sc.settings.verbosity = 0
sc.settings.syncWrites = "never"
for (turn in listOf("first", "second")) {
    val start = System.nanoTime()
    val adata = sc.readZarr(args[0])
    val read = System.nanoTime()
    adata.writeZarr(args[1])
    val written = System.nanoTime()
    println("ours %s read %.2f write %.2f peak %.2f".format(turn, (read - start) / 1e9, (written - read) / 1e9, peakGib()))
}
