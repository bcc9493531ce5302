// The main line on one file of raw counts, timed step by step; one JSON line per step on standard output.
// usage: ./cellweave tools/bench/pipeline.kts IN.h5ad OUT.h5ad [BATCH_KEY [tsne] [backed] [memory=GIB] [until=STEP] [compression=gzip]]
//
// With `backed` the counts stay in the file; the same verbs then read them when they need them; `memory` sets sc.settings.maxMemory.
//
// The same steps and options as the scanpy script it runs beside; see tools/bench/pipeline.

val (input, output) = args
val batchKey = args.getOrElse(2) { "batch" }
val started = System.nanoTime()
val jvmStart = java.lang.management.ManagementFactory.getRuntimeMXBean().startTime
println("""{"step": "start", "s": ${(System.currentTimeMillis() - jvmStart) / 1000.0}}""")

fun peakGib(): Double {
    val status = java.io.File("/proc/self/status")
    val line = if (status.exists()) status.readLines().firstOrNull { it.startsWith("VmHWM") } else null
    return line?.split(Regex("\\s+"))?.get(1)?.toDouble()?.div(1 shl 20) ?: Double.NaN
}

val system = java.lang.management.ManagementFactory.getOperatingSystemMXBean() as com.sun.management.OperatingSystemMXBean
val until = args.firstOrNull { it.startsWith("until=") }?.removePrefix("until=")
var over = false

fun timed(name: String, body: () -> Unit) {
    if (over) return
    val from = System.nanoTime()
    val cpuFrom = system.processCpuTime
    body()
    val seconds = "%.3f".format((System.nanoTime() - from) / 1e9)
    val cpu = "%.3f".format((system.processCpuTime - cpuFrom) / 1e9)
    println("""{"step": "$name", "s": $seconds, "cpu_s": $cpu, "peak_gib": ${"%.2f".format(peakGib())}}""")
    over = name == until
}

args.firstOrNull { it.startsWith("memory=") }?.let { sc.settings.maxMemory = it.removePrefix("memory=").toDouble() }
lateinit var adata: AnnData
timed("read") { adata = sc.readH5ad(input, backed = if ("backed" in args) "r" else null) }
timed("qc") {
    sc.pp.calculateQcMetrics(adata, qcVars = if ("mt" in adata.`var`.keys) listOf("mt") else emptyList())
}
timed("filter") {
    sc.pp.filterCells(adata, minGenes = 200)
    sc.pp.filterGenes(adata, minCells = 3)
}
adata.layers["counts"] = adata.X.copy()
timed("normalize") { sc.pp.normalizeTotal(adata, targetSum = 1e4) }
timed("log1p") { sc.pp.log1p(adata) }
timed("hvg") { sc.pp.highlyVariableGenes(adata, nTopGenes = 2000, batchKey = batchKey) }
timed("hvg_seurat_v3") {
    sc.pp.highlyVariableGenesDf(adata, nTopGenes = 2000, batchKey = batchKey, flavor = "seurat_v3", layer = "counts")
}
timed("pca") { sc.pp.pca(adata, nComps = 50) }
timed("harmony") { sc.pp.harmonyIntegrate(adata, key = batchKey) }
timed("neighbors") { sc.pp.neighbors(adata, useRep = "X_pca_harmony") }
timed("umap") { sc.tl.umap(adata) }
timed("leiden_igraph") { sc.tl.leiden(adata, flavor = "igraph", nIterations = 2) }
timed("leiden_leidenalg") { sc.tl.leiden(adata, flavor = "leidenalg", nIterations = -1, keyAdded = "leiden_la") }
timed("t-test") { sc.tl.rankGenesGroups(adata, groupby = "leiden", method = "t-test") }
timed("wilcoxon") {
    sc.tl.rankGenesGroups(adata, groupby = "leiden", method = "wilcoxon", keyAdded = "wilcoxon")
}
if ("tsne" in args.drop(3)) timed("tsne") { sc.tl.tsne(adata, nPcs = 50, useRep = "X_pca") }
val compression = args.firstOrNull { it.startsWith("compression=") }?.removePrefix("compression=")
timed("write") { adata.writeH5ad(output, compression = compression) }
println("""{"step": "total", "s": ${"%.3f".format((System.nanoTime() - started) / 1e9)}}""")
