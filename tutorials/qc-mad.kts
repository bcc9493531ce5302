// Quality control with medians and MADs: which barcodes are cells, asked of every sample by itself.
// usage: ./cellweave tutorials/qc-mad.kts [OUT.h5ad]
//
// A barcode of a droplet experiment holds a cell, a cell that has leaked, two cells, or only what swims in the fluid. Nothing
// in the table of counts says which. What is known are a few numbers: how many molecules a barcode has, of how many genes,
// and how many of them come from mitochondria, which stay inside when the rest of a cell leaks out. This tutorial shows
// why limits on these numbers that are the same for all samples remove the wrong barcodes, and how limits made from
// each sample's own median do better.
//
// The three samples are simulated, so that it is known what every barcode is. With your own counts, replace the first
// section by `sc.read`, and leave out what reads `obs["made"]`.

val out = args.firstOrNull() ?: "qc-mad.h5ad"
sc.settings.verbosity = 1
sc.settings.setFigureParams(scanpy = false, fontsize = 12.0)

// Three samples ------------------------------------------------------------------------------------------------------
// The same tissue three times. The first sample is as one would like it; the second was sequenced to a third of the depth;
// the cells of the third have more mitochondria, as heart muscle and kidney do. In each, seven in a hundred barcodes
// are damaged cells, which have lost most of what was outside mitochondria, four hold next to nothing, and five hold two
// cells.

val mitochondrial = listOf("ND1", "ND2", "CO1", "CO2", "ATP8", "ATP6", "CO3", "ND3", "ND4L", "ND4", "ND5", "ND6", "CYB")
    .map { "MT-$it" }
np.random.seed(7)

fun sample(tissue: AnnData, depth: Double, mitochondria: Double): AnnData {
    val made = np.random.choice(listOf("cell", "damaged", "empty", "doublet"), tissue.nObs, p = listOf(0.84, 0.07, 0.04, 0.05))
    val second = np.random.permutation(tissue.nObs)
    val both = tissue.X + tissue.X[second, all] * np.array(made.map { if (it == "doublet") 1.0 else 0.0 })[all, null]
    val cytoplasm = AnnData(both, obs = tissue.obs, vars = tissue.vars)
    val kept = made.map {
        when (it) {
            "damaged" -> np.random.uniform(0.1, 0.35)
            "empty" -> np.random.uniform(0.03, 0.06)
            else -> 1.0
        }
    }
    // Mitochondria stay where the rest leaks; an empty droplet has neither.
    val share = np.random.beta(150 * mitochondria, 150 * (1 - mitochondria), tissue.nObs)
    val whole = both.sum(axis = 1) * depth
    val counted = made.indices.map { i ->
        val mean = whole[i] * share[i] / (1 - share[i]) * if (made[i] == "empty") kept[i] else 1.0
        mitochondrial.map { np.random.poisson(mean / mitochondrial.size) }
    }
    sc.pp.thinCounts(cytoplasm, np.array(kept) * depth, randomState = 1)
    val genes = pd.DataFrame(index = tissue.varNames + mitochondrial)
    val x = sparse.hstack(listOf(cytoplasm.X, csrMatrix(np.array(counted))))
    val adata = AnnData(x, obs = tissue.obs, vars = genes)
    adata.obs["made"] = pd.Categorical(made, categories = listOf("cell", "damaged", "empty", "doublet"))
    return adata
}

val tissue = sc.datasets.simulatedBatches(nCells = 3600, nBatches = 3, nTypes = 5, depth = 5000, batchEffect = 0.05)
fun part(i: Int) = tissue[tissue.obs["batch"] eq "batch_$i"].copy()
val adata = sc.concat(
    mapOf(
        "first" to sample(part(0), depth = 1.0, mitochondria = 0.04),
        "shallow" to sample(part(1), depth = 0.33, mitochondria = 0.05),
        "muscle" to sample(part(2), depth = 1.0, mitochondria = 0.12),
    ),
    label = "sample",
)
adata.layers["counts"] = adata.X.copy()
println(adata)
println(pd.crosstab(adata.obs["sample"], adata.obs["made"]))

