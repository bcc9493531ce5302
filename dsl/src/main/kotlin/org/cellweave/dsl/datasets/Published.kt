package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.session.withProgress
import org.cellweave.io.format.H5Datasets
import org.cellweave.io.remote.RemoteFile
import org.cellweave.matrix.DenseMatrix
import java.io.IOException
import java.io.UncheckedIOException
import java.net.URI
import java.nio.file.Path

private const val EXAMPLES = "https://exampledata.scverse.org/scanpy"
private const val MEANWHILE =
    "Meanwhile sc.datasets.simulatedBatches() and sc.datasets.blobs() make cells without one."
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

internal fun remote(name: String, address: String, sha256: String?): Path {
    val file = RemoteFile(URI.create(address), sha256, Settings.downloadSchemes, Settings.downloadTimeout)
    try {
        return withProgress { file.fetch(Settings.datasetFolder.resolve(name), it) }
    } catch (e: UncheckedIOException) {
        throw UncheckedIOException("${e.message} $MEANWHILE", e.cause ?: IOException(e.message))
    }
}

/** Cell types of Paul 2015 by cluster number, from 1. */
private val PAUL_TYPES =
    List(6) { "Ery" } + "MEP Mk GMP GMP DC Baso Baso Mo Mo Neu Neu Eos Lymph".split(" ")

/** Row that Haghverdi 2016 takes as the root of the trajectories. */
private const val PAUL_ROOT = 840L

/**
 * Development of myeloid progenitors (Paul 2015, doi 10.1016/j.cell.2015.11.013): 2,730 cells x 3,451 informative genes,
 * counts with batch effects removed, `obs["paul15_clusters"]`, `uns["iroot"]` (10.3 MB).
 */
public fun Datasets.paul15(): AnnData =
    paul15(
        remote(
            "paul15/paul15.h5",
            "$EXAMPLES/paul15.h5",
            "6161984f758dd464992edc23f1a8ab89b2081600130c6aa93a1ab12b3ada5bfb",
        ),
    )

internal fun paul15(file: Path): AnnData {
    val names = "data.debatched_rownames"
    val cells = "data.debatched_colnames"
    val stored =
        H5Datasets.read(file, listOf("data.debatched", names, cells, "cluster.id", "info.genes_strings"))
    val values = stored.getValue("data.debatched")
    val (nGenes, nCells) = values.shape().toList()
    val all = DenseMatrix.wrap(values.toDoubles(), nGenes, nCells).toFloat32().transpose()
    val genes = stored.getValue(names).texts().map { it.substringBefore(';') }
    val informative = stored
        .getValue("info.genes_strings")
        .texts()
        .toSortedSet()
        .filter { it in genes.toSet() }
    val position = genes.withIndex().reversed().associate { (j, g) -> g to j }
    val x = all.takeCols(IntArray(informative.size) { position.getValue(informative[it]) })
    val adata =
        AnnData(
            x,
            DataFrame.ofNames(*stored.getValue(cells).texts()),
            DataFrame.ofNames(*informative.toTypedArray()),
        )
    val clusters = stored.getValue("cluster.id").toDoubles()
    adata.obs.set(
        "paul15_clusters",
        CategoricalColumn.ofTexts(
            *Array(nCells) { "${clusters[it].toInt()}${PAUL_TYPES[clusters[it].toInt() - 1]}" },
        ),
    )
    adata.uns["iroot"] = PAUL_ROOT
    return adata
}
