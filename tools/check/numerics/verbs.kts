// Every verb on strange inputs; see run.
// usage: ./cellweave tools/check/numerics/verbs.kts SCRATCH_FOLDER REPORT.tsv EVERY_NTH_INPUT [WORD_IN_THE_NAME_OF_VERBS]
//
// A run is well when the verb gives finite values, or says in one typed line what is wrong. It is a fault when the
// verb throws anything else, takes over 20 seconds, changes the shape of X although it failed, or gives NaN or infinity in silence:
// where the input has none, or in rows and columns other than those that have one. A warning breaks the silence.
import org.cellweave.dsl.session.Failures
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import java.util.SplittableRandom
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

val scratch = args[0]
val report = File(args[1])
val every = args[2].toInt()
val word = args.getOrElse(3) { "" }
typealias Rows = Array<DoubleArray>

// ------------------------------------------------------------------------------------------------------- inputs

/** Poisson counts of 60 cells and 40 genes; every other cell has another level. */
fun base(n: Int = 60, g: Int = 40): Rows {
    val random = SplittableRandom(7)
    return Array(n) { i ->
        DoubleArray(g) { j ->
            val level = if (i % 2 == 0) 3.0 else 1.0 + j % 3
            var k = 0
            var p = Math.exp(-level)
            var sum = p
            val u = random.nextDouble()
            while (u > sum && k < 50) {
                k++
                p *= level / k
                sum += p
            }
            k.toDouble()
        }
    }
}

fun texts(n: Int, f: (Int) -> String?) = CategoricalColumn.ofTexts(*Array<String?>(n) { f(it) })

fun annotated(x: Matrix): AnnData {
    val n = x.nRows()
    val a = AnnData(x, DataFrame.ofNames(*Array(n) { "c$it" }), DataFrame.ofNames(*Array(x.nCols()) { "g$it" }))
    a.obs["batch"] = texts(n) { if (it % 2 == 0) "x" else "y" }
    a.obs["group"] = texts(n) { "k${it % 3}" }
    a.obs["cov"] = DoubleArray(n) { it * 0.1 }
    a.obs["cov2"] = DoubleArray(n) { (it % 7).toDouble() }
    a.obsm["X_pca"] = x.toDense().takeCols(IntArray(minOf(8, x.nCols())) { it })
    return a
}

fun dense(rows: Rows, nCols: Int = 40): DenseMatrix =
    if (rows.isEmpty()) DenseMatrix.zeros(0, nCols, DType.FLOAT32) else DenseMatrix.ofRows(rows).toFloat32()

fun sparse(rows: Rows) = annotated(dense(rows).toCsr())

fun edited(f: (Rows) -> Unit) = base().also(f)

fun each(f: (Double) -> Double): Rows = edited { it.forEach { r -> for (j in r.indices) r[j] = f(r[j]) } }

fun withObs(f: (AnnData) -> Unit): AnnData = sparse(base()).also(f)

/** Entries that are stored although they are zero, in every fifth place. */
fun explicitZeros(rows: Rows): AnnData {
    val n = rows.size
    val g = rows[0].size
    val stored = Array(n) { i -> (0 until g).filter { rows[i][it] != 0.0 || (i + it) % 5 == 0 } }
    val ends = stored.runningFold(0) { sum, s -> sum + s.size }.toIntArray()
    return annotated(
        CsrMatrix.of(
            n, g, ends, stored.flatMap { it }.toIntArray(),
            stored.flatMapIndexed { i, s -> s.map { rows[i][it].toFloat() } }.toFloatArray(),
        ),
    )
}

