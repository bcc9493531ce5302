// A slide: spots in their places, genes with a pattern, regions, and what the spots are made of.
// usage: ./cellweave tutorials/spatial.kts [OUT.h5ad]
//
// Slides of the Visium kind count molecules in spots, each of which covers several cells and has a place. This tutorial looks
// at counts in their places first, finds genes that have a pattern by Moran's I and says against what chance it is held,
// finds regions with and without the help of the neighbours, and tells which cell types each spot is made of, by scores of
// markers and by weights of mean profiles.
//
// The slide is simulated: a piece of tissue in three layers, with follicles of their own kind in the middle one, so that
// regions and shares of types are known. `sc.readVisium("folder")` reads a slide of your own with its picture; what follows
// is the same.

val out = args.firstOrNull() ?: "spatial.h5ad"
sc.settings.verbosity = 1
sc.settings.setFigureParams(scanpy = false, fontsize = 12.0)

// Spots --------------------------------------------------------------------------------------------------------------
// Single cells of five types come first: some are the reference below, the others become the cells of the slide. Spots stand
// on a grid of hexagons, as those of a Visium slide do, and add up eight cells each, drawn from the mixture of their region.

val cells = sc.datasets.simulatedBatches(nCells = 4000, nGenes = 1500, nBatches = 1, nTypes = 5, depth = 1500, seed = 1)
val types = cells.obs["cell_type"].cat.categories
np.random.seed(1)
val order = np.random.permutation(cells.nObs)
val reference = cells[order[0 until 1500]].copy()
val onSlide = cells[order[1500 until 4000]].copy()

val mixtures = mapOf(
    "outer layer" to listOf(0.70, 0.05, 0.05, 0.05, 0.15),
    "middle layer" to listOf(0.10, 0.60, 0.10, 0.05, 0.15),
    "inner layer" to listOf(0.05, 0.10, 0.65, 0.05, 0.15),
    "follicle" to listOf(0.02, 0.15, 0.03, 0.75, 0.05),
)
val follicles = listOf(900.0 to 1450.0, 1900.0 to 1600.0, 2900.0 to 1400.0)

fun region(x: Double, y: Double): String {
    val wave = y + 150 * kotlin.math.sin(x / 500)
    return when {
        follicles.any { (cx, cy) -> kotlin.math.hypot(x - cx, y - cy) < 280 } -> "follicle"
        wave < 1000 -> "outer layer"
        wave < 2000 -> "middle layer"
        else -> "inner layer"
    }
}

// Places in pixels of the full picture; rows are 87 pixels apart, spots in a row 100.
val places = (0 until 36).flatMap { row -> (0 until 38).map { col -> 100.0 * (col + 0.5 * (row % 2)) + 60 to 87.0 * row + 60 } }
    .filter { (x, y) -> kotlin.math.hypot((x - 1900) / 1900, (y - 1600) / 1600) < 0.98 }
val regions = places.map { (x, y) -> region(x, y) }
val ofType = onSlide.obs.groupby("cell_type").indices

// Which cells lie in which spot, as a matrix of spots by cells: its product with the counts adds them up.
val drawn = regions.map { r ->
    np.random.choice(types, 8, p = mixtures.getValue(r)).map { np.random.choice(ofType.getValue(it)) }
}
val members = sparse.cooMatrix(
    np.ones(8 * places.size), np.repeat(np.arange(places.size), 8), drawn.flatten().toIntArray(), places.size to onSlide.nObs,
)
val counts = members.matmul(onSlide.X)
val adata = AnnData(csrMatrix(counts), obs = pd.DataFrame(mapOf("region" to regions)), vars = cells.vars)
adata.obs["region"] = adata.obs["region"].astype("category")
val typeOfCell = onSlide.obs["cell_type"].texts()
for (type in types) adata.obs["true_$type"] = drawn.map { spot -> spot.count { typeOfCell[it] == type } / 8.0 }
adata.obsm["spatial"] = np.array(places.map { (x, y) -> listOf(x, y) })

// A picture of the tissue, as the scanner would give it, a tenth of the size of the full one. Its key, its scale and the
// diameter of a spot stand where `sc.readVisium` puts them.

val tint = mapOf(
    "outer layer" to listOf(236, 190, 214), "middle layer" to listOf(214, 170, 205), "inner layer" to listOf(228, 178, 190),
    "follicle" to listOf(168, 130, 190),
)
val (width, height) = 390 to 325
val pixels = ByteArray(width * height * 3)
for (py in 0 until height) {
    for (px in 0 until width) {
        val (x, y) = 10.0 * px to 10.0 * py
        val inside = kotlin.math.hypot((x - 1900) / 1900, (y - 1600) / 1600) < 1.0
        val rgb = if (inside) tint.getValue(region(x, y)) else listOf(245, 243, 245)
        val grain = if (inside) np.random.randint(-14, 15) else 0
        for (c in 0 until 3) pixels[3 * (py * width + px) + c] = (rgb[c] + grain).coerceIn(0, 255).toByte()
    }
}
adata.uns["spatial"] = mapOf(
    "slide" to mapOf(
        "images" to mapOf("hires" to NdArray(DType.UINT8, intArrayOf(height, width, 3), pixels)),
        "scalefactors" to mapOf("tissue_hires_scalef" to 0.1, "spot_diameter_fullres" to 70.0),
    ),
)
println(adata)

