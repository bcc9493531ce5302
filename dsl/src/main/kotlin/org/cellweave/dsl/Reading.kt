package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.concat.Concat
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.fileOf
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.axisNumber
import org.cellweave.dsl.slots.partOf
import org.cellweave.io.H5adReader
import org.cellweave.io.Reading
import org.cellweave.io.format.Delimited
import org.cellweave.io.format.H5Datasets
import org.cellweave.io.format.Loom
import org.cellweave.io.format.MatrixMarket
import org.cellweave.io.format.TenX
import org.cellweave.io.format.UmiTools
import org.cellweave.matrix.DType
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import java.nio.file.Path

/**
 * Reads any supported file or folder: `.h5ad`, zarr stores (folders and `.zip`), 10x folders and `.h5`, `.loom`, `.mtx`,
 * `.csv`, `.tsv`, `.txt`, a sheet of an `.xlsx`, and one modality of an `.h5mu` (`"cells.h5mu/rna"`; [readH5mu] reads
 * all); text also inside `.gz`, `.bz2` or `.zip`.
 *
 * @param filename a text, a `Path` or a `File`, as wherever files are named
 * @param backed as in [readH5ad]
 * @param sheet of an `.xlsx` file, by name or number from 0
 * @param ext what the file is, such as `"csv"`, where its name does not say
 * @param delimiter of text; by default a comma in `.csv`, tabs in `.tsv`, blanks in `.txt`
 * @param firstColumnNames whether the first column of text holds names; by default its first row decides
 * @param backupUrl `https` address to download the file from when it is not there
 * @param cache keeps what was read from other than `.h5ad` and zarr in `sc.settings.cachedir`, and reads that the next time,
 *   unless the file was changed
 * @param cacheCompression changes nothing: what is kept is compressed as `adata.write` does by itself
 */
public fun Cellweave.read(
    filename: Any,
    backed: Any? = null,
    sheet: Any? = null,
    ext: String? = null,
    delimiter: String? = null,
    firstColumnNames: Boolean? = null,
    backupUrl: String? = null,
    cache: Boolean = false,
    cacheCompression: Any? = null,
): AnnData {
    heedless(cacheCompression)
    val source = present(filename, backupUrl)
    if (backed != null && backed != false) {
        return if (Reading.isZarr(source)) readZarr(source, backed) else readH5ad(filename, backed)
    }
    val hints = Reading.Hints(ext, delimiter, firstColumnNames)
    val read = { if (sheet != null) sheetOf(source, sheet) else Reading.read(source, h5adOptions(false), hints) }
    val choice = if (hints == Reading.Hints.NONE && sheet == null) "" else "$hints $sheet"
    val adata = if (cache && !source.isObject()) cached(source, choice, read) else read()
    return adata.warnOfRepeatedNames()
}

/** Whether a file holds an AnnData object already, so that a copy of it would be no faster. */
private fun Path.isObject() = toString().endsWith(".h5ad") || Reading.isZarr(this)

/**
 * Reads an `.h5ad` file, or one modality of an `.h5mu` file: `readH5ad("cells.h5mu/rna")`; [readH5mu] reads all.
 *
 * @param backed null (or false) reads everything; `"r"` (or true) leaves `X` in the file; with `"r+"` a later `adata.write()` without
 *   a name puts the object back into this file. Until then the file stays as it is, and then it is replaced as a whole
 * @param asSparse dense matrices to make sparse once they are read, one or a list of `X`, `raw/X` and `layers/name`
 * @param asSparseFmt `csr` (or `csr_matrix`) or `csc`
 * @param chunkSize changes nothing: files are read in pieces of their own
 */
public fun Cellweave.readH5ad(
    filename: Any,
    backed: Any? = null,
    asSparse: Any? = null,
    asSparseFmt: Any = "csr",
    chunkSize: Int? = null,
): AnnData {
    val sparse = texts(asSparse, "asSparse").orEmpty()
    chunkSize?.let { Log.debug("chunkSize = $it changes nothing: files are read in pieces of their own") }
    val mode = mapOf<Any?, Any?>(true to "r", false to null).getOrDefault(backed, backed)
    require(mode == null || mode == "r" || mode == "r+") {
        "backed must be null, \"r\" or \"r+\", got '$backed'"
    }
    val file = fileOf(filename)
    val adata = H5adReader.read(file, h5adOptions(mode != null)).warnOfRepeatedNames()
    if (mode == "r+") {
        adata.home = file
    }
    require(sparse.isEmpty() || mode == null) { "asSparse must be left out with backed = '$backed'" }
    adata.makeSparse(sparse, asSparseFmt)
    return adata
}

