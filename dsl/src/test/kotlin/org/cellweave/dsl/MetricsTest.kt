package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.dsl.slots.categories
import org.cellweave.matrix.DenseMatrix
import org.cellweave.metrics.IntegrationBenchmark.Aspect
import org.cellweave.metrics.IntegrationBenchmark.Measure
import org.cellweave.testing.H5Reference
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.Locale
import kotlin.io.path.name

/** `sc.metrics` on objects; the numbers themselves are tested in the core. */
class MetricsTest {
    @TempDir
    lateinit var folder: Path

    private fun sample(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 300, nBatches = 2, nTypes = 3, seed = 1)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        sc.pp.pca(adata, nComps = 10)
        val flat = adata.obsm.matrix("X_pca", "").toDense()
        adata.obsm["X_two"] = flat.takeCols(intArrayOf(0, 1))
        return adata
    }

    @Test
    fun `every measure of the benchmark is also a verb`() {
        val adata = sample()
        val all = Measure.entries.map { it.title() }
        val table = sc.metrics.benchmark(adata, "batch", "cell_type", listOf("X_pca", "X_two"), measures = all)

        fun value(m: Measure) = table["X_two", m]
        val close = within(1e-12)
        assertThat(value(Measure.ILISI)).isCloseTo(sc.metrics.ilisi(adata, "batch", "X_two"), close)
        assertThat(value(Measure.CLISI)).isCloseTo(sc.metrics.clisi(adata, "cell_type", "X_two"), close)
        assertThat(value(Measure.BRAS)).isCloseTo(sc.metrics.bras(adata, "batch", "cell_type", "X_two"), close)
        assertThat(value(Measure.SILHOUETTE_LABEL))
            .isCloseTo(sc.metrics.silhouetteLabel(adata, "cell_type", "X_two"), close)
        assertThat(value(Measure.SILHOUETTE_BATCH))
            .isCloseTo(sc.metrics.silhouetteBatch(adata, "batch", "cell_type", "X_two"), close)
        assertThat(value(Measure.ISOLATED_LABELS))
            .isCloseTo(sc.metrics.isolatedLabels(adata, "batch", "cell_type", "X_two"), close)
        assertThat(value(Measure.KBET)).isCloseTo(sc.metrics.kbetPerLabel(adata, "batch", "cell_type", "X_two"), close)
        assertThat(value(Measure.GRAPH_CONNECTIVITY))
            .isCloseTo(sc.metrics.graphConnectivity(adata, "cell_type", "X_two"), close)
        assertThat(value(Measure.PCR_COMPARISON)).isCloseTo(sc.metrics.pcrComparison(adata, "batch", "X_two"), close)
        val kMeans = sc.metrics.nmiAriClusterLabelsKmeans(adata, "cell_type", "X_two")
        assertThat(value(Measure.KMEANS_NMI)).isEqualTo(kMeans["nmi"])
        val leiden = sc.metrics.nmiAriClusterLabelsLeiden(adata, "cell_type", "X_two")
        assertThat(value(Measure.LEIDEN_ARI)).isEqualTo(leiden["ari"])
        assertThat(table.total("X_two")).isCloseTo(
            0.4 * table.mean("X_two", Aspect.BATCH_CORRECTION) + 0.6 * table.mean("X_two", Aspect.BIO_CONSERVATION),
            close,
        )
        assertThat(table.toDataFrame().keys).hasSize(Measure.entries.size + 3).contains("Total", "iLISI")
        assertThat(table.embeddings.first()).isEqualTo(listOf("X_pca", "X_two").maxBy { table.total(it) })
        val stretched = table.toDataFrame(minMaxScale = true)["iLISI"].toDoubles()
        assertThat(stretched.sorted()).containsExactly(0.0, 1.0)
    }

    @Test
    fun `the benchmark is drawn as a table`() {
        val reference = H5Reference.richestFile()
        val adata = sc.readH5ad(reference.toString())
        val table = sc.metrics.benchmark(adata, "batch", "leiden", listOf("X_pca", "X_pca_harmony"))
        assertThat(table.embeddings).containsExactly("X_pca_harmony", "X_pca")
        val printed = table.toString().lines()
        assertThat(printed.drop(1).map { it.length }.distinct()).`as`("no column is left out: $table").hasSize(1)
        assertThat(printed[0].trim()).startsWith("Isolated").endsWith("Batch")
        assertThat(printed[1].trim().split(Regex(" +"))).contains("iLISI", "comparison").endsWith("correction", "Total")
        assertThat(printed[2])
            .startsWith("X_pca_harmony  ")
            .endsWith("%.3f".format(Locale.ROOT, table.total("X_pca_harmony")))
        val figure = sc.pl.benchmark(table, save = FigureSamples.figures.resolve("benchmark.png").toString())
        assertThat(figure.toSvg()).contains("Graph", "connectivity", "Aggregate score", "X_pca_harmony")
        if (reference.name == "kang.h5ad") assertThat(figure.toSvg()).contains("0.80")
        assertThat(figure.toSvg()).isEqualTo(sc.pl.benchmark(table).toSvg())
        assertThatThrownBy { sc.pl.benchmark(table, cmap = "PRGm") }.hasMessageContaining("Did you mean 'PRGn'?")
    }

    @Test
    fun `confusion matrices have the categories as names`() {
        val adata = sample()
        val table = sc.metrics.confusionMatrix("cell_type", "batch", adata.obs, normalize = false)
        val counts = (adata.obs["cell_type"] as CategoricalColumn).counts()
        val sums = table.keys.map { table[it].toDoubles() }.reduce { a, b -> DoubleArray(a.size) { a[it] + b[it] } }
        assertThat(sums).containsExactly(*DoubleArray(counts.size) { counts[it].toDouble() })
        val shares = sc.metrics.confusionMatrix("cell_type", "cell_type", adata.obs)
        assertThat(shares[shares.keys.first()].toDoubles()[0]).isEqualTo(1.0)
    }

    @Test
    fun `conservation of what was there before`() {
        val adata = sample()
        assertThat(sc.metrics.hvgOverlap(adata, adata, "batch", nTopGenes = 50)).isEqualTo(1.0)
        val order = DoubleArray(adata.nObs) { if (it == 3) Double.POSITIVE_INFINITY else it.toDouble() }
        adata.obs["dpt_pseudotime"] = NumericColumn.of(*order)
        assertThat(sc.metrics.trajectoryConservation(adata, adata)).isEqualTo(1.0)
        val back = adata.copy()
        back.obs["dpt_pseudotime"] = NumericColumn.of(*DoubleArray(adata.nObs) { -it.toDouble() })
        assertThat(sc.metrics.trajectoryConservation(adata, back)).isCloseTo(0.0, within(1e-12))
        val x = adata.obsm.matrix("X_pca", "").toDense()
        adata.obs["S_score"] = NumericColumn.of(*x.column(0))
        adata.obs["G2M_score"] = NumericColumn.of(*x.column(1))
        assertThat(sc.metrics.cellCycleConservation(adata, "batch", "X_pca")).isEqualTo(1.0)
        assertThat(sc.metrics.cellCycleConservation(adata, "batch", "X_two")).isLessThan(1.0)
        assertThat(sc.metrics.principalComponentRegression(adata, "S_score")).isBetween(0.05, 1.0)
    }

    @Test
    fun `matches between modalities`() {
        val adata = sample()
        assertThat(sc.metrics.foscttm(adata, adata.copy(), "X_pca")["mean"]).isEqualTo(0.0)
        val transfer = sc.metrics.labelTransferAccuracy(adata, "cell_type", "batch", nNeighbors = 5)
        assertThat(transfer.nRows()).isEqualTo(2)
        assertThat(sc.help("metrics.labelTransferAccuracy").text)
            .contains("A row `a to b` is about the cells of b, each of which is given the label of its nearest")
        assertThat(transfer["accuracy"].toDoubles().toList()).allMatch { it in 0.0..1.0 }
        assertThat(sc.metrics.neighborPurity(adata, "cell_type").names).endsWith("all")
        sc.pp.bbknn(adata, "batch", keyAdded = "balanced")
        val ofGraph = sc.metrics.neighborPurity(adata, "cell_type", neighborsKey = "balanced")["purity"].toDoubles()
        assertThat(ofGraph.toList()).allMatch { it in 0.0..1.0 }
        assertThatThrownBy { sc.metrics.neighborPurity(adata, "cell_type", neighborsKey = "balancd") }
            .hasMessageContaining("uns['balancd'] is missing")
        val other = adata[0 until 299]
        assertThatThrownBy { sc.metrics.foscttm(adata, other, "X_pca") }
            .hasMessageContaining("must hold the same cells in the same order")
        assertThatThrownBy { sc.metrics.labelTransferAccuracy(adata, "batch", "cell_type") }
            .hasMessageContaining("name two of them with groups")
    }

    @Test
    fun `equals scanpy on its own graph`() {
        val adata = sample()
        sc.pp.neighbors(adata)
        adata.writeH5ad(folder.resolve("sample.h5ad").toString())
        Peer.run(
            folder,
            """
            a = sc.read_h5ad("sample.h5ad")
            with open("scores.txt", "w") as f:
                print(*sc.metrics.morans_i(a), sep=",", file=f)
                print(*sc.metrics.gearys_c(a), sep=",", file=f)
                print(*sc.metrics.morans_i(a, obsm="X_pca"), sep=",", file=f)
                print(*sc.metrics.confusion_matrix("cell_type", "batch", a.obs).to_numpy().ravel(), sep=",", file=f)
            """,
        )
        val lines = folder.resolve("scores.txt").toFile().readLines()
        val theirs = lines.map { line -> line.split(",").map { it.toDoubleOrNull() ?: Double.NaN } }
        val table = sc.metrics.confusionMatrix("cell_type", "batch", adata.obs)
        val confusion = (0 until table.nRows()).flatMap { i -> table.keys.map { table[it].toDoubles()[i] } }
        val ours =
            listOf(
                sc.metrics.moransI(adata).asList(),
                sc.metrics.gearysC(adata).asList(),
                sc.metrics.moransI(adata, obsm = "X_pca").asList(),
                confusion,
            )
        ours.zip(theirs).forEach { (a, b) ->
            assertThat(a).hasSameSizeAs(b)
            a.zip(b).forEach { (x, y) -> if (!y.isNaN()) assertThat(x).isCloseTo(y, within(1e-5)) }
        }
    }

    @Test
    fun `mistakes are explained`() {
        val adata = sample()
        assertThatThrownBy { sc.metrics.benchmark(adata, "bach", "cell_type", listOf("X_pca")) }
            .hasMessageContaining("bach")
            .hasMessageContaining("batch")
        assertThatThrownBy { sc.metrics.benchmark(adata, "batch", "cell_type", listOf("X_pac")) }
            .hasMessageContaining("X_pac")
            .hasMessageContaining("X_pca")
        assertThatThrownBy { sc.metrics.benchmark(adata, "batch", "cell_type", emptyList()) }
            .hasMessageContaining("embeddings must name at least one key of obsm")
        assertThatThrownBy {
            sc.metrics.benchmark(adata, "batch", "cell_type", listOf("X_pca"), measures = listOf("iLIS"))
        }.hasMessageContaining("Did you mean 'iLISI'?")
        val codes = (adata.obs["batch"] as CategoricalColumn).codes().clone()
        codes[5] = -1
        adata.obs["holes"] = CategoricalColumn(codes, (adata.obs["batch"] as CategoricalColumn).categories(), false)
        assertThatThrownBy { sc.metrics.ilisi(adata, "holes") }
            .hasMessageContaining("obs['holes'] has 1 missing label, for cell '${adata.obsNames[5]}'. Give every cell")
        assertThatThrownBy { sc.metrics.neighborPurity(adata, "holes") }
            .hasMessageContaining("obs['holes'] has 1 missing label, for cell '${adata.obsNames[5]}'. Give every cell")
        assertThatThrownBy { sc.metrics.cellCycleConservation(adata, "batch", "X_pca") }
            .hasMessageContaining("Run sc.tl.scoreGenesCellCycle() first.")
        assertThatThrownBy { sc.metrics.moransI(adata, layer = "counts", obsm = "X_pca") }
            .hasMessageContaining("exclude each other")
        adata.obsm["bad"] = DenseMatrix.ofRows(Array(adata.nObs) { doubleArrayOf(if (it == 7) Double.NaN else 1.0) })
        assertThatThrownBy { sc.metrics.silhouetteLabel(adata, "cell_type", "bad") }
            .hasMessageContaining("x must be finite and at most 1e15, got NaN in row 7, column 0")
    }
}
