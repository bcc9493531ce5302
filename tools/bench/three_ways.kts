// The main line three times, unchanged but for the line that reads: in memory, left in its file, and on Spark. Says how long
// each took, in seconds of all processors, and fails unless the three files that are written are the same byte by byte.
// usage: ./cellweave --spark 'local[2]' tools/bench/three_ways.kts COUNTS.h5ad FOLDER

import java.nio.file.Files
import java.nio.file.Path

val (input, folder) = args
val reads = mapOf(
    "memory" to { sc.readH5ad(input) },
    "file" to { sc.readH5ad(input, backed = "r") },
    "spark" to { sc.spark.readH5ad(input) },
)
val system = java.lang.management.ManagementFactory.getOperatingSystemMXBean() as com.sun.management.OperatingSystemMXBean

val files = reads.map { (name, read) ->
    val from = system.processCpuTime
    val adata = read()
    sc.pp.calculateQcMetrics(adata)
    sc.pp.filterCells(adata, minGenes = 200)
    sc.pp.filterGenes(adata, minCells = 3)
    adata.layers["counts"] = adata.X.copy()
    sc.pp.normalizeTotal(adata, targetSum = 1e4)
    sc.pp.log1p(adata)
    sc.pp.highlyVariableGenes(adata, nTopGenes = 2000)
    sc.pp.pca(adata)
    sc.pp.neighbors(adata)
    sc.tl.umap(adata)
    sc.tl.leiden(adata)
    sc.tl.rankGenesGroups(adata, "leiden", method = "wilcoxon")
    val file = Path.of(folder, "$name.h5ad")
    Files.createDirectories(file.parent)
    adata.toMemory().writeH5ad(file)
    println("%-6s %6.1f CPU s".format(name, (system.processCpuTime - from) / 1e9))
    file
}
for (file in files.drop(1)) {
    check(Files.mismatch(files[0], file) == -1L) { "$file differs from ${files[0]}" }
}
println("the ${files.size} files are the same")
