package org.cellweave.spark

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.dsl.concat
import org.cellweave.dsl.filterCells
import org.cellweave.dsl.log1p
import org.cellweave.dsl.neighbors
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.dsl.writeH5ad
import org.cellweave.dsl.writeZarr
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Exchange
import org.cellweave.matrix.RangeKernel
import org.cellweave.matrix.Rows
import org.cellweave.testing.Seeds
import org.cellweave.util.FormatException
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CancellationException

/** Verbs on rows that Spark works on write the very files that they write of rows in memory. */
class LocalSparkTest {
    companion object {
        @TempDir
        lateinit var folder: Path

        private lateinit var whole: AnnData
        private lateinit var file: Path
        private lateinit var expected: List<Path>

        @BeforeAll
        @JvmStatic
        fun begin() {
            whole = Atlas.counts()
            file = folder.resolve("counts.h5ad")
            whole.writeH5ad(file)
            expected = Atlas.mainLine(sc.readH5ad(file), folder.resolve("memory"))
            sc.spark.session("local[2]")
        }

        @AfterAll
        @JvmStatic
        fun end() = sc.spark.stop()

        private fun tasks() = SparkSessions.current().tasks()
    }

    private fun sameFiles(
        found: List<Path>,
        wanted: List<Path>,
    ) {
        for ((one, other) in found.zip(wanted)) {
            assertThat(Files.mismatch(one, other)).describedAs("$one and $other").isEqualTo(-1)
        }
    }

    @Test
    fun `one file gives the same bits`() {
        val before = tasks()
        val adata = sc.spark.readH5ad(file.toString())
        assertThat((adata.x as CsrMatrix).isInMemory).isFalse()
        sameFiles(Atlas.mainLine(adata, folder.resolve("spark")), expected)
        assertThat(tasks() - before).isGreaterThan(30)
        assertThat((adata.x as CsrMatrix).isInMemory).isFalse()
        assertThat(
            adata
                .toLocal()
                .x
                .toCsr()
                .isInMemory,
        ).isTrue()
    }

    @Test
    fun `executors rank the genes`() {
        val local = sc.readH5ad(file)
        val spark = sc.spark.readH5ad(file)
        for (adata in listOf(local, spark)) {
            sc.pp.normalizeTotal(adata)
            sc.pp.log1p(adata)
        }
        for (reference in listOf("rest", "c")) {
            for (ties in listOf(false, true)) {
                val before = tasks()
                for (adata in listOf(local, spark)) {
                    sc.tl.rankGenesGroups(
                        adata,
                        "group",
                        method = "wilcoxon",
                        reference = reference,
                        tieCorrect = ties,
                        keyAdded = "$reference $ties",
                    )
                }
                assertThat(tasks() - before).isGreaterThan(40)
            }
        }
        val written = listOf(local, spark).mapIndexed { k, adata ->
            folder.resolve("ranked$k.h5ad").also { adata.copy().toMemory().writeH5ad(it) }
        }
        sameFiles(written.take(1), written.drop(1))
    }

    @Test
    fun `executors look for neighbours`() {
        val local = sc.readH5ad(file)
        val spark = sc.spark.readH5ad(file)
        for (adata in listOf(local, spark)) {
            adata.obsm.set("X_pca", Seeds.counts(Atlas.CELLS, 12, 0.9, 5).toDense())
            val before = tasks()
            for (metric in listOf("euclidean", "cosine")) {
                sc.pp.neighbors(adata, metric = metric, search = "approximate", keyAdded = metric)
            }
            assertThat(tasks() - before).isEqualTo(if (adata === spark) 16 else 0)
        }
        for (key in listOf("euclidean_distances", "cosine_distances")) {
            val (one, other) = listOf(local, spark).map { it.obsp.get(key)!!.toCsr() }
            assertThat(one.rowPtr()).isEqualTo(other.rowPtr())
            assertThat(one.block(0).indices()).isEqualTo(other.block(0).indices())
            assertThat(one.block(0).wideValues()).isEqualTo(other.block(0).wideValues())
        }
        assertThat(spark.uns["euclidean"].toString()).isEqualTo(local.uns["euclidean"].toString())
    }

    @Test
    fun `what cannot travel is exchanged here`() {
        val adata = sc.spark.readH5ad(file)
        val found = mutableListOf<Any>()
        for (exchange in listOf(Counting(null), Counting(Any()), Counting(null, true))) {
            Rows.of(adata.x).exchange(exchange) { piece, made -> found += piece to made }
        }
        val even = (0 until Atlas.CELLS step 2).count()
        val each = listOf(0 to listOf(even), 1 to listOf(Atlas.CELLS - even))
        assertThat(found.map { (it as Pair<*, *>).let { (piece, made) -> piece to listOf((made as List<*>)[0]) } })
            .isEqualTo(each + each + each)
    }