val inputs: Map<String, () -> AnnData> =
    linkedMapOf(
        "ok sparse" to { sparse(base()) },
        "ok dense" to { annotated(dense(base())) },
        "ok csc" to { annotated(CscMatrix(dense(base()).toCsr().transposeToCsr())) },
        "ok float64" to { annotated(DenseMatrix.ofRows(base())) },
        "ok int32" to { annotated(dense(base()).withDType(DType.INT32)) },
        "ok int64 sparse" to { annotated(dense(base()).toCsr().withDType(DType.INT64)) },
        "explicit zeros" to { explicitZeros(base()) },
        "logarithms" to { sparse(each { Math.log1p(it) }) },
        "scaled" to { annotated(dense(each { it - 2.5 })) },
        "one NaN sparse" to { sparse(edited { it[3][5] = Double.NaN }) },
        "one NaN dense" to { annotated(dense(edited { it[3][5] = Double.NaN })) },
        "NaN gene" to { sparse(edited { it.forEach { r -> r[4] = Double.NaN } }) },
        "NaN cell" to { sparse(edited { it[2].fill(Double.NaN) }) },
        "all NaN" to { sparse(each { Double.NaN }) },
        "one +Inf" to { sparse(edited { it[3][5] = Double.POSITIVE_INFINITY }) },
        "one +Inf dense" to { annotated(dense(edited { it[3][5] = Double.POSITIVE_INFINITY })) },
        "one -Inf" to { sparse(edited { it[3][5] = Double.NEGATIVE_INFINITY }) },
        "one negative" to { sparse(edited { it[3][5] = -4.0 }) },
        "all negative" to { sparse(each { -1 - it }) },
        "-1 exactly" to { sparse(edited { it[1][1] = -1.0 }) },
        "one huge 1e38" to { sparse(edited { it[3][5] = 1e38 }) },
        "one huge 1e38 dense" to { annotated(dense(edited { it[3][5] = 1e38 })) },
        "all huge 3e38" to { sparse(each { it * 3e37 }) },
        "float64 1e300" to { annotated(DenseMatrix.ofRows(each { it * 1e300 })) },
        "counts of 1e9" to { sparse(each { it * 1e9 }) },
        "denormal" to { sparse(each { it * 1e-42 }) },
        "tiny 1e-30" to { sparse(each { it * 1e-30 }) },
        "zero cell" to { sparse(edited { it[4].fill(0.0) }) },
        "zero gene" to { sparse(edited { it.forEach { r -> r[7] = 0.0 } }) },
        "constant gene" to { sparse(edited { it.forEach { r -> r[7] = 5.0 } }) },
        "half the genes zero" to { sparse(edited { it.forEach { r -> r.fill(0.0, 20, 40) } }) },
        "a batch all zero" to { sparse(edited { it.forEachIndexed { i, r -> if (i % 2 == 0) r.fill(0.0) } }) },
        "a gene per group" to { sparse(edited { it.forEachIndexed { i, r -> r[0] = (i % 3) * 2.0 } }) },
        "all zero" to { sparse(each { 0.0 }) },
        "all equal" to { sparse(each { 2.0 }) },
        "fractions" to { sparse(each { it + 0.3 }) },
        "one cell" to { sparse(base().copyOfRange(0, 1)) },
        "two cells" to { sparse(base().copyOfRange(0, 2)) },
        "three cells" to { sparse(base().copyOfRange(0, 3)) },
        "ten cells" to { sparse(base().copyOfRange(0, 10)) },
        "no cells" to { annotated(dense(arrayOf())) },
        "no cells sparse" to { annotated(dense(arrayOf()).toCsr()) },
        "one gene" to { sparse(base(60, 1)) },
        "two genes" to { sparse(base(60, 2)) },
        "three genes" to { sparse(base(60, 3)) },
        "no genes" to { annotated(CsrMatrix.empty(60, 0, DType.FLOAT32)) },
        "1 x 1" to { annotated(dense(arrayOf(doubleArrayOf(3.0)))) },
        "wide" to { sparse(base(12, 150)) },
        "identical cells" to { sparse(Array(60) { base()[0] }) },
        "one cell differs" to { sparse(Array(60) { if (it == 9) base()[1] else base()[0] }) },
        "two kinds of cells" to { sparse(Array(60) { base()[it % 2] }) },
        "identical genes" to { sparse(edited { it.forEach { r -> r[1] = r[0] } }) },
        "one batch" to { withObs { a -> a.obs["batch"] = texts(60) { "x" } } },
        "a batch of one cell" to { withObs { a -> a.obs["batch"] = texts(60) { if (it == 0) "z" else if (it % 2 == 0) "x" else "y" } } },
        "a batch for each cell" to { withObs { a -> a.obs["batch"] = texts(60) { "b$it" } } },
        "a group of one cell" to { withObs { a -> a.obs["group"] = texts(60) { if (it == 0) "z" else "k${it % 2}" } } },
        "one group" to { withObs { a -> a.obs["group"] = texts(60) { "k" } } },
        "an unused category" to {
            withObs { a -> a.obs["group"] = CategoricalColumn.ofTexts(Array(60) { "k${it % 3}" }, arrayOf("k0", "e", "k1", "k2"), false) }
        },
        "labels missing" to {
            withObs { a ->
                a.obs["group"] = texts(60) { if (it < 5) null else "k${it % 3}" }
                a.obs["batch"] = texts(60) { if (it == 7) null else if (it % 2 == 0) "x" else "y" }
            }
        },
        "all labels missing" to { withObs { a -> a.obs["group"] = texts(60) { null } } },
        "a covariate with NaN" to { withObs { a -> a.obs["cov"] = DoubleArray(60) { if (it == 4) Double.NaN else it * 0.1 } } },
        "a covariate with Inf" to { withObs { a -> a.obs["cov"] = DoubleArray(60) { if (it == 4) Double.POSITIVE_INFINITY else it * 0.1 } } },
        "a constant covariate" to { withObs { a -> a.obs["cov"] = DoubleArray(60) { 2.0 } } },
        "collinear covariates" to { withObs { a -> a.obs["cov2"] = DoubleArray(60) { it * 0.2 } } },
        "NaN in the embedding" to { withObs { a -> a.obsm["X_pca"] = a.X.toDense().takeCols(IntArray(8) { it }).also { it.set(6, 2, Double.NaN) } } },
        "a flat embedding" to { withObs { a -> a.obsm["X_pca"] = DenseMatrix.zeros(60, 4, DType.FLOAT32) } },
        "batches that are the groups" to { withObs { a -> a.obs["batch"] = texts(60) { "k${it % 3}" } } },
    )