// Counts in their places ---------------------------------------------------------------------------------------------
// Quality first, as with single cells, but on the slide: few counts in one corner are a fold or a bubble, few counts along
// a border may be the tissue. Limits alone do not see the difference.

adata.layers["counts"] = adata.X.copy()
reference.layers["counts"] = reference.X.copy()
sc.pp.calculateQcMetrics(adata, percentTop = null)
sc.pl.grid(
    sc.pl.spatial(adata, title = "tissue", show = false),
    sc.pl.spatial(adata, color = "total_counts", cmap = "viridis", show = false),
    sc.pl.spatial(adata, color = "n_genes_by_counts", cmap = "viridis", show = false),
    ncols = 3, save = "spatial_01_counts.png",
)

sc.pp.normalizeTotal(adata, targetSum = 1e4)
sc.pp.log1p(adata)
adata.raw = adata
sc.pp.highlyVariableGenes(adata, nTopGenes = 800)
sc.pp.pca(adata, nComps = 20)

// Who lies beside whom -----------------------------------------------------------------------------------------------
// The graph of neighbours in space comes from the same verb as that of neighbours in expression, by places in place of
// components. A spot in a grid of hexagons has six around it, and counts as its own first neighbour.

sc.pp.neighbors(adata, nNeighbors = 7, useRep = "spatial", keyAdded = "space")
val space = adata.obsp["space_connectivities"] as CsrMatrix
val beside = csrMatrix(space gt 0)
println("\n${adata.nObs} spots, %.1f neighbours each".format(beside.nnz.toDouble() / adata.nObs))

// Genes with a pattern -----------------------------------------------------------------------------------------------
// Moran's I is a correlation of each spot's value with those of its neighbours: 1 where like lies beside like, about 0 where
// places say nothing. It is asked on this graph; on the graph of expression it would say something else.
// How large it gets by chance is seen when the spots are put in another order: the largest value of a thousand genes that
// way is the mark that a pattern has to pass.

val genes = adata[all, adata.vars["highly_variable"]].copy()
val morans = sc.metrics.moransI(beside, genes.X)
val gearys = sc.metrics.gearysC(beside, genes.X)
val byChance = sc.metrics.moransI(beside, genes.X[np.random.permutation(genes.nObs), all])
val patterns = pd.DataFrame(mapOf("I" to morans, "C" to gearys), index = genes.varNames).sortValues("I", ascending = false)
println("\n${patterns.head(8)}")
val mark = byChance.max()
println("Moran's I by chance: at most %.3f; %d of %d genes are above".format(mark, (morans gt mark).sum(), morans.size))
println("I and C agree: Spearman %.2f".format(stats.spearmanr(patterns["I"], patterns["C"]).statistic))

val spotsOf = np.repeat("in place", morans.size) + np.repeat("shuffled", morans.size)
sc.pl.hist(
    pd.DataFrame(mapOf("Moran's I" to np.concatenate(listOf(morans, byChance)), "spots" to spotsOf)),
    x = "Moran's I", hue = "spots", bins = 60, save = "spatial_02_moran.png",
)
val names = patterns.index.texts().map { it!! }
sc.pl.spatial(adata, color = names.take(3) + names.last(), cmap = "magma", ncols = 2, save = "spatial_03_genes.png")

// Many of the first genes say the same. One of each pattern is found by clusters of genes, or by taking the first, then the
// first that is not correlated with it, and so on.

val distinct = names.take(200).fold(listOf<String>()) { kept, gene ->
    val value = adata.obsVector(gene).toDoubles()
    if (kept.size < 4 && kept.all { np.corrcoef(adata.obsVector(it).toDoubles(), value)[0, 1] < 0.2 }) kept + gene else kept
}
println("\npatterns that differ: $distinct")
sc.pl.spatial(adata, color = distinct, cmap = "magma", ncols = 2, alphaImg = 0.3, save = "spatial_04_patterns.png")

// Regions ------------------------------------------------------------------------------------------------------------
// Clusters of spots by expression alone take no notice of places, and are speckled where spots are noisy. The mean of a spot
// and its neighbours is less so: their components are averaged along the graph before the clusters are made. What it
// costs is that structures smaller than a spot's neighbourhood blur.

