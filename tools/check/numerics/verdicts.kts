// The third part: see inputs.kts.

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

    private fun column(key: String) = (a.vars[key] as NumericColumn).toDoubles()

    /** Whether entry [i] of the vector [key] has no value by definition. */
    fun allows(key: String, i: Int): Boolean =
        when {
            // no rank beyond the genes chosen
            key == "var/highly_variable_rank" -> !(a.vars["highly_variable"] as BooleanColumn).get(i)
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
        if ("highly_variable_nbatches" in a.vars.keys) {
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
        any("${p}var", a.vars)
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
