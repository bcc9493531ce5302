// Batches, what moves them apart, and ten ways to bring them together, judged where the truth is known.
// usage: ./cellweave tutorials/batch-correction.kts [CTRL_FOLDER STIM_FOLDER]
//
// The same tissue, measured on two days, gives two clouds of cells. This tutorial says why, draws how mutual nearest
// neighbours find the way back, runs every classical integration of this project on the same cells, and measures two
// things that a good-looking map hides: cells that have no counterpart and are merged all the same, and cells that are
// moved although there was nothing to correct.
//
// Without arguments the cells are simulated, in three batches that share some of their types. With two folders of 10x
// counts, one for each batch, it takes those: the blood cells of Kang 2017, with and without interferon, are what it was
// written for.

import org.cellweave.metrics.IntegrationBenchmark.Measure
import org.jetbrains.letsPlot.facet.facetGrid

sc.settings.verbosity = 1
fun said(value: Double) = "%.2f".format(java.util.Locale.ROOT, value)

// Why there are batches ----------------------------------------------------------------------------------------------
// A count depends on more than the cell. How the tissue was taken apart, which chemistry caught the transcripts, how deep
// the library was sequenced and who did it on which day all change what is seen, and change it for some genes more than for
// others. Cells that were handled together share that change, so that it is no noise that averages out: it is a
// direction in expression space, one for each batch, and often not the same one for every cell type.
//
// In bulk RNA-seq a linear model takes such a direction out (limma, ComBat): every sample is a mixture of the same tissue,
// and the mean of a batch stands for its shift. Single cells break that assumption. When a batch has more T cells than
// another, its mean differs although no gene is measured differently, and a model of batch means takes the biology out,
// too. Methods for single cells therefore first ask which cells of two batches belong together, and compare only those:
//
// - by mutual nearest neighbours: mnnCorrect, fastMNN, Scanorama, and Seurat's anchors (CCA, RPCA);
// - by clusters in which batches are mixed: Harmony;
// - by neighbours that every cell gets from every batch: BBKNN, which leaves coordinates as they are.
//
// All of them need at least one population that is in both batches. None of them can tell a batch effect from biology
// that happens to go with the batch, such as a treatment that only one of them had.

// Mutual nearest neighbours, drawn -----------------------------------------------------------------------------------
// Two components, two batches, four cell types. B was moved, and not everywhere alike: its shift shrinks to the right and
// grows to the top. The first two types are in both batches, the third in B alone, the fourth in A alone.

class Cloud(val type: String, val x: Double, val y: Double, val inA: Int, val inB: Int)

fun toy(): AnnData {
    val draw = java.util.SplittableRandom(2)
    val clouds = listOf(
        Cloud("shared 1", 2.0, 6.0, 60, 40), Cloud("shared 2", 6.0, 7.0, 50, 60), Cloud("only B", 7.5, 2.5, 0, 40),
        Cloud("only A", 2.0, 1.5, 40, 0),
    )
    val rows = mutableListOf<DoubleArray>()
    val batch = mutableListOf<String>()
    val type = mutableListOf<String>()
    for (cloud in clouds) {
        repeat(cloud.inA + cloud.inB) { i ->
            val x = cloud.x + 0.45 * draw.nextGaussian()
            val y = cloud.y + 0.45 * draw.nextGaussian()
            rows += if (i < cloud.inA) doubleArrayOf(x, y) else doubleArrayOf(x + 1.5 - 0.1 * x, y - 0.3 - 0.1 * y)
            batch += if (i < cloud.inA) "A" else "B"
            type += cloud.type
        }
    }
    val cells = AnnData(DenseMatrix.ofRows(rows.toTypedArray()))
    cells.obs["batch"] = CategoricalColumn.ofTexts(*batch.toTypedArray())
    cells.obs["cell_type"] = CategoricalColumn.ofTexts(*type.toTypedArray())
    cells.obsm["X_pca"] = cells.X
    return cells
}

