package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.StringColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.integrate
import org.cellweave.dsl.glue.sourceOf
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.embedding
import org.cellweave.integrate.BatchIntegration
import org.cellweave.integrate.Integrated
import org.cellweave.matrix.DenseMatrix
import org.cellweave.metrics.IntegrationBenchmark
import org.cellweave.metrics.IntegrationBenchmark.Aspect
import org.cellweave.metrics.IntegrationBenchmark.Measure
import org.cellweave.metrics.PairedBenchmark
import org.cellweave.preprocess.Pca
import org.cellweave.util.Check
import java.util.Locale
import org.cellweave.metrics.IntegrationBenchmark.Params.DEFAULTS as BENCHMARK
import org.cellweave.metrics.Lisi.Params.DEFAULTS as LISI

/**
 * Judges integrated embeddings by scIB's measures and their aggregate. See [IntegrationBenchmark]. Where cells are known
 * that are two halves of one, measured in two modalities, also by these, with [pairKey]. See [PairedBenchmark].
 *
 * Reads `obs[batchKey]`, `obs[labelKey]`, `obsm[...]` of every name in [embeddings], and `obsm[preIntegrated]`; for
 * [methods] also the matrix that a method reads: `obsm[preIntegrated]`, `X` or `layers["counts"]`; with [pairKey] also
 * `obs[pairKey]` and `obs[modalityKey]`, as `sc.pp.unpair` writes them. Writes nothing.
 *
 * @param preIntegrated the embedding before the integration, for the comparison of explained variance; null where there
 *   is none, as of a mosaic, which leaves that measure out
 * @param methods integrations to run over [batchKey] and judge under these names; of corrected expression as many
 *   principal components are taken as [preIntegrated] has
 * @param measures titles such as `"iLISI"`; null for those of scib-metrics' default; with [pairKey] it may be empty
 * @param pairKey column in which the two halves of a cell have the same value: adds FOSCTTM (`a->b`: how many cells of b
 *   lie nearer to a cell of a than its half; 0 is best), label transfer (`a->b`: labels of a given to b) and kNN
 *   alignment. These do not enter the total
 */
public fun Metrics.benchmark(
    adata: AnnData,
    batchKey: String,
    labelKey: String,
    embeddings: List<String>,
    preIntegrated: String? = "X_pca",
    measures: List<String>? = null,
    randomState: Long = BENCHMARK.seed(),
    methods: Map<String, BatchIntegration<*>> = emptyMap(),
    pairKey: String? = null,
    modalityKey: String = "modality",
): BenchmarkTable {
    val (batches, labels) = adata.categories(batchKey, "batchKey") to adata.categories(labelKey, "labelKey")
    val judge = Judge(adata, batches, labels, pairKey, modalityKey)
    judge.choose(measures, preIntegrated, randomState)
    return judge.table(embeddings, methods)
}

/**
 * As for one object, of a mosaic's embeddings of all cells.
 *
 * Reads `obs[batchKey]` and `obs[labelKey]` of [mdata] or of its modalities, and `obsm[...]` of every name in
 * [embeddings]; with [pairKey] also `obs[pairKey]` and `obs[modalityKey]`, as `sc.pp.unpair` writes them. Writes nothing.
 */
public fun Metrics.benchmark(
    mdata: MuData,
    batchKey: String,
    labelKey: String,
    embeddings: List<String>,
    measures: List<String>? = null,
    randomState: Long = BENCHMARK.seed(),
    pairKey: String? = null,
    modalityKey: String = "modality",
): BenchmarkTable {
    val (batches, labels) = mdata.labels(batchKey, "batchKey") to mdata.labels(labelKey, "labelKey")
    val judge = Judge(mdata.shared, batches, labels, pairKey, modalityKey)
    judge.choose(measures, null, randomState)
    return judge.table(embeddings, emptyMap())
}

