package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Assumptions.assumeTrue
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.zip.ZipEntry
import java.util.zip.ZipInputStream
import java.util.zip.ZipOutputStream
import kotlin.io.path.name

/**
 * The real scanpy, in the Python that `CELLWEAVE_PYTHON` names. Without one a test reads what scanpy wrote when it was
 * asked last (`-Dpeer.record=true` keeps that under `src/test/resources/reference/peer`), and is skipped where nothing
 * was kept.
 */
internal object Peer {
    private const val SECONDS = 240L
    private const val LARGEST = 200_000
    private val python: String? = System.getenv("CELLWEAVE_PYTHON")?.takeIf { it.isNotBlank() }
    private val records: Path by lazy {
        SharedData.projectRoot().resolve("dsl/src/test/resources/reference/peer")
    }

    /** Runs [script] in [folder] with scanpy as `sc`, anndata as `ad`, numpy as `np`, pandas as `pd`. */
    fun run(folder: Path, script: String, vararg arguments: String) {
        val record = records.resolve(caller() + ".zip")
        if (python == null) {
            assumeTrue(Files.exists(record)) { "CELLWEAVE_PYTHON does not name a python with scanpy" }
            unpack(record, folder)
            return
        }
        val before = files(folder)
        live(folder, script, *arguments)
        if (System.getProperty("peer.record") == "true") {
            pack(files(folder).filter { (name, bytes) -> !bytes.contentEquals(before[name]) }, record)
        }
    }

    /** For a class whose input is data of scanpy's own: nothing of it is kept. */
    fun needed() = assumeTrue(python != null) { "CELLWEAVE_PYTHON does not name a python with scanpy" }

    /** What scanpy says of a file of ours, beside what the test itself checks; asked where it is installed. */
    fun judge(folder: Path, script: String) {
        if (python != null) live(folder, script)
    }

    private fun live(folder: Path, script: String, vararg arguments: String) {
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
        val lines = reads + script.trimIndent() + CHANGED.trimIndent()
        run(folder, lines.joinToString("\n"))
        return sc.readH5ad(folder.resolve("peer.h5ad").toString())
    }

    /** Keeps of `a` what is not as it was, so that a record holds answers alone. */
    private const val CHANGED = """
        import scipy.sparse as sp
        was = ad.read_h5ad('a.h5ad')
        def same(p, q):
            if getattr(p, 'shape', 0) != getattr(q, 'shape', 1) or sp.issparse(p) != sp.issparse(q):
                return False
            return (p != q).nnz == 0 if sp.issparse(p) else np.array_equal(np.asarray(p), np.asarray(q))
        for slot in ('obsm', 'varm', 'obsp', 'varp', 'layers'):
            for key in list(getattr(a, slot)):
                if key in getattr(was, slot) and same(getattr(a, slot)[key], getattr(was, slot)[key]):
                    del getattr(a, slot)[key]
        if same(a.X, was.X):
            a.X = sp.csr_matrix(a.shape, dtype=np.float32)
        a.write_h5ad('peer.h5ad', compression='gzip')
        """

    /** Class, method and how often the method has asked: one record each. */
    private fun caller(): String {
        val frame =
            StackWalker.getInstance().walk { frames ->
                frames
                    .filter { it.className.endsWith("Test") && '$' !in it.methodName }
                    .reduce { _, outer -> outer }
                    .orElseThrow()
            }
        val name = frame.className.substringAfterLast('.') + "-" + frame.methodName.replace(Regex("\\W+"), "-")
        val count = asked.merge(name, 1, Int::plus)
        return if (count == 1) name else "$name-$count"
    }

    private val asked = HashMap<String, Int>()

    private fun files(folder: Path): Map<String, ByteArray> =
        Files.list(folder).use { all ->
            all
                .filter { Files.isRegularFile(it) && it.name != "python.log" && it.name != "peer.py" }
                .toList()
                .associate { it.name to Files.readAllBytes(it) }
        }

    private fun pack(answer: Map<String, ByteArray>, record: Path) {
        // what is larger is asked again each time
        if (answer.isEmpty() || answer.values.sumOf { it.size } > LARGEST) return
        Files.createDirectories(record.parent)
        ZipOutputStream(Files.newOutputStream(record)).use { zip ->
            for ((name, bytes) in answer.toSortedMap()) {
                zip.putNextEntry(ZipEntry(name).apply { time = 0 })
                zip.write(bytes)
            }
        }
    }

    private fun unpack(record: Path, folder: Path) {
        ZipInputStream(Files.newInputStream(record)).use { zip ->
            generateSequence { zip.nextEntry }.forEach { Files.write(folder.resolve(it.name), zip.readAllBytes()) }
        }
    }
}

internal fun correlation(a: DoubleArray, b: DoubleArray): Double {
    assertThat(a.size).isEqualTo(b.size)
    val ma = a.average()
    val mb = b.average()
    val ab = a.indices.sumOf { (a[it] - ma) * (b[it] - mb) }
    return ab / Math.sqrt(a.sumOf { (it - ma) * (it - ma) } * b.sumOf { (it - mb) * (it - mb) })
}

/** Cells of one batch: Kang's control where the development data are here, else simulated ones. */
internal fun controlCells(): AnnData =
    if (SharedData.has("data/kang/ctrl")) {
        sc.read10xMtx(SharedData.require("data/kang/ctrl").toString())
    } else {
        sc.datasets.simulatedBatches(nCells = 500, nGenes = 1200, nBatches = 1, nTypes = 4)
    }
