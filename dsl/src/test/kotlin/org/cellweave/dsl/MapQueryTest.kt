package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.testing.H5Reference
import org.cellweave.testing.Seeds
import org.cellweave.util.FormatException
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

class MapQueryTest {
    @TempDir
    lateinit var folder: Path

    private fun simulated(): Pair<AnnData, AnnData> {
        val all = sc.datasets.simulatedBatches(nCells = 900, nGenes = 300, nBatches = 3, nTypes = 4)
        sc.pp.log1p(sc.pp.normalizeTotal(all))
        all.obs["cell_type"] = all.obs["cell_type"].asCategorical()
        val isQuery = all.obs["batch"].texts().map { it == all.obs["batch"].texts().last() }
        val rows = isQuery.indices.toList()
        val reference = all[rows.filter { !isQuery[it] }.toIntArray(), 0 until all.nVars].copy()
        val query = all[rows.filter { isQuery[it] }.toIntArray(), 0 until all.nVars].copy()
        return reference to query
    }

    private val data: Pair<AnnData, AnnData> by lazy { simulated() }
    private val reference: AnnData get() = data.first.copy()
    private val query: AnnData get() = data.second.copy()

    private val built: ReferenceMap by lazy {
        sc.tl.buildReference(reference, "batch", listOf("cell_type"), nTopGenes = 200, nPcs = 10)
    }

    private fun numbers(adata: AnnData, key: String) = (adata.obsm[key] as Matrix).toDense().toFloat32().floatData()

    private fun agreement(a: Array<String?>, b: Array<String?>) = a.indices.count { a[it] == b[it] }.toDouble() / a.size

    @Test
    fun `labels, places and confidence of new cells`() {
        val new = query
        sc.tl.mapQuery(new, built, suffix = "_mapped", clusterKey = "cell_type", cellsPerDim = 1.0)
        assertThat(agreement(new.obs["cell_type_mapped"].texts(), new.obs["cell_type"].texts())).isGreaterThan(0.95)
        assertThat(new.obs["cell_type_mapped_score"].toDoubles().toList()).allMatch { it in 0.2..1.0 }
        assertThat((new.obsm["X_pca_reference"] as Matrix).nCols()).isEqualTo(10)
        assertThat((new.obsm["X_reference"] as Matrix).nCols()).isEqualTo(10)
        assertThat((new.obsm["X_umap_reference"] as Matrix).nCols()).isEqualTo(2)
        assertThat(new.obs["reference_distance"].toDoubles().toList()).allMatch { it > 0 && it < 100 }
        assertThat(new.obs["reference_cluster_distance"].size()).isEqualTo(new.nObs)
        val told = new.uns["reference"] as Map<*, *>
        assertThat(told["method"]).isEqualTo("symphony")
        assertThat(told["n_genes"]).isEqualTo(200L)
        assertThat(told["n_genes_missing"]).isEqualTo(0L)
        assertThat((told["clusters"] as NdArray).size()).isEqualTo(4)
        assertThat(built.toString()).isEqualTo(
            "ReferenceMap of ${built.nCells} cells: 10 components of 200 genes, ${built.nClusters} clusters, " +
                "labels [cell_type]",
        )
    }

    @Test
    fun `a file gives the same bits, and the object is an ordinary one`() {
        val path = folder.resolve("reference.h5ad").toString()
        built.save(path)
        val fromFile = sc.tl.mapQuery(query, path, "batch")
        val direct = sc.tl.mapQuery(query, built, "batch")
        for (key in listOf("X_pca_reference", "X_reference", "X_umap_reference")) {
            assertThat(numbers(fromFile, key)).isEqualTo(numbers(direct, key))
        }
        assertThat(fromFile.differenceTo(direct)).isNull()
        assertThat(ReferenceMap.load(path).cells.differenceTo(built.cells)).isNull()
        assertThat(sc.readH5ad(path).x as Matrix?).isNull()
        val alone = folder.resolve("alone.h5ad").toString()
        val small = sc.tl.buildReference(reference, nTopGenes = 50, nPcs = 5, umap = false, filename = alone)
        assertThat(ReferenceMap.load(alone).cells.differenceTo(small.cells)).isNull()
        assertThat(ReferenceMap.load(alone).labels).isEmpty()
    }

    @Test
    fun `the same for any number of threads`() {
        val runs =
            listOf(1, 7).map { threads ->
                Seeds.withThreads(threads) {
                    val made = sc.tl.buildReference(reference, "batch", listOf("cell_type"), nTopGenes = 100, nPcs = 8)
                    sc.tl.mapQuery(query, made, "batch")
                }
            }
        assertThat(runs[1].differenceTo(runs[0])).isNull()
    }