// ------------------------------------------------------------------------------------------------------- verbs

class Verb(val name: String, val run: (AnnData) -> Any?)

fun graph(a: AnnData) { sc.pp.neighbors(a, useRep = "X", nNeighbors = 10) }

fun plane(a: AnnData) { a.obsm["X_umap"] = a.X.toDense().takeCols(IntArray(minOf(2, a.nVars)) { it }) }

fun genes(a: AnnData, n: Int) = a.varNames.take(n)

val verbs =
    listOf(
        Verb("qc") { sc.pp.calculateQcMetrics(it, percentTop = listOf(1)) },
        Verb("filterCells") { sc.pp.filterCells(it, minCounts = 1) },
        Verb("filterCells genes") { sc.pp.filterCells(it, minGenes = 1) },
        Verb("filterGenes") { sc.pp.filterGenes(it, minCells = 1) },
        Verb("filterGenes counts") { sc.pp.filterGenes(it, minCounts = 1) },
        Verb("normalizeTotal") { sc.pp.normalizeTotal(it) },
        Verb("normalizeTotal excl") { sc.pp.normalizeTotal(it, excludeHighlyExpressed = true) },
        Verb("normalizeTotal 1e4") { sc.pp.normalizeTotal(it, targetSum = 1e4) },
        Verb("log1p") { sc.pp.log1p(it) },
        Verb("log1p base") { sc.pp.log1p(it, base = 2.0) },
        Verb("sqrt") { sc.pp.sqrt(it) },
        Verb("hvg seurat") { sc.pp.highlyVariableGenes(it, nTopGenes = 5) },
        Verb("hvg seurat cut") { sc.pp.highlyVariableGenes(it) },
        Verb("hvg cell_ranger") { sc.pp.highlyVariableGenes(it, flavor = "cell_ranger", nTopGenes = 5) },
        Verb("hvg cell_ranger batch") { sc.pp.highlyVariableGenes(it, flavor = "cell_ranger", nTopGenes = 5, batchKey = "batch") },
        Verb("hvg v3") { sc.pp.highlyVariableGenes(it, flavor = "seurat_v3", nTopGenes = 5) },
        Verb("hvg v3 batch") { sc.pp.highlyVariableGenes(it, flavor = "seurat_v3", nTopGenes = 5, batchKey = "batch") },
        Verb("hvg batch") { sc.pp.highlyVariableGenes(it, nTopGenes = 5, batchKey = "batch") },
        Verb("hvg batch cut") { sc.pp.highlyVariableGenes(it, batchKey = "batch") },
        Verb("hvg pearson") { sc.pp.highlyVariableGenes(it, flavor = "pearson_residuals", nTopGenes = 5) },
        Verb("hvg pearson batch") { sc.pp.highlyVariableGenes(it, flavor = "pearson_residuals", nTopGenes = 5, batchKey = "batch") },
        Verb("pearson residuals") { sc.pp.normalizePearsonResiduals(it) },
        Verb("recipeSeurat") { sc.pp.recipeSeurat(it) },
        Verb("recipeZheng17") { sc.pp.recipeZheng17(it, nTopGenes = 5) },
        Verb("pca") { sc.pp.pca(it, nComps = 5) },
        Verb("pca default") { sc.pp.pca(it) },
        Verb("pca arpack") { sc.pp.pca(it, nComps = 3, svdSolver = "arpack") },
        Verb("pca gram") { sc.pp.pca(it, nComps = 3, svdSolver = "gram") },
        Verb("pca covariance") { sc.pp.pca(it, nComps = 3, svdSolver = "covariance_eigh") },
        Verb("pca uncentred") { sc.pp.pca(it, nComps = 3, zeroCenter = false) },
        Verb("scale") { sc.pp.scale(it) },
        Verb("scale max") { sc.pp.scale(it, maxValue = 10) },
        Verb("scale uncentred") { sc.pp.scale(it, zeroCenter = false) },
        Verb("regressOut") { sc.pp.regressOut(it, "cov") },
        Verb("regressOut two") { sc.pp.regressOut(it, listOf("cov", "cov2")) },
        Verb("regressOut batch") { sc.pp.regressOut(it, "batch") },
        Verb("combat") { sc.pp.combat(it, "batch") },
        Verb("combat sva") { sc.pp.combat(it, "batch", flavor = "sva") },
        Verb("combat mean") { sc.pp.combat(it, "batch", meanOnly = true) },
        Verb("combat covariate") { sc.pp.combat(it, "batch", covariates = listOf("cov2")) },
        Verb("downsample cells") { sc.pp.downsampleCounts(it, countsPerCell = 10) },
        Verb("downsample total") { sc.pp.downsampleCounts(it, totalCounts = 50L) },
        Verb("downsample replace") { sc.pp.downsampleCounts(it, totalCounts = 50L, replace = true) },
        Verb("scrublet") { sc.pp.scrublet(it, nPrinComps = 5) },
        Verb("scrublet batch") { sc.pp.scrublet(it, nPrinComps = 5, batchKey = "batch") },
        Verb("sample") { sc.pp.sample(it, fraction = 0.5) },
        Verb("neighbors") { graph(it) },
        Verb("neighbors cosine") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, metric = "cosine") },
        Verb("neighbors correlation") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, metric = "correlation") },
        Verb("neighbors manhattan") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, metric = "manhattan") },
        Verb("neighbors jaccard") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, metric = "jaccard") },
        Verb("neighbors canberra") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, metric = "canberra") },
        Verb("neighbors minkowski") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, metric = "minkowski", metricKwds = mapOf("p" to 3)) },
        Verb("neighbors seuclidean") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, metric = "seuclidean") },
        Verb("neighbors mahalanobis") { sc.pp.neighbors(it, useRep = "X_pca", nNeighbors = 5, metric = "mahalanobis") },
        Verb("neighbors precomputed") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, metric = "precomputed") },
        Verb("neighbors gauss") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, method = "gauss") },
        Verb("neighbors all pairs") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, method = "gauss", knn = false) },
        Verb("neighbors default") { sc.pp.neighbors(it) },
        Verb("neighbors approximate") { sc.pp.neighbors(it, useRep = "X", nNeighbors = 5, transformer = "pynndescent") },
        Verb("harmony") { sc.pp.harmonyIntegrate(it, "batch") },
        Verb("harmony1") { sc.pp.harmonyIntegrate(it, "batch", flavor = "harmony1") },
        Verb("umap") { graph(it); sc.tl.umap(it, maxiter = 20) },
        Verb("umap random") { graph(it); sc.tl.umap(it, maxiter = 20, initPos = "random") },
        Verb("leiden") { graph(it); sc.tl.leiden(it) },
        Verb("leiden cpm") { graph(it); sc.tl.leiden(it, flavor = "leidenalg", partitionType = "CPM", resolution = 0.1) },
        Verb("leiden rber") { graph(it); sc.tl.leiden(it, flavor = "leidenalg", partitionType = "RBER") },
        Verb("leiden restricted") { graph(it); sc.tl.leiden(it, restrictTo = "group" to listOf("k1")) },
        Verb("louvain") { graph(it); sc.tl.louvain(it) },
        Verb("diffmap") { graph(it); sc.tl.diffmap(it, nComps = 5) },
        Verb("dpt") { graph(it); sc.tl.diffmap(it, nComps = 5); it.uns["iroot"] = 0L; sc.tl.dpt(it, nDcs = 5) },
        Verb("dpt branches") { graph(it); sc.tl.diffmap(it, nComps = 5); it.uns["iroot"] = 0L; sc.tl.dpt(it, nDcs = 5, nBranchings = 1) },
        Verb("paga") { graph(it); sc.tl.paga(it, "group") },
        Verb("drawGraph") { graph(it); sc.tl.drawGraph(it, maxiter = 20) },
        Verb("drawGraph fr") { graph(it); sc.tl.drawGraph(it, layout = "fr", maxiter = 20) },
        Verb("tsne") { sc.tl.tsne(it, useRep = "X", perplexity = 5, maxIter = 30) },
        Verb("tsne grid") { sc.tl.tsne(it, useRep = "X", perplexity = 5, maxIter = 30, method = "interpolation") },
        Verb("rank t") { sc.tl.rankGenesGroups(it, "group") },
        Verb("rank wilcoxon") { sc.tl.rankGenesGroups(it, "group", method = "wilcoxon") },
        Verb("rank wilcoxon tie") { sc.tl.rankGenesGroups(it, "group", method = "wilcoxon", tieCorrect = true, pts = true) },
        Verb("rank logreg") { sc.tl.rankGenesGroups(it, "group", method = "logreg") },
        Verb("rank overestimated") { sc.tl.rankGenesGroups(it, "group", method = "t-test_overestim_var") },
        Verb("rank reference") { sc.tl.rankGenesGroups(it, "group", groups = listOf("k0"), reference = "k1") },
        Verb("filter ranked") { sc.tl.rankGenesGroups(it, "group"); sc.tl.filterRankGenesGroups(it) },
        Verb("scoreGenes") { sc.tl.scoreGenes(it, genes(it, 2), ctrlSize = 3, nBins = 5) },
        Verb("dendrogram") { sc.tl.dendrogram(it, "group", useRep = "X") },
        Verb("dendrogram kendall") { sc.tl.dendrogram(it, "group", useRep = "X", corMethod = "kendall") },
        Verb("embeddingDensity") { plane(it); sc.tl.embeddingDensity(it, "umap") },
        Verb("aggregate") { sc.get.aggregate(it, listOf("group"), listOf("mean", "var", "sum")) },
        Verb("moransI") { graph(it); sc.metrics.moransI(it) },
        Verb("gearysC") { graph(it); sc.metrics.gearysC(it) },
        Verb("lisi") { sc.metrics.lisi(it, listOf("batch", "group")) },
        Verb("ilisi") { sc.metrics.ilisi(it, "batch") },
        Verb("silhouetteLabel") { sc.metrics.silhouetteLabel(it, "group") },
        Verb("silhouetteBatch") { sc.metrics.silhouetteBatch(it, "batch", "group") },
        Verb("bras") { sc.metrics.bras(it, "batch", "group") },
        Verb("kbet") { sc.metrics.kbetDf(it, "batch", "group") },
        Verb("graphConnectivity") { sc.metrics.graphConnectivity(it, "group") },
        Verb("neighborPurity") { sc.metrics.neighborPurity(it, "group") },
        Verb("pcr") { sc.metrics.principalComponentRegression(it, "batch") },
        Verb("nmi ari kmeans") { sc.metrics.nmiAriClusterLabelsKmeans(it, "group") },
        Verb("ari") { sc.metrics.ari(it, "group", "batch") },
        Verb("nmi") { sc.metrics.nmi(it, "group", "batch") },
        Verb("isolatedLabels") { sc.metrics.isolatedLabels(it, "batch", "group") },
        Verb("modularity") { graph(it); sc.metrics.modularity(it, "group") },
        Verb("labelTransfer") { sc.metrics.labelTransferAccuracy(it, "group", "batch") },
        Verb("benchmark") { sc.metrics.benchmark(it, "batch", "group", listOf("X_pca")); null },
        Verb("h5ad") { it.writeH5ad("$scratch/x.h5ad"); sc.readH5ad("$scratch/x.h5ad"); null },
        Verb("plot umap") { plane(it); sc.pl.umap(it, color = listOf("cov") + genes(it, 1)).toSvg(); null },
        Verb("plot violin") { sc.pl.violin(it, genes(it, 1), groupby = "group").toSvg(); null },
        Verb("plot dotplot") { sc.pl.dotplot(it, genes(it, 3), "group").toSvg(); null },
        Verb("plot matrixplot") { sc.pl.matrixplot(it, genes(it, 3), "group").toSvg(); null },
        Verb("plot stackedViolin") { sc.pl.stackedViolin(it, genes(it, 3), "group").toSvg(); null },
        Verb("plot tracksplot") { sc.pl.tracksplot(it, genes(it, 3), "group").toSvg(); null },
        Verb("plot heatmap") { sc.pl.heatmap(it, genes(it, 3), "group").toSvg(); null },
        Verb("plot clustermap") { sc.pl.clustermap(it, "group").toSvg(); null },
        Verb("plot scatter") { sc.pl.scatter(it, x = "cov", y = "cov2").toSvg(); null },
        Verb("plot highest") { sc.pl.highestExprGenes(it, nTop = 3).toSvg(); null },
        Verb("plot hvg") { sc.pp.highlyVariableGenes(it, nTopGenes = 5); sc.pl.highlyVariableGenes(it).toSvg(); null },
        Verb("plot ranked") { sc.tl.rankGenesGroups(it, "group"); sc.pl.rankGenesGroups(it, nGenes = 3).toSvg(); null },
        Verb("plot pca") { sc.pp.pca(it, nComps = 2); sc.pl.pca(it, color = "group").toSvg(); null },
        Verb("plot variance ratio") { sc.pp.pca(it, nComps = 2); sc.pl.pcaVarianceRatio(it).toSvg(); null },
        Verb("plot paga") { graph(it); sc.tl.paga(it, "group"); sc.pl.paga(it).toSvg(); null },
        Verb("plot dendrogram") { sc.tl.dendrogram(it, "group", useRep = "X"); sc.pl.dendrogram(it, "group").toSvg(); null },
        Verb("plot density") { plane(it); sc.tl.embeddingDensity(it, "umap"); sc.pl.embeddingDensity(it, "umap").toSvg(); null },
    ).filter { word in it.name }

