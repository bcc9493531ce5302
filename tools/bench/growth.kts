// Leiden, UMAP and Wilcoxon on simulated cells of one number: seconds, processor seconds and gigabytes allocated, and which
// share of the time each part takes, by sampling; one JSON line each on standard output.
// usage: ./cellweave --heap 4g tools/bench/growth.kts FOLDER CELLS [leiden] [louvain] [umap] [wilcoxon] [machine]
//
// The neighbour graph is kept in FOLDER, so that only the first run computes it. See tools/bench/growth.

import jdk.jfr.Recording
import jdk.jfr.consumer.RecordedFrame
import jdk.jfr.consumer.RecordingFile
import org.cellweave.cluster.Leiden
import org.cellweave.cluster.Louvain
import org.cellweave.diffexp.RankGenesGroups
import org.cellweave.embed.umap.Umap
import org.cellweave.linalg.Blas
import org.cellweave.matrix.CsrBuilder
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neighbors.FuzzyGraph
import org.cellweave.neighbors.NearestNeighbors
import java.lang.management.ManagementFactory
import java.nio.file.Files
import java.nio.file.Path
import java.util.SplittableRandom
import kotlin.math.exp
import kotlin.math.ln
import kotlin.math.pow

val folder: Path = Files.createDirectories(Path.of(args[0]))
val cells = args[1].toInt()
val wanted = args.drop(2).ifEmpty { listOf("leiden", "umap", "wilcoxon", "machine") }
val types = 20
val dims = 50

/** Cells along bent sheets, one for each type, in components of falling variance. */
fun points(): DenseMatrix {
    val random = SplittableRandom(7)
    val wide = DoubleArray(dims) { 1 / (1 + it / 6.0) + 0.08 }
    val centre = Array(types) { DoubleArray(dims) }
    val bend = Array(2 * types) { DoubleArray(dims) }
    for (t in 0 until types) {
        for (j in 0 until dims) {
            val near = t > 0 && t % 3 != 0
            val step = random.nextGaussian() * wide[j]
            centre[t][j] = if (near) centre[t - 1][j] + 1.3 * step else 2.2 * step
            bend[2 * t][j] = 1.2 * random.nextGaussian() * wide[j]
            bend[2 * t + 1][j] = 1.2 * random.nextGaussian() * wide[j]
        }
    }
    val x = FloatArray(cells * dims)
    for (i in 0 until cells) {
        val t = (types * random.nextDouble().pow(1.5)).toInt()
        val u = random.nextDouble(-1.0, 1.0)
        val v = random.nextDouble(-1.0, 1.0)
        for (j in 0 until dims) {
            val sheet = centre[t][j] + u * bend[2 * t][j] + v * v * bend[2 * t + 1][j]
            x[i * dims + j] = (sheet + 0.9 * wide[j] * random.nextGaussian()).toFloat()
        }
    }
    return DenseMatrix.wrap(x, cells, dims)
}

/** The neighbour graph, from the folder or into it. */
fun graph(): CsrMatrix {
    val path = folder.resolve("graph_$cells.h5ad")
    if (!Files.exists(path)) {
        val made = AnnData(null, DataFrame.ofNames(*Array(cells) { "$it" }), DataFrame.ofNames())
        made.obsp.set("connectivities", FuzzyGraph.run(NearestNeighbors.run(points(), NearestNeighbors.Params.DEFAULTS)))
        made.writeH5ad(path.toString())
    }
    return sc.readH5ad(path.toString()).obsp["connectivities"] as CsrMatrix
}

/** Logarithms of counts of 2,500 genes, about 300 in a cell, twenty groups. */
fun counts(codes: IntArray): CsrMatrix {
    val genes = 2500
    val random = SplittableRandom(3)
    val rate = DoubleArray(genes) { minOf(3.0, exp(-2.8 + 1.7 * random.nextGaussian())) }
    val fold = Array(types) { DoubleArray(genes) { j -> rate[j] * if (random.nextDouble() < 0.05) 2.5 else 1.0 } }
    val at = IntArray(genes)
    val value = DoubleArray(genes)
    val builder = CsrBuilder(genes, DType.FLOAT32)
    for (i in codes.indices) {
        codes[i] = (types * random.nextDouble().pow(1.5)).toInt()
        val depth = exp(0.4 * random.nextGaussian())
        var n = 0
        for (j in 0 until genes) {
            val mean = fold[codes[i]][j] * depth
            val u = random.nextDouble()
            if (u > mean + mean * mean) continue
            var p = exp(-mean)
            var below = p
            var count = 0
            while (u > below && count < 60) {
                p *= mean / ++count
                below += p
            }
            if (count > 0) {
                at[n] = j
                value[n++] = ln(1 + count / depth).toFloat().toDouble()
            }
        }
        builder.addRow(at, value, n)
    }
    return builder.build()
}

val system = ManagementFactory.getOperatingSystemMXBean() as com.sun.management.OperatingSystemMXBean

