// Cell types by their markers: clusters, three ways to name them, and labels carried to the next sample.
// usage: ./cellweave tutorials/annotation.kts [OUT.h5ad]
//
// Clusters are numbers. What they are is decided by genes that are known for cell types, and the decision is a person's:
// this tutorial lays out what it can rest on. It looks at known markers cluster by cluster, scores them in every cell,
// asks the other way round which genes the clusters bring themselves, gives names where the answers agree, and carries the
// names to a second donor, in which one type is new.
//
// The cells are simulated, so that every name can be checked. The list of markers is made from the simulation, and stands
// for the one that you would take from the literature.

val out = args.firstOrNull() ?: "annotation.h5ad"
sc.settings.verbosity = 1
sc.settings.setFigureParams(scanpy = false, fontsize = 12.0)

// Two donors, and a list of markers ----------------------------------------------------------------------------------
// The first donor will be the reference. One type is taken out of it, so that the second donor has something new.

val all0 = sc.datasets.simulatedBatches(nCells = 3000, nBatches = 2, nTypes = 7, batchEffect = 0.05, seed = 3)
val types = all0.obs["cell_type"].cat.categories
val newcomer = "type_4"

// What a paper would list of each type: eight genes that are much higher in it than in any other and not too rare.

val seen = (all0.X gt 0).mean(axis = 0)
val markers = types.associateWith { type ->
    val own = all0.vars[type].toDoubles()
    val others = (types - type).map { all0.vars[it].toDoubles() }
    val lead = DoubleArray(all0.nVars) { g -> if (seen[g] > 0.05) own[g] - others.maxOf { it[g] } else -9.0 }
    np.argsort(-lead).take(8).map { all0.varNames[it] }
}
for ((type, genes) in markers) println("$type  ${genes.joinToString(" ")}")

val isFirst = all0.obs["batch"] eq "batch_0"
val adata = all0[isFirst and (all0.obs["cell_type"] ne newcomer)].copy()
val second = all0[!isFirst].copy()

// Clusters -----------------------------------------------------------------------------------------------------------
// The usual way. It is better to have too many clusters than too few here: two clusters with one name are joined by giving
// both that name, while a cluster of two types gets a wrong one.

fun prepared(x: AnnData): AnnData {
    x.layers["counts"] = x.X.copy()
    sc.pp.normalizeTotal(x, targetSum = 1e4)
    sc.pp.log1p(x)
    return x
}

prepared(adata)
sc.pp.highlyVariableGenes(adata, nTopGenes = 1000)
sc.pp.pca(adata, nComps = 30)
sc.pp.neighbors(adata)
sc.tl.umap(adata)
sc.tl.leiden(adata, resolution = 1.5)
println("\n${adata.nObs} cells, ${adata.obs["leiden"].nunique()} clusters")
sc.pl.umap(adata, color = "leiden", legendLoc = "on data", title = "clusters", save = "annotation_01_clusters.png")

// Markers, cluster by cluster ----------------------------------------------------------------------------------------
// A dot is larger the more cells of the cluster have the gene and darker the more they have of it. A type's markers should
// light up together. One marker alone, in a few cells, is mostly fluid from other cells. The tree puts clusters with
// like profiles side by side, where parts of one type are easily seen.

val shown = markers.mapValues { it.value.take(4) }
sc.tl.dendrogram(adata, groupby = "leiden")
sc.pl.dotplot(adata, shown, groupby = "leiden", dendrogram = true, standardScale = "var", save = "annotation_02_markers.png")

// The same as one number for each type and cell: the mean of its markers above that of other genes which are expressed
// as strongly. Without these control genes a deeply sequenced cell would score high in every type.

for ((type, genes) in markers) sc.tl.scoreGenes(adata, genes, scoreName = "score_$type")
val scores = types.map { "score_$it" }
sc.pl.matrixplot(
    adata, scores, groupby = "leiden", dendrogram = true, cmap = "RdBu_r", vcenter = 0, colorbarTitle = "mean score",
    save = "annotation_03_scores.png",
)

// The best type of each cluster, and how far it is ahead of the second. A small lead says: look again, or leave it open.

val means = adata.obs[listOf("leiden") + scores].groupby("leiden").mean()
val byScore = means.index.texts().withIndex().associate { (row, cluster) ->
    val ranked = types.sortedByDescending { means["score_$it"].toDoubles()[row] }
    val (best, next) = ranked.map { means["score_$it"].toDoubles()[row] }
    println("cluster %-3s best %s %.2f, then %s %.2f".format(cluster, ranked[0], best, ranked[1], next))
    cluster!! to ranked[0]
}

// A small lead need not be doubt: types that descend from one another share markers, and the cells of the younger one score in
// both lists. Which of the two it is has to be said by genes that are in one list only.

// The clusters' own genes --------------------------------------------------------------------------------------------
// The other way round: which genes tell a cluster from all other cells? The ranking by Wilcoxon's test favours genes that
// are a little higher in many cells; the filter keeps those that a good part of the cluster has and few others have. The
// p-values are far too small, since the same cells were used to make the clusters: take the order, not the numbers.

