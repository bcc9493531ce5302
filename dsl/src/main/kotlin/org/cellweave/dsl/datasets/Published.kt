package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.io.RemoteFile
import java.net.URI
import java.nio.file.Path

private const val EXAMPLES = "https://exampledata.scverse.org/scanpy"
private const val SCANPY_SOURCE = "https://raw.githubusercontent.com/scverse/scanpy/1.11.5/src/scanpy"

/** 2,700 peripheral blood cells of a healthy donor, counts (10x Genomics; 5.9 MB at the first call). */
public fun Datasets.pbmc3k(): AnnData =
    published(
        "pbmc3k_raw.h5ad",
        "$EXAMPLES/pbmc3k_raw.h5ad",
        "89a96f1beaa2dd83a687666d3f19a4513ac27a2a2d12581fcd77afed7ea653a1",
    )

/** The cells of [pbmc3k] as scanpy's classic tutorial leaves them: 2,638 cells, clustered and annotated (24.7 MB). */
public fun Datasets.pbmc3kProcessed(): AnnData =
    published(
        "pbmc3k_processed.h5ad",
        "$EXAMPLES/pbmc3k.h5ad",
        "0db367b991dd95809732b218539ede489bea99113807f62ebd7ccc970025fe38",
    )

/** 700 cells and 765 genes of the 68,000 blood cells of Zheng 2017, processed (1.8 MB). */
public fun Datasets.pbmc68kReduced(): AnnData =
    published(
        "pbmc68k_reduced.h5ad",
        "$SCANPY_SOURCE/datasets/10x_pbmc68k_reduced.h5ad",
        "e71d41e737c941559b7c57c9243bdb3d2c889c2adfdf00e3422ac6b46783676f",
    )

private fun published(name: String, address: String, sha256: String): AnnData =
    sc.readH5ad(remote(name, address, sha256).toString())

internal fun remote(name: String, address: String, sha256: String): Path {
    val file = RemoteFile(URI.create(address), sha256)
    return withProgress { file.fetch(Settings.datasetdir.resolve(name), it) }
}
