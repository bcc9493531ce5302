package org.cellweave.dsl.slots

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.MuData
import org.cellweave.dsl.PublicVerbs
import org.cellweave.dsl.asCategorical
import org.cellweave.dsl.buildReference
import org.cellweave.dsl.calculateQcMetrics
import org.cellweave.dsl.classifyEmbedding
import org.cellweave.dsl.clusterMnn
import org.cellweave.dsl.dendrogram
import org.cellweave.dsl.diffmap
import org.cellweave.dsl.dpt
import org.cellweave.dsl.drawGraph
import org.cellweave.dsl.embeddingDensity
import org.cellweave.dsl.fastMnn
import org.cellweave.dsl.filterCells
import org.cellweave.dsl.filterGenes
import org.cellweave.dsl.filterRankGenesGroups
import org.cellweave.dsl.findIntegrationAnchors
import org.cellweave.dsl.findLinks
import org.cellweave.dsl.findTransferAnchors
import org.cellweave.dsl.harmonyIntegrate
import org.cellweave.dsl.highlyVariableGenes
import org.cellweave.dsl.integrateData
import org.cellweave.dsl.integrateEmbeddings
import org.cellweave.dsl.leiden
import org.cellweave.dsl.log1p
import org.cellweave.dsl.louvain
import org.cellweave.dsl.lsi
import org.cellweave.dsl.mapQuery
import org.cellweave.dsl.markerGeneOverlap
import org.cellweave.dsl.matchPivots
import org.cellweave.dsl.midas
import org.cellweave.dsl.mnnCorrect
import org.cellweave.dsl.multiBatchNormalize
import org.cellweave.dsl.multimap
import org.cellweave.dsl.neighbors
import org.cellweave.dsl.normalizePearsonResiduals
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.paga
import org.cellweave.dsl.pca
import org.cellweave.dsl.pseudobulkDe
import org.cellweave.dsl.quickCluster
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.recipeZheng17
import org.cellweave.dsl.reducedMnn
import org.cellweave.dsl.ridgeRegression
import org.cellweave.dsl.sc
import org.cellweave.dsl.scale
import org.cellweave.dsl.scanorama
import org.cellweave.dsl.scmodal
import org.cellweave.dsl.scoreGenes
import org.cellweave.dsl.scoreGenesCellCycle
import org.cellweave.dsl.scranSizeFactors
import org.cellweave.dsl.scrublet
import org.cellweave.dsl.scrubletSimulateDoublets
import org.cellweave.dsl.sctransform
import org.cellweave.dsl.selectGenes
import org.cellweave.dsl.selectIntegrationFeatures
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.dsl.stabmap
import org.cellweave.dsl.transferData
import org.cellweave.dsl.tsne
import org.cellweave.dsl.uinmf
import org.cellweave.dsl.umap
import org.cellweave.dsl.wnn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.junit.jupiter.api.Test

