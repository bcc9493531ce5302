// Harmony, taken apart step by step on three data sets of two cell lines.
// usage: ./cellweave tutorials/harmony2-walkthrough.kts [PCS.csv.gz META.csv.gz]
//
// One data set holds Jurkat cells, one 293T cells, and "half" a mixture of both. A good integration brings the two
// Jurkat populations together and the two 293T populations together, and keeps the lines apart. The walkthrough of
// the R package, https://pati-ni.github.io/harmony/articles/mathdetails.html, follows the same cells through the
// same model; with its data and R's random numbers every table below is the one printed there, and the script says so.
// Without the data it runs on simulated cell lines.

import org.jetbrains.letsPlot.facet.facetGrid
import org.jetbrains.letsPlot.intern.Plot

// Cells --------------------------------------------------------------------------------------------------------------
// Twenty principal components per cell, and a table with the data set and the cell type. Harmony starts from here.

fun lines(path: String) =
    java.util.zip.GZIPInputStream(java.io.FileInputStream(path)).bufferedReader().readLines().map { it.split(",") }

val shared = "../shared/data/harmony"
val files =
    when {
        args.size == 2 -> args.toList()
        java.io.File("$shared/cell_lines_pcs.csv.gz").exists() ->
            listOf("$shared/cell_lines_pcs.csv.gz", "$shared/cell_lines_meta.csv.gz")
        else -> null
    }

fun published(pcs: String, meta: String): AnnData {
    val rows = lines(pcs).drop(1).map { row -> DoubleArray(row.size) { row[it].toDouble() } }
    val table = lines(meta)
    val cells = AnnData(DenseMatrix.zeros(rows.size, 0, DType.FLOAT32))
    cells.obsm["X_pca"] = DenseMatrix.ofRows(rows.toTypedArray())
    for (key in listOf("dataset", "cell_type")) {
        val at = table.first().indexOf(key)
        cells.obs[key] = CategoricalColumn.ofTexts(*Array(rows.size) { table[it + 1][at] })
    }
    return cells
}

fun simulated(): AnnData {
    val cells = sc.datasets.simulatedBatches(nCells = 2400, nBatches = 3, nTypes = 2, seed = 1)
    val batch = cells.obs["batch"].texts()
    val type = cells.obs["cell_type"].texts()
    val types = type.distinct().sorted()
    // the second batch keeps the first type only, the third the second type only
    val batches = batch.distinct().sorted()
    val kept = cells.obsNames.indices.filter {
        when (batches.indexOf(batch[it])) {
            0 -> true
            1 -> type[it] == types[0]
            else -> type[it] == types[1]
        }
    }
    val lines = cells[kept.toIntArray()].copy()
    lines.obs["dataset"] = CategoricalColumn.ofTexts(
        *kept.map { listOf("half", "jurkat", "t293")[batches.indexOf(batch[it])] }.toTypedArray(),
    )
    lines.obs["cell_type"] =
        CategoricalColumn.ofTexts(*kept.map { if (type[it] == types[0]) "jurkat" else "t293" }.toTypedArray())
    sc.pp.normalizeTotal(lines)
    sc.pp.log1p(lines)
    sc.pp.pca(lines, nComps = 20)
    return lines
}

val adata = if (files != null) published(files[0], files[1]) else simulated()
val isPublished = files != null && adata.nObs == 2370
val dataset = adata.obs["dataset"].texts().toList()
val cellType = adata.obs["cell_type"].texts().toList()
println("${adata.nObs} cells: " + adata.obs["dataset"].valueCounts().toDict()["count"])

// Tables are compared with the ones of the R walkthrough, printed digit by printed digit.
var compared = 0
fun show(title: String, table: DenseMatrix, digits: Int = 0, documented: String? = null, within: Double = 0.0) {
    val text = (0 until table.nRows()).joinToString("\n") { k ->
        (0 until table.nCols()).joinToString(" ") { b ->
            val rounded = "%.${digits}f".format(java.util.Locale.ROOT, table.get(k, b))
            (if (rounded.toDouble() == 0.0) rounded.removePrefix("-") else rounded).padStart(digits + 4)
        }
    }
    println("\n$title\n$text")
    if (isPublished && documented != null) {
        fun numbers(s: String) = s.trim().split(Regex("[\\s/]+")).map { it.toDouble() }
        val same = numbers(text).zip(numbers(documented)).all { (a, b) -> abs(a - b) <= within }
        check(same) { "$title differs from the document's $documented" }
        compared++
    }
}

