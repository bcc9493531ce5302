package org.cellweave.dsl.slots

/**
 * Which call writes a well-known key: the one place from which messages about what is missing take their last sentence.
 *
 * A key that a verb writes under its default names stands here once, with the slot; `*` stands for any text.
 */
internal object Remedies {
    /** One key of a slot and the verb that writes it, as behind `sc.`, with the [arguments] that it needs for that. */
    class Entry(val slot: String, val key: String, val verb: String, val arguments: String = "") {
        private val pattern =
            if ('*' in key) Regex(key.split('*').joinToString(".+", transform = Regex::escape)) else null

        fun names(wanted: String): Boolean = wanted == key || pattern?.matches(wanted) == true
    }

    val entries: List<Entry> =
        listOf(
            by("tl.leiden", "obs", "leiden", "leiden_R"),
            by("tl.leiden", "uns", "leiden", "leiden_R"),
            by("tl.louvain", "obs", "louvain", "louvain_R"),
            by("tl.louvain", "uns", "louvain", "louvain_R"),
            by("tl.scoreGenesCellCycle", "obs", "phase", "S_score", "G2M_score"),
            by("tl.scoreGenes", "obs", "score"),
            by("tl.dpt", "obs", "dpt_pseudotime", "dpt_groups", "dpt_order", "dpt_order_indices"),
            by("tl.dpt", "uns", "dpt_changepoints", "dpt_grouptips"),
            by("pp.scrublet", "obs", "doublet_score", "predicted_doublet"),
            by("pp.scrublet", "uns", "scrublet"),
            by("pp.calculateQcMetrics", "obs", "total_counts", "n_genes_by_counts", "log1p_total_counts"),
            by("pp.calculateQcMetrics", "obs", "log1p_n_genes_by_counts", "pct_counts*", "total_counts_*"),
            by("pp.calculateQcMetrics", "obs", "log1p_total_counts_*"),
            by("pp.calculateQcMetrics", "var", "total_counts", "log1p_total_counts", "n_cells_by_counts"),
            by("pp.calculateQcMetrics", "var", "mean_counts", "log1p_mean_counts", "pct_dropout_by_counts"),
            by("pp.filterCells", "obs", "n_genes", "n_counts"),
            by("pp.filterGenes", "var", "n_cells", "n_counts"),
            by("pp.recipeZheng17", "obs", "n_counts_all"),
            by("pp.highlyVariableGenes", "var", "highly_variable", "highly_variable_rank", "highly_variable_nbatches"),
            by("pp.highlyVariableGenes", "var", "highly_variable_intersection", "means", "dispersions"),
            by("pp.highlyVariableGenes", "var", "dispersions_norm", "variances", "variances_norm"),
            by("pp.highlyVariableGenes", "var", "residual_variances"),
            by("pp.highlyVariableGenes", "uns", "hvg"),
            by("pp.selectGenes", "var", "highly_variable", "highly_variable_nbatches"),
            by("pp.log1p", "uns", "log1p"),
            by("pp.scale", "var", "mean", "std"),
            by("pp.normalizePearsonResiduals", "uns", "pearson_residuals_normalization"),
            by("pp.sctransform", "obsm", "sct_residuals"),
            by("pp.sctransform", "layers", "sct_counts", "sct_data"),
            by("pp.sctransform", "var", "sct_residuals", "sct_residual_mean", "sct_residual_variance", "sct_gmean"),
            by("pp.sctransform", "var", "sct_theta", "sct_intercept", "sct_slope", "highly_variable"),
            by("pp.sctransform", "uns", "sct"),
            by("pp.pca", "obsm", "X_pca"),
            by("pp.pca", "varm", "PCs"),
            by("pp.pca", "uns", "pca"),
            by("pp.harmonyIntegrate", "obsm", "X_pca_harmony"),
            by("pp.harmonyIntegrate", "uns", "harmony"),
            by("pp.fastMnn", "obsm", "X_mnn"),
            by("pp.fastMnn", "varm", "mnn_loadings", "mnn_lost_var"),
            by("pp.fastMnn", "uns", "mnn"),
            by("pp.reducedMnn", "obsm", "X_pca_mnn"),
            by("pp.reducedMnn", "uns", "reduced_mnn"),
            by("pp.clusterMnn", "obsm", "X_pca_cluster_mnn", with = "clusterKey = ..."),
            by("pp.clusterMnn", "obs", "cluster_mnn", with = "clusterKey = ..."),
            by("pp.clusterMnn", "uns", "cluster_mnn", with = "clusterKey = ..."),
            by("pp.mnnCorrect", "obsm", "X_mnn_correct"),
            by("pp.mnnCorrect", "uns", "mnn_correct"),
            by("pp.multiBatchNormalize", "obs", "size_factor"),
            by("pp.scranSizeFactors", "obs", "size_factors"),
            by("pp.scranSizeFactors", "uns", "size_factors"),
            by("pp.quickCluster", "obs", "quick_cluster"),
            by("pp.scanorama", "obsm", "X_scanorama"),
            by("pp.scanorama", "obsm", "scanorama_corrected", with = "correct = true, hvg = ..."),
            by("pp.scanorama", "layers", "scanorama", with = "correct = true"),
            by("pp.scanorama", "uns", "scanorama"),
            by("pp.ridgeRegression", "layers", "X_explained"),
            by("pp.neighbors", "obsp", "connectivities", "distances"),
            by("pp.neighbors", "uns", "neighbors"),
            by("pp.selectIntegrationFeatures", "var", "integration_features", "integration_features_rank"),
            by("pp.selectIntegrationFeatures", "var", "integration_features_nbatches"),
            by("pp.selectIntegrationFeatures", "uns", "integration_features"),
            by("pp.findIntegrationAnchors", "obsp", "anchors"),
            by("pp.findIntegrationAnchors", "uns", "integration_anchors"),
            by("pp.integrateData", "obsm", "X_integrated"),
            by("pp.integrateData", "uns", "X_integrated"),
            by("pp.integrateEmbeddings", "obsm", "X_pca_integrated"),
            by("pp.integrateEmbeddings", "uns", "X_pca_integrated"),
            by("pp.scrubletSimulateDoublets", "obsm", "doublet_parents"),
            by("tl.findTransferAnchors", "obsm", "transfer_anchors", "X_pcaproject", "X_cca"),
            by("tl.findTransferAnchors", "uns", "transfer_anchors"),
            by("tl.transferData", "obs", "predicted_id", "prediction_score_max"),
            by("tl.transferData", "obsm", "prediction_scores", "transferred"),
            by("tl.lsi", "obsm", "X_lsi"),
            by("tl.lsi", "varm", "LSI"),
            by("tl.lsi", "uns", "lsi"),
            by("tl.mapQuery", "obsm", "X_reference", "X_pca_reference", "X_umap_reference", "*_shares"),
            by("tl.mapQuery", "obs", "reference_distance", "*_score"),
            by("tl.mapQuery", "obs", "reference_cluster_distance", with = "clusterKey = ..."),
            by("tl.mapQuery", "uns", "reference"),
            by("tl.stabmap", "obsm", "X_stabmap"),
            by("tl.stabmap", "uns", "stabmap"),
            by("tl.matchPivots", "obsm", "X_pivots"),
            by("tl.matchPivots", "obs", "partner", "partner_score"),
            by("tl.matchPivots", "uns", "pivots"),
            by("tl.uinmf", "obsm", "X_inmf", "X_inmf_raw"),
            by("tl.uinmf", "obs", "inmf_cluster"),
            by("tl.uinmf", "varm", "inmf"),
            by("tl.uinmf", "uns", "inmf"),
            by("tl.findLinks", "uns", "links"),
            by("tl.classifyEmbedding", "obs", "*_predicted", "*_predicted_score", "*_predicted_k"),
            by("tl.classifyEmbedding", "uns", "*_predicted"),
            by("tl.multimap", "obsp", "multimap_connectivities"),
            by("tl.multimap", "obsm", "X_multimap"),
            by("tl.multimap", "uns", "multimap"),
            by("tl.wnn", "obsp", "wnn_connectivities", "wnn_distances", with = "useReps = ..."),
            by("tl.wnn", "obs", "*:mod_weight", with = "useReps = ..."),
            by("tl.wnn", "uns", "wnn", with = "useReps = ..."),
            by("tl.midas", "obsm", "X_midas", "X_midas_u"),
            by("tl.midas", "uns", "midas"),
            by("tl.scmodal", "obsm", "X_scmodal"),
            by("tl.scmodal", "uns", "scmodal"),
            by("tl.umap", "obsm", "X_umap"),
            by("tl.umap", "uns", "umap"),
            by("tl.tsne", "obsm", "X_tsne"),
            by("tl.tsne", "uns", "tsne"),
            by("tl.diffmap", "obsm", "X_diffmap"),
            by("tl.diffmap", "uns", "diffmap_evals"),
            by("tl.drawGraph", "obsm", "X_draw_graph_*"),
            by("tl.drawGraph", "uns", "draw_graph"),
            by("tl.embeddingDensity", "obs", "*_density", "*_density_*"),
            by("tl.embeddingDensity", "uns", "*_density_params", "*_density_*_params"),
            by("tl.paga", "uns", "paga"),
            by("tl.paga", "uns['paga']", "connectivities", "connectivities_tree", "groups"),
            by("pl.paga", "uns['paga']", "pos"),
            by("tl.rankGenesGroups", "uns", "rank_genes_groups"),
            by("tl.filterRankGenesGroups", "uns", "rank_genes_groups_filtered"),
            by("tl.pseudobulkDe", "uns", "pseudobulk_de"),
            by("tl.markerGeneOverlap", "uns", "marker_gene_overlap"),
            by("tl.dendrogram", "uns", "dendrogram_*"),
            by("c2v.tl.clonalNn", "obsp", "gex_adjacency"),
            by("c2v.tl.clonalNn", "uns", "clonal_nn"),
            by("c2v.tl.clonalNn", "obsm", "masked_nn", with = "maskObs = ..."),
            by("c2v.tl.clonalNn", "obsm", "ref_gex_adjacency", with = "adataRef = ..., clonesRef = ..."),
            by("c2v.tl.clone2vec", "obsm", "clone2vec"),
            by("c2v.tl.clone2vec", "uns", "clone2vec"),
            by("c2v.tl.clone2vecPoi", "obsm", "clone2vec_Poi"),
            by("c2v.tl.clone2vecPoi", "uns", "clone2vec_Poi"),
            by("c2v.tl.projectClone2vecPoi", "uns", "clone2vec_Poi_project"),
            by("c2v.tl.findMnn", "obsp", "mnn"),
            by("c2v.tl.findMnn", "uns", "simple_mnn"),
            by("c2v.tl.align", "obsm", "clone2vec_pa"),
            by("c2v.tl.graphAssociations", "obsm", "X_gPCA"),
            by("c2v.tl.graphAssociations", "varm", "gPCs"),
            by("c2v.tl.graphAssociations", "uns", "gpca"),
            by("c2v.tl.graphAssociations", "var", "morans_i", "morans_i_pval", "morans_i_p_adj"),
            by("c2v.tl.eigenvalueTest", "uns", "eigenvalues_test"),
            by("c2v.tl.groupConnectivity", "uns", "group_connectivity"),
            by("c2v.tl.smooth", "layers", "X_smoothed"),
            by("c2v.tl.clonocluster", "obsp", "clonocluster_connectivities"),
            by("c2v.tl.clonocluster", "uns", "clonocluster"),
            by("c2v.utils.laplacianEigenmaps", "obsm", "X_laplacian"),
            by("c2v.utils.laplacianEigenmaps", "uns", "laplacian_eigenmaps"),
            by("c2v.utils.connectClones", "obsp", "connected"),
            by("c2v.utils.gs", "obs", "gs"),
            by("c2v.utils.gs", "uns", "gs"),
            by("c2v.utils.impute", "obsm", "impute_prob"),
            by("c2v.utils.impute", "obs", "*_imputed"),
            by("c2v.utils.regressCategories", "layers", "X_regressed"),
        ).flatten()