/** Every verb that writes is run on a small object; what it adds is what the registry says, and nothing else. */
class RemediesTest {
    private fun cells(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 120, nGenes = 150, nBatches = 2, nTypes = 3)
        adata.obs["cell_type"] = adata.obs["cell_type"].asCategorical()
        return adata
    }

    private fun clustered(adata: AnnData) {
        logarithms(adata)
        sc.pp.pca(adata, nComps = 10)
        sc.pp.neighbors(adata, useRep = "X_pca")
        sc.tl.leiden(adata)
        adata.uns["iroot"] = 0L
    }

    private fun logarithms(adata: AnnData) {
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
    }

    /** A verb with what must be there before, and calls that between them write all of its keys. */
    private class Use(val before: (AnnData) -> Unit, vararg val calls: (AnnData) -> Unit)

    private val nothing: (AnnData) -> Unit = {}

    private fun marked(adata: AnnData) {
        adata.`var`.set("mt", BooleanColumn(BooleanArray(adata.nVars) { it < 5 }, null))
    }

    private fun sampled(adata: AnnData) {
        val batch = adata.obs["batch"]
        adata.obs["sample"] = CategoricalColumn.ofTexts(*Array(adata.nObs) { "${batch.text(it)}_${it % 3}" })
    }

    private val uses: Map<String, Use> =
        mapOf(
            "pp.calculateQcMetrics" to
                Use(::marked, { sc.pp.calculateQcMetrics(it, qcVars = "mt", percentTop = listOf(50)) }),
            "pp.filterCells" to
                Use(nothing, { sc.pp.filterCells(it, minGenes = 1) }, { sc.pp.filterCells(it, minCounts = 1) }),
            "pp.filterGenes" to
                Use(nothing, { sc.pp.filterGenes(it, minCells = 1) }, { sc.pp.filterGenes(it, minCounts = 1) }),
            "pp.log1p" to Use(nothing, { sc.pp.log1p(it) }),
            "pp.scale" to Use(::logarithms, { sc.pp.scale(it, zeroCenter = true) }),
            "pp.highlyVariableGenes" to
                Use(
                    nothing,
                    { sc.pp.highlyVariableGenes(it, flavor = "seurat_v3", nTopGenes = 50) },
                    { sc.pp.highlyVariableGenes(it, flavor = "pearson_residuals", nTopGenes = 50) },
                    {
                        logarithms(it)
                        sc.pp.highlyVariableGenes(it, batchKey = "batch")
                        it.uns.remove("log1p")
                    },
                ),
            "pp.selectGenes" to Use(nothing, { sc.pp.selectGenes(it) }),
            "pp.normalizePearsonResiduals" to Use(nothing, { sc.pp.normalizePearsonResiduals(it) }),
            "pp.sctransform" to Use(nothing, { sc.pp.sctransform(it, nTopGenes = 50) }),
            "pp.recipeZheng17" to
                Use(
                    {
                        sc.pp.recipeZheng17(it, nTopGenes = 100)
                        it.obs.remove("n_counts_all")
                    },
                    {
                        val made = sc.pp.recipeZheng17(cells(), nTopGenes = 100)
                        it.obs.set("n_counts_all", made.obs.get("n_counts_all"))
                    },
                ),
            "pp.pca" to Use(::logarithms, { sc.pp.pca(it, nComps = 10) }),
            "pp.neighbors" to Use({
                clustered(it)
                dropNeighbors(it)
            }, { sc.pp.neighbors(it, useRep = "X_pca") }),
            "pp.harmonyIntegrate" to Use(::clustered, { sc.pp.harmonyIntegrate(it, "batch") }),
            "pp.fastMnn" to Use(::logarithms, { sc.pp.fastMnn(it, d = 10) }),
            "pp.reducedMnn" to Use(::clustered, { sc.pp.reducedMnn(it) }),
            "pp.clusterMnn" to Use(::clustered, { sc.pp.clusterMnn(it, "batch", "cell_type") }),
            "pp.scranSizeFactors" to Use(nothing, { sc.pp.scranSizeFactors(it) }),
            "pp.quickCluster" to Use(nothing, { sc.pp.quickCluster(it, minSize = 20) }),
            "pp.mnnCorrect" to Use(::marked, { sc.pp.mnnCorrect(it, maskVar = "mt") }),
            "pp.multiBatchNormalize" to Use(nothing, { sc.pp.multiBatchNormalize(it) }),
            "pp.scanorama" to
                Use(
                    ::logarithms,
                    { sc.pp.scanorama(it, knn = 5, correct = true) },
                    { sc.pp.scanorama(it, knn = 5, correct = true, hvg = 50) },
                ),
            "pp.ridgeRegression" to Use(::logarithms, { sc.pp.ridgeRegression(it) }),
            "pp.selectIntegrationFeatures" to
                Use(nothing, { sc.pp.selectIntegrationFeatures(it, nFeatures = 60, layer = null) }),
            "pp.findIntegrationAnchors" to Use(::featured, { anchored(it) }),
            "pp.integrateData" to
                Use(
                    {
                        featured(it)
                        anchored(it)
                    },
                    { sc.pp.integrateData(it, dims = 10) },
                ),
            "pp.integrateEmbeddings" to
                Use(
                    {
                        featured(it)
                        anchored(it)
                    },
                    { sc.pp.integrateEmbeddings(it) },
                ),
            "tl.findTransferAnchors" to
                Use(
                    ::featured,
                    { sc.tl.findTransferAnchors(it, it.copy(), dims = 10, npcs = 10) },
                    { sc.tl.findTransferAnchors(it, it.copy(), dims = 10, npcs = 10, reduction = "cca") },
                ),
            "tl.transferData" to
                Use(
                    {
                        featured(it)
                        sc.tl.findTransferAnchors(it, it.copy(), dims = 10, npcs = 10)
                    },
                    { sc.tl.transferData(it, it.copy(), "cell_type", it.varNames.take(2)) },
                ),
            "tl.mapQuery" to
                Use(
                    ::logarithms,
                    {
                        val made = sc.tl.buildReference(it.copy(), labels = listOf("cell_type"), nPcs = 10)
                        sc.tl.mapQuery(it, made, clusterKey = "cell_type", cellsPerDim = 1.0)
                    },
                ),
            "tl.stabmap" to Use(::logarithms, { ofMosaic(it) { mdata -> sc.tl.stabmap(mdata, nComps = 5) } }),
            "tl.matchPivots" to Use(::clustered, { sc.tl.matchPivots(it, it.copy(), nCanonical = 5) }),
            "tl.uinmf" to Use(::logarithms, { ofMosaic(it) { mdata -> sc.tl.uinmf(mdata, k = 5) } }),
            "tl.findLinks" to Use(::logarithms, { sc.tl.findLinks(it, it.copy()) }),
            "tl.classifyEmbedding" to
                Use(
                    ::clustered,
                    { a ->
                        sc.tl.classifyEmbedding(
                            a, "cell_type", "X_pca",
                            reference = BooleanArray(a.nObs) { it % 2 == 0 },
                        )
                    },
                ),
            "tl.multimap" to Use(::logarithms, { ofMosaic(it) { mdata -> sc.tl.multimap(mdata, nNeighbors = 20) } }),
            "tl.wnn" to Use(::clustered, { sc.tl.wnn(it, listOf("X_pca", "X"), k = 5, l2Norm = false) }),
            "tl.midas" to Use(nothing, { ofMosaic(it) { mdata -> sc.tl.midas(mdata, maxEpochs = 1) } }),
            "tl.scmodal" to
                Use(
                    ::logarithms,
                    {
                        ofMosaic(it, "rna", "adt") { mdata ->
                            sc.tl.scmodal(mdata, trainingSteps = 1, batchSize = 20, nHidden = 8, nNeighbors = 5)
                        }
                    },
                ),
            "pp.scrublet" to Use(nothing, { sc.pp.scrublet(it, nPrinComps = 5, threshold = 0.2, verbose = false) }),
            "pp.scrubletSimulateDoublets" to
                Use(nothing, { it.obsm.set("doublet_parents", parents(it)) }),
            "tl.leiden" to
                Use(
                    {
                        clustered(it)
                        it.obs.remove("leiden")
                        it.uns.remove("leiden")
                    },
                    { sc.tl.leiden(it) },
                    { sc.tl.leiden(it, restrictTo = "cell_type" to listOf(types(it)[0])) },
                ),
            "tl.louvain" to
                Use(
                    ::clustered,
                    { sc.tl.louvain(it) },
                    { sc.tl.louvain(it, restrictTo = "cell_type" to listOf(types(it)[0])) },
                ),
            "tl.lsi" to Use(nothing, { sc.tl.lsi(it, nComps = 5) }),
            "tl.umap" to Use(::clustered, { sc.tl.umap(it, maxiter = 5) }),
            "tl.tsne" to Use(::clustered, { sc.tl.tsne(it, useRep = "X_pca", maxIter = 260) }),
            "tl.diffmap" to Use(::clustered, { sc.tl.diffmap(it, nComps = 5) }),
            "tl.drawGraph" to Use(::clustered, { sc.tl.drawGraph(it, maxiter = 3) }),
            "tl.dpt" to
                Use(
                    {
                        clustered(it)
                        sc.tl.diffmap(it, nComps = 10)
                    },
                    { sc.tl.dpt(it, nBranchings = 1) },
                ),
            "tl.embeddingDensity" to
                Use(
                    ::clustered,
                    { sc.tl.embeddingDensity(it, "pca") },
                    { sc.tl.embeddingDensity(it, "pca", groupby = "cell_type") },
                ),
            "tl.paga" to
                Use(
                    {
                        clustered(it)
                        it.uns["leiden_sizes"] = 0L
                    },
                    { sc.tl.paga(it, groups = "leiden") },
                ),
            "pl.paga" to
                Use(
                    {
                        clustered(it)
                        sc.tl.paga(it)
                        it.uns["leiden_colors"] = 0L
                    },
                    { sc.pl.paga(it) },
                ),
            "tl.rankGenesGroups" to Use(::clustered, { sc.tl.rankGenesGroups(it, "cell_type") }),
            "tl.pseudobulkDe" to
                Use(::sampled, { sc.tl.pseudobulkDe(it, "~ batch", sampleKey = "sample", minCells = 1) }),
            "tl.filterRankGenesGroups" to Use(::ranked, { sc.tl.filterRankGenesGroups(it) }),
            "tl.markerGeneOverlap" to
                Use(
                    ::ranked,
                    { sc.tl.markerGeneOverlap(it, mapOf("t" to it.varNames.take(3)), inplace = true) },
                ),
            "tl.dendrogram" to Use(::clustered, { sc.tl.dendrogram(it, "cell_type") }),
            "tl.scoreGenes" to Use(::logarithms, { sc.tl.scoreGenes(it, it.varNames.take(5), ctrlSize = 10) }),
            "tl.scoreGenesCellCycle" to
                Use(::logarithms, { sc.tl.scoreGenesCellCycle(it, it.varNames.take(5), it.varNames.drop(5).take(5)) }),
        )

    /** What [verb] writes for all modalities, as if it were for [adata], which is the only one. */
    private fun ofMosaic(adata: AnnData, vararg modalities: String = arrayOf("rna"), verb: (MuData) -> Unit) {
        val mdata = MuData(modalities.associateWith { adata.copy() })
        mdata.obs["batch"] = adata.obs["batch"]
        val before = keysOf(mdata.shared)
        verb(mdata)
        for ((slot, key) in keysOf(mdata.shared) - before) {
            when (slot) {
                "obs" -> adata.obs.set(key, mdata.obs.get(key))
                "obsm" -> adata.obsm.set(key, mdata.obsm.get(key))
                "varm" -> adata.varm.set(key, mdata.varm.get(key))
                "obsp" -> adata.obsp.set(key, mdata.obsp.get(key))
                "uns" -> adata.uns[key] = mdata.uns[key]
            }
        }
    }

    private fun featured(adata: AnnData) {
        sc.pp.selectIntegrationFeatures(adata, nFeatures = 60, layer = null)
        clustered(adata)
    }

    private fun anchored(adata: AnnData) = sc.pp.findIntegrationAnchors(adata, dims = 10, kFilter = null)

    private fun ranked(adata: AnnData) {
        clustered(adata)
        sc.tl.rankGenesGroups(adata, "cell_type")
    }

    private fun types(adata: AnnData) = adata.obs["cell_type"].asCategorical().categoryNames()

    private fun dropNeighbors(adata: AnnData) {
        adata.uns.remove("neighbors")
        adata.obsp.remove("connectivities")
        adata.obsp.remove("distances")
    }

    /** The pairs of an object that the verb makes. */
    private fun parents(adata: AnnData): Matrix {
        assertThat(
            sc.pp
                .scrubletSimulateDoublets(adata)
                .obsm.keys,
        ).contains("doublet_parents")
        return DenseMatrix.ofRows(Array(adata.nObs) { doubleArrayOf(0.0, 1.0) })
    }

    @Test
    fun `verbs write the keys that the registry says they do, and each key has its entry`() {
        for ((verb, use) in uses) {
            val written = LinkedHashSet<Pair<String, String>>()
            for (call in use.calls) {
                val adata = cells().also(use.before)
                val before = keysOf(adata)
                call(adata)
                written += keysOf(adata) - before
            }
            val entries = Remedies.entries.filter { it.verb == verb }
            val unknown = written.filterNot { (slot, key) -> entries.any { it.slot == slot && it.names(key) } }
            assertThat(unknown.filterNot { it.second == "log1p" && verb != "pp.log1p" }).`as`("$verb writes").isEmpty()
            val unwritten = entries.filterNot { e -> written.any { (slot, key) -> slot == e.slot && e.names(key) } }
            assertThat(unwritten.map { it.key })
                .`as`("$verb does not write")
                .isEmpty()
        }
    }

    @Test
    fun `every verb of the registry is there and is tried`() {
        val verbs = PublicVerbs().verbs.map { "${it.namespace}.${it.name}".removePrefix("sc.") }.toSet()
        assertThat(verbs).containsAll(Remedies.entries.map { it.verb })
        val ofScanpy = Remedies.entries.map { it.verb }.filterNot { it.startsWith("c2v.") }
        assertThat(uses.keys).containsExactlyInAnyOrderElementsOf(ofScanpy.toSet())
    }

    /** Verbs of pp and tl that add no key of their own: they change values, or write what another verb is known for. */
    private val others =
        setOf(
            "pp.bbknn", "pp.binarize", "pp.clr", "pp.combat", "pp.cosineNormalize", "pp.downsampleCounts",
            "pp.harmonyModel", "pp.integrate",
            "pp.highlyVariableGenesDf", "pp.multiBatchPca", "pp.quickCorrect", "pp.regressBatches", "pp.rescaleBatches",
            "pp.normalizePerCell", "pp.normalizeTotal", "pp.normalizeBySizeFactors", "pp.normalizePearsonResidualsPca",
            "pp.recipePearsonResiduals", "pp.recipeSeurat",
            "pp.recipeWeinreb17", "pp.regressOut", "pp.removeBatchEffect", "pp.sample", "pp.sqrt", "pp.subsample",
            "pp.tfidf", "pp.thinCounts", "tl.ingest", "tl.sim", "tl.pagaComparePaths", "tl.pagaDegrees",
            "tl.pagaExpressionEntropies", "tl.pca", "tl.buildReference", "tl.inmf", "tl.onlineInmf",
            "tl.imputeEmbedding", "tl.reweightEmbedding", "pp.scaleNotCenter", "pp.unpair",
        )

    @Test
    fun `a new verb that writes gets its entries`() {
        val written = PublicVerbs().verbs.filter { it.namespace in setOf("sc.pp", "sc.tl") }
        val all = written.map { "${it.namespace}.${it.name}".removePrefix("sc.") }
        assertThat(all.toSet() - uses.keys - others)
            .`as`("add entries to Remedies and a call to uses, or say here that it adds no key")
            .isEmpty()
    }

    @Test
    fun `messages end with the call that writes the key`() {
        assertThat(remedy("X_pca", "obsm")).isEqualTo("Run sc.pp.pca() first.")
        assertThat(remedy("louvain", "obs")).isEqualTo("Run sc.tl.louvain() first.")
        assertThat(Remedies.column("louvian")).isEqualTo("Run sc.tl.louvain() first.")
        assertThat(Remedies.column("pct_counts_mt")).isEqualTo("Run sc.pp.calculateQcMetrics() first.")
        assertThat(Remedies.column("nogene")).`as`("two letters from n_genes").isEmpty()
        assertThat(remedy("X_diffmap", "obsm", "nComps = 20")).isEqualTo("Run sc.tl.diffmap(nComps = 20) first.")
        assertThat(Remedies.basis("draw_graph_fr")).isEqualTo("Run sc.tl.drawGraph() first.")
        assertThat(remedy("dendrogram_leiden", "uns")).isEqualTo("Run sc.tl.dendrogram() first.")
        assertThat(remedy("unheard_of", "obs")).isEmpty()
        assertThat(remedy("iroot", "uns")).startsWith("Set uns[\"iroot\"]")
        assertThat(Remedies.again("pos", "uns['paga']")).isEqualTo("Run sc.pl.paga() again.")
    }
}
