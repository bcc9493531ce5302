package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.session.withProgress
import org.cellweave.io.remote.TarArchive

/**
 * A Visium slide published by 10x Genomics, as [readVisium] reads it.
 *
 * Downloaded once and kept in `datasetdir/sampleId`. The publisher gives no digests; those of the first download are
 * kept.
 *
 * @param sampleId as in the address of the slide's files, such as `V1_Human_Lymph_Node`
 * @param includeHiresTiff downloads the full picture too, and notes its path in the metadata
 */
public fun Datasets.visiumSge(
    sampleId: String = "V1_Breast_Cancer_Block_A_Section_1",
    includeHiresTiff: Boolean = false,
): AnnData {
    require(Regex("[A-Za-z0-9][A-Za-z0-9_-]*").matches(sampleId)) {
        "sampleId must look like V1_Human_Lymph_Node, got '$sampleId'; " +
            "https://www.10xgenomics.com/datasets lists the slides"
    }
    val version = if ("V1_" in sampleId) "1.1.0" else "1.2.0"
    val base = "https://cf.10xgenomics.com/samples/spatial-exp/$version/$sampleId/$sampleId"
    val archive = remote("$sampleId/${sampleId}_spatial.tar.gz", "${base}_spatial.tar.gz", null)
    val counts = "filtered_feature_bc_matrix.h5"
    remote("$sampleId/$counts", "${base}_$counts", null)
    val picture = if (includeHiresTiff) remote("$sampleId/image.tif", "${base}_image.tif", null) else null
    val folder = Settings.datasetFolder.resolve(sampleId)
    withProgress { TarArchive.unpack(archive, folder, it) }
    return sc.readVisium(folder.toString(), sourceImagePath = picture?.toString())
}