// ------------------------------------------------------------------------------------------------------- verdicts

/**
 * Values that are missing by definition, as in scanpy, and only where the definition applies: [before] is the input,
 * [a] what the verb has made of it. All other values that are not finite are faults when nothing is said.
 */
class ByDefinition(private val before: AnnData, private val a: AnnData) {
    private val x = before.X.toDense()
    private val n = before.nObs
    private val g = before.nVars

    private fun column(j: Int, cells: List<Int> = (0 until n).toList()) = cells.map { x.get(it, j) }

    private fun constant(values: List<Double>) = values.distinct().size < 2

    private fun column(key: String) = (a.`var`[key] as NumericColumn).toDoubles()

    /** Whether entry [i] of the vector [key] has no value by definition. */
    fun allows(key: String, i: Int): Boolean =
        when {
            // no rank beyond the genes chosen
            key == "var/highly_variable_rank" -> !(a.`var`["highly_variable"] as BooleanColumn).get(i)
            // no dispersion of a gene that does not vary
            key == "var/dispersions" -> constant(column(i))
            // no normalised dispersion either, or of a gene whose bin of means does not vary
            key == "var/dispersions_norm" -> bad(column("dispersions")[i]) || flat(i)
            // no share of a cell without counts
            key.startsWith("obs/pct_counts_") -> (0 until g).all { x.get(i, it) == 0.0 }
            // no score of a cell that the filters leave out: fewer than three of the genes that three cells express
            key == "obs/doublet_score" -> (0 until g).count { j -> x.get(i, j) > 0 && column(j).count { it > 0 } >= 3 } < 3
            // a cell without a path to the root is infinitely late
            key == "obs/dpt_pseudotime" -> i !in reached
            // no autocorrelation of a constant gene
            key in listOf("result(moransI)", "result(gearysC)") -> constant(column(i))
            // one cell has no deviation
            key == "var/std" -> n < 2
            // an infinite t where a gene is constant in both groups, but not the same
            key.startsWith("uns/rank_genes_groups") && "/scores/" in key -> constantInBoth(key, i)
            else -> false
        }

