package org.cellweave.dsl.slots

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.dsl.PublicVerbs
import org.cellweave.dsl.align
import org.cellweave.dsl.c2v
import org.cellweave.dsl.clonalNn
import org.cellweave.dsl.clone2vec
import org.cellweave.dsl.clone2vecPoi
import org.cellweave.dsl.clonesAdata
import org.cellweave.dsl.clonocluster
import org.cellweave.dsl.connectClones
import org.cellweave.dsl.eigenvalueTest
import org.cellweave.dsl.findMnn
import org.cellweave.dsl.graphAssociations
import org.cellweave.dsl.groupConnectivity
import org.cellweave.dsl.gs
import org.cellweave.dsl.impute
import org.cellweave.dsl.laplacianEigenmaps
import org.cellweave.dsl.log1p
import org.cellweave.dsl.neighbors
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.pca
import org.cellweave.dsl.projectClone2vecPoi
import org.cellweave.dsl.regressCategories
import org.cellweave.dsl.sc
import org.cellweave.dsl.simulatedClones
import org.cellweave.dsl.smooth
import org.junit.jupiter.api.Test

/** As [RemediesTest], for the verbs of clones. */
class ClonalRemediesTest {
    private val cells: AnnData by lazy {
        val cells = sc.datasets.simulatedClones(nClones = 60, nGenes = 80)
        sc.pp.normalizeTotal(cells)
        sc.pp.log1p(cells)
        sc.pp.pca(cells, nComps = 10)
    }

    private fun clones(): AnnData = c2v.pp.clonesAdata(cells)

    private fun counted(): AnnData = c2v.tl.clonalNn(cells, clones(), k = 5)

    private fun connected(): AnnData = sc.pp.neighbors(cells.copy())

    /** What an object is before, and a call that writes to it. */
    private class Use(val start: () -> AnnData, val call: (AnnData) -> Unit)

    private val uses: Map<String, List<Use>> =
        mapOf(
            "c2v.tl.clonalNn" to listOf(
                Use(::clones) { c2v.tl.clonalNn(cells, it, k = 5) },
                Use(::clones) {
                    c2v.tl
                        .clonalNn(cells, it, k = 5, maskObs = BooleanArray(cells.nObs) { c -> c % 9 == 0 })
                },
                Use(::clones) { c2v.tl.clonalNn(cells, it, k = 5, adataRef = cells, clonesRef = clones()) },
            ),
            "c2v.tl.clone2vec" to listOf(Use(::counted) { c2v.tl.clone2vec(it, zDim = 3) }),
            "c2v.tl.clone2vecPoi" to listOf(Use(::counted) { c2v.tl.clone2vecPoi(it, zDim = 3) }),
            "c2v.tl.projectClone2vecPoi" to listOf(
                Use({
                    val clones = c2v.tl.clone2vecPoi(counted(), zDim = 3)
                    c2v.tl.clonalNn(cells, clones, k = 5, adataRef = cells, clonesRef = clones)
                }) { c2v.tl.projectClone2vecPoi(it, it) },
            ),
            "c2v.tl.findMnn" to listOf(Use({ cells.copy() }) { c2v.tl.findMnn(it, "well") }),
            "c2v.tl.align" to listOf(
                Use({ cells.copy().also { c2v.tl.findMnn(it, "well") } }) { c2v.tl.align(it, useRep = "X_pca") },
            ),
            "c2v.tl.graphAssociations" to listOf(Use(::connected) { c2v.tl.graphAssociations(it, nPcs = 5) }),
            "c2v.tl.eigenvalueTest" to listOf(
                Use({ cells.copy() }) { c2v.tl.eigenvalueTest(it, "X_pca", nSimulations = 20) },
            ),
            "c2v.tl.groupConnectivity" to listOf(Use(::connected) { c2v.tl.groupConnectivity(it, "fate") }),
            "c2v.tl.smooth" to listOf(Use(::connected) { c2v.tl.smooth(it) }),
            "c2v.tl.clonocluster" to listOf(
                Use({ connected().also { it.obsp.set("connected", it.obsp.get("connectivities")) } }) {
                    c2v.tl.clonocluster(it)
                },
            ),
            "c2v.utils.connectClones" to listOf(Use({ cells.copy() }) { c2v.utils.connectClones(it, "fate") }),
            "c2v.utils.gs" to listOf(Use({ cells.copy() }) { c2v.utils.gs(it) }),
            "c2v.utils.impute" to listOf(Use({ cells.copy() }) { c2v.utils.impute(it, "clone", k = 3) }),
            "c2v.utils.laplacianEigenmaps" to listOf(
                Use(::connected) { c2v.utils.laplacianEigenmaps(it, nComponents = 3) },
            ),
            "c2v.utils.regressCategories" to
                listOf(Use({ cells.copy() }) { c2v.utils.regressCategories(it, "fate") }),
        )

    @Test
    fun `verbs write the keys that the registry says they do, and each key has its entry`() {
        for ((verb, calls) in uses) {
            val written = LinkedHashSet<Pair<String, String>>()
            for (use in calls) {
                val adata = use.start()
                val before = keysOf(adata)
                use.call(adata)
                written += keysOf(adata) - before
            }
            val entries = Remedies.entries.filter { it.verb == verb }
            assertThat(written.filterNot { (slot, key) -> entries.any { it.slot == slot && it.names(key) } })
                .`as`("$verb writes")
                .isEmpty()
            assertThat(
                entries
                    .filterNot { e ->
                        written.any { (slot, key) -> slot == e.slot && e.names(key) }
                    }.map { it.key },
            ).`as`("$verb does not write")
                .isEmpty()
        }
    }

    /** They return an object of their own, write keys that their arguments name, or those of a verb above. */
    private val others =
        setOf(
            "c2v.pp.clonesAdata", "c2v.pp.labelClones", "c2v.pp.makeUniqueClones", "c2v.pp.recalcComposition",
            "c2v.pp.transferAnnotation", "c2v.pp.transferExpression", "c2v.tl.associations", "c2v.tl.boostedTrees",
            "c2v.tl.catboost", "c2v.tl.projectClone2vec", "c2v.utils.correctShap", "c2v.utils.getConnectivityMatrix",
            "c2v.utils.stackLayers",
        )

    @Test
    fun `a new verb that writes gets its entries`() {
        val written = PublicVerbs().verbs.filter { it.namespace in setOf("c2v.pp", "c2v.tl", "c2v.utils") }
        val all = written.map { "${it.namespace}.${it.name}" }.toSet()
        assertThat(all - uses.keys - others)
            .`as`("add entries to Remedies and a call to uses, or say here that it adds no key")
            .isEmpty()
        assertThat(uses.keys).isEqualTo(
            Remedies.entries
                .map { it.verb }
                .filter { it.startsWith("c2v.") }
                .toSet(),
        )
        assertThat(all).containsAll(uses.keys)
    }

    @Test
    fun `messages end with the call that writes the key`() {
        assertThat(remedy("gex_adjacency", "obsp")).isEqualTo("Run c2v.tl.clonalNn() first.")
        assertThat(remedy("mnn", "obsp")).isEqualTo("Run c2v.tl.findMnn() first.")
    }
}
