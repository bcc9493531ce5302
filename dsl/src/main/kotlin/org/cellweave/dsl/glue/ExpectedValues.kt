package org.cellweave.dsl.glue

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.Source
import org.cellweave.preprocess.ValueFacts

/**
 * Says so when [verb] expects logarithms and [source] holds counts: the one place that does, for every verb. All values
 * are whole numbers then, which no logarithms of counts are.
 *
 * @param verb as users call it, or what of it expects them
 */
internal fun warnOfCounts(verb: String, source: Source) {
    val facts = ValueFacts.of(source.x)
    if (!facts.looksLikeCounts() || facts.max() <= 0) return
    val what = "$verb expects logarithms, but ${source.slot} holds whole numbers, as raw counts are; "
    val then = "run sc.pp.normalizeTotal() and sc.pp.log1p() first"
    Log.warning(what + if (source.slot == "X") then else "$then, or name the layer that holds the logarithms")
}

/** Says so when [verb] expects counts, and `uns` tells that logarithms of `X` were taken, or its values look like them. */
internal fun AnnData.warnOfLogarithms(verb: String, layer: String?, source: Source) {
    if (layer == null && "log1p" in uns) {
        Log.warning("adata.X seems to be log-transformed already; $verb expects counts")
        return
    }
    val facts = ValueFacts.of(source.x)
    if (facts.looksLogged()) {
        Log.warning(
            "$verb expects counts, but ${source.slot} holds fractions up to ${facts.max()}, as logarithms do; " +
                "name the layer that holds the counts",
        )
    }
}