// Plots of two coordinates, coloured by a label, with Lets-Plot.
val colours = mapOf("jurkat" to "#810f7c", "t293" to "#d09e2d", "half" to "#006d2c", "intercept" to "#000000")
fun palette(labels: List<String>) = labels.distinct().sorted().let { l -> scaleColorManual(l.map { colours[it]!! }, limits = l) }
val order = adata.obsNames.indices.shuffled(kotlin.random.Random(1))

fun scatter(z: DenseMatrix, labels: List<String>, title: String, x: String = "PC1", y: String = "PC2"): Plot {
    val data = mapOf(
        "x" to order.map { z.get(it, 0) },
        "y" to order.map { z.get(it, 1) },
        "label" to order.map { labels[it] },
    )
    return letsPlot(data) { this.x = "x"; this.y = "y"; color = "label" } +
        geomPoint(size = 0.8) + palette(labels) + ggtitle(title) + labs(x = x, y = y, color = "")
}

sc.pl.plots(
    scatter(adata.obsm.matrix("X_pca", "").toDense(), dataset, "Coloured by data set"),
    scatter(adata.obsm.matrix("X_pca", "").toDense(), cellType, "Coloured by cell type"),
    save = "harmony_01_pca.png",
)

// The model ----------------------------------------------------------------------------------------------------------
// Five clusters, and a penalty theta of one for clusters that are not diverse. The model is initialised and waits.
// rng = "r_compat_2_0_0" draws the numbers that R drew after set.seed(1) in harmony 2.0.0, which the document used;
// later versions choose their first cells by another rule and find other, with five clusters worse, centroids.

val model = sc.pp.harmonyModel(
    adata, key = "dataset", nClusters = 5, theta = 1.0, randomState = 1, rng = "r_compat_2_0_0",
)
println("\nlevels: ${model.levels}")

// Cells on a sphere --------------------------------------------------------------------------------------------------
// Harmony clusters by cosine distance: each cell is scaled to length one, and then the squared Euclidean distance
// 2 (1 - cos) says the same as the cosine. zOrig are the components as given, zCos the scaled ones.

val zCos0 = model.zCos
sc.pl.plots(
    scatter(model.zOrig, dataset, "Z_orig: Euclidean distance"),
    scatter(zCos0, dataset, "Z_cos: cosine distance"),
    save = "harmony_02_cosine.png",
)

// Clustering and correction use all components, not only the two that are drawn.
val boxes = mapOf(
    "pc" to (0 until model.nDims).flatMap { d -> List(adata.nObs) { "PC${d + 1}" } },
    "value" to (0 until model.nDims).flatMap { d -> zCos0.column(d).toList() },
    "dataset" to (0 until model.nDims).flatMap { dataset },
)
sc.pl.plots(
    letsPlot(boxes) { x = "pc"; y = "value"; color = "dataset" } + geomBoxplot(outlierSize = 0.6, width = 0.7) +
        scaleXDiscrete(limits = List(model.nDims) { "PC${it + 1}" }) + palette(dataset) + ggtitle("Z_cos of all components") + labs(x = "", y = "embedding", color = ""),
    width = 980, save = "harmony_03_components.png",
)

// Initial clusters ---------------------------------------------------------------------------------------------------
// k-means on the sphere gives the first centroids Y, and each cell belongs to cluster k with probability
// R_ki ~ exp(-2 (1 - Y_k . Z_i) / sigma).

sc.pl.plots(
    scatter(zCos0, dataset, "Initial centroids") +
        geomPoint(
            mapOf("x" to model.Y.column(0).toList(), "y" to model.Y.column(1).toList()), size = 6, shape = 21,
            color = "black", fill = "black", alpha = 0.8,
        ) { x = "x"; y = "y" },
    ncols = 1, width = 480, height = 400, save = "harmony_04_centroids.png",
)

fun assignments(z: DenseMatrix, r: DenseMatrix, title: String, x: String = "Scaled PC1", y: String = "Scaled PC2"): Plot {
    val k = r.nCols()
    val data = mapOf(
        "x" to (0 until k).flatMap { order.map { i -> z.get(i, 0) } },
        "y" to (0 until k).flatMap { order.map { i -> z.get(i, 1) } },
        "R" to (0 until k).flatMap { c -> order.map { i -> r.get(i, c) } },
        "cluster" to (0 until k).flatMap { c -> List(order.size) { "Cluster ${c + 1}" } },
        "dataset" to (0 until k).flatMap { order.map { i -> dataset[i] } },
    )
    return letsPlot(data) { this.x = "x"; this.y = "y"; color = "R" } + geomPoint(size = 0.6) +
        facetGrid(x = "dataset", y = "cluster") + scaleColorGradient("lightgrey", "#132b80", limits = 0 to 1) +
        ggtitle(title) + labs(x = x, y = y)
}
sc.pl.plots(
    assignments(zCos0, model.R, "Initial probabilistic cluster assignments"),
    ncols = 1, width = 640, height = 820, save = "harmony_05_initial_clusters.png",
)

