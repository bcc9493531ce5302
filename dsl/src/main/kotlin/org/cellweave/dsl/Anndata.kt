package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.concat.Concat
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.columnOf
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Matrix

/** anndata under its usual short name: `ad.concat`, `ad.readH5ad`, `ad.AnnData(X, obs = ...)`. */
public val ad: AnndataDoor get() = AnndataDoor

/** [ad] by its whole name. */
public val anndata: AnndataDoor get() = AnndataDoor

/**
 * An object made of its parts, as `anndata.AnnData` makes it.
 *
 * @param X cells by genes: a matrix, an array, a table of numbers (its names become those of cells and genes), rows as
 *   arrays or lists, or a vector, which is one row; null for an object without one, whose size [obs] and [vars] or
 *   [shape] give. Nothing of a matrix is copied
 * @param obs a table, or columns by name; its row names become the cells' names
 * @param vars as [obs], of genes: anndata's `var`, which is a word of Kotlin's own
 * @param uns anything by name
 * @param obsm matrices, arrays or tables by name, with a row per cell
 * @param varm the same with a row per gene
 * @param layers matrices by name, of the shape of [X]
 * @param raw object whose `X`, `var` and `varm` are kept, see `adata.raw`
 * @param shape numbers of cells and genes where nothing else gives them
 * @param obsp matrices by name, cells by cells
 * @param varp matrices by name, genes by genes
 */
@Suppress("ktlint:standard:function-naming", "LocalVariableName", "FunctionName")
public fun AnnData(
    X: Any? = null,
    obs: Any? = null,
    vars: Any? = null,
    uns: Map<String, Any?> = emptyMap(),
    obsm: Map<String, Any> = emptyMap(),
    varm: Map<String, Any> = emptyMap(),
    layers: Map<String, Any> = emptyMap(),
    raw: AnnData? = null,
    shape: Pair<Int, Int>? = null,
    obsp: Map<String, Any> = emptyMap(),
    varp: Map<String, Any> = emptyMap(),
): AnnData {
    val x = X?.let { matrixOf(if (it.isVector()) listOf(it) else it, "X") }
    val cells = axisTable(obs, "obs", x?.nRows() ?: shape?.first) ?: (X as? DataFrame)?.rowNames()
    val genes = axisTable(vars, "vars", x?.nCols() ?: shape?.second) ?: (X as? DataFrame)?.columnNames()
    val out =
        AnnData(
            x,
            cells ?: numbered(x?.nRows() ?: shape?.first, "obs"),
            genes ?: numbered(x?.nCols() ?: shape?.second, "vars"),
        )
    obsm.forEach { (key, value) -> out.obsm[key] = arrayOf(value, "obsm['$key']") }
    varm.forEach { (key, value) -> out.varm[key] = arrayOf(value, "varm['$key']") }
    layers.forEach { (key, value) -> out.layers[key] = matrixOf(value, "layers['$key']") }
    obsp.forEach { (key, value) -> out.obsp[key] = matrixOf(value, "obsp['$key']") }
    varp.forEach { (key, value) -> out.varp[key] = matrixOf(value, "varp['$key']") }
    out.uns.putAll(uns)
    if (raw != null) out.raw = raw
    return out
}

private fun Any.isVector() = this is DoubleArray || this is FloatArray || this is IntArray || this is LongArray

private fun arrayOf(value: Any, name: String): AxisArray = value as? AxisArray ?: matrixOf(value, name)

/** A table as it is, columns by name as a table, null of null. */
private fun axisTable(given: Any?, name: String, size: Int?): DataFrame? =
    when (given) {
        null -> null
        is DataFrame -> given
        is Map<*, *> -> {
            val table = numbered(size ?: given.values.firstNotNullOfOrNull(::lengthOf), name)
            given.forEach { (key, values) -> table.set(key.toString(), columnOf(values ?: Double.NaN, table.nRows())) }
            table
        }
        else -> throw IllegalArgumentException(
            "$name must be a table or columns by name, got a ${given::class.simpleName}",
        )
    }

private fun lengthOf(values: Any?): Int? = (values as? Collection<*>)?.size

private fun numbered(size: Int?, name: String): DataFrame {
    requireNotNull(size) { "an object without X needs $name, or shape = nObs to nVars" }
    return DataFrame.ofNames(*Array(size) { it.toString() })
}

private fun DataFrame.rowNames(): DataFrame = DataFrame("obs", index, indexName)

private fun DataFrame.columnNames(): DataFrame = DataFrame.ofNames(*keys.toTypedArray())

/** Makes an object of a matrix, or of what is known of cells and genes; the function `AnnData` by scanpy's name for it. */
@Suppress("ktlint:standard:function-naming", "LocalVariableName", "FunctionName", "UnusedReceiverParameter")
public fun Cellweave.AnnData(
    X: Any? = null,
    obs: Any? = null,
    vars: Any? = null,
    uns: Map<String, Any?> = emptyMap(),
    obsm: Map<String, Any> = emptyMap(),
    varm: Map<String, Any> = emptyMap(),
    layers: Map<String, Any> = emptyMap(),
    raw: AnnData? = null,
    shape: Pair<Int, Int>? = null,
    obsp: Map<String, Any> = emptyMap(),
    varp: Map<String, Any> = emptyMap(),
): AnnData = org.cellweave.dsl.AnnData(X, obs, vars, uns, obsm, varm, layers, raw, shape, obsp, varp)

