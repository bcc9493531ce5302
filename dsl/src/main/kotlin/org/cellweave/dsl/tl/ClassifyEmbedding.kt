package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.cellMask
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.obsmKey
import org.cellweave.dsl.slots.positionsOf
import org.cellweave.integrate.MosaicParts
import org.cellweave.matrix.Finite
import org.cellweave.neighbors.AdaptiveVotes
import org.cellweave.util.Check
import org.cellweave.neighbors.AdaptiveVotes.Params.DEFAULTS as VOTES

/**
 * Labels cells that have none by votes of their nearest labelled cells in an embedding, of which as many vote as serve
 * best. See [AdaptiveVotes].
 *
 * Reads `obs[labelKey]` and `obsm[useRep]`. Writes, with `{labelKey}_predicted` for [keyAdded], `obs[keyAdded]` (cells
 * of the reference keep their label), `obs[keyAdded + "_score"]` (share of the voters with this label; 1 in the
 * reference), `obs[keyAdded + "_k"]` (number of voters; 0 in the reference) and `uns[keyAdded]` with the `errors` of
 * every number of voters within the reference.
 *
 * @param type `uniform_fixed`: [kValues] is one number; `uniform_optimised`: that of least error for all cells;
 *   `adaptive_labels`: one for each label; `adaptive_local`: one for each place
 * @param kValues numbers of voters to choose from, ascending; null for 5, or for several from 1 to 50 where one is
 *   chosen
 * @param reference mask of cells, or the name of a boolean column, whose labels are used; null for all that have one
 * @param errorMeasure for `uniform_optimised`: `simple` (cells count the same) or `balanced` (labels do)
 * @param nFold parts into which the reference is cut, to label each by the others
 * @param nRep how often that is done
 * @param localNhood cells near a cell whose errors count for `adaptive_local`
 * @param localSmooth cells near a cell over which numbers are averaged for `adaptive_local`
 */
public fun Tools.classifyEmbedding(
    adata: AnnData,
    labelKey: String,
    useRep: String = "X_stabmap",
    type: String = VOTES.type().spelled(),
    kValues: Collection<Int>? = null,
    reference: Any? = null,
    errorMeasure: String = VOTES.errorMeasure().spelled(),
    nFold: Int = VOTES.nFolds(),
    nRep: Int = VOTES.nRepeats(),
    localNhood: Int = VOTES.nLocal(),
    localSmooth: Int = VOTES.nSmooth(),
    randomState: Long = VOTES.seed(),
    keyAdded: String = labelKey + "_predicted",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val labels = target.categories(labelKey, "labelKey", complete = false)
    val mask = reference?.let { target.cellMask(it, "reference") }
    val settings = Classified(type, kValues, errorMeasure, nFold, nRep, localNhood, localSmooth, randomState)
    target.classify(labelKey, labels, mask, useRep, settings, keyAdded)
    return target
}

/**
 * As above, of all cells of a mosaic. Reads the same of [mdata], or `obs[labelKey]` of the modalities where it has no
 * such column. Writes the same.
 *
 * @param reference names of parts, as `sc.get.mosaicTopology` lists them, whose labels are used; null for all that have
 *   one
 * @param batchKey by which parts are told apart; null for one batch
 */
public fun Tools.classifyEmbedding(
    mdata: MuData,
    labelKey: String,
    useRep: String = "X_stabmap",
    type: String = VOTES.type().spelled(),
    kValues: Collection<Int>? = null,
    reference: Collection<String>? = null,
    errorMeasure: String = VOTES.errorMeasure().spelled(),
    nFold: Int = VOTES.nFolds(),
    nRep: Int = VOTES.nRepeats(),
    localNhood: Int = VOTES.nLocal(),
    localSmooth: Int = VOTES.nSmooth(),
    randomState: Long = VOTES.seed(),
    batchKey: String? = "batch",
    keyAdded: String = labelKey + "_predicted",
    copy: Boolean = false,
): MuData {
    val target = mdata.target(copy)
    val labels = target.labels(labelKey, "labelKey", complete = false)
    val mask = reference?.let { names ->
        val parts = MosaicParts.cells(target.mosaic("classifyEmbedding", batchKey, null), "classifyEmbedding")
        positionsOf(names.toList(), parts.keys.toList(), "reference")
        val cells = names.flatMap { parts.getValue(it).asList() }.toSet()
        BooleanArray(target.nObs) { it in cells }
    }
    val settings = Classified(type, kValues, errorMeasure, nFold, nRep, localNhood, localSmooth, randomState)
    target.shared.classify(labelKey, labels, mask, useRep, settings, keyAdded)
    return target
}

