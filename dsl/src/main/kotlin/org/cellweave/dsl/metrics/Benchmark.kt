package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.completeGroups
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.embedding
import org.cellweave.metrics.IntegrationBenchmark
import org.cellweave.metrics.IntegrationBenchmark.Aspect
import org.cellweave.metrics.IntegrationBenchmark.Measure
import org.cellweave.util.Check
import org.cellweave.metrics.IntegrationBenchmark.Params.DEFAULTS as BENCHMARK
import org.cellweave.metrics.Lisi.Params.DEFAULTS as LISI

/**
 * Judges integrated embeddings by scIB's measures and their aggregate. See [IntegrationBenchmark].
 *
 * Reads `obs[batchKey]`, `obs[labelKey]`, `obsm[...]` of every name in [embeddings], and `obsm[preIntegrated]`.
 * Writes nothing.
 *
 * @param preIntegrated the embedding before the integration, for the comparison of explained variance
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
): BenchmarkTable {
    require(embeddings.isNotEmpty()) { "embeddings must name at least one key of obsm, which has ${adata.obsm.keys}" }
    require(embeddings.distinct().size == embeddings.size) { "embeddings must be distinct, got $embeddings" }
    val batches = adata.completeGroups(batchKey, "batchKey").codes()
    val labels = adata.completeGroups(labelKey, "labelKey").codes()
    val before = adata.denseEmbedding(preIntegrated)
    embeddings.forEach { adata.embedding(it) }
    fittingNeighbors(LISI.nNeighbors(), adata.nObs)
    val params = IntegrationBenchmark.Params(measures?.map(::measure)?.toSet() ?: BENCHMARK.measures(), randomState)
    val results =
        embeddings.associateWith { key ->
            Log.timed<IntegrationBenchmark.Result>("judging obsm['$key']", { "total ${"%.3f".format(it.total())}" }) {
                withProgress {
                    IntegrationBenchmark.run(adata.denseEmbedding(key), before, labels, batches, params, it)
                }
            }
        }
    return BenchmarkTable(results)
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

    override fun toString(): String = toDataFrame().toString()

    private fun result(embedding: String): IntegrationBenchmark.Result =
        results[embedding] ?: throw IllegalArgumentException(
            "embedding must be among ${results.keys}, got '$embedding'." + Check.suggestion(embedding, results.keys),
        )

    private companion object {
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