// Are the clusters diverse? ------------------------------------------------------------------------------------------
// O counts how many cells of each data set a cluster holds, E how many it would hold if it were mixed as the data are.

show("O, initial (half, jurkat, t293)", model.O, 0, "3 793 0 / 162 0 302 / 234 27 0 / 203 4 0 / 244 0 398")
show("E, initial", model.E, 0, "284 277 235 / 166 161 137 / 93 91 77 / 74 72 61 / 229 223 189")

// The cell types were never shown to Harmony; they tell whether clusters are pure.
show(
    "cell types by cluster, initial (jurkat, t293)", model.countsBy(adata, "cell_type"), 0,
    "796 0 / 2 462 / 262 0 / 207 0 / 0 642",
)

// Clustering for diversity -------------------------------------------------------------------------------------------
// A call of cluster() goes over the cells several times. Four rounds are the default; here at most ten.

println("\nrounds of clustering by default: ${model.maxIterClustering}")
if (isPublished) check(model.maxIterClustering == 4)
model.maxIterClustering = 10
model.cluster()
show("O, after clustering", model.O, 0, "5 775 0 / 163 0 301 / 237 40 0 / 198 9 0 / 243 0 399")
val pure = model.countsBy(adata, "cell_type")
show("cell types by cluster, after clustering", pure, 0, "780 0 / 2 462 / 277 0 / 207 0 / 0 642")

// The share of the rarer cell type in each cluster, in percent: the price of diversity is small. The document's figures
// hang on the random numbers that its plots drew in between; a thousandth of a percent is what they move.
val minority = DenseMatrix.ofRows(
    Array(1) { DoubleArray(5) { k -> 100 * minOf(pure.get(k, 0), pure.get(k, 1)) / (pure.get(k, 0) + pure.get(k, 1)) } },
)
show("cells of the rarer type, percent", minority, 3, "0.000 0.390 0.000 0.001 0.008", within = 0.0015)

sc.pl.plots(
    assignments(zCos0, model.R, "Assignments after clustering"),
    ncols = 1, width = 640, height = 820, save = "harmony_06_clusters.png",
)

// What theta does ----------------------------------------------------------------------------------------------------
// A cell's probabilities are multiplied by ((E + 1) / (O + E + 1))^theta of its data set: less than one where the
// data set is already frequent. Without theta there is no penalty, with a huge one nothing else counts.
// (The program itself uses ((2E + 1) / (O + E + 1))^theta, which differs by a factor near 2^theta that cancels.)

fun penalty(theta: Double): DenseMatrix {
    val o = model.O
    val e = model.E
    return DenseMatrix.ofRows(
        Array(5) { k -> DoubleArray(3) { b -> ((e.get(k, b) + 1) / (o.get(k, b) + e.get(k, b) + 1)).pow(theta) } },
    )
}
show("penalty, theta = 0", penalty(0.0), 2, "1 1 1 / 1 1 1 / 1 1 1 / 1 1 1 / 1 1 1")
show(
    "penalty, theta = 1", penalty(1.0), 2,
    "0.98 0.26 1.00 / 0.51 1.00 0.31 / 0.30 0.71 1.00 / 0.27 0.89 1.00 / 0.49 1.00 0.32",
)
// A data set that is absent from a cluster has a count near a millionth of a cell there, whose last digits depend on the
// machine; this power shows them, so that a tenth is allowed.
show(
    "penalty, theta = 1e6", penalty(1e6), 2, "0 0 0.99 / 0 0 0 / 0 0 0.99 / 0 0 1 / 0 0.91 0", within = 0.1,
)

// Cells cannot be moved all at once, because each move changes O and E; Harmony moves a twentieth of them at a time.
// The centroids of the new assignment are the scaled sums R^T Z_cos:
fun scaledCentroids(r: DenseMatrix, z: DenseMatrix): DenseMatrix {
    val y = Array(r.nCols()) { DoubleArray(z.nCols()) }
    for (i in 0 until r.nRows()) for (k in y.indices) for (d in y[k].indices) y[k][d] += r.get(i, k) * z.get(i, d)
    y.forEach { row -> sqrt(row.sumOf { it * it }).let { length -> row.indices.forEach { row[it] /= length } } }
    return DenseMatrix.ofRows(y)
}
val yNew = scaledCentroids(model.R, zCos0)
println("\ncosine of old and new centroids: " + (0 until 5).joinToString(" ") { k ->
    "%.4f".format(java.util.Locale.ROOT, (0 until model.nDims).sumOf { yNew.get(k, it) * model.Y.get(k, it) })
})