// A cell a of A and a cell b of B are a pair when b is among the k nearest cells of B to a, and a among the k nearest of A
// to b. Asking both ways is what keeps strangers out: every cell of "only B" has nearest cells in A, but those have nearer
// ones in B. Look at the first panel: lines join the shared types alone.
//
// The difference within a pair measures the shift at that place, noise included (second panel). mnnCorrect averages these
// differences with Gaussian weights, so that a cell is moved by what pairs near it say and neighbours move alike (third
// panel). Cells without a pair, such as "only B", go along with the pairs that are nearest, which is the best guess there
// is and no more than that. The last panel has the result. All panels have the same axes.

fun corrected(varAdj: Boolean): AnnData {
    val cells = toy()
    sc.pp.mnnCorrect(cells, "batch", k = 15, sigma = 1.0, cosNormIn = false, cosNormOut = false, varAdj = varAdj)
    cells.obsm["X_pca_mnn"] = cells.X
    return cells
}

val plain = corrected(varAdj = false)
sc.pl.mnn(plain, "pca", "pca_mnn", unsKey = "mnn_correct", size = 60, ncols = 2, save = "batch_01_mnn.png")

// Pairs form where two clouds face each other, so that their mean difference is too short: the batches "kiss" and do not
// overlap. mnnCorrect therefore lengthens each shift until the cell stands among the reference as it stood among its own
// (varAdj, its default, left out above); fastMNN first removes the spread of both batches along the mean shift. With the
// lengthening, by cell type, the shared types lie over each other. But look at "only B": there is nothing where it would
// stand among the cells of A, and it is drawn on until it lies on the nearest of them. This is over-correction, of a method
// that did what it was told to.

val lengthened = corrected(varAdj = true)
sc.pl.mnn(
    lengthened, "pca", "pca_mnn", color = "cell_type", unsKey = "mnn_correct", size = 60, ncols = 2,
    save = "batch_02_mnn_lengthened.png",
)

fun gap(cells: AnnData, basis: String, type: String): Double {
    val x = cells.obsm.matrix(basis, "").toDense()
    val types = cells.obs["cell_type"].texts()
    val batches = cells.obs["batch"].texts()
    fun centre(batch: String, d: Int) =
        types.indices.filter { types[it] == type && batches[it] == batch }.map { x.get(it, d) }.average()
    return kotlin.math.hypot(centre("A", 0) - centre("B", 0), centre("A", 1) - centre("B", 1))
}
val toyGaps = listOf("shared 1", "shared 2").associateWith { type ->
    listOf(gap(plain, "X_pca", type), gap(plain, "X_pca_mnn", type), gap(lengthened, "X_pca_mnn", type))
}
for ((type, gaps) in toyGaps) {
    println(
        "$type: centres of the batches ${said(gaps[0])} apart; after smoothed shifts ${said(gaps[1])}, " +
            "after lengthened ones ${said(gaps[2])}",
    )
}

// Three things must hold for all of this. The batches share a population. The batch effect is roughly at right angles to
// the biology, so that the nearest cells are the right ones. And it varies less between cells than cell types differ.

// Cells --------------------------------------------------------------------------------------------------------------
// Three simulated batches: two types everywhere, two in two batches of three, and one, type_4, in the last alone.

fun simulated(): AnnData {
    val all = sc.datasets.simulatedBatches(
        nCells = 2400, nGenes = 1000, nBatches = 3, nTypes = 5, batchEffect = 0.3, typeEffect = 0.8, seed = 1,
    )
    val at = mapOf("type_0" to "012", "type_1" to "012", "type_2" to "01", "type_3" to "12", "type_4" to "2")
    val batch = all.obs["batch"].texts()
    val type = all.obs["cell_type"].texts()
    return all[BooleanArray(all.nObs) { batch[it]!!.last() in at.getValue(type[it]!!) }].copy()
}

