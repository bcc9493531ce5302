package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.junit.jupiter.api.Assumptions.assumeTrue
import java.nio.file.Files
import java.nio.file.Path

/** Runs lines of Python on an object of ours, named `a` there; skips when there is no scanpy. */
internal object Peer {
    fun run(folder: Path, ours: AnnData, script: String, more: Map<String, AnnData> = emptyMap()): AnnData {
        val python = System.getenv("CELLWEAVE_PYTHON")
        assumeTrue(python != null) { "CELLWEAVE_PYTHON does not name a python with scanpy" }
        val reads =
            (mapOf("a" to ours) + more).map { (name, adata) ->
                val file = folder.resolve("$name.h5ad").toString()
                adata.writeH5ad(file)
                "$name = anndata.read_h5ad(r'$file')"
            }
        val out = folder.resolve("peer.h5ad")
        val log = folder.resolve("peer.log")
        val head = "import warnings; warnings.filterwarnings('ignore')\nimport anndata, numpy as np, scanpy as sc\n"
        val text = head + reads.joinToString("\n") + "\n" + script.trimIndent() + "\na.write_h5ad(r'$out')\n"
        val run =
            ProcessBuilder(python, "-c", text).redirectErrorStream(true).redirectOutput(log.toFile()).start()
        assertThat(run.waitFor()).`as`(Files.readString(log)).isZero
        return sc.readH5ad(out.toString())
    }
}