// Correction ---------------------------------------------------------------------------------------------------------
// In each cluster a ridge regression tells how much of every component the data set explains; that part is removed.

model.correct()
val zCorr = model.zCorr
fun unit(z: DenseMatrix) = DenseMatrix.ofRows(
    Array(z.nRows()) { i ->
        val row = DoubleArray(z.nCols()) { z.get(i, it) }
        val length = sqrt(row.sumOf { it * it })
        DoubleArray(row.size) { row[it] / length }
    },
)
sc.pl.plots(
    scatter(zCos0, dataset, "Z_cos before"),
    scatter(unit(zCorr), dataset, "Z_cos after"),
    save = "harmony_07_corrected.png",
)

// The correction is made in the space of the components, zOrig to zCorr; on the sphere one cannot add and subtract.
sc.pl.plots(
    scatter(model.zOrig, dataset, "Z_orig: as given"),
    scatter(zCorr, dataset, "Z_corr = Z_orig - correction"),
    scatter(unit(zCorr), dataset, "Z_cos = Z_corr scaled", "Scaled PC1", "Scaled PC2"),
    ncols = 3, width = 360, save = "harmony_08_three_spaces.png",
)

fun beforeAfter(labels: List<String>, title: String): Plot {
    val z = model.zOrig
    val data = mapOf(
        "before" to order.map { z.get(it, 0) },
        "after" to order.map { zCorr.get(it, 0) },
        "label" to order.map { labels[it] },
    )
    return letsPlot(data) { x = "before"; y = "after"; color = "label" } + geomABLine(slope = 1, intercept = 0) +
        geomPoint(size = 0.8) + palette(labels) + ggtitle(title) +
        labs(x = "PC1 before correction", y = "PC1 after correction", color = "")
}
sc.pl.plots(
    beforeAfter(dataset, "PC1, by data set"), beforeAfter(cellType, "PC1, by cell type"),
    save = "harmony_09_before_after.png",
)

// A mixture of experts -----------------------------------------------------------------------------------------------
// Each cluster is an expert with a linear model of its own: an intercept and one offset per data set,
// W_k = (Phi diag(R_k) Phi' + lambda)^-1 Phi diag(R_k) Z. The model keeps these coefficients.

sc.pl.plots(
    assignments(model.zOrig, model.R, "Clusters in Z_orig", "PC1", "PC2"),
    ncols = 1, width = 640, height = 820, save = "harmony_10_experts.png",
)

fun coefficients(cells: DenseMatrix, k: Int): Plot {
    val w = model.W(k)
    val names = listOf("intercept") + model.levels
    val arrows = mapOf(
        "x" to names.indices.map { if (it == 0) 0.0 else w.get(0, 0) },
        "y" to names.indices.map { if (it == 0) 0.0 else w.get(0, 1) },
        "xend" to names.indices.map { if (it == 0) w.get(0, 0) else w.get(0, 0) + w.get(it, 0) },
        "yend" to names.indices.map { if (it == 0) w.get(0, 1) else w.get(0, 1) + w.get(it, 1) },
        "type" to names,
    )
    return letsPlot() +
        geomPoint(mapOf("x" to cells.column(0).toList(), "y" to cells.column(1).toList()), size = 0.5, color = "#c0c0c0") {
            x = "x"; y = "y"
        } +
        geomSegment(arrows, size = 1.1, arrow = org.jetbrains.letsPlot.geom.extras.arrow(length = 6)) { x = "x"; y = "y"; xend = "xend"; yend = "yend"; color = "type" } +
        scaleColorManual(names.map { colours[it]!! }, limits = names) + ggtitle("Cluster ${k + 1}") +
        labs(x = "PC1", y = "PC2", color = "")
}

// The black arrow leads to the intercept, the coloured ones from there to each data set's cells in the cluster.
sc.pl.plots(
    *Array(5) { coefficients(model.zOrig, it) }, ncols = 3, width = 340, height = 300, save = "harmony_11_arrows_before.png",
)
// After the correction the offsets are gone, and the cells lie around the tips of the black arrows.
sc.pl.plots(
    *Array(5) { coefficients(zCorr, it) }, ncols = 3, width = 340, height = 300, save = "harmony_12_arrows_after.png",
)

