package org.cellweave.dsl.glue

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NdArray
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.slots.Representation
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.representation
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.Pca

/** Some genes, or all where [mask] is null, and the column of `var` that names them, if one does. */
internal class ChosenGenes(
    val column: String?,
    val mask: BooleanArray?,
)

/** The genes marked as highly variable; all where nothing says which are. */
internal fun AnnData.markedGenes(): ChosenGenes =
    (`var`.find("highly_variable") as? BooleanColumn)
        ?.let { ChosenGenes("highly_variable", it.values()) }
        ?: ChosenGenes(null, null)

/** Principal components and where they are kept: what `pp.pca` and methods that want components share. */
internal class Components(
    private val params: Pca.Params,
    private val keyAdded: String?,
    private val layer: String? = null,
    private val obsm: String? = null,
) {
    /** Computes the components of [source], on [genes] alone, and writes them. */
    fun store(target: AnnData, source: Source, genes: ChosenGenes) {
        val used = genes.mask?.count { it } ?: source.x.nCols()
        val default = Settings.nPcs.takeIf { it < minOf(target.nObs, used) }
        val params =
            Pca.Params(
                params.nComps() ?: default, params.zeroCenter(), params.solver(), params.seed(), params.dtype(),
            )
        val result =
            Log.timed<Pca.Result>("computing PCA", {
                "added\n    '${keyAdded ?: "X_pca"}', PCA coordinates (adata.obsm)"
            }) {
                target.running("pca", source) { Pca.run(source.x, genes.mask, params, it) }
            }
        target.obsm.set(keyAdded ?: "X_pca", result.scores())
        if (obsm == null) target.varm.set(keyAdded ?: "PCs", result.loadings())
        target.uns[keyAdded ?: "pca"] =
            dict(
                "params" to
                    listOfNotNull(
                        "zero_center" to params.zeroCenter(),
                        "use_highly_variable" to (genes.column == "highly_variable"),
                        "mask_var" to genes.column,
                        layer?.let { "layer" to it },
                        obsm?.let { "obsm" to it },
                    ).toMap(),
                "variance" to floats(result.variance()),
                "variance_ratio" to floats(result.varianceRatio()),
            ) + listOfNotNull(obsm?.let { "components" to result.loadings() })
    }
}

/** float32 as scanpy has it; float64 where float32 cannot hold a value. */
private fun floats(values: DoubleArray): NdArray =
    if (values.any { it > Float.MAX_VALUE }) {
        NdArray.of(*values)
    } else {
        NdArray.of(*FloatArray(values.size) { values[it].toFloat() })
    }

/** What distances are taken on; principal components are computed where they are wanted and missing, as in scanpy. */
internal fun representationOf(adata: AnnData, useRep: String?, nPcs: Int?): Representation =
    adata.representation(useRep, nPcs) {
        Log.warning("You're trying to run this on ${adata.nVars} dimensions of `.X`; computing PCA first.")
        Components(Pca.Params.DEFAULTS, preset.keyAdded("pca"))
            .store(adata, adata.source(null, null), adata.markedGenes())
    }