// What is known of a barcode -----------------------------------------------------------------------------------------
// The total of its counts, the number of its genes, how much of the total falls to the twenty strongest genes, and how
// much to mitochondria, whose genes begin with `MT-` in human and `mt-` in mouse. Totals and numbers of genes are taken as
// logarithms: they are spread by factors, so that only as logarithms twice as much and half as much are equally far away.

adata.vars["mt"] = adata.varNames.str.startsWith("MT-")
sc.pp.calculateQcMetrics(adata, qcVars = listOf("mt"), percentTop = listOf(20), log1p = true)
val metrics = listOf("log1p_total_counts", "log1p_n_genes_by_counts", "pct_counts_mt")
sc.pl.violin(adata, metrics, groupby = "sample", stripplot = false, rotation = 30, save = "qc_01_metrics.png")

// Look at two numbers at once before any limit is set. Damaged cells have few counts, few genes, and a large share
// of mitochondria: they are the bright points below. A cell with few counts and a usual share may simply be small.

val (_, axs) = plt.subplots(1, 3, figsize = 15 to 4)
for ((i, name) in adata.obs["sample"].cat.categories.withIndex()) {
    val part = adata[adata.obs["sample"] eq name].copy()
    sc.pl.scatter(
        part, x = "log1p_total_counts", y = "log1p_n_genes_by_counts", color = "pct_counts_mt", size = 20, title = name,
        ax = axs[i], show = false,
    )
}
plt.savefig("qc_02_scatter.png")

// Limits that are the same for all -----------------------------------------------------------------------------------
// Numbers of this kind stand in many tutorials: at least 1,000 counts of at least 500 genes, at most 8% of them from
// mitochondria. How many good cells are lost by them, and how many bad barcodes stay?

val isCell = (adata.obs["made"] eq "cell") or (adata.obs["made"] eq "doublet")

fun judged(what: String, isOut: BooleanArray) {
    println("\n$what")
    for (name in adata.obs["sample"].cat.categories) {
        val here = adata.obs["sample"] eq name
        val (good, bad) = (here and isCell) to (here and !isCell)
        val (lost, kept) = (good and isOut).sum() to (bad and !isOut).sum()
        println("  %-8s %4d of %4d cells lost, %3d of %3d bad barcodes kept".format(name, lost, good.sum(), kept, bad.sum()))
    }
}

val fixed = (adata.obs["total_counts"] lt 1000) or (adata.obs["n_genes_by_counts"] lt 500) or (adata.obs["pct_counts_mt"] gt 8)
judged("the same limits for all", fixed)

// Limits from each sample's own median -------------------------------------------------------------------------------
// Most barcodes of a sample that has come this far are cells. So the median is that of a cell, even if a quarter of the
// barcodes are not. The MAD, the median distance from the median, tells in the same sturdy way how far cells usually
// are from it; a mean and a standard deviation would be drawn along by the very barcodes that are to be found. Of numbers
// that are spread like a bell curve, 95 in 100 lie within 3 MADs and all but one in a thousand within 5.
//
// Counts and genes may be far off on both sides, by five MADs: only what is impossible for a cell is to go, since a small
// cell type is easily thrown away and never missed. The share of mitochondria may be far off upwards alone. It has three
// MADs, because leaking is common and its tail is long.

fun outliers(metric: String, nmads: Int, isLower: Boolean = true): BooleanArray {
    val values = adata.obs[metric].toDoubles()
    val isOut = BooleanArray(adata.nObs)
    for (name in adata.obs["sample"].cat.categories) {
        val here = np.flatnonzero(adata.obs["sample"] eq name)
        val (middle, spread) = np.median(values[here]) to mad(values[here])
        val low = if (isLower) middle - nmads * spread else 0.0
        val high = middle + nmads * spread
        for (i in here) isOut[i] = values[i] > high || values[i] < low
        println("%-27s %-8s median %6.2f  MAD %5.2f  kept %6.2f to %6.2f".format(metric, name, middle, spread, low, high))
    }
    return isOut
}

adata.obs["is_outlier"] = outliers("log1p_total_counts", 5) or outliers("log1p_n_genes_by_counts", 5) or
    outliers("pct_counts_in_top_20_genes", 5)