// Files of counts bring no cell types. Each batch is clustered by itself, so that no integration has a say in it, and a
// cluster is called by the set of marker genes that scores highest.

val markers = mapOf(
    "T" to listOf("CD3D", "CD3E", "CD3G", "IL7R", "LTB", "CD2"),
    "B" to listOf("MS4A1", "CD79A", "CD79B", "TCL1A"),
    "NK / cytotoxic T" to listOf("GNLY", "NKG7", "GZMB", "PRF1", "KLRD1", "CCL5"),
    "CD14 monocyte" to listOf("CD14", "LYZ", "S100A8", "S100A9", "CCL2", "FCN1"),
    "FCGR3A monocyte" to listOf("FCGR3A", "MS4A7", "VMO1", "TNFSF10"),
    "dendritic" to listOf("FCER1A", "CLEC10A", "GPR183", "CD1C"),
    "megakaryocyte" to listOf("PPBP", "PF4", "GNG11"),
)

fun typesOf(counts: AnnData): List<String> {
    val cells = counts.copy()
    sc.pp.normalizeTotal(cells, targetSum = 1e4)
    sc.pp.log1p(cells)
    sc.pp.highlyVariableGenes(cells, nTopGenes = 1500)
    sc.pp.pca(cells, nComps = 20)
    sc.pp.neighbors(cells)
    sc.tl.leiden(cells, resolution = 1.0)
    markers.forEach { (type, genes) -> sc.tl.scoreGenes(cells, genes.filter { it in cells.varNames }, scoreName = type) }
    val cluster = cells.obs["leiden"].texts()
    val scores = markers.keys.associateWith { cells.obs[it].toDoubles() }
    val called = cluster.indices.groupBy { cluster[it] }.mapValues { (_, members) ->
        markers.keys.maxBy { type -> members.map { scores.getValue(type)[it] }.average() }
    }
    return cluster.map { called.getValue(it) }
}

// In the blood cells one type is taken out of one batch, so that these, too, have a type that is in a single batch: the
// FCGR3A monocytes of the first, whose nearest relatives, the CD14 monocytes, are in both. Types with
// fewer than ten cells in a batch are left out, since nothing could be said about them.

fun measured(folders: List<String>, alone: String): AnnData {
    val parts = folders.associate { java.io.File(it).name to sc.read(it) }
    val types = parts.values.flatMap { typesOf(it) }
    val both = sc.concat(parts, label = "batch", indexUnique = "-")
    both.obs["cell_type"] = CategoricalColumn.ofTexts(*types.toTypedArray())
    val batch = both.obs["batch"].texts()
    val first = batch.first()
    val counts = types.indices.groupingBy { batch[it] to types[it] }.eachCount()
    val rare = types.toSet().filter { type -> parts.keys.any { (counts[it to type] ?: 0) < 10 } }
    return both[BooleanArray(both.nObs) { types[it] !in rare && !(types[it] == alone && batch[it] == first) }].copy()
}

val isSimulated = args.size != 2
val alone = if (isSimulated) "type_4" else "FCGR3A monocyte"
val inOrder = if (isSimulated) simulated() else measured(args.toList(), alone)
// Dots are drawn in the order of cells. Batch after batch, the last would cover the others, and hide how they mix.
val cells = inOrder[inOrder.obsNames.indices.shuffled(kotlin.random.Random(1)).toIntArray()].copy()
val counted = sc.metrics.confusionMatrix("batch", "cell_type", cells.obs, normalize = false)
println("\n${cells.nObs} cells by batch and type:\n$counted")

// Before -------------------------------------------------------------------------------------------------------------
// Logarithms, genes that vary within batches (not between them: with batchKey each batch is asked by itself), principal
// components. This is what all methods start from.

sc.pp.normalizeTotal(cells, targetSum = 1e4)
sc.pp.log1p(cells)
sc.pp.highlyVariableGenes(cells, nTopGenes = if (isSimulated) 500 else 2000, batchKey = "batch")
sc.pp.pca(cells, nComps = 30)

