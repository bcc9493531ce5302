package org.cellweave.dsl

import org.cellweave.clonal.association.EigenvalueTest
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.util.Check
import org.cellweave.clonal.association.EigenvalueTest.Params.DEFAULTS as NOISE

/**
 * Whether the columns of an embedding share more than noise would. See [EigenvalueTest].
 *
 * Reads `obsm[key]`. Writes `uns[keyAdded]` (`stat`, `p_value`, and the `null_distribution` where one was drawn); the
 * p-value is a number, at least one over the draws and one more, where the Python package may write a text. The package
 * reads a wrong table of the Tracy-Widom distribution, so that its `asymptotic` p-values differ.
 *
 * @param flavor `synthetic` draws noise of the same shape, `asymptotic` takes the Tracy-Widom distribution
 * @param nullDistribution statistics of noise of this shape from an earlier call
 */
public fun ClonalTools.eigenvalueTest(
    adata: AnnData,
    key: String,
    keyAdded: String = "eigenvalues_test",
    flavor: String = NOISE.flavor().spelled(),
    nSimulations: Int = NOISE.nSimulations(),
    nullDistribution: DoubleArray? = null,
    randomState: Long = NOISE.seed(),
): AnnData {
    val kind = Check.oneOf(flavor, EigenvalueTest.Flavor::class.java, "flavor")
    val params = EigenvalueTest.Params(kind, nSimulations, randomState)
    require(nullDistribution == null || kind == EigenvalueTest.Flavor.SYNTHETIC) {
        "nullDistribution goes with flavor = \"synthetic\" only, got flavor = \"$flavor\""
    }
    val source = adata.source(null, key)
    val added = { r: EigenvalueTest.Result -> "added uns['$keyAdded']: statistic ${r.statistic()}, p = ${r.pValue()}" }
    val result = Log.timed("computing eigenvalues test via ${kind.spelled()} approach", added) {
        adata.running("eigenvalueTest", source, "clone") {
            nullDistribution?.let { EigenvalueTest.run(source.x, it) } ?: EigenvalueTest.run(source.x, params)
        }
    }
    val drawn = result.nullDistribution().takeIf { it.isNotEmpty() }?.let { NdArray.of(*it) }
    adata.uns[keyAdded] = dict("stat" to result.statistic(), "p_value" to result.pValue()) +
        listOfNotNull(drawn?.let { "null_distribution" to it })
    return adata
}