    /** Of batches, whether some batch has not chosen gene [i], as it does not where the gene's bin is flat. */
    private fun flat(i: Int): Boolean =
        if ("highly_variable_nbatches" in a.`var`.keys) {
            column("highly_variable_nbatches")[i] < (before.obs["batch"] as CategoricalColumn).categoryNames().size
        } else {
            flatBin(i)
        }

    /** Whether cell_ranger's bin of gene [i] has genes of one dispersion only: bins of 5 % of the means. */
    private fun flatBin(i: Int): Boolean {
        val means = column("means")
        val sorted = means.sorted()
        val edges = (10..100 step 5).map { p ->
            val at = p / 100.0 * (sorted.size - 1)
            val low = sorted[at.toInt()]
            low + (at - at.toInt()) * (sorted[minOf(at.toInt() + 1, sorted.size - 1)] - low)
        }
        fun bin(mean: Double) = edges.count { it < mean }
        val own = means.indices.filter { bin(means[it]) == bin(means[i]) }
        val dispersions = own.map { column("dispersions")[it] }.filter { !bad(it) }.sorted()
        fun median(v: List<Double>) = if (v.isEmpty()) 0.0 else (v[(v.size - 1) / 2] + v[v.size / 2]) / 2
        val middle = median(dispersions)
        return median(dispersions.map { Math.abs(it - middle) }.sorted()) == 0.0
    }

