package org.cellweave.dsl

import org.cellweave.clonal.embedding.Projection
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.namingClone
import org.cellweave.dsl.slots.remedy
import org.cellweave.matrix.ColumnStack
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Finite
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException
import org.cellweave.clonal.embedding.Projection.Params.DEFAULTS as PROJECTION

/**
 * Places clones in the embedding of others, by which of those their cells lie among. See [Projection].
 *
 * Reads `obsm[obsmKeyQuery]` of [clonesQuery], as `c2v.tl.clonalNn` makes it with a reference (a table of columns
 * called as the reference's contexts may lack some and stand in any order), and `uns[unsKeyRef]` of [clonesRef]. Writes
 * `obsm[obsmKey]` and `uns[unsKeyQuery]` of [clonesQuery].
 *
 * Each clone is brought to the minimum of its loss. The Python package, which has no ridge, stops on the way to it, so
 * that clones of few neighbours lie elsewhere there.
 *
 * Isaev et al. 2026, doi:10.64898/2026.04.30.720820.
 *
 * @param maskKey counts in `obsm` of the query for further contexts of the reference, such as `masked_nn`
 * @param ridge half of it times the square of its coordinates is added to the mean loss of a clone; above 0, as the
 *   loss of a clone that meets few contexts has no minimum without; [clone2vec] may do with 0, since it stops before
 * @param maxIter Newton steps of a clone at most
 */
public fun ClonalTools.projectClone2vec(
    clonesQuery: AnnData,
    clonesRef: AnnData,
    obsmKeyQuery: String = "ref_gex_adjacency",
    unsKeyQuery: String = "clone2vec",
    unsKeyRef: String = "clone2vec",
    obsmKey: String = "clone2vec",
    maskKey: String? = null,
    ridge: Number = PROJECTION.ridge(),
    maxIter: Int = PROJECTION.maxIter(),
    tol: Number = PROJECTION.tol(),
): AnnData {
    val params = Projection.Params(ridge.toDouble(), maxIter, tol.toDouble())
    requireOtherKey(obsmKey, "obsmKey", obsmKeyQuery, "obsmKeyQuery")
    requireOtherKey(obsmKey, "obsmKey", maskKey, "maskKey")
    val fitted = FittedContext.of(clonesRef, unsKeyRef, "output")
    val counts = fitted.countsOf(clonesQuery, obsmKeyQuery, maskKey)
    val input = Projection.Input(counts, "obsm['$obsmKeyQuery']", fitted.weight, fitted.array("bias"))
    requireOtherFit(clonesQuery, clonesRef, unsKeyQuery, unsKeyRef)
    val result = Log
        .timed<Projection.Result>("projecting clones", { "added\n    '$obsmKey', coordinates (clones.obsm)" }) {
            clonesQuery.namingClone("projectClone2vec", "obsm['$obsmKeyQuery']", fitted.names) {
                withProgress { Projection.run(input, params, it) }
            }
        }
    warnOfEmpty(result.withoutCounts())
    if (result.unfinished() > 0) {
        Log.warning("${result.unfinished()} clones are not at rest after $maxIter steps; raise maxIter or ridge")
    }
    clonesQuery.obsm.set(obsmKey, result.embedding())
    clonesQuery.uns[unsKeyQuery] = dict(
        "type" to "project",
        "var_names" to NdArray.of(*fitted.names.toTypedArray()),
        "losses" to NdArray.of(*result.losses()),
        "params" to recorded(params, "ridge", "maxIter", "tol"),
    )
    return clonesQuery
}

/** Refuses to write a projection over the fit that it is of. */
internal fun requireOtherFit(query: AnnData, reference: AnnData, unsKeyQuery: String, unsKeyRef: String) {
    require(query !== reference || unsKeyQuery != unsKeyRef) {
        "unsKeyQuery must differ from unsKeyRef = '$unsKeyRef' where clones are placed among themselves, or the fit " +
            "would be lost"
    }
}

internal fun warnOfEmpty(clones: Int) {
    if (clones > 0) Log.warning("$clones clones have no neighbours among the reference's clones and lie at 0")
}