sc.tl.rankGenesGroups(adata, "leiden", method = "wilcoxon", pts = true)
sc.tl.filterRankGenesGroups(adata, minInGroupFraction = 0.2, maxOutGroupFraction = 0.5, minFoldChange = 1.5)
sc.pl.rankGenesGroupsDotplot(
    adata, nGenes = 3, key = "rank_genes_groups_filtered", standardScale = "var", save = "annotation_04_own_genes.png",
)

// How many of a type's markers are among the best of each cluster? As a share of the type's list.

val overlap = sc.tl.markerGeneOverlap(
    adata, markers, key = "rank_genes_groups_filtered", normalize = "reference", topNMarkers = 40,
)
sc.pl.heatmap(
    overlap, annot = true, fmt = ".1f", cmap = "Blues", title = "share of a type's markers", save = "annotation_05_overlap.png",
)

val byOverlap = overlap.columns.associateWith { cluster ->
    val shares = overlap[cluster].toDoubles()
    if (shares.max() > 0) overlap.index.text(shares.argmax())!! else "unsure"
}

// Names --------------------------------------------------------------------------------------------------------------
// A cluster gets a name where both ways agree. The others stay `unsure`, which is an answer: cluster these cells again by
// themselves (`sc.tl.leiden(adata, restrictTo = "leiden" to listOf("3"))`), or look for what they may be (doublets, dying or
// dividing cells).

val names = byScore.mapValues { (cluster, type) -> if (byOverlap[cluster] == type) type else "unsure" }
println("\nby scores:    $byScore\nby own genes: $byOverlap\nboth:         $names")
adata.obs["annotation"] = adata.obs["leiden"].map(names).astype("category")
for (key in listOf("leiden", "annotation")) {
    println("ARI of %-10s with the truth: %.3f".format(key, sc.metrics.ari(adata, key, "cell_type")))
}
sc.pl.umap(adata, color = listOf("annotation", "cell_type"), title = listOf("names", "truth"), save = "annotation_06_names.png")

// The last look at names is a table of all markers against them: every row should be dark in its own block alone. Each
// gene is scaled to its own range, and so the markers of a type that no cell is of show nothing but the noise of the others.

sc.pl.matrixplot(adata, shown, groupby = "annotation", standardScale = "var", cmap = "Blues", save = "annotation_07_check.png")

// The second donor ---------------------------------------------------------------------------------------------------
// `sc.tl.ingest` places new cells among the components of the reference and lets their nearest neighbours there vote.
// Both must be prepared alike and have the same genes, and both should come from like experiments, because ingest corrects
// nothing: where donors differ more, integrate first (the tutorial on batches) or map on a reference by
// `sc.tl.mapQuery`.

prepared(second)
sc.tl.ingest(second, adata, obs = "annotation")
val known = second[second.obs["cell_type"] ne newcomer].copy()
println("\nsecond donor: ARI %.3f of types that the reference has".format(sc.metrics.ari(known, "annotation", "cell_type")))
println(sc.metrics.confusionMatrix("cell_type", "annotation", second.obs, normalize = false))

// The reference has never seen one of the types, and yet every cell of it has got a name: neighbours always vote. Votes do not
// tell that a cell is far from all that is known. Its markers do. For each cell: how far are the markers of its new name
// ahead of those of any other type? Cells that are behind nearly all cells of that name in the reference are not believed.

for ((type, genes) in markers) sc.tl.scoreGenes(second, genes, scoreName = "score_$type")

fun leads(x: AnnData): DoubleArray {
    val named = x.obs["annotation"].texts()
    val columns = types.associateWith { x.obs["score_$it"].toDoubles() }
    return DoubleArray(x.nObs) { i -> columns.getValue(named[i]!!)[i] - (types - named[i]!!).maxOf { columns.getValue(it)[i] } }
}

val usual = leads(adata)
val limits = adata.obs.groupby("annotation").indices.mapValues { (_, rows) -> np.quantile(usual[rows], 0.02) }
val lead = leads(second)
val named = second.obs["annotation"].texts().map { it!! }
val isBelieved = BooleanArray(second.nObs) { lead[it] >= limits.getValue(named[it]) }
second.obs["checked"] = np.where(!isBelieved, "unknown", named)

val isNew = second.obs["cell_type"] eq newcomer
println("not believed: %.0f%% of the new type, %.0f%% of the others".format(
    100 * (!isBelieved)[isNew].mean(), 100 * (!isBelieved)[!isNew].mean()))
sc.pl.umap(
    second, color = listOf("annotation", "checked", "cell_type"), title = listOf("carried over", "checked by markers", "truth"),
    save = "annotation_08_second_donor.png",
)

// On the map of the reference the new cells lie among others, since it has no place for them. A map of the second donor by
// itself shows at once that what is unknown hangs together: it is a type, and the list of markers even tells which.

sc.pp.highlyVariableGenes(second, nTopGenes = 1000)
sc.pp.pca(second, nComps = 30)
sc.pp.neighbors(second)
sc.tl.umap(second)
sc.pl.umap(second, color = listOf("checked", "score_$newcomer"), cmap = "viridis", save = "annotation_09_unknown.png")

// What to keep -------------------------------------------------------------------------------------------------------
// The names, the clusters they come from, and the list of markers that they rest on: whoever opens the file later can
// check them.

adata.uns["markers"] = markers
val both = sc.concat(mapOf("first" to adata, "second" to second), label = "donor")
both.uns["markers"] = markers
both.writeH5ad(out)
println("\nwrote $out")