    /** Whether row [i] of the matrix [key] has no values by definition: no variance in a group of one. */
    fun allowsRow(key: String, i: Int, rowName: String): Boolean =
        key == "result(aggregate)/layers/var" && cellsOf(rowName).size < 2

    private fun cellsOf(group: String): List<Int> {
        val labels = before.obs["group"] as CategoricalColumn
        return (0 until n).filter { labels.text(it) == group }
    }

    @Suppress("UNCHECKED_CAST")
    private fun constantInBoth(key: String, rank: Int): Boolean {
        val entry = a.uns[key.split("/")[1]] as Map<String, Any?>
        val group = key.substringAfterLast("/")
        val gene = before.varNames.indexOf((entry["names"] as RecordArray).get(group).texts()[rank])
        if (gene < 0) return true
        val reference = (entry["params"] as Map<String, Any?>)["reference"] as String
        val own = cellsOf(group)
        val rest = if (reference == "rest") (0 until n).filter { it !in own } else cellsOf(reference)
        return (entry["params"] as Map<String, Any?>)["method"] != "wilcoxon" &&
            constant(column(gene, own)) && constant(column(gene, rest))
    }

    private val reached: Set<Int> by lazy {
        val graph = (a.obsp["connectivities"] as Matrix).toDense()
        val seen = linkedSetOf((a.uns["iroot"] as Number).toInt())
        val open = ArrayDeque(seen)
        while (open.isNotEmpty()) {
            val i = open.removeFirst()
            (0 until n).filter { graph.get(i, it) != 0.0 && seen.add(it) }.forEach(open::addLast)
        }
        seen
    }
}

