package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.FeatureTypes
import org.cellweave.data.MuData
import org.cellweave.data.NameIndex
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.fileOf
import org.cellweave.io.H5adWriter
import org.cellweave.io.H5muReader
import org.cellweave.io.H5muWriter
import org.cellweave.io.format.TenX

/**
 * Reads an `.h5mu` file of mudata or muon, all its modalities. `readH5ad("cells.h5mu/rna")` reads one.
 *
 * @param backed null reads everything; `"r"` leaves `X` of every modality in the file
 */
public fun Cellweave.readH5mu(filename: Any, backed: String? = null): MuData {
    require(backed == null || backed == "r") {
        "backed must be null or \"r\", got '$backed'; write changes to a file of their own with writeH5mu"
    }
    return H5muReader.read(fileOf(filename), h5adOptions(backed != null)).warnOfRepeatedNames()
}

/**
 * Writes an `.h5mu` file that mudata and muon read; an older file of that name is replaced only when the new one is
 * complete. Columns of `obs` and `var` that only show a modality's, such as `rna:n_counts`, are written once, with it.
 *
 * @param compression null, `"gzip"` or `"lzf"`, as in [writeH5ad]
 * @param compressionOpts of gzip: 0 for none, 1 (fast) to 9 (small)
 */
public fun MuData.writeH5mu(
    filename: Any,
    compression: String? = null,
    compressionOpts: Int = H5adWriter.Options.DEFAULTS.level(),
) {
    require(compressionOpts in 0..9) { "compressionOpts must lie in 0..9, got $compressionOpts" }
    H5muWriter.write(this, fileOf(filename), writing(compression).withLevel(compressionOpts))
}

/** [writeH5mu] under mudata's shorter name. */
public fun MuData.write(
    filename: Any,
    compression: String? = null,
    compressionOpts: Int = H5adWriter.Options.DEFAULTS.level(),
): Unit = writeH5mu(filename, compression, compressionOpts)

/**
 * Reads an HDF5 file of Cell Ranger with several kinds of features, one modality for each, as `mu.read_10x_h5` does:
 * `rna`, `prot`, `atac`, others by their own names. [read10xH5] keeps them in one matrix.
 *
 * @param genome keeps only features of this genome
 * @param modalities what modalities are called, by kind of feature: `mapOf("Antibody Capture" to "adt")`
 * @param backupUrl address to download the file from when it is not there
 */
public fun Cellweave.read10xH5Mu(
    filename: Any,
    genome: String? = null,
    modalities: Map<String, String> = FeatureTypes.MODALITIES,
    backupUrl: String? = null,
): MuData = split(TenX.readH5(present(filename, backupUrl), genome, false) { Log.warning(it) }, modalities)

/**
 * Reads a folder of Cell Ranger with several kinds of features, one modality for each; see [read10xH5Mu].
 *
 * @param modalities what modalities are called, by kind of feature
 */
public fun Cellweave.read10xMtxMu(
    path: Any,
    makeUnique: Boolean = TenX.MtxOptions.DEFAULTS.makeUnique(),
    prefix: String? = null,
    modalities: Map<String, String> = FeatureTypes.MODALITIES,
): MuData {
    val options = TenX.MtxOptions.DEFAULTS
        .withGexOnly(false)
        .withMakeUnique(makeUnique)
        .withPrefix(prefix ?: "")
    return split(TenX.readMtx(fileOf(path, "path"), options), modalities)
}

private fun split(adata: AnnData, modalities: Map<String, String>): MuData =
    FeatureTypes.split(adata, FeatureTypes.MODALITIES + modalities).warnOfRepeatedNames()

/** Warns of names that repeat, in mudata's words. */
internal fun MuData.warnOfRepeatedNames(): MuData {
    if (NameIndex.of(obs).repeats() > 0) {
        Log.warning("obs_names are not unique. To make them unique, call mdata.obsNamesMakeUnique().")
    }
    if (NameIndex.of(`var`).repeats() > 0) {
        Log.warning("var_names are not unique. To make them unique, call mdata.varNamesMakeUnique().")
    }
    return this
}