fun allocated(): Double {
    val threads = ManagementFactory.getThreadMXBean() as com.sun.management.ThreadMXBean
    return threads.getThreadAllocatedBytes(threads.allThreadIds).filter { it > 0 }.sum() / 1e9
}

/** The part a sample falls in: the innermost method of a numeric room. */
fun part(frames: List<RecordedFrame>): String? {
    val inside = frames.map { it.method }.firstOrNull { "cellweave" in it.type.name && ".util." !in it.type.name }
    return inside?.let { it.type.name.substringAfterLast('.') + "." + it.name.substringBefore('$') }
}

/** Runs twice; the second run, when the compiler has done its work, is the one that is told. */
fun timed(step: String, body: () -> Any) {
    body()
    System.gc()
    val recording = Recording()
    for (kind in listOf("jdk.ExecutionSample", "jdk.NativeMethodSample")) {
        recording.enable(kind).withPeriod(java.time.Duration.ofMillis(10))
    }
    recording.start()
    val bytes = allocated()
    val processor = system.processCpuTime
    val start = System.nanoTime()
    val result = body()
    val s = (System.nanoTime() - start) / 1e9
    val cpu = (system.processCpuTime - processor) / 1e9
    val gb = allocated() - bytes
    val file = folder.resolve("growth.jfr")
    recording.dump(file)
    recording.close()
    val parts = RecordingFile.readAllEvents(file).mapNotNull { it.stackTrace?.let { trace -> part(trace.frames) } }
    val shares =
        parts.groupingBy { it }.eachCount().entries.sortedByDescending { it.value }.take(8)
            .joinToString(", ") { """"${it.key}": ${"%.3f".format(it.value.toDouble() / parts.size)}""" }
    println(
        """{"step": "$step", "cells": $cells, "s": ${"%.3f".format(s)}, "cpu": ${"%.3f".format(cpu)}, """ +
            """"gb": ${"%.3f".format(gb)}, "result": "$result", "parts": {$shares}}""",
    )
}

if ("leiden" in wanted || "louvain" in wanted || "umap" in wanted) {
    val graph = graph()
    if ("leiden" in wanted) {
        val toTheEnd = Leiden.Params.builder().nIterations(-1).bySize(true).build()
        timed("leiden, igraph") { Leiden.run(graph, Leiden.Params.DEFAULTS).modularity() }
        timed("leiden, leidenalg") { Leiden.run(graph, toTheEnd).modularity() }
    }
    if ("louvain" in wanted) timed("louvain") { Louvain.run(graph, Louvain.Params.DEFAULTS).modularity() }
    if ("umap" in wanted) {
        timed("umap") { Umap.run(Umap.Input.of(graph), Umap.Params.DEFAULTS).coordinates().floatData().contentHashCode() }
    }
}
if ("wilcoxon" in wanted) {
    val codes = IntArray(cells)
    val x = counts(codes)
    val params = RankGenesGroups.Params.builder().method(RankGenesGroups.Method.WILCOXON).build()
    val names = List(types) { "t$it" }
    timed("wilcoxon") {
        RankGenesGroups.run(x, codes, names, IntArray(types) { it }, RankGenesGroups.REST, params).groups()
            .sumOf { it.scores().contentHashCode() }
    }
}

/** Best of some runs, because other work may be going on. */
fun best(runs: Int, body: () -> Unit): Double =
    (1..runs).minOf {
        val start = System.nanoTime()
        body()
        (System.nanoTime() - start).toDouble()
    }

/** What one core can do: copies of memory beyond all caches, reads in no order that wait for none, products of matrices. */
fun machine() {
    val a = LongArray(1 shl 25) { it.toLong() }
    val b = LongArray(a.size)
    println("""{"step": "copy", "gb_per_s": ${"%.1f".format(16.0 * a.size / best(5) { a.copyInto(b) })}}""")
    for (bytes in listOf(1 shl 19, 1 shl 22, 1 shl 28)) {
        val mask = bytes / 8 - 1
        var sum = 0L
        val ns =
            best(5) {
                var state = 1
                repeat(1 shl 22) {
                    state = state * 1664525 + 1013904223
                    sum += a[(state ushr 4) and mask]
                }
            }
        val each = "%.2f".format(ns / (1 shl 22))
        println("""{"step": "random read", "bytes": $bytes, "ns": $each, "sum": ${sum and 1}}""")
    }
    val n = 1024
    val blocks = List(3) { Blas.floats(n.toLong() * n) }
    for (block in blocks) block.put(FloatArray(n * n) { (it % 7).toFloat() }, 0, n * n)
    val flops = 2.0 * n * n * n / best(8) { Blas.gemmNt(n, n, n, blocks[0], n, blocks[1], n, blocks[2]) }
    println("""{"step": "sgemm", "gflop_per_s": ${"%.0f".format(flops)}}""")
}

if ("machine" in wanted) machine()