fun bad(x: Double) = x.isNaN() || x.isInfinite()

/** Rows and columns of [m] that hold a value that is not finite. */
fun culprits(m: Matrix): Pair<Set<Int>, Set<Int>> {
    val rows = sortedSetOf<Int>()
    val cols = sortedSetOf<Int>()
    val d = m.toDense()
    for (i in 0 until d.nRows()) {
        for (j in 0 until d.nCols()) {
            if (bad(d.get(i, j))) {
                rows += i
                cols += j
            }
        }
    }
    return rows to cols
}

/** Where there are values that are not finite: how many, outside the rows and columns that had one before. */
class Finding(val rows: Set<Int>, val cols: Set<Int>, val nObs: Int, val nVars: Int, val excused: ByDefinition) {
    val out = linkedMapOf<String, Int>()

    private fun put(key: String, n: Int) { if (n > 0) out[key] = n }

    private fun vector(key: String, v: DoubleArray) {
        val own = if (v.size == nObs && "var" !in key) rows else if (v.size == nVars) cols else emptySet()
        put(key, v.indices.count { bad(v[it]) && it !in own && !excused.allows(key, it) })
    }

    private fun matrix(key: String, m: Matrix, names: List<String>? = null) {
        val own = if (m.nRows() == nObs) rows else if (m.nRows() == nVars) cols else emptySet()
        val d = m.toDense()
        put(key, (0 until d.nRows()).sumOf { i -> if (i in own || names != null && excused.allowsRow(key, i, names[i])) 0 else (0 until d.nCols()).count { bad(d.get(i, it)) } })
    }

