// Clonal embeddings of two wells, built apart and then aligned.
// usage: ./cellweave tutorials/clonal-alignment.kts [Weinreb_in_vitro.h5ad] [OUT.h5ad]
//
// A clone is a set of cells with one barcode: the descendants of one cell. clone2vec places clones by where their cells
// lie among those of other clones, so that clones with like fates come to lie together. Clones of several samples can
// be compared in two ways: integrate the cells first and embed all clones at once, or embed the clones of each sample
// and align the embeddings. This tutorial does both and compares them, as that of the Python package does
// (https://clone2vec.readthedocs.io), step by step.
//
// With the file of Weinreb 2020 (`sc.datasets.weinrebInVitro()` downloads it) it takes the cells of day 4 in two wells.
// Without arguments it simulates barcoded cells in two wells with known fates, so that it can also say what is right.

val file = args.firstOrNull { it.endsWith(".h5ad") && java.io.File(it).exists() }
val out = args.lastOrNull { it != file } ?: "clonal-alignment.h5ad"
sc.settings.verbosity = 1

// Cells --------------------------------------------------------------------------------------------------------------
// What follows needs a column of clones, one of wells, and components of the cells that are integrated over both wells.

val cloneKey = if (file != null) "time:well:clone" else "clone"
val wellKey = if (file != null) "Well" else "well"

fun weinreb(path: String): AnnData {
    val all = sc.datasets.weinrebInVitro(path)
    return all[all.obs["Time point"].texts().map { it.toDouble() == 4.0 }.toBooleanArray()].copy()
}

fun simulated(seed: Long = 0): AnnData {
    val cells = sc.datasets.simulatedClones(nClones = 500, seed = seed)
    sc.pp.normalizeTotal(cells, targetSum = 1e4)
    sc.pp.log1p(cells)
    sc.pp.pca(cells, nComps = 30)
    sc.pp.harmonyIntegrate(cells, key = wellKey)
    return cells
}

val cells = if (file != null) weinreb(file) else simulated()
val wells = cells.obs[wellKey].unique().sorted()
println(cells)

// All clones at once: the ground truth -------------------------------------------------------------------------------
// Clones of three cells or more, the neighbours of their cells, and the embedding that both wells share. It is called
// the truth here, as in the original, because it has seen all cells in one space; but it is an embedding itself, and no
// better than the integration of the cells: what is left of the wells in the neighbours of cells parts their clones.

fun lossOf(clones: AnnData): Double {
    val fit = clones.uns["clone2vec"] as Map<*, *>
    return (fit["loss_history"] as NdArray).toDoubles().last()
}

val gexWell = "gex_$wellKey"

fun atOnce(all: AnnData): AnnData {
    val clones = c2v.pp.clonesAdata(all, obsName = cloneKey)
    c2v.tl.clonalNn(all, clones, useRep = "X_pca_harmony")
    c2v.tl.clone2vec(clones)
    return c2v.pp.transferAnnotation(all, clones, annotationObsAdata = wellKey)
}

val truth = atOnce(cells)
println("${truth.nObs} clones, loss %.4f".format(lossOf(truth)))

sc.pp.neighbors(truth, useRep = "clone2vec")
sc.tl.umap(truth)
sc.tl.leiden(truth, resolution = 1.0, flavor = "igraph", nIterations = 2)
val wellsFigure = sc.pl.umap(truth, color = gexWell, title = "Well", frameon = false)
c2v.pl.embeddingAxis(wellsFigure, label = "Clones").save("clonal_01_wells.png")
val truthFigure = sc.pl.umap(truth, color = "leiden", title = "Clonal clusters (ground truth)", frameon = false)
c2v.pl.embeddingAxis(c2v.pl.fancyLegend(truthFigure, centerLoc = true), label = "Clones").save("clonal_02_truth.png")

// Each well by itself ------------------------------------------------------------------------------------------------
// The same for the cells of one well: its clones know nothing of the other's. Mean expression of each clone is what the
// wells will be matched by.

fun ofWell(all: AnnData, well: String): AnnData {
    val part = all[all.obs[wellKey].texts().map { it == well }.toBooleanArray()].copy()
    return c2v.pp.transferExpression(part, atOnce(part))
}

val apart = wells.map { ofWell(cells, it) }
for ((well, clones) in wells.zip(apart)) println("well $well: ${clones.nObs} clones")

// Integration --------------------------------------------------------------------------------------------------------
// Highly variable genes over both wells, each well scaled by itself (which takes the shift between wells off), and
// components of the result: the space in which mutual nearest neighbours, the anchors, are looked for.

fun joined(parts: List<AnnData>): AnnData {
    val both = sc.concat(parts)
    sc.pp.highlyVariableGenes(both, batchKey = gexWell, nTopGenes = minOf(3000, both.nVars / 2))
    both.raw = both.copy()
    val genes = both[all, both.vars["highly_variable"]].copy()
    for (well in wells) {
        sc.pp.scale(genes, maxValue = 10.0, maskObs = genes.obs[gexWell].texts().map { it == well }.toBooleanArray())
    }
    sc.pp.pca(genes, nComps = 20)
    return genes
}

val clones = joined(apart)
c2v.tl.findMnn(clones, batchKey = gexWell, k = 5, kTrim = 1)