private fun AnnData.makeSparse(places: List<String>, format: Any) {
    val columns = format.toString().startsWith("csc")
    require(columns || format.toString().startsWith("csr")) { "asSparseFmt must be 'csr' or 'csc', got '$format'" }

    fun sparse(x: Matrix): Matrix = if (columns) x.tocsc() else x.toCsr()
    for (place in places) {
        when {
            place == "X" -> X = sparse(X)
            place == "raw/X" || place == "raw.X" -> raw = raw.toAdata().also { it.X = sparse(it.X) }
            place.startsWith("layers/") ->
                place.removePrefix("layers/").let { layers.set(it, sparse(layers.get(it))) }
            else -> throw IllegalArgumentException(
                "asSparse must name X, raw/X or layers/NAME, got '$place'",
            )
        }
    }
}

private fun heedless(cacheCompression: Any?) {
    cacheCompression?.let { Log.debug("cacheCompression = $it changes nothing") }
}

/** The same with `X` of another type, as `dtype` of the reading verbs asks; `float32` is what they give without it. */
internal fun AnnData.typed(dtype: Any?): AnnData {
    if (dtype != null) X = X.astype(dtype)
    return this
}

internal fun h5adOptions(backed: Boolean) =
    H5adReader.Options(backed, H5adReader.Options.DEFAULTS.progress()) { Log.warning(it) }

/**
 * Reads a folder of Cell Ranger with a matrix, its features and its barcodes, gzipped or not.
 *
 * @param cache keeps what was read in `sc.settings.cachedir`, and reads that the next time, unless a file was changed
 * @param cacheCompression changes nothing
 */
public fun Cellweave.read10xMtx(
    path: Any,
    varNames: String = TenX.MtxOptions.DEFAULTS
        .varNames()
        .spelled(),
    makeUnique: Boolean = TenX.MtxOptions.DEFAULTS.makeUnique(),
    gexOnly: Boolean = TenX.MtxOptions.DEFAULTS.gexOnly(),
    prefix: String? = null,
    cache: Boolean = false,
    cacheCompression: Any? = null,
): AnnData {
    heedless(cacheCompression)
    val names = Check.oneOf(varNames, TenX.VarNames::class.java, "varNames")
    val options = TenX.MtxOptions(names, makeUnique, gexOnly, prefix ?: "")
    val read = { TenX.readMtx(fileOf(path, "path"), options) }
    return (if (cache) cached(fileOf(path, "path"), options.toString(), read) else read()).warnOfRepeatedNames()
}

/**
 * Reads an HDF5 file of Cell Ranger, version 2 or 3.
 *
 * @param genome keeps only features of this genome; needed for version 2 files with several
 * @param backupUrl address to download the file from when it is not there
 */
public fun Cellweave.read10xH5(
    filename: Any,
    genome: String? = null,
    gexOnly: Boolean = true,
    backupUrl: String? = null,
): AnnData = TenX.readH5(present(filename, backupUrl), genome, gexOnly) { Log.warning(it) }.warnOfRepeatedNames()

/**
 * Reads a `.loom` file, genes and cells turned around. See [Loom].
 *
 * @param XName layer that becomes `X`; without it the main matrix does
 * @param cleanup moves attributes that are the same for all cells, or genes, into `uns["loom-obs"]`, `uns["loom-var"]`
 * @param obsmNames arrays to build in `obsm` from attributes of cells, such as `"X_umap" to listOf("umap_1", "umap_2")`
 * @param obsmMapping older word for [obsmNames], as [varmMapping] for [varmNames]
 */
public fun Cellweave.readLoom(
    filename: Any,
    sparse: Boolean = Loom.Options.DEFAULTS.sparse(),
    cleanup: Boolean = false,
    XName: String = Loom.Options.DEFAULTS.xName(),
    obsNames: String = Loom.Options.DEFAULTS.obsNames(),
    obsmNames: Map<String, List<String>> = emptyMap(),
    varNames: String = Loom.Options.DEFAULTS.varNames(),
    varmNames: Map<String, List<String>> = emptyMap(),
    dtype: String = Loom.Options.DEFAULTS
        .dtype()
        .numpyName(),
    obsmMapping: Map<String, List<String>> = emptyMap(),
    varmMapping: Map<String, List<String>> = emptyMap(),
): AnnData {
    val type = Check.oneOf(dtype, DType::class.java, "dtype")
    val options =
        Loom.Options(sparse, XName, obsNames, varNames, obsmNames + obsmMapping, varmNames + varmMapping, type)
    val adata = Loom.read(fileOf(filename), options)
    if (cleanup) {
        adata.obs.constants()?.let { adata.uns.put("loom-obs", it) }
        adata.vars.constants()?.let { adata.uns.put("loom-var", it) }
    }
    return adata.warnOfRepeatedNames()
}

/** Takes columns of one value out of the table: their names and values, or null when there are none. */
private fun DataFrame.constants(): Map<String, Any?>? {
    val found = keys.filter { nRows() > 0 && get(it).texts().toSet().size == 1 }
    return found.associateWith { partOf(get(it), 0, it) }.onEach { remove(it.key) }.takeIf { it.isNotEmpty() }
}