sc.pp.neighbors(adata)
sc.tl.leiden(adata, resolution = 0.3, keyAdded = "by_expression")
val around = beside + sparse.identity(adata.nObs)
adata.obsm["X_smooth"] = np.dot(around, adata.obsm["X_pca"]!!) / around.sum(axis = 1)[all, null]
sc.pp.neighbors(adata, useRep = "X_smooth", keyAdded = "smooth")
sc.tl.leiden(adata, resolution = 0.3, neighborsKey = "smooth", keyAdded = "with_neighbours")
for (key in listOf("by_expression", "with_neighbours")) {
    println("ARI of clusters %-16s %.3f".format(key, sc.metrics.ari(adata, key, "region")))
}
sc.pl.spatial(
    adata, color = listOf("by_expression", "with_neighbours", "region"), ncols = 3, alphaImg = 0.3,
    save = "spatial_05_regions.png",
)

// Which regions touch? Edges between them, against those that spots in any order would have.

fun touching(labels: List<String>): DataFrame {
    val edges = beside.tocoo()
    return pd.crosstab(edges.row.map { labels[it] }, edges.col.map { labels[it] })
}
val labels = adata.obs["with_neighbours"].texts().map { it!! }
val seen = touching(labels)
val expected = (0 until 20).map { touching(np.random.permutation(labels)) }
val ratio = pd.DataFrame(
    seen.columns.associateWith { region ->
        val mean = expected.map { it[region].toDoubles() }.reduce { a, b -> a + b } / expected.size
        np.log2((seen[region].toDoubles() + 1) / (mean + 1))
    },
    index = seen.columns,
)
sc.pl.heatmap(
    ratio, annot = true, fmt = ".1f", cmap = "RdBu_r", center = 0, title = "log2(seen / expected)",
    save = "spatial_06_touching.png",
)

// What the spots are made of -----------------------------------------------------------------------------------------
// A spot adds up several cells, and no cluster is a cell type. With single cells of the same tissue as a reference the
// mixture can be asked for. The quick way: markers from the reference, scored in each spot. A score says where a type
// is, not how much of it.

sc.pp.normalizeTotal(reference, targetSum = 1e4)
sc.pp.log1p(reference)
sc.tl.rankGenesGroups(reference, "cell_type", method = "wilcoxon", pts = true)
sc.tl.filterRankGenesGroups(reference, minInGroupFraction = 0.3, maxOutGroupFraction = 0.4, minFoldChange = 1.5)
val markers = types.associateWith { type ->
    val ranked = sc.get.rankGenesGroupsDf(reference, group = type, key = "rank_genes_groups_filtered")["names"]
    ranked.texts().filterNotNull().filter { it != "nan" }.take(15)
}
for ((type, found) in markers) sc.tl.scoreGenes(adata, found, scoreName = "score_$type")
sc.pl.spatial(
    adata, color = types.map { "score_$it" }.take(4), cmap = "viridis", ncols = 2, alphaImg = 0.3,
    save = "spatial_07_scores.png",
)

// How much of it: the counts of a spot as a sum of the types' mean profiles, each with a weight. The loop goes to the weights
// that are the most likely when counts are Poisson, which never become negative; scaled to one, they are shares. This is
// the plain form of what RCTD, cell2location and others do with models of what differs between the two techniques, which
// real slides need.

val used = reference.varNames.map { gene -> markers.values.any { gene in it } }.toBooleanArray()
val typeOf = reference.obs.groupby("cell_type").indices
val profiles = np.vstack(types.map { reference.layers["counts"]!![typeOf.getValue(it), used].mean(axis = 0) })
val spots = adata.layers["counts"]!![all, used].toarray()
var weights: Matrix = np.ones(adata.nObs to types.size)
repeat(200) {
    val fitted = np.dot(weights, profiles)
    weights = weights * np.dot(spots / (fitted + 1e-9), profiles.T) / profiles.sum(axis = 1)
}
val made = weights / weights.sum(axis = 1)[all, null]
println("\nshare of each type in the spots, against the truth (Pearson): by score, by weight, and mean error of the weight")
for ((t, type) in types.withIndex()) {
    adata.obs["share_$type"] = made[all, t]
    val truth = adata.obs["true_$type"].toDoubles()
    val byScore = stats.pearsonr(adata.obs["score_$type"], truth).statistic
    val byWeight = stats.pearsonr(made[all, t], truth).statistic
    println("  %s %6.2f %6.2f %6.2f".format(type, byScore, byWeight, (made[all, t] - truth).abs().mean()))
}
sc.pl.grid(
    listOf("share", "true").flatMap { what ->
        types.drop(2).take(3).map {
            sc.pl.spatial(adata, color = "${what}_$it", cmap = "viridis", vmin = 0, vmax = 1, alphaImg = 0.3, show = false)
        }
    },
    ncols = 3, save = "spatial_08_shares.png",
)

// What each region is made of, in the regions that were found and not in the true ones.

val shareNames = types.map { "share_$it" }
val byRegion = adata.obs[listOf("with_neighbours") + shareNames].groupby("with_neighbours").mean()
println("\n$byRegion")
sc.pl.heatmap(
    byRegion, annot = true, fmt = ".2f", cmap = "Blues", title = "mean share of each type", save = "spatial_09_regions.png",
)

adata.writeH5ad(out)
println("\nwrote $out")