/** What is known of cells, by which embeddings of them are judged. */
private class Judge(
    private val adata: AnnData,
    private val batches: Categories,
    private val labels: Categories,
    pairKey: String?,
    modalityKey: String,
) {
    private val pairs = pairKey?.let { adata.pairedCells(it, modalityKey) }
    private var params: IntegrationBenchmark.Params? = null
    private var basis: String? = null
    private var before: DenseMatrix? = null

    fun choose(measures: List<String>?, preIntegrated: String?, seed: Long) {
        basis = preIntegrated
        before = preIntegrated?.let { adata.denseEmbedding(it) }
        val asked = measures?.map(::measure)?.toSet() ?: BENCHMARK.measures()
        val possible = if (before == null && measures == null) asked - Measure.PCR_COMPARISON else asked
        require(before != null || Measure.PCR_COMPARISON !in possible) {
            "'${Measure.PCR_COMPARISON.title()}' compares with an embedding before the integration; name it with " +
                "preIntegrated, or leave the measure out"
        }
        if (possible.isEmpty() && pairs != null) return
        params = IntegrationBenchmark.Params(possible, seed)
        fittingNeighbors(LISI.nNeighbors(), adata.nObs)
    }

    fun table(embeddings: List<String>, methods: Map<String, BatchIntegration<*>>): BenchmarkTable {
        require(embeddings.isNotEmpty() || methods.isNotEmpty()) {
            "embeddings must name at least one key of obsm, which has ${adata.obsm.keys}"
        }
        val rows = embeddings + methods.keys
        require(rows.distinct().size == rows.size) { "embeddings must be distinct, got $rows" }
        embeddings.forEach { adata.embedding(it) }
        val start = before
        require(methods.isEmpty() || start != null) { "methods need preIntegrated, which names what they correct" }
        val (results, paired) =
            LinkedHashMap<String, IntegrationBenchmark.Result>() to LinkedHashMap<String, Map<String, Double>>()

        fun judged(key: String, what: String, x: DenseMatrix) {
            results[key] = scib(what, x)
            if (pairs != null) paired[key] = ofPairs(what, x, pairs)
        }
        embeddings.forEach { judged(it, "obsm['$it']", adata.denseEmbedding(it)) }
        for ((name, method) in methods) {
            judged(name, name, adata.embeddingBy(method, name, basis!!, start!!.nCols(), batches))
        }
        return BenchmarkTable(results, paired)
    }

    private fun scib(what: String, x: DenseMatrix): IntegrationBenchmark.Result {
        val chosen = params ?: return IntegrationBenchmark.Result(emptyMap())
        return Log.timed("judging $what", { "total ${"%.3f".format(Locale.ROOT, it.total())}" }) {
            withProgress { IntegrationBenchmark.run(x, before, labels, batches, chosen, it) }
        }
    }

    private fun ofPairs(what: String, x: DenseMatrix, pairs: PairedCells): Map<String, Double> {
        val (a, b) = pairs.modalities
        val (first, second) = x.takeRows(pairs.first) to x.takeRows(pairs.second)
        val found = PairedBenchmark.run(first, second, labels.subset(pairs.first), PairedBenchmark.Params.DEFAULTS)
        found.foscttm().warnOfTies(what)
        return linkedMapOf(
            "FOSCTTM $a->$b" to found.foscttm().forward(),
            "FOSCTTM $b->$a" to found.foscttm().backward(),
            "Transfer $a->$b" to found.transfer().backward().accuracy(),
            "Transfer $b->$a" to found.transfer().forward().accuracy(),
            "kNN alignment" to found.alignment().mean(),
        )
    }
}

/** What [method] makes of the data set, as coordinates of the cells. */
private fun AnnData.embeddingBy(
    method: BatchIntegration<*>,
    name: String,
    basis: String,
    nComps: Int,
    batches: Categories,
): DenseMatrix {
    val source = sourceOf(method.reads(), basis)
    return when (val made = integrate(method, name, source, listOf(batches)).integrated().first()) {
        is Integrated.Embedding -> made.x()
        is Integrated.Expression -> {
            val params = Pca.Params
                .builder()
                .nComps(nComps)
                .build()
            withProgress { Pca.run(made.x(), null, params, it) }.scores()
        }
        is Integrated.Graph -> throw IllegalArgumentException(
            "benchmark judges coordinates of the cells, and $name makes a graph alone",
        )
    }
}

private fun measure(title: String): Measure {
    val titles = Measure.entries.map { it.title() }
    return Measure.entries.firstOrNull { it.title().equals(title, ignoreCase = true) }
        ?: throw IllegalArgumentException(
            "measures must be among $titles, got '$title'.${Check.suggestion(title, titles)}",
        )
}