/** What both forms of the verb are given. */
private class Classified(
    type: String,
    private val kValues: Collection<Int>?,
    errorMeasure: String,
    private val nFold: Int,
    private val nRep: Int,
    private val localNhood: Int,
    private val localSmooth: Int,
    private val randomState: Long,
) {
    private val type = Check.oneOf(type, AdaptiveVotes.Type::class.java, "type")
    private val measure = Check.oneOf(errorMeasure, AdaptiveVotes.ErrorMeasure::class.java, "errorMeasure")

    fun params(nLabelled: Int): AdaptiveVotes.Params {
        val usual =
            if (type == AdaptiveVotes.Type.UNIFORM_FIXED || nFold < 2) {
                VOTES.kValues()
            } else {
                AdaptiveVotes.usualValues(nLabelled, nFold)
            }
        return AdaptiveVotes.Params(
            type, kValues?.toList() ?: usual, measure, nFold, nRep, localNhood, localSmooth, randomState,
        )
    }
}

/** What the record's settings are called here. */
private val CALLED_HERE =
    mapOf("nFolds" to "nFold", "nRepeats" to "nRep", "nLocal" to "localNhood", "nSmooth" to "localSmooth")

private fun AnnData.classify(
    labelKey: String,
    labels: Categories,
    mask: BooleanArray?,
    useRep: String,
    settings: Classified,
    keyAdded: String,
) {
    val slot = Source("obsm['${obsmKey(useRep)}']", denseEmbedding(useRep))
    namingCulprit("classifyEmbedding", slot) { Finite.require(slot.x, slot.slot, "classifyEmbedding") }
    val (known, open) =
        (0 until nObs)
            .partition { labels.code(it) >= 0 && mask?.get(it) != false }
            .let { (a, b) -> a.toIntArray() to b.toIntArray() }
    require(known.isNotEmpty()) {
        "no cell" + (if (mask == null) "" else " of the reference") + " has a label in obs['$labelKey']"
    }
    require(open.isNotEmpty()) {
        "all cells have a label in obs['$labelKey']; name in reference those whose labels are to be used for the others"
    }
    val params = settings.params(known.size)
    val x = slot.x.toDense()
    val result =
        Log.timed<AdaptiveVotes.Result>("labelling cells by ${slot.slot}", {
            "labelled ${open.size} cells by ${known.size}, added\n    '$keyAdded' (.obs)"
        }) {
            withProgress { AdaptiveVotes.run(x.takeRows(known), labels.subset(known), x.takeRows(open), params, it) }
        }
    val codes = labels.codes().clone()
    val score = DoubleArray(nObs) { 1.0 }
    val voters = IntArray(nObs)
    open.forEachIndexed { i, cell ->
        codes[cell] = result.votes().predicted()[i]
        score[cell] = result.votes().score()[i]
        voters[cell] = result.k()[i]
    }
    obs.set(keyAdded, CategoricalColumn(codes, StringColumn.of(*labels.levels()), false))
    obs.set("${keyAdded}_score", NumericColumn.of(*score))
    obs.set("${keyAdded}_k", NumericColumn.of(*voters))
    val ks = params.kValues().map { it.toLong() }.toLongArray()
    uns[keyAdded] =
        dict("label_key" to labelKey, "use_rep" to useRep, "k_values" to NdArray.of(*ks)) +
        recorded(
            params, "type", "errorMeasure", "nFolds", "nRepeats", "nLocal", "nSmooth", "seed",
            called = CALLED_HERE,
        ) + dict("errors" to NdArray.of(*result.errors()))
}