    /** Counts even and odd rows. */
    private class Counting(
        val here: Any?,
        val made: Boolean = false,
    ) : Exchange<Int, List<Any>> {
        override fun pieces() = 2

        override fun give(rows: Rows, from: Int, to: Int) = listOf(
            (from until to).count {
                it % 2 == 0
            },
            (from until to)
                .count {
                    it %
                        2 ==
                        1
                },
        )

        override fun work(piece: Int, parts: List<Int>): List<Any> =
            if (made) listOf(parts.sum(), Any()) else listOf(parts.sum())
    }

    @Test
    fun `a zarr store gives the same bits`() {
        val store = folder.resolve("counts.zarr")
        whole.writeZarr(store)
        sameFiles(Atlas.mainLine(sc.spark.readZarr(store), folder.resolve("zarr")), expected)
    }

    @Test
    fun `a folder of Parquet gives the same bits`() {
        val direct = folder.resolve("parquet")
        sc.spark.writeParquet(sc.readH5ad(file), direct)
        sameFiles(Atlas.mainLine(sc.spark.readParquet(direct), folder.resolve("from-parquet")), expected)
        assertThatThrownBy { sc.spark.writeParquet(whole, direct) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("parquet is there already; name a new folder")
        assertThatThrownBy { sc.spark.readParquet(folder) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("holds no object that sc.spark.writeParquet wrote")
    }

    @Test
    fun `what is cached is what there was`() {
        val adata = sc.spark.readH5ad(file)
        adata.layers.set("counts", adata.x)
        sc.pp.filterCells(adata, minGenes = 590)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        adata.setRaw(adata)
        adata.writeH5ad(folder.resolve("before.h5ad"))
        sc.spark.cache(adata, folder.resolve("cached"))
        val before = tasks()
        adata.x.colSums()
        assertThat(tasks()).isGreaterThan(before)
        adata.writeH5ad(folder.resolve("after.h5ad"))
        sameFiles(listOf(folder.resolve("after.h5ad")), listOf(folder.resolve("before.h5ad")))
        sc.spark.readParquet(folder.resolve("cached")).writeH5ad(folder.resolve("read.h5ad"))
        sameFiles(listOf(folder.resolve("read.h5ad")), listOf(folder.resolve("before.h5ad")))
    }

    @Test
    fun `an interrupt ends the job`() {
        val adata = sc.spark.readH5ad(file)
        var caught: Throwable? = null
        val thread = Thread {
            caught = runCatching { SlowTotals.of(adata.x.toCsr()) }.exceptionOrNull()
        }
        thread.start()
        Thread.sleep(700)
        thread.interrupt()
        thread.join(20_000)
        assertThat(caught).isInstanceOf(CancellationException::class.java)
        val tracker = SparkSessions.current().spark().statusTracker()
        for (k in 0 until 100) {
            if (tracker.activeJobIds.isEmpty()) break
            Thread.sleep(100)
        }
        assertThat(tracker.activeJobIds).isEmpty()
        assertThat(SlowTotals.of(adata.x.toCsr())).isEqualTo(SlowTotals.of(whole.x.toCsr()))
    }

    @Test
    fun `a kernel that cannot travel runs here`() {
        val here = Any()
        val adata = sc.spark.readH5ad(file)
        val sums = DoubleArray(adata.nVars)
        val before = tasks()
        Rows.of(adata.x).inOrder(
            object : RangeKernel<Any> {
                override fun of(
                    rows: Rows,
                    from: Int,
                    to: Int,
                ): Any = here.hashCode().let { rows.part(from, to).colSums() }
            },
        ) { _, part -> (part as DoubleArray).forEachIndexed { j, v -> sums[j] += v } }
        assertThat(tasks()).isEqualTo(before)
        var stayed: Any? = null
        Rows.of(adata.x).inOrder(intArrayOf(0, 10), Staying()) { _, part -> stayed = part }
        assertThat(stayed).isInstanceOf(Thread::class.java)
        assertThat(sums.sum()).isEqualTo(whole.x.colSums().sum())
    }

    private class Staying : RangeKernel<Any> {
        override fun of(rows: Rows, from: Int, to: Int): Any = Thread.currentThread()
    }

    @Test
    fun `two files are one object`() {
        val parts = listOf(0 to 2111, 2111 to Atlas.CELLS).map { (from, to) ->
            folder.resolve("part$from.h5ad").also { Atlas.part(whole, from, to).writeH5ad(it) }
        }
        val local = sc.concat(parts.map { sc.readH5ad(it) }, label = "file", indexUnique = "-", merge = "same")
        val spark = sc.spark.readH5ad(parts, label = "file", indexUnique = "-")
        spark.setVar(local.`var`)
        val wanted = Atlas.mainLine(local, folder.resolve("concat"))
        sameFiles(Atlas.mainLine(spark, folder.resolve("two")), wanted)
    }

    @Test
    fun `files with other genes are joined by those that all have`() {
        val parts = listOf(whole, whole).mapIndexed { k, adata ->
            val genes = if (k == 0) IntArray(700) { Atlas.GENES - 1 - it } else IntArray(900) { it + 100 }
            val part = AnnData(adata.x.takeCols(genes), adata.obs, adata.`var`.takeRows(genes))
            folder.resolve("genes$k.h5ad").also { part.writeH5ad(it) }
        }
        val local = sc.concat(parts.map { sc.readH5ad(it) }, indexUnique = "-")
        val spark = sc.spark.readH5ad(parts, indexUnique = "-")
        assertThat(spark.varNames).isEqualTo(local.varNames)
        local.writeH5ad(folder.resolve("genes-local.h5ad"))
        spark.writeH5ad(folder.resolve("genes-rows.h5ad"))
        sc.readH5ad(folder.resolve("genes-rows.h5ad")).writeH5ad(folder.resolve("genes-spark.h5ad"))
        sameFiles(listOf(folder.resolve("genes-spark.h5ad")), listOf(folder.resolve("genes-local.h5ad")))
    }

    @Test
    fun `a refused value is refused in the same words`() {
        val bad = whole.copy()
        bad.x
            .toCsr()
            .block(1)
            .values()[7] = -2f
        val path = folder.resolve("bad.h5ad")
        bad.writeH5ad(path)
        val adata = sc.spark.readH5ad(path)
        sc.pp.log1p(adata)
        assertThatThrownBy { adata.x.colSums() }
            .isExactlyInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("log1p needs values above -1, but X[")
            .hasMessageContaining("is -2.0")
        assertThatThrownBy { Rows.of(adata.x).exchange(Reading()) { _, _ -> } }
            .isExactlyInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("is -2.0")
    }

    private class Reading : Exchange<Int, Int> {
        override fun pieces() = 3

        override fun give(rows: Rows, from: Int, to: Int) = List(3) { rows.part(from, to).nRows() }

        override fun work(piece: Int, parts: List<Int>) = parts[0]
    }

    @Test
    fun `a file that executors cannot read is named`() {
        val path = folder.resolve("gone.h5ad")
        whole.writeH5ad(path)
        val adata = sc.spark.readH5ad(path)
        Files.delete(path)
        assertThatThrownBy { adata.x.colSums() }
            .isExactlyInstanceOf(FormatException::class.java)
            .hasMessageContaining("gone.h5ad")
            .hasMessageContaining("every machine must see the file under this name")
    }

    @Test
    fun `a file that cannot be read by rows is refused`() {
        val path = folder.resolve("dense.h5ad")
        AnnData(whole.x.takeRows(intArrayOf(1, 2)).toDense()).writeH5ad(path)
        assertThatThrownBy { sc.spark.readH5ad(path) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("dense.h5ad holds X dense, but executors read rows of a sparse matrix")
        assertThatThrownBy { sc.spark.readH5ad(emptyList<String>()) }
            .hasMessage("there must be at least one file, got none")
        assertThatThrownBy { sc.spark.readH5ad(listOf(3)) }
            .hasMessage("files must be a text, a Path or a File, or a list of them, got a Int")
    }

    @Test
    fun `the launcher gives the JVM what Spark asks for`() {
        val launcher = Files.readString(Path.of(System.getProperty("project.root"), "cellweave"))
        val wanted = org.apache.spark.launcher.JavaModuleOptions
            .defaultModuleOptionArray()
        for (option in wanted.filter { it.contains("java.base/") }) {
            val name = option.substringAfter("java.base/").substringBefore("=")
            assertThat(launcher.substringAfter("for package in").substringBefore("done")).containsPattern("\\b$name\\b")
        }
    }

    @Test
    fun `masters of no known kind are refused`() {
        assertThatThrownBy { sc.spark.session("local[7]") }
            .isInstanceOf(IllegalStateException::class.java)
            .hasMessageContaining("a Spark session runs on local[2] already")
    }
}