/** What `sc.metrics.benchmark` found: one row per embedding. */
public class BenchmarkTable internal constructor(
    private val results: Map<String, IntegrationBenchmark.Result>,
    private val paired: Map<String, Map<String, Double>>,
) {
    /** The embeddings, best total first; where there is no total, those with the lowest FOSCTTM. */
    public val embeddings: List<String> = results.keys.sortedByDescending { rank(it) }

    /** The measures computed, those of bio conservation first. */
    public val measures: List<Measure> = results.values
        .first()
        .values.keys
        .sorted()

    /** Titles of what was asked of paired cells; empty without `pairKey`. */
    public val pairedMeasures: List<String> = paired.values
        .firstOrNull()
        ?.keys
        ?.toList()
        .orEmpty()

    /** One value of one embedding by the title of its column, such as `"FOSCTTM rna->adt"`. */
    public operator fun get(embedding: String, title: String): Double {
        result(embedding)
        val columns = columns(minMaxScale = false)
        val column = columns[title] ?: throw IllegalArgumentException(
            "title must be among ${columns.keys}, got '$title'." + Check.suggestion(title, columns.keys),
        )
        return column[embeddings.indexOf(embedding)]
    }

    /** One value of one embedding. */
    public operator fun get(embedding: String, measure: Measure): Double =
        result(embedding).values[measure]
            ?: throw IllegalArgumentException("${measure.title()} was not computed; name it in measures")

    /** Mean over the measures of one aspect. */
    public fun mean(embedding: String, aspect: Aspect): Double = result(embedding).mean(aspect)

    /** 0.4 batch correction + 0.6 bio conservation. */
    public fun total(embedding: String): Double = result(embedding).total()

    /**
     * The table as scib-metrics gives it: a column per measure, then the aggregates.
     *
     * @param minMaxScale whether each measure is stretched to 0..1 over the embeddings first, as in the scIB paper; the
     *   lowest FOSCTTM, which is the best, to 0
     */
    public fun toDataFrame(minMaxScale: Boolean = false): DataFrame {
        val out = DataFrame("benchmark", StringColumn.of(*embeddings.toTypedArray()), "Embedding")
        columns(minMaxScale).forEach { (title, values) ->
            out.set(
                title,
                org.cellweave.data.NumericColumn
                    .of(*values),
            )
        }
        return out
    }

    /** Titles with the values of [embeddings], measures first. */
    internal fun columns(minMaxScale: Boolean): Map<String, DoubleArray> {
        val byMeasure =
            measures.associateWith { m ->
                val values = DoubleArray(embeddings.size) { get(embeddings[it], m) }
                if (minMaxScale) stretched(values) else values
            }
        val out = LinkedHashMap<String, DoubleArray>()
        byMeasure.forEach { (m, values) -> out[m.title()] = values }
        for (title in pairedMeasures) {
            val values = DoubleArray(embeddings.size) { paired.getValue(embeddings[it]).getValue(title) }
            out[title] = if (minMaxScale) stretched(values) else values
        }
        val means =
            Aspect.entries.filter { a -> measures.any { it.aspect() == a } }.associateWith { aspect ->
                val own = byMeasure.filterKeys { it.aspect() == aspect }.values
                DoubleArray(embeddings.size) { i -> own.map { it[i] }.filterNot { it.isNaN() }.average() }
            }
        means.forEach { (aspect, values) -> out[aspect.title()] = values }
        if (means.size == 2) {
            out["Total"] =
                DoubleArray(embeddings.size) {
                    IntegrationBenchmark.total(
                        means.getValue(Aspect.BIO_CONSERVATION)[it],
                        means.getValue(Aspect.BATCH_CORRECTION)[it],
                    )
                }
        }
        return out
    }

    /** Every column, however many: three digits below titles that have one word in a line. */
    override fun toString(): String {
        val columns = columns(minMaxScale = false)
        val heads = columns.keys.map { it.split(' ') }
        val names = embeddings.maxOf { it.length }
        val widths = heads.map { words -> maxOf(NUMBER_WIDTH, words.maxOf { it.length }) }
        val depth = heads.maxOf { it.size }

        fun row(
            name: String,
            cell: (Int) -> String,
        ) = (name.padEnd(names) + widths.indices.joinToString("") { "  " + cell(it).padStart(widths[it]) }).trimEnd()
        val titles = (0 until depth).map { line ->
            row("") { c -> heads[c].getOrElse(line - depth + heads[c].size) { "" } }
        }
        val values = columns.values.toList()
        val rows = embeddings.mapIndexed { i, name -> row(name) { c -> "%.3f".format(Locale.ROOT, values[c][i]) } }
        return (titles + rows).joinToString("\n")
    }

    private fun result(embedding: String): IntegrationBenchmark.Result =
        results[embedding] ?: throw IllegalArgumentException(
            "embedding must be among ${results.keys}, got '$embedding'." + Check.suggestion(embedding, results.keys),
        )

    private fun rank(embedding: String): Double {
        val result = results.getValue(embedding)
        val means = Aspect.entries.map { result.mean(it) }.filterNot { it.isNaN() }
        if (means.size == 2) return result.total()
        val foscttm = paired[embedding]?.filterKeys { it.startsWith(LOW_IS_GOOD) }?.values?.average()
        return means.firstOrNull() ?: foscttm?.let { -it } ?: Double.NEGATIVE_INFINITY
    }

    internal companion object {
        private const val NUMBER_WIDTH = 5

        /** How titles begin of which 0 is best. */
        const val LOW_IS_GOOD = "FOSCTTM"

        private fun stretched(values: DoubleArray): DoubleArray {
            val finite = values.filterNot { it.isNaN() }
            val low = finite.minOrNull() ?: return values
            val range = finite.max() - low
            return DoubleArray(values.size) { if (range > 0) (values[it] - low) / range else 0.0 }
        }
    }
}