    /** What no verb writes. */
    private val byHand = mapOf("iroot" to "Set uns[\"iroot\"] to the number of the root cell first.")

    /**
     * As in "Run sc.pp.pca() first.", or "" when no verb is known to write [key]; [slot] null for any.
     *
     * @param arguments that the call needs, as in `nComps = 20`
     */
    fun of(key: String, slot: String? = null, arguments: String = ""): String =
        entry(key, slot)?.let { run(it.verb, arguments.ifEmpty { it.arguments }) } ?: byHand[key].orEmpty()

    /** As in "Run sc.tl.paga() again.", for what [key] in [slot] should hold. */
    fun again(key: String, slot: String): String = "Run ${entry(key, slot)?.let { called(it.verb) }}() again."

    /** [of] a column of `obs`, for a name that may be mistyped. */
    fun column(key: String): String {
        val known = of(key, "obs")
        if (known.isNotEmpty()) return known
        val near = entries.firstOrNull { it.slot == "obs" && '*' !in it.key && isNear(key, it.key) }
        return near?.let { run(it.verb) }.orEmpty()
    }

    /** [of] an embedding, with or without its `X_`. */
    fun basis(key: String): String = of("X_" + key.removePrefix("X_"), "obsm")

    private fun entry(key: String, slot: String?): Entry? {
        val there = entries.filter { slot == null || it.slot == slot }
        val exact = there.firstOrNull { it.key == key }
        return exact ?: there.firstOrNull { slot != null && it.names(key) }
    }

    /** Whether one letter is too many, missing or another, or two neighbours are exchanged. */
    private fun isNear(key: String, known: String): Boolean {
        val (a, b) = key.lowercase() to known.lowercase()
        val start = a.commonPrefixWith(b).length
        val end = a.drop(start).commonSuffixWith(b.drop(start)).length
        val (x, y) = a.substring(start, a.length - end) to b.substring(start, b.length - end)
        return (x.length <= 1 && y.length <= 1) || (x.length == 2 && x == y.reversed())
    }

    private fun run(verb: String, arguments: String = "") = "Run ${called(verb)}($arguments) first."

    /** As a script writes it: entries leave out `sc.`, not `c2v.`. */
    private fun called(verb: String) = if (verb.startsWith("c2v.")) verb else "sc.$verb"

    private fun by(verb: String, slot: String, vararg keys: String, with: String = ""): List<Entry> =
        keys.map { Entry(slot, it, verb, with) }
}

/** The sentence that ends a message about a missing [key]; see [Remedies]. */
internal fun remedy(key: String, slot: String? = null, arguments: String = ""): String =
    Remedies.of(key, slot, arguments)
