package org.cellweave.dsl.session

import org.cellweave.diffexp.GeneScores
import org.cellweave.diffexp.RankGenesGroups
import org.cellweave.preprocess.HighlyVariableGenes
import org.cellweave.preprocess.Scale
import org.cellweave.util.Check

/**
 * What verbs take for arguments that the caller leaves out; chosen by `sc.settings.preset`. The first is scanpy 1's
 * choice, with the defaults of the Java records; each of the others says where it differs.
 */
internal enum class Preset(
    /** scanpy's name. */
    val spelling: String,
    val genesFlavor: String = HighlyVariableGenes.Params.DEFAULTS
        .flavor()
        .spelled(),
    val rankMethod: String = RankGenesGroups.Params.DEFAULTS
        .method()
        .toString(),
    val meanInLogSpace: Boolean = RankGenesGroups.Params.DEFAULTS.meanInLogSpace(),
    val ctrlAsRef: Boolean = GeneScores.Params.DEFAULTS.ctrlAsRef(),
    private val centered: Boolean? = Scale.Params.DEFAULTS.zeroCenter(),
    /** Whether embeddings are kept as `umap`, not as `X_umap`. */
    private val plainKeys: Boolean = false,
) {
    SCANPY_V1("ScanpyV1"),
    SCANPY_V2_PREVIEW(
        "ScanpyV2Preview",
        genesFlavor = HighlyVariableGenes.Flavor.SEURAT_V3_PAPER.spelled(),
        rankMethod = RankGenesGroups.Method.WILCOXON.toString(),
        meanInLogSpace = false,
        ctrlAsRef = false,
        centered = null,
        plainKeys = true,
    ),
    ;

    /** The `keyAdded` of `sc.tl.umap` (for [name] `umap`) and its like. */
    fun keyAdded(name: String): String? = name.takeIf { plainKeys }

    /** The `zeroCenter` of `sc.pp.scale`. */
    fun zeroCenter(): Boolean =
        requireNotNull(centered) {
            "zeroCenter must be given to sc.pp.scale, because sc.settings.preset is \"$spelling\", which has no " +
                "default for it: true subtracts the means and makes a sparse matrix dense, false keeps it sparse"
        }

    companion object {
        /** Reads scanpy's name of a preset, in any case and with or without dashes. */
        fun of(name: String): Preset {
            val plain = plain(name)
            return entries.firstOrNull { plain(it.spelling) == plain } ?: run {
                val known = entries.map { it.spelling }
                throw IllegalArgumentException(
                    "sc.settings.preset must be one of $known, got '$name'." + Check.suggestion(name, known),
                )
            }
        }

        private fun plain(name: String) = name.lowercase().filter { it.isLetterOrDigit() }
    }
}

/** The preset in force. */
internal val preset: Preset get() = Preset.of(Settings.preset)
