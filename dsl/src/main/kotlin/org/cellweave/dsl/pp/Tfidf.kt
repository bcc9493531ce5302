package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.changing
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.spelled
import org.cellweave.preprocess.TfIdf
import org.cellweave.util.Check
import org.cellweave.preprocess.TfIdf.Params.DEFAULTS as TFIDF

/**
 * Weights counts of peaks by term frequency and inverse document frequency. See [TfIdf]; [lsi] comes next.
 *
 * Reads and writes `X` (or [layer]), converting other types to float32.
 *
 * @param flavor `muon`, or `multimap` (sublinear, cells of length 1), which takes counts of [binarize] and none of the
 *   other options
 */
public fun Preprocessing.tfidf(
    adata: AnnData,
    logTf: Boolean = TFIDF.logTf(),
    logIdf: Boolean = TFIDF.logIdf(),
    logTfidf: Boolean = TFIDF.logTfidf(),
    scaleFactor: Number = TFIDF.scaleFactor(),
    layer: String? = null,
    copy: Boolean = false,
    flavor: String = TFIDF.flavor().spelled(),
): AnnData {
    val kind = Check.oneOf(flavor, TfIdf.Flavor::class.java, "flavor")
    val params = TfIdf.Params(logTf, logIdf, logTfidf, scaleFactor.toDouble(), kind)
    val target = adata.target(copy)
    target.changing("tfidf", layer) { TfIdf.run(it, params) }
    return target
}
