// Every verb on strange inputs, in three parts that run puts together: these inputs, verbs.kts and verdicts.kts.
// usage of the whole: ./cellweave WHOLE.kts SCRATCH_FOLDER REPORT.tsv EVERY_NTH_INPUT [WORD_IN_THE_NAME_OF_VERBS]
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
