package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
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
import org.cellweave.preprocess.Pca
import org.cellweave.util.Check
import java.util.Locale
import org.cellweave.metrics.IntegrationBenchmark.Params.DEFAULTS as BENCHMARK
import org.cellweave.metrics.Lisi.Params.DEFAULTS as LISI

/**
 * Judges integrated embeddings by scIB's measures and their aggregate. See [IntegrationBenchmark].
 *
 * Reads `obs[batchKey]`, `obs[labelKey]`, `obsm[...]` of every name in [embeddings], and `obsm[preIntegrated]`; for
 * [methods] also the matrix that a method reads: `obsm[preIntegrated]`, `X` or `layers["counts"]`. Writes nothing.
 *
 * @param preIntegrated the embedding before the integration, for the comparison of explained variance
 * @param methods integrations to run over [batchKey] and judge under these names; of corrected expression as many
 *   principal components are taken as [preIntegrated] has
 * @param measures titles such as `"iLISI"`; null for those of scib-metrics' default
 */
public fun Metrics.benchmark(
    adata: AnnData,
    batchKey: String,
    labelKey: String,
    embeddings: List<String>,
    preIntegrated: String = "X_pca",
    measures: List<String>? = null,
    randomState: Long = BENCHMARK.seed(),
    methods: Map<String, BatchIntegration<*>> = emptyMap(),
): BenchmarkTable {
    require(embeddings.isNotEmpty() || methods.isNotEmpty()) {
        "embeddings must name at least one key of obsm, which has ${adata.obsm.keys}"
    }
    val rows = embeddings + methods.keys
    require(rows.distinct().size == rows.size) { "embeddings must be distinct, got $rows" }
    val batches = adata.categories(batchKey, "batchKey")
    val labels = adata.categories(labelKey, "labelKey")
    val before = adata.denseEmbedding(preIntegrated)
    embeddings.forEach { adata.embedding(it) }
    fittingNeighbors(LISI.nNeighbors(), adata.nObs)
    val params = IntegrationBenchmark.Params(measures?.map(::measure)?.toSet() ?: BENCHMARK.measures(), randomState)
    val judged = { what: String, x: DenseMatrix ->
        Log.timed<IntegrationBenchmark.Result>("judging $what", { "total ${"%.3f".format(it.total())}" }) {
            withProgress { IntegrationBenchmark.run(x, before, labels, batches, params, it) }
        }
    }
    val results =
        embeddings.associateWith { judged("obsm['$it']", adata.denseEmbedding(it)) } +
            methods.mapValues { (name, method) ->
                judged(name, adata.embeddingBy(method, name, preIntegrated, before.nCols(), batches))
            }
    return BenchmarkTable(results)
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
public class BenchmarkTable internal constructor(private val results: Map<String, IntegrationBenchmark.Result>) {
    /** The embeddings, best total first. */
    public val embeddings: List<String> = results.keys.sortedByDescending { key -> rank(results.getValue(key)) }

    /** The measures computed, those of bio conservation first. */
    public val measures: List<Measure> = results.values
        .first()
        .values.keys
        .sorted()

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
     * @param minMaxScale whether each measure is stretched to 0..1 over the embeddings first, as in the scIB paper
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

    private companion object {
        const val NUMBER_WIDTH = 5

        fun rank(result: IntegrationBenchmark.Result): Double {
            val means = Aspect.entries.map { result.mean(it) }.filterNot { it.isNaN() }
            return if (means.size == 2) result.total() else means.firstOrNull() ?: Double.NEGATIVE_INFINITY
        }

        fun stretched(values: DoubleArray): DoubleArray {
            val finite = values.filterNot { it.isNaN() }
            val low = finite.minOrNull() ?: return values
            val range = finite.max() - low
            return DoubleArray(values.size) { if (range > 0) (values[it] - low) / range else 0.0 }
        }
    }
}