// One cell -----------------------------------------------------------------------------------------------------------
// The model's prediction for cell 5 is the sum over clusters of R_ki times intercept and offset of its data set. Its
// correction is the same sum without the intercepts.

val cell = 4
val level = model.levels.indexOf(dataset[cell])
fun expected(withIntercept: Boolean) = DoubleArray(model.nDims) { d ->
    (0 until 5).sumOf { k ->
        val w = model.W(k)
        model.R.get(cell, k) * (w.get(1 + level, d) + if (withIntercept) w.get(0, d) else 0.0)
    }
}
val predicted = expected(true)
val delta = expected(false)
val observed = DoubleArray(model.nDims) { model.zOrig.get(cell, it) }
val apart = (0 until model.nDims).maxOf { abs(observed[it] - delta[it] - zCorr.get(cell, it)) }
println("\ncell 5: Z_orig - sum_k R_k W_k equals Z_corr within ${"%.0e".format(java.util.Locale.ROOT, apart)}")
check(apart < 1e-5)

val scores = mapOf(
    "observed" to observed.toList(), "predicted" to predicted.toList(), "pc" to List(model.nDims) { "${it + 1}" },
)
val moved = mapOf(
    "x" to listOf(observed[0]), "y" to listOf(observed[1]),
    "xend" to listOf(observed[0] - delta[0]), "yend" to listOf(observed[1] - delta[1]),
)
sc.pl.plots(
    letsPlot(scores) { x = "observed"; y = "predicted" } + geomABLine(slope = 1, intercept = 0) + geomPoint(size = 1.5) +
        geomText(size = 5, hjust = -0.4) { label = "pc" } + ggtitle("Components of cell 5") +
        labs(x = "observed", y = "predicted"),
    letsPlot() +
        geomPoint(
            mapOf("x" to model.zOrig.column(0).toList(), "y" to model.zOrig.column(1).toList()), size = 0.5,
            color = "#909090",
        ) { x = "x"; y = "y" } +
        geomPoint(moved, size = 3, color = "red") { x = "x"; y = "y" } +
        geomSegment(moved, size = 1.2, color = "red", arrow = org.jetbrains.letsPlot.geom.extras.arrow(length = 9)) {
            x = "x"; y = "y"; xend = "xend"; yend = "yend"
        } + ggtitle("Correction of cell 5") + labs(x = "PC1", y = "PC2"),
    save = "harmony_13_cell.png",
)

// Round after round --------------------------------------------------------------------------------------------------
// Clustering and correction take turns. With fifty clusters the cells are mixed after about three rounds.

val rounds = sc.pp.harmonyModel(
    adata, key = "dataset", nClusters = 50, theta = 1.0, randomState = 1, rng = "r_compat_2_0_0",
)
val panels = mutableListOf<Plot>()
for (round in 0..5) {
    if (round > 0) rounds.harmonize(1)
    val z = if (round == 0) rounds.zCos else unit(rounds.zCorr)
    panels += scatter(z, dataset, "Round $round, by data set", "Scaled PC1", "Scaled PC2")
    panels += scatter(z, cellType, "Round $round, by cell type", "Scaled PC1", "Scaled PC2")
}
sc.pl.plots(*panels.toTypedArray(), ncols = 4, width = 330, height = 280, save = "harmony_14_rounds.png")
println("\nobjective by round: " + rounds.objective.joinToString(" ") { "%.2f".format(java.util.Locale.ROOT, it) })

// In practice --------------------------------------------------------------------------------------------------------
// All of this is one line, and LISI says how well it went: the effective number of data sets and of cell types around
// a cell, where each data set lacks at most one line.

sc.pp.harmonyIntegrate(adata, key = "dataset")
for (rep in listOf("X_pca", "X_pca_harmony")) {
    val lisi = sc.metrics.lisi(adata, listOf("dataset", "cell_type"), useRep = rep)
    println(
        "%-14s mean LISI of the data set %.3f, of the cell type %.3f".format(
            java.util.Locale.ROOT, rep, lisi["dataset"].toDoubles().average(), lisi["cell_type"].toDoubles().average(),
        ),
    )
}
sc.pl.plots(
    scatter(adata.obsm.matrix("X_pca_harmony", "").toDense(), dataset, "After Harmony, by data set"),
    scatter(adata.obsm.matrix("X_pca_harmony", "").toDense(), cellType, "After Harmony, by cell type"),
    save = "harmony_15_after.png",
)
println(
    if (isPublished) "\n$compared tables equal those of the R walkthrough" else "\non simulated lines, nothing to compare with",
)