// Ten methods through one door ---------------------------------------------------------------------------------------
// sc.pp.integrate runs any of them with its usual settings, and sc.get.integrationMethods() tells what each reads and
// writes. They differ in what they give back: corrected coordinates; corrected expression, of which components are taken
// here; or a graph, for which the graph's diffusion components stand.

val methods = listOf("harmony", "fastmnn", "mnn", "cca", "rpca", "scanorama", "bbknn", "combat", "limma", "regress")
val names = mapOf(
    "pca" to "uncorrected", "harmony" to "Harmony", "fastmnn" to "fastMNN", "mnn" to "mnnCorrect", "cca" to "Seurat CCA",
    "rpca" to "Seurat RPCA", "scanorama" to "Scanorama", "bbknn" to "BBKNN", "combat" to "ComBat", "limma" to "limma",
    "regress" to "regression",
)

fun integrated(cells: AnnData, method: String, batchKey: String) {
    val key = "X_$method"
    sc.pp.integrate(cells, method, batchKey = batchKey, keyAdded = method)
    when (method) {
        "bbknn" -> sc.tl.diffmap(cells, nComps = 15, neighborsKey = method, keyAdded = key)
        "combat", "limma", "regress" -> sc.pp.pca(cells, nComps = 30, layer = method, keyAdded = key)
        "mnn" -> sc.pp.pca(cells, nComps = 30, obsm = key, keyAdded = key)
    }
}
for (method in methods) integrated(cells, method, "batch")

// Maps, before and after ---------------------------------------------------------------------------------------------
// Each embedding has its own graph and its own UMAP. The first, third and fifth row by batch, those below them by cell
// type. What to look for: colours that mix above, and stay apart below. A map shows neighbours and not distances, so that
// places in different maps are not to be compared.

for (method in methods + "pca") {
    if (method != "bbknn") sc.pp.neighbors(cells, useRep = "X_$method", keyAdded = method)
    sc.tl.umap(cells, neighborsKey = method, keyAdded = "X_umap_$method")
}
val shown = listOf("pca") + methods
sc.settings.setFigureParams(scanpy = false, figsize = 2.4 to 2.4, fontsize = 12.0)

fun row(of: List<String>, color: String, groups: List<String>? = null) =
    of.map { method ->
        sc.pl.embedding(
            cells, basis = "umap_$method", color = color, groups = groups, title = names.getValue(method),
            frameon = false, size = 20, naInLegend = false,
            legendLoc = if (shown.indexOf(method) % 4 == 3) "right margin" else "none",
        )
    }

val maps = shown.chunked(4).map { of ->
    c2v.pl.panels(*(row(of, "batch") + row(of, "cell_type")).toTypedArray(), ncols = of.size)
}
c2v.pl.panels(*maps.toTypedArray(), ncols = 1, save = "batch_03_maps.png")

// All in one table ---------------------------------------------------------------------------------------------------
// scIB's measures: the first five ask whether cell types stay apart, the next five whether batches mix. The total gives
// the first 0.6 of its weight. k-means starts once, so that NMI and ARI can jump by some tenths with the order of the
// cells, and totals by nearly a tenth: small differences mean nothing. BBKNN is judged by its diffusion components, which
// is not what it was made for: read its row with that in mind.

for (method in shown) cells.obsm[names.getValue(method)] = cells.obsm["X_$method"]
val judged = sc.metrics.benchmark(cells, "batch", "cell_type", embeddings = shown.map { names.getValue(it) })
println("\n$judged")
sc.pl.benchmark(judged, save = "batch_04_benchmark.png")

// Regression and limma give the same numbers, as they must: without further columns in the design both subtract the mean
// of each batch. ComBat also adjusts the spread and draws the means of single genes towards each other.

// Merged for no reason -----------------------------------------------------------------------------------------------
// The total hides what matters most where batches differ in their types. One type is in a single batch: nothing can be its
// counterpart, so that a good method leaves it by itself. How often does a cell of it have its own kind among its
// nearest neighbours? Of BBKNN the graph itself is asked, weight by weight.