// An affine map takes the clones of one well to the other's embedding. As a least-squares map it also shrinks them,
// because anchors are noisy: good where a point is to be foretold, bad for a common map. `scale = "restore"` gives back
// the spread that the other well has.

c2v.tl.align(clones)
c2v.tl.align(clones, scale = "restore", adjRep = "clone2vec_restored")
sc.pp.harmonyIntegrate(clones, key = gexWell, basis = "clone2vec_pa", adjustedBasis = "clone2vec_pa_harmony")

sc.pp.neighbors(clones, useRep = "clone2vec_pa")
sc.tl.umap(clones)
val aligned = sc.pl.umap(clones, color = gexWell, title = "Well, aligned", frameon = false)
c2v.pl.embeddingAxis(aligned, label = "Clones").save("clonal_03_aligned.png")

sc.pp.neighbors(clones, useRep = "clone2vec_pa_harmony")
sc.tl.umap(clones)
sc.tl.leiden(clones, resolution = 1.0, flavor = "igraph", nIterations = 2)
val corrected = sc.pl.umap(clones, color = gexWell, title = "Well, aligned, then Harmony", frameon = false)
c2v.pl.embeddingAxis(corrected, label = "Clones").save("clonal_04_harmony.png")

// Both strategies side by side ---------------------------------------------------------------------------------------
// The clusters of either embedding, shown in both maps.

val order = clones[truth.obsNames]
truth.obsm["X_umap_aligned"] = order.obsm["X_umap"]
truth.obs["leiden_aligned"] = order.obs["leiden"]
fun map(basis: String, color: String): Figure {
    val where = if (basis == "X_umap") "ground truth" else "aligned"
    val title = if (color == "leiden") "Ground truth clusters" else "Aligned clusters"
    val figure = sc.pl.embedding(truth, basis = basis, color = color, title = title, frameon = false)
    return c2v.pl.embeddingAxis(c2v.pl.fancyLegend(figure, centerLoc = true, textsize = 12), label = "Clones ($where)")
}

c2v.pl
    .panels(
        map("X_umap", "leiden"), map("X_umap_aligned", "leiden"),
        map("X_umap", "leiden_aligned"), map("X_umap_aligned", "leiden_aligned"),
        ncols = 2,
    ).save("clonal_05_both.png")
println("agreement of the two clusterings (ARI): %.3f".format(sc.metrics.ari(truth, "leiden", "leiden_aligned")))

// How good is it? ----------------------------------------------------------------------------------------------------
// Where fates are known: how often the nearest clones of the other well tell the kind of a clone (its fates), and how
// well the wells mix (iLISI: 0 apart, 1 even), as mean and deviation over five simulations. All clones at once mix as
// well as their cells do, which differs from one simulation to the next. Mixing alone says little: raw embeddings lie
// over each other, though a place means one thing in one of them and another in the other.

val stages = mapOf(
    "all" to "all at once", "clone2vec" to "raw", "clone2vec_pa" to "align", "clone2vec_restored" to "align, restored",
    "clone2vec_pa_harmony" to "align, Harmony", "clone2vec_restored_harmony" to "restored, Harmony",
)

fun foretold(all: AnnData, rep: String): Double =
    sc.metrics
        .labelTransferAccuracy(all, "kind", gexWell, useRep = rep, nNeighbors = 15)["accuracy"]
        .toDoubles()
        .average()

if (file == null) {
    val accuracy = stages.mapValues { mutableListOf<Double>() }
    val mixing = stages.mapValues { mutableListOf<Double>() }
    for (seed in 0L until 5L) {
        val drawn = if (seed == 0L) cells else simulated(seed)
        val all = joined(wells.map { ofWell(drawn, it) })
        c2v.tl.findMnn(all, batchKey = gexWell, k = 5, kTrim = 1)
        c2v.tl.align(all)
        c2v.tl.align(all, scale = "restore", adjRep = "clone2vec_restored")
        for (rep in listOf("clone2vec_pa", "clone2vec_restored")) {
            sc.pp.harmonyIntegrate(all, key = gexWell, basis = rep, adjustedBasis = "${rep}_harmony")
        }
        val kindOf = drawn.obs[cloneKey].texts().zip(drawn.obs["clone_kind"].texts()).toMap()
        val whole = if (seed == 0L) truth else atOnce(drawn)
        for (rep in stages.keys) {
            val shown = if (rep == "all") whole else all
            val basis = if (rep == "all") "clone2vec" else rep
            shown.obs["kind"] = CategoricalColumn.ofTexts(*Array(shown.nObs) { kindOf.getValue(shown.obsNames[it]) })
            accuracy.getValue(rep) += foretold(shown, basis)
            mixing.getValue(rep) += sc.metrics.ilisi(shown, gexWell, useRep = basis)
        }
    }
    fun told(values: List<Double>): String {
        val mean = values.average()
        val deviation = kotlin.math.sqrt(values.sumOf { (it - mean) * (it - mean) } / (values.size - 1))
        return "%.3f (%.3f)".format(mean, deviation)
    }
    println("%-20s %-18s %s".format("embedding", "kind foretold", "iLISI"))
    for ((rep, name) in stages) {
        println("%-20s %-18s %s".format(name, told(accuracy.getValue(rep)), told(mixing.getValue(rep))))
    }
}

truth.writeH5ad(out)
println("\nwrote $out and clonal_*.png")