/** Namespace of `ad` and `anndata`. What it holds is that of `sc`, by anndata's names. */
public object AnndataDoor {
    /** The version of Cellweave. */
    public val version: String get() = sc.version

    /** anndata's `ad.experimental`. */
    public val experimental: AnndataExperimental get() = AnndataExperimental

    /** anndata's `ad.io`: reading is in [ad] itself too. */
    public val io: AnndataDoor get() = this

    /** See the function of this name. */
    @Suppress("ktlint:standard:function-naming", "FunctionName")
    public fun AnnData(
        X: Any? = null,
        obs: Any? = null,
        vars: Any? = null,
        uns: Map<String, Any?> = emptyMap(),
        obsm: Map<String, Any> = emptyMap(),
        varm: Map<String, Any> = emptyMap(),
        layers: Map<String, Any> = emptyMap(),
        raw: AnnData? = null,
        shape: Pair<Int, Int>? = null,
        obsp: Map<String, Any> = emptyMap(),
        varp: Map<String, Any> = emptyMap(),
    ): AnnData =
        org.cellweave.dsl.AnnData(X, obs, vars, uns, obsm, varm, layers, raw, shape, obsp, varp)

    /** See [Cellweave.concat]. */
    public fun concat(
        adatas: Any,
        axis: Any = Concat.Params.DEFAULTS
            .axis()
            .spelled(),
        join: String = Concat.Params.DEFAULTS
            .join()
            .spelled(),
        merge: String? = null,
        unsMerge: String? = null,
        label: String? = null,
        keys: List<String>? = null,
        indexUnique: String? = null,
        fillValue: Number? = null,
        pairwise: Boolean = Concat.Params.DEFAULTS.pairwise(),
    ): AnnData {
        val named = namedObjects(adatas, keys)
        return sc.concat(
            named.map { it.second }, axis, join, merge, unsMerge, label,
            named.map { it.first }.takeIf { it.none { name -> name == null } }?.filterNotNull(),
            indexUnique, fillValue, pairwise,
        )
    }

    private fun namedObjects(adatas: Any, keys: List<String>?): List<Pair<String?, AnnData>> {
        require(adatas !is Map<*, *> || keys == null) { "keys must be left out when objects are given by name" }
        val objects =
            when (adatas) {
                is Map<*, *> -> adatas.values.toList()
                is Array<*> -> adatas.toList()
                is Iterable<*> -> adatas.toList()
                else -> listOf(adatas)
            }
        val names = if (adatas is Map<*, *>) adatas.keys.map { it.toString() } else keys
        require(names == null || names.size == objects.size) {
            "keys must name each of the ${objects.size} objects, got ${names?.size} names"
        }
        return objects.mapIndexed { i, one ->
            require(one is AnnData) { "adatas must hold objects, got ${one?.let { it::class.simpleName }} at $i" }
            names?.get(i) to one
        }
    }

    /** See [Cellweave.readH5ad]. */
    public fun readH5ad(filename: Any, backed: Any? = null): AnnData = sc.readH5ad(filename, backed)

    /** See [Cellweave.readCsv], which has more arguments. */
    public fun readCsv(filename: Any, delimiter: String? = ",", firstColumnNames: Boolean? = null): AnnData =
        sc.readCsv(filename, delimiter, firstColumnNames)

    /** See [Cellweave.readText]. */
    public fun readText(filename: Any, delimiter: String? = null, firstColumnNames: Boolean? = null): AnnData =
        sc.readText(filename, delimiter, firstColumnNames)

    /** See [Cellweave.readExcel]. */
    public fun readExcel(filename: Any, sheet: Any): AnnData = sc.readExcel(filename, sheet)

    /** See [Cellweave.readHdf]. */
    public fun readHdf(filename: Any, key: String): AnnData = sc.readHdf(filename, key)

    /** See [Cellweave.readLoom], which has more arguments. */
    public fun readLoom(filename: Any): AnnData = sc.readLoom(filename)

    /** See [Cellweave.readMtx]. */
    public fun readMtx(filename: Any): AnnData = sc.readMtx(filename)

    /** See [Cellweave.readUmiTools]. */
    public fun readUmiTools(filename: Any): AnnData = sc.readUmiTools(filename)

    /** See [Cellweave.readZarr]. */
    public fun readZarr(store: Any, backed: Any? = null): AnnData = sc.readZarr(store, backed)

    /** See [Cellweave.writeZarr], which has more arguments. */
    public fun writeZarr(store: Any, adata: AnnData): Unit = sc.writeZarr(store, adata)
}

/** Namespace of `ad.experimental`. */
public object AnndataExperimental {
    /** See [Cellweave.concatOnDisk], which has more arguments. */
    public fun concatOnDisk(
        inFiles: List<Any>,
        outFile: Any,
        join: String = "inner",
        label: String? = null,
        keys: List<String>? = null,
        indexUnique: String? = null,
    ): Unit =
        sc.concatOnDisk(inFiles, outFile, join = join, label = label, keys = keys, indexUnique = indexUnique)
}