fun purityOf(method: String): Double {
    val table =
        if (method == "bbknn") {
            sc.metrics.neighborPurity(cells, "cell_type", neighborsKey = method)
        } else {
            sc.metrics.neighborPurity(cells, "cell_type", useRep = "X_$method")
        }
    return table["purity"].toDoubles()[table.names.indexOf(alone)]
}
val purity = shown.associateWith { purityOf(it) }
val mixing = shown.associateWith { judged[names.getValue(it), Measure.ILISI] }

c2v.pl.panels(*row(shown, "cell_type", listOf(alone)).toTypedArray(), ncols = 4, save = "batch_05_alone.png")
sc.settings.setFigureParams(scanpy = false)

// Nothing to correct -------------------------------------------------------------------------------------------------
// The second test needs no labels at all. Take the cells of one batch and throw a coin for each: two halves that differ by
// chance alone. A method that is told the halves are batches should change almost nothing. Here: how many of a
// cell's 15 nearest neighbours were among its 15 nearest before. A method is compared with as many components of what it
// reads; fastMNN, mnnCorrect and Scanorama scale cells to length one first. Of BBKNN the graph is asked, whose few
// neighbours in each half are among the nearest of all by the way it is made.

val largest = cells.obs["batch"].valueCounts().idxmax()
val half = cells[BooleanArray(cells.nObs) { cells.obs["batch"].text(it) == largest }].copy()
val coin = java.util.SplittableRandom(7)
half.obs["half"] = CategoricalColumn.ofTexts(*Array(half.nObs) { if (coin.nextBoolean()) "heads" else "tails" })
sc.pp.pca(half, nComps = 30)
half.layers["unit"] = half.X.copy()
sc.pp.cosineNormalize(half, layer = "unit")
for (method in methods) integrated(half, method, "half")

fun near(key: String): List<Set<Int>> {
    val graph = half.obsp.matrix(key, "").toCsr()
    return (0 until half.nObs).map { i ->
        val block = graph.blockOf(i)
        (block.start(i) until block.end(i)).map { block.indices()[it] }.filter { it != i }.toSet()
    }
}

fun kept(method: String): Double {
    val layer = if (method in setOf("fastmnn", "mnn", "scanorama")) "unit" else null
    val columns = if (method == "bbknn") 30 else half.obsm.matrix("X_$method", "").nCols()
    sc.pp.pca(half, nComps = columns, layer = layer, keyAdded = "X_before")
    sc.pp.neighbors(half, nNeighbors = 16, useRep = "X_before", keyAdded = "before")
    if (method != "bbknn") sc.pp.neighbors(half, nNeighbors = 16, useRep = "X_$method", keyAdded = "after")
    val after = near(if (method == "bbknn") "bbknn_distances" else "after_distances")
    return near("before_distances").zip(after).map { (b, a) -> a.count { it in b } / a.size.toDouble() }.average()
}
val same = mapOf("pca" to 1.0) + methods.associateWith { kept(it) }

println("\n%-12s %6s %8s %22s %18s".format("", "iLISI", "total", "$alone kept apart", "null test"))
for (method in shown.sortedByDescending { judged.total(names.getValue(it)) }) {
    println(
        "%-12s %6s %8s %22s %18s".format(
            names.getValue(method), said(mixing.getValue(method)), said(judged.total(names.getValue(method))),
            said(purity.getValue(method)), said(same.getValue(method)),
        ),
    )
}

// The three questions side by side, 1 being best in each: do batches mix, does the type of one batch stay apart, and is
// nothing done where there is nothing to do?