    fun any(key: String, v: Any?) {
        when (v) {
            is AnnData -> data(key, v)
            is Map<*, *> -> v.forEach { (k, x) -> any("$key/$k", x) }
            is RecordArray -> v.fields().forEach { (k, x) -> any("$key/$k", x) }
            is DataFrame -> for (k in v.keys) (v[k] as? NumericColumn)?.let { vector("$key/$k", it.toDoubles()) }
            is Matrix -> matrix(key, v)
            is NdArray -> if (!v.isText) vector(key, v.toDoubles())
            is DoubleArray -> vector(key, v)
            is Double -> put(key, if (bad(v)) 1 else 0)
        }
    }

    fun data(prefix: String, a: AnnData) {
        val p = if (prefix.isEmpty()) "" else "$prefix/"
        if (prefix.isEmpty()) matrix("X", a.X)
        for (k in a.layers.keys) matrix("${p}layers/$k", a.layers[k] as Matrix, a.obsNames)
        for (k in a.obsm.keys) any("${p}obsm/$k", a.obsm[k])
        for (k in a.obsp.keys) any("${p}obsp/$k", a.obsp[k])
        for (k in a.varm.keys) any("${p}varm/$k", a.varm[k])
        any("${p}obs", a.obs)
        any("${p}var", a.`var`)
        any("${p}uns", a.uns.toMap())
    }
}

fun oneLine(e: Throwable): String {
    val place = e.stackTrace.take(3).joinToString { "${it.className.substringAfterLast('.')}.${it.methodName}:${it.lineNumber}" }
    val typed = Failures.speaksForItself(e) && e !is IndexOutOfBoundsException
    return "${if (typed) "refused" else "RAW"}\t${e.javaClass.simpleName}: ${e.message ?: "null"}${if (typed) "" else " @$place"}"
}

sc.settings.verbosity = 1
val pool = Executors.newCachedThreadPool { r -> Thread(r).also { it.isDaemon = true } }
val console = System.err
var runs = 0
var faults = 0
report.printWriter().use { out ->
    inputs.entries.filterIndexed { i, _ -> i % every == 0 }.forEach { (name, make) ->
        for (verb in verbs) {
            val a = make()
            val (rows, cols) = culprits(a.X)
            val (more, _) = culprits(a.obsm["X_pca"] as Matrix)
            val covariate = (a.obs["cov"] as NumericColumn).toDoubles().let { v -> v.indices.filter { bad(v[it]) } }
            val input = make()
            val before = a.X
            val said = ByteArrayOutputStream()
            System.setErr(PrintStream(said, true))
            var value: Any? = null
            val task = pool.submit(Callable { try { value = verb.run(a); "ok\t" } catch (e: Throwable) { oneLine(Failures.unwrapped(e)) } })
            var verdict = try { task.get(20, TimeUnit.SECONDS) } catch (e: TimeoutException) { task.cancel(true); "HUNG\t" }
            System.setErr(console)
            val left = if (verdict.startsWith("ok")) culprits(a.X).first else emptySet()
            val own = if (verb.name == "sample") left else rows + more + covariate
            val finding = Finding(own, cols, a.nObs, a.nVars, ByDefinition(input, a))
            if (verdict.startsWith("ok")) {
                finding.data("", a)
                finding.any("result(${verb.name})", if (value === a) null else value)
                val warned = "WARNING" in said.toString()
                if (finding.out.isNotEmpty()) verdict = "${if (warned) "warned" else "SILENT"}\t${finding.out} | ${said.toString().trim().replace('\n', ' ')}"
            } else if (a.X.shape() != before.shape()) {
                verdict = "CHANGED\t$verdict"
            } else if ('\n' in verdict) {
                verdict = "LINES\t" + verdict.replace('\n', '|')
            }
            val kind = verdict.substringBefore('\t')
            runs++
            if (kind == kind.uppercase()) {
                faults++
                println("$name | ${verb.name} | ${verdict.replace('\t', ' ').take(300)}")
            }
            out.println("$name\t${verb.name}\t$verdict")
        }
    }
}
println("$runs runs (${inputs.entries.filterIndexed { i, _ -> i % every == 0 }.size} inputs, ${verbs.size} verbs): $faults faults")
if (faults > 0) kotlin.system.exitProcess(1)
