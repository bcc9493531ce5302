package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.junit.jupiter.api.Assumptions.assumeTrue
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** The real scanpy, in the Python that `CELLWEAVE_PYTHON` names; skips the calling test without one. */
internal object Peer {
    private const val SECONDS = 240L

    /** Runs [script] in [folder] with scanpy as `sc`, anndata as `ad`, numpy as `np`, pandas as `pd`. */
    fun run(folder: Path, script: String, vararg arguments: String) {
        val python = System.getenv("CELLWEAVE_PYTHON")
        assumeTrue(!python.isNullOrBlank()) { "CELLWEAVE_PYTHON does not name a python with scanpy" }
        val log = folder.resolve("python.log")
        val source = folder.resolve("peer.py")
        Files.writeString(
            source,
            "import os, sys, warnings\nwarnings.filterwarnings('ignore')\n" +
                "import anndata as ad, numpy as np, pandas as pd, scanpy as sc\n" + script.trimIndent(),
        )
        val process =
            ProcessBuilder(listOf(python, source.toString()) + arguments)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
        val ended = process.waitFor(SECONDS, TimeUnit.SECONDS)
        process.destroyForcibly()
        assertThat(ended).`as`("python ends in time").isTrue
        assertThat(process.exitValue()).`as`(Files.readString(log)).isZero
    }

    /** Runs [script] on objects of ours, the first named `a` there, and returns what it made of `a`. */
    fun run(folder: Path, ours: AnnData, script: String, more: Map<String, AnnData> = emptyMap()): AnnData {
        val reads = (mapOf("a" to ours) + more).map { (name, adata) ->
            adata.writeH5ad(folder.resolve("$name.h5ad").toString())
            "$name = ad.read_h5ad('$name.h5ad')"
        }
        val lines = reads + script.trimIndent() + "a.write_h5ad('peer.h5ad')"
        run(folder, lines.joinToString("\n"))
        return sc.readH5ad(folder.resolve("peer.h5ad").toString())
    }
}

internal fun correlation(a: DoubleArray, b: DoubleArray): Double {
    assertThat(a.size).isEqualTo(b.size)
    val ma = a.average()
    val mb = b.average()
    val ab = a.indices.sumOf { (a[it] - ma) * (b[it] - mb) }
    return ab / Math.sqrt(a.sumOf { (it - ma) * (it - ma) } * b.sumOf { (it - mb) * (it - mb) })
}