adata.obs["is_mt_outlier"] = outliers("pct_counts_mt", 3, isLower = false)
val isOut = (adata.obs["is_outlier"] eq true) or (adata.obs["is_mt_outlier"] eq true)
judged("5 MADs of counts and genes, 3 of mitochondria, sample by sample", isOut)

// The shares of mitochondria with both limits. In the third sample the limit of all (dashed) goes through the middle of
// the good cells; the limit of its own (solid) leaves them.

val (_, shares) = plt.subplots(1, 3, figsize = 15 to 4)
for ((i, name) in adata.obs["sample"].cat.categories.withIndex()) {
    val values = adata.obs["pct_counts_mt"].toDoubles()[adata.obs["sample"] eq name]
    shares[i].hist(values, bins = 60)
    shares[i].axvline(8, color = "grey", linestyle = "--")
    shares[i].axvline(np.median(values) + 3 * mad(values), color = "red")
    shares[i].setTitle(name)
    shares[i].setXlabel("counts from mitochondria (%)")
    shares[i].setYlabel("barcodes")
}
plt.savefig("qc_03_limits.png")

// One pooled limit is no way out: medians and MADs of all samples together are those of no sample. Where a number of
// samples is large, compare their medians first. A sample whose median is itself far off is a bad sample, and no limit
// within it will mend that.

// Two cells in one droplet -------------------------------------------------------------------------------------------
// Doublets have counts and genes as cells have, so that limits do not find them. Scrublet adds up pairs of barcodes and
// asks which barcodes have more such sums among their neighbours than one would expect. It works sample by sample, since
// two cells of different samples cannot meet, and after the limits, since sums with damaged cells only blur it. Doublets
// of one type are no different from a large cell and stay.

val cells = adata[!isOut].copy()
sc.pp.scrublet(cells, batchKey = "sample", expectedDoubletRate = 0.05)
sc.pl.scrubletScoreDistribution(cells, save = "qc_04_doublets.png")
val called = cells.obs["predicted_doublet"] eq true
val isDoublet = cells.obs["made"] eq "doublet"
val (right, missed) = (called and isDoublet).sum() to (isDoublet and !called).sum()
println("\ndoublets: ${called.sum()} called, $right of them are; $missed not found")

// Before and after ---------------------------------------------------------------------------------------------------
// The map of all barcodes, and that of those that stay. Before, what is no cell makes groups of its own, which are
// easily taken for cell types; after, the groups are those of the tissue. If a cluster of yours consists of cells with few
// counts and many mitochondria, come back here.

val colors = mapOf("cell" to "lightgrey", "damaged" to "darkorange", "empty" to "navy", "doublet" to "crimson")

fun mapped(x: AnnData): AnnData {
    sc.pp.normalizeTotal(x, targetSum = 1e4)
    sc.pp.log1p(x)
    sc.pp.highlyVariableGenes(x, nTopGenes = 1000, batchKey = "sample")
    sc.pp.pca(x, nComps = 20)
    sc.pp.neighbors(x)
    sc.tl.umap(x)
    return x
}

val before = mapped(adata.copy())
val clean = cells[!called].copy()
sc.pp.filterGenes(clean, minCells = 10)
val after = mapped(clean)
sc.pl.grid(
    sc.pl.umap(before, color = "made", palette = colors, title = "all barcodes", show = false),
    sc.pl.umap(before, color = "cell_type", title = "all barcodes, by type", show = false),
    sc.pl.umap(after, color = "made", palette = colors, title = "after QC", show = false),
    sc.pl.umap(after, color = "cell_type", title = "after QC, by type", show = false),
    ncols = 2, save = "qc_05_before_after.png",
)

// Look at what was lost --------------------------------------------------------------------------------------------
// A limit may take a whole type, one with small cells or with many mitochondria. Here types are known; otherwise cluster
// first, coarsely, and ask the same of clusters. If one of them loses much more than the others, set its limits by itself.

adata.obs["lost"] = isOut.astype("float")
println("\nshare lost of the cells of each type:\n${adata.obs[isCell].groupby("cell_type")["lost"].mean()}")

after.writeH5ad(out)
println("\nof ${adata.nObs} barcodes ${after.nObs} are left:\n${pd.crosstab(after.obs["sample"], after.obs["made"])}")
println("wrote $out")