/** What a fit has left in `uns`: weights of the contexts, their names, and numbers of each. */
internal class FittedContext private constructor(
    private val slot: String,
    private val fields: Map<String, Any?>,
    val weight: DenseMatrix,
    val names: List<String>,
) {
    /** [size] numbers of the fit: one for each context, or for each dimension. */
    fun array(name: String, size: Int = names.size): DoubleArray {
        val numbers = (fields[name] as? NdArray)?.toDoubles()
        require(numbers != null && numbers.size == size && numbers.all(Double::isFinite)) {
            "$slot must have an array '$name' of $size finite numbers; fit the reference again"
        }
        return numbers
    }

    /** Counts of the query with these contexts as columns: a table by its names, a matrix as it stands. */
    fun countsOf(query: AnnData, key: String, maskKey: String?): CsrMatrix {
        val found = query.obsm.find(key)
            ?: throw MissingKeyException("clonesQuery.obsm", key, query.obsm.keys, againstReference(key))
        val counts = if (found is DataFrame) byName(found, key) else plain(query, key, maskKey)
        require(counts.nCols() == names.size) {
            "obsm['$key'] must have a column for each of the ${names.size} contexts of the reference, got " +
                "${counts.nCols()}; run c2v.tl.clonalNn() with adataRef and clonesRef of this reference" +
                if (maskKey == null) ", or give maskKey" else ""
        }
        return counts
    }

    private fun plain(query: AnnData, key: String, maskKey: String?): CsrMatrix {
        val counts = query.obsm.matrix(key, "").toCsr()
        if (maskKey == null) return counts
        return ColumnStack.of(counts, query.obsm.matrix(maskKey, remedy(maskKey, "obsm")).toCsr())
    }

    private fun byName(table: DataFrame, key: String): CsrMatrix {
        val unknown = table.keys - names.toSet()
        require(unknown.isEmpty()) {
            "column '${unknown.first()}' of obsm['$key'] is no context of the reference, which has " +
                "'${names.first()}', ..."
        }
        val text = table.keys.find { table.get(it).let { c -> c !is NumericColumn && c !is BooleanColumn } }
        require(text == null) {
            "columns of obsm['$key'] must be counts, but '$text' is ${table.get(text!!).dtypeName()}; leave it out, " +
                "or turn it into numbers first"
        }
        val columns = names.map { if (it in table) table.get(it).toDoubles() else DoubleArray(table.nRows()) }
        val rows = Array(table.nRows()) { i -> DoubleArray(columns.size) { columns[it][i] } }
        return DenseMatrix.ofRows(rows).toCsr()
    }

    companion object {
        /** The call that writes what a projection reads. */
        private fun againstReference(key: String): String {
            val name = if (key == "ref_gex_adjacency") "" else ", nnTransferName = \"$key\""
            return "Run c2v.tl.clonalNn(adata, clonesQuery, adataRef = ..., clonesRef = clonesRef$name) first."
        }

        fun of(reference: AnnData, key: String, part: String): FittedContext {
            @Suppress("UNCHECKED_CAST")
            val all = reference.uns[key] as? Map<String, Any?>
                ?: throw MissingKeyException("clonesRef.uns", key, reference.uns.keys, remedy(key, "uns"))
            val slot = "clonesRef.uns['$key']['$part']"

            @Suppress("UNCHECKED_CAST")
            val fields = all[part] as? Map<String, Any?>
                ?: throw IllegalArgumentException(
                    "$slot is missing: it is a projection itself, or made by another verb; fit the reference first",
                )
            val weight = matrix(fields["weight"] ?: fields["V"], slot)
            require(Finite.first(weight) == null) { "$slot has weights that are not finite; fit the reference again" }
            val names = (all["var_names"] as? NdArray)?.texts()?.toList() ?: reference.obsNames
            require(weight.nRows() == names.size) {
                "$slot has ${weight.nRows()} weights for ${names.size} names in var_names; fit the reference again"
            }
            return FittedContext(slot, fields, weight, names)
        }

        private fun matrix(value: Any?, slot: String): DenseMatrix =
            when {
                value is Matrix -> value.toDense()
                value is NdArray && value.nDims() == 2 ->
                    DenseMatrix.wrap(value.toDoubles(), value.shape()[0], value.shape()[1])
                else -> throw IllegalArgumentException("$slot has no matrix of weights; fit the reference again")
            }
    }
}