    @Test
    fun `the reference's own cells get their labels and places back`() {
        val own = reference
        sc.tl.mapQuery(own, built, suffix = "_mapped")
        assertThat(agreement(own.obs["cell_type_mapped"].texts(), own.obs["cell_type"].texts())).isGreaterThan(0.97)
        val one = sc.tl.buildReference(reference, null, listOf("cell_type"), nTopGenes = 200, nPcs = 10, umap = false)
        sc.tl.mapQuery(own, one, suffix = "_again", keyAdded = "one")
        val (there, here) = numbers(one.cells, "X_reference") to numbers(own, "X_one")
        val off = there.indices.sumOf { (there[it] - here[it]).toDouble().let { d -> d * d } }
        assertThat(Math.sqrt(off / there.sumOf { (it * it).toDouble() })).isLessThan(0.05)
    }

    @Test
    fun `genes are matched by name, missing ones are told of`() {
        val genes = query.varNames
        val shuffled = query[0 until query.nObs, Seeds.permutation(genes.size, 3)].copy()
        assertThat(
            sc.tl
                .mapQuery(shuffled, built)
                .obs["cell_type"]
                .texts(),
        ).isEqualTo(
            sc.tl
                .mapQuery(query, built)
                .obs["cell_type"]
                .texts(),
        )
        val half = built.genes.filterIndexed { i, _ -> i % 2 == 0 }
        val kept = genes.indices.filter { genes[it] in half }.toIntArray()
        val few = query[0 until query.nObs, kept].copy()
        sc.tl.mapQuery(few, built, suffix = "_mapped")
        assertThat((few.uns["reference"] as Map<*, *>)["n_genes_missing"]).isEqualTo(100L)
        assertThat(agreement(few.obs["cell_type_mapped"].texts(), few.obs["cell_type"].texts())).isGreaterThan(0.9)
    }

    private fun refuses(message: String, new: AnnData = query, call: (AnnData) -> Unit) {
        val before = new.copy()
        assertThatThrownBy { call(new) }.isInstanceOf(RuntimeException::class.java).hasMessageContaining(message)
        assertThat(new.differenceTo(before)).isNull()
    }

    @Test
    fun `what cannot be mapped is refused and changes nothing`() {
        refuses("labels must be among those of the reference, [cell_type], got 'celltype'. Did you mean 'cell_type'?") {
            sc.tl.mapQuery(it, built, labels = listOf("celltype"))
        }
        refuses("k must be at most the ${built.nCells} cells of the reference, got 100000") {
            sc.tl.mapQuery(it, built, k = 100_000)
        }
        refuses("ridgeLambda must be positive") { sc.tl.mapQuery(it, built, ridgeLambda = 0.0) }
        refuses("obs['lane'] is missing") { sc.tl.mapQuery(it, built, batchKey = "lane") }
        val other = query
        other.varNames = List(other.nVars) { "ENSG$it" }
        refuses("query and reference have no gene in common", other) { sc.tl.mapQuery(it, built) }
        val counts = sc.datasets.simulatedBatches(nCells = 200, nGenes = 300, nBatches = 2, nTypes = 3)
        counts.varNames = query.varNames
        refuses("but X holds whole numbers", counts) { sc.tl.mapQuery(it, built) }
        refuses("buildReference reads logarithms of normalised counts, but X holds whole numbers", counts) {
            sc.tl.buildReference(it)
        }
        val damaged = query
        val dense = (damaged.x as Matrix).toDense()
        dense.set(3, 5, Double.NaN)
        damaged.x = dense
        refuses("cell '${damaged.obsNames[3]}'", damaged) { sc.tl.mapQuery(it, built) }
        refuses("method must be 'symphony', got 'scarches'") { sc.tl.buildReference(it, method = "scarches") }
        refuses("nPcs must be below the number of cells and of genes") { sc.tl.buildReference(it, nPcs = 5000) }
        val twice = query
        twice.varNames = listOf(twice.varNames[1]) + twice.varNames.drop(1)
        val name = twice.varNames[1]
        refuses("'$name'", twice) { sc.tl.buildReference(it, genes = listOf(name)) }
    }