/** Reads a Matrix Market file as it is, gzipped or not. */
public fun Cellweave.readMtx(filename: Any, dtype: Any? = null): AnnData =
    AnnData(MatrixMarket.read(fileOf(filename))).typed(dtype)

/**
 * Reads the matrix [key] of any HDF5 file, rows as cells. The datasets `row_names` and `col_names` at its top name cells
 * and genes where they are there.
 */
public fun Cellweave.readHdf(filename: Any, key: String): AnnData =
    H5Datasets.matrix(fileOf(filename), key).warnOfRepeatedNames()

/** Reads the counts of `umi_tools count`, a table of `gene`, `cell` and `count`. See [UmiTools]. */
public fun Cellweave.readUmiTools(filename: Any, dtype: Any? = null): AnnData =
    UmiTools.read(fileOf(filename)).typed(dtype)

/** Reads comma-separated numbers, cells in rows; the header and a first column of names are found by themselves. */
public fun Cellweave.readCsv(
    filename: Any,
    delimiter: String? = ",",
    firstColumnNames: Boolean? = null,
    dtype: Any? = null,
): AnnData = delimited(filename, delimiter, firstColumnNames, dtype)

/** Reads numbers separated by [delimiter], or by blanks when it is null. */
public fun Cellweave.readText(
    filename: Any,
    delimiter: String? = null,
    firstColumnNames: Boolean? = null,
    dtype: Any? = null,
): AnnData = delimited(filename, delimiter, firstColumnNames, dtype)

private fun delimited(filename: Any, delimiter: String?, firstColumnNames: Boolean?, dtype: Any?): AnnData =
    Delimited.read(fileOf(filename), Delimited.Options(delimiter, firstColumnNames)).typed(dtype).warnOfRepeatedNames()

/** Concatenates objects named by the keys of a map; see the overload for a list. */
public fun Cellweave.concat(
    adatas: Map<String, AnnData>,
    axis: Any = Concat.Params.DEFAULTS
        .axis()
        .spelled(),
    join: String = Concat.Params.DEFAULTS
        .join()
        .spelled(),
    merge: String? = null,
    unsMerge: String? = null,
    label: String? = null,
    indexUnique: String? = null,
    fillValue: Number? = null,
    pairwise: Boolean = Concat.Params.DEFAULTS.pairwise(),
    forceLazy: Boolean? = null,
): AnnData =
    concat(
        adatas.values.toList(),
        axis,
        join,
        merge,
        unsMerge,
        label,
        adatas.keys.toList(),
        indexUnique,
        fillValue,
        pairwise,
        forceLazy,
    )

/**
 * Concatenates objects along an axis, by the rules of `anndata.concat`. See [Concat].
 *
 * @param axis `obs` or 0 to put cells below each other, `var` or 1 for genes
 * @param join `inner` keeps what all have on the other axis, `outer` everything
 * @param merge how annotations of the other axis are kept: null (dropped), `same`, `unique`, `first`, `only`
 * @param label column that says which object a row came from
 * @param keys names of the objects; `0`, `1`, ... by default
 * @param indexUnique appended with the key to every name, so that names stay unique
 * @param forceLazy changes nothing: all is in memory, but for what `sc.concatOnDisk` joins
 */
public fun Cellweave.concat(
    adatas: List<AnnData>,
    axis: Any = Concat.Params.DEFAULTS
        .axis()
        .spelled(),
    join: String = Concat.Params.DEFAULTS
        .join()
        .spelled(),
    merge: String? = null,
    unsMerge: String? = null,
    label: String? = null,
    keys: Any? = null,
    indexUnique: String? = null,
    fillValue: Number? = null,
    pairwise: Boolean = Concat.Params.DEFAULTS.pairwise(),
    forceLazy: Boolean? = null,
): AnnData {
    forceLazy?.let { Log.debug("forceLazy = $it changes nothing") }
    val along = Concat.Axis.values()[axisNumber(axis)]
    val params = concatParams(
        along, join, merge, unsMerge, label, texts(keys, "keys"), indexUnique, fillValue, pairwise,
    )
    val result = Concat.run(adatas, params)
    result.warnings().forEach { Log.warning(it) }
    return result.adata().warnOfRepeatedNames()
}

internal fun concatParams(
    axis: Concat.Axis,
    join: String,
    merge: String?,
    unsMerge: String?,
    label: String?,
    keys: List<String>?,
    indexUnique: String?,
    fillValue: Number?,
    pairwise: Boolean,
): Concat.Params =
    Concat.Params(
        axis,
        Check.oneOf(join, Concat.Join::class.java, "join"),
        mergeRule(merge, "merge"),
        mergeRule(unsMerge, "unsMerge"),
        label,
        keys,
        indexUnique,
        fillValue?.toDouble(),
        pairwise,
    )

private fun mergeRule(rule: String?, name: String) =
    if (rule == null) Concat.Merge.NONE else Check.oneOf(rule, Concat.Merge::class.java, name)
