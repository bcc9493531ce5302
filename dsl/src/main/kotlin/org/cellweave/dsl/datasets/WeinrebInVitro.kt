package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.dsl.slots.NO_CLONE
import org.cellweave.dsl.slots.obsColumn

private const val WEINREB = "https://zenodo.org/records/15334396/files/Weinreb_in_vitro.h5ad"
private const val SAMPLED = "time:well:clone"

/**
 * Blood cell development in culture with LARRY barcodes (Weinreb 2020, doi 10.1126/science.aaw3381): 130,887 cells of
 * days 2, 4 and 6 in two wells, as the authors of clone2vec have prepared them.
 *
 * Has `obs["Time point"]`, `["Well"]`, `["Clone"]`, `["Cell type annotation"]`, `obsm["X_spring"]`,
 * `obsm["X_pca_harmony"]`. Adds `obs["time:well:clone"]` where it is not there: clones of a barcode in different samples
 * are different clones.
 *
 * The publisher gives no SHA-256: that of the first download is kept beside the file, and later uses are held to it.
 *
 * @param filePath a copy that is here already, in place of the download
 */
public fun Datasets.weinrebInVitro(filePath: String? = null): AnnData {
    val file = filePath ?: remote("Weinreb_in_vitro.h5ad", WEINREB, sha256 = null).toString()
    val adata = sc.readH5ad(file)
    if (SAMPLED !in adata.obs) adata.obs.set(SAMPLED, sampledClones(adata))
    return adata
}

/** `{time}:{well}:{barcode}`, or `NA`. */
internal fun sampledClones(adata: AnnData): CategoricalColumn {
    val (time, well, clone) = listOf("Time point", "Well", "Clone").map(adata::obsColumn)

    fun text(column: Column, i: Int) = column.text(i).removeSuffix(".0")
    return CategoricalColumn.ofTexts(
        *Array(adata.nObs) { i ->
            val none = clone.isMissing(i) || clone.text(i) == NO_CLONE
            if (none) NO_CLONE else "${text(time, i)}:${text(well, i)}:${text(clone, i)}"
        },
    )
}