    @Test
    fun `files that are no references are told apart`() {
        fun path(name: String) = folder.resolve("$name.h5ad").toString()

        fun refused(name: String, message: String, change: (AnnData) -> Unit) {
            val cells = built.cells.copy()
            change(cells)
            cells.writeH5ad(path(name))
            assertThatThrownBy { ReferenceMap.load(path(name)) }
                .isInstanceOf(FormatException::class.java)
                .hasMessageContaining(path(name))
                .hasMessageContaining(message)
        }

        @Suppress("UNCHECKED_CAST")
        val told = built.cells.uns["reference_map"] as Map<String, Any?>

        fun with(vararg changed: Pair<String, Any?>): (AnnData) -> Unit =
            { it.uns["reference_map"] = told + changed }
        refused("foreign", "uns['reference_map'] is missing; sc.tl.buildReference") { it.uns.remove("reference_map") }
        refused("format", "['format'] must be 'cellweave.reference_map', got 'x'", with("format" to "x"))
        refused("version", "['version'] is 9, and this version of Cellweave reads 1", with("version" to 9L))
        refused("sizes", "directions'] has", with("cluster_sizes" to NdArray.of(1.0)))
        refused("text", "['cluster_sums'] is missing or holds no numbers", with("cluster_sums" to "none"))
        refused("sigma", "sigma must be positive, got -1.0", with("sigma" to -1.0))
        refused("labels", "obs['cell_type'] is missing or not categorical") { it.obs.remove("cell_type") }
        refused("places", "obsm['X_reference'] is missing") { it.obsm.remove("X_reference") }
        refused("std", "it is damaged: std[0] must be positive") {
            it.`var`.set("std", NumericColumn.of(*DoubleArray(it.nVars)))
        }
        refused("genes", "it is damaged: var has '${built.genes[0]}' 2 times") {
            val names = it.varNames
            it.varNames = List(names.size) { i -> if (i == 5) names[0] else names[i] }
        }
        for (n in listOf(0L, built.nCells + 1L, "ten")) {
            val message = "['n_neighbors'] must be from 1 to the ${built.nCells} cells, got $n"
            refused("neighbors", message, with("n_neighbors" to n))
        }
        val broken = folder.resolve("broken.h5ad")
        Files.write(broken, ByteArray(100) { 7 })
        assertThatThrownBy { ReferenceMap.load(broken.toString()) }.hasMessageContaining("broken.h5ad")
        assertThatThrownBy { ReferenceMap.load(path("absent")) }.hasMessageContaining("absent.h5ad")
    }

    @Test
    fun `one verb for three methods`() {
        val ref = reference
        sc.pp.highlyVariableGenes(ref, nTopGenes = 200, flavor = "seurat")
        sc.pp.pca(ref, nComps = 15)
        sc.pp.neighbors(ref)
        sc.tl.umap(ref, maxiter = 50)
        for (method in listOf("symphony", "seurat", "ingest")) {
            val new = query
            sc.tl.mapQuery(new, ref, listOf("cell_type"), method, suffix = "_$method")
            assertThat(agreement(new.obs["cell_type_$method"].texts(), new.obs["cell_type"].texts()))
                .`as`(method)
                .isGreaterThan(0.8)
            assertThat(new.obs["cell_type_${method}_score"].toDoubles().toList()).allMatch { it in 0.0..1.0 + 1e-12 }
            assertThat((new.uns["reference"] as Map<*, *>)["method"]).isEqualTo(method)
            assertThat(new.obsm.keys).contains("X_pca_reference")
        }
        refuses("method = 'ingest' does not take batches out") {
            sc.tl.mapQuery(it, ref, listOf("cell_type"), "ingest", batchKey = "batch")
        }
        refuses("method must be one of [symphony, seurat, ingest], got 'scvi'") {
            sc.tl.mapQuery(it, ref, listOf("cell_type"), "scvi")
        }
        refuses("labels must name columns of the reference's obs, got none") { sc.tl.mapQuery(it, ref, emptyList()) }
        assertThatThrownBy { sc.tl.mapQuery(query, ref, listOf("kind")) }
            .isInstanceOf(MissingKeyException::class.java)
    }

    @Test
    fun `a layout of one's own is kept`() {
        val ref = reference
        val layout = DenseMatrix.ofRows(Array(ref.nObs) { doubleArrayOf(it.toDouble(), 1.0) })
        ref.obsm.set("X_umap", layout)
        ref.`var`.set("use", BooleanColumn(BooleanArray(ref.nVars) { it < 80 }, null))
        val made =
            sc.tl.buildReference(ref, "batch", listOf("cell_type"), genes = "use", nPcs = 8, basis = "X_umap")
        assertThat((made.cells.obsm["X_umap"] as Matrix).toDense().column(0)).isEqualTo(layout.column(0))
        assertThat(made.genes).isEqualTo(ref.varNames.take(80))
        assertThat(
            sc.tl
                .mapQuery(query, made)
                .obsm.keys,
        ).contains("X_umap_reference")
    }

    /**
     * Control cells as the reference, stimulated ones as the query; labels are clusters of both after Harmony. What is
     * missed are monocytes: interferon makes those of one cluster look like those of another, for Seurat's transfer, too.
     */
    @Test
    fun `real cells of a control find their like after stimulation`() {
        val all = sc.readH5ad(H5Reference.kangFile().toString())
        sc.pp.harmonyIntegrate(all, "batch")
        sc.pp.neighbors(all, useRep = "X_pca_harmony")
        sc.tl.leiden(all, resolution = 0.5, keyAdded = "type")
        val of = all.obs["batch"].texts()
        val rows = of.indices.toList()
        val ref = all[rows.filter { of[it] == "ctrl" }.toIntArray(), 0 until all.nVars].copy()
        val new = all[rows.filter { of[it] == "stim" }.toIntArray(), 0 until all.nVars].copy()
        val made = sc.tl.buildReference(ref, null, listOf("type"))
        sc.tl.mapQuery(new, made, "batch", suffix = "_mapped")
        assertThat(agreement(new.obs["type_mapped"].texts(), new.obs["type"].texts())).isGreaterThan(0.75)
    }
}