val questions = mapOf("batches mixed (iLISI)" to mixing, "$alone kept apart" to purity, "null test" to same)
val ranked = shown.sortedBy { judged.total(names.getValue(it)) }.map { names.getValue(it) }
val answers = mapOf(
    "value" to questions.values.flatMap { answer -> shown.map { answer.getValue(it) } },
    "method" to questions.values.flatMap { shown.map { names.getValue(it) } },
    "question" to questions.keys.flatMap { question -> shown.map { question } },
)
sc.pl.plots(
    letsPlot(answers) { x = "value"; y = "method" } +
        geomSegment(xend = 0.0, color = "#9ecae1", size = 1.2) { yend = "method" } +
        geomPoint(size = 3.5, color = "#08519c") + facetGrid(x = "question", xOrder = 0) +
        scaleYDiscrete(limits = ranked) + scaleXContinuous(limits = 0 to 1) + labs(x = "", y = ""),
    ncols = 1, width = 900, height = 380, save = "batch_06_three_questions.png",
)

// What to choose when ------------------------------------------------------------------------------------------------
// - Harmony first: fast, gentle, several covariates at once, and the null test says that it leaves alone what needs
//   nothing. It gives coordinates only.
// - fastMNN where batches differ in their composition and expression is wanted, too (sc.get.mnnDf); name the batch with the
//   most types first in mergeOrder. It was made for types that one batch lacks, and yet look at what it does to them: on
//   the simulated cells it blurs the type of one batch. mnnCorrect is slower, and mostly of historical interest.
// - Seurat's RPCA where batches share little; CCA where the batch effect is large and the types are the same, since it
//   looks for what is common and is the first to merge what is not.
// - Scanorama where many batches share few types, since it joins only those that match.
// - BBKNN where a graph is all that is needed and the map has to be quick. Every cell has neighbours in every batch,
//   whether it belongs there or not, so that types of one batch depend on the weights of their edges alone.
// - ComBat, limma and regression where batches hold the same types in the same proportions: replicates of one
//   design. They are also what a figure of expression without the batch needs. Tests of differential expression take counts
//   as they are, with the batch in their design.
// - scVI and scANVI (tutorials/scvi-integration.md) for many cells and complex effects, scANVI where labels are known.
//
// Whatever it is: compare with no correction at all, ask for the types that are in few batches, and split one batch by a
// coin. A method that mixes best in a table is the one to mistrust first.

// Checks -------------------------------------------------------------------------------------------------------------

var held = 0
fun holds(what: String, isTrue: Boolean) {
    check(isTrue) { "does not hold: $what" }
    held++
}

fun total(method: String) = judged.total(names.getValue(method))

for ((type, gaps) in toyGaps) {
    holds("$type comes closer by smoothed shifts", gaps[1] < 0.8 * gaps[0])
    holds("$type comes together by lengthened shifts", gaps[2] < 0.4 * gaps[0])
}
for (method in methods) holds("$method mixes batches", mixing.getValue(method) > mixing.getValue("pca") + 0.15)
holds("Harmony is better than nothing", total("harmony") > total("pca") + 0.1)
holds("limma is regression", abs(total("limma") - total("regress")) < 0.005)
holds("before the correction the type of one batch is apart", purity.getValue("pca") > 0.8)
holds("Harmony leaves the type of one batch apart", purity.getValue("harmony") > purity.getValue("pca") - 0.2)
for (method in listOf("combat", "limma", "regress")) holds("$method passes the null test", same.getValue(method) > 0.85)
for (method in listOf("harmony", "rpca", "bbknn")) holds("$method passes the null test", same.getValue(method) > 0.75)
if (isSimulated) {
    holds("CCA merges the type of one batch with others", purity.getValue("cca") < 0.6)
    holds("Harmony keeps more of it than CCA", purity.getValue("harmony") > purity.getValue("cca") + 0.3)
}
val most = shown.maxBy { total(it) }
val least = methods.minBy { purity.getValue(it) }
println(
    "\n$held checks hold; best total ${names.getValue(most)} (${said(total(most))}), $alone most merged by " +
        "${names.getValue(least)} (${said(purity.getValue(least))} of its neighbours are of its kind)",
)
