package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType
import org.cellweave.testing.SharedData
import org.cellweave.util.ShapeMismatchException
import org.junit.jupiter.api.Test
import java.nio.file.Files

/** Kotlin's arrays as NumPy's users write them, and the door `np`. */
class NumPyTest {
    private val a = doubleArrayOf(3.0, 1.0, 2.0)

    @Test
    fun `arithmetic of arrays`() {
        assertThat(a + 1).containsExactly(4.0, 2.0, 3.0)
        assertThat(a + a).containsExactly(6.0, 2.0, 4.0)
        assertThat(a - 1).containsExactly(2.0, 0.0, 1.0)
        assertThat(1 - a).containsExactly(-2.0, 0.0, -1.0)
        assertThat(a * 2 / 4).containsExactly(1.5, 0.5, 1.0)
        assertThat(6 / a).containsExactly(2.0, 6.0, 3.0)
        assertThat(-a % 2).containsExactly(1.0, 1.0, 0.0)
        assertThat(a pow 2).containsExactly(9.0, 1.0, 4.0)
        assertThat(intArrayOf(1, 2) + 1).containsExactly(2, 3)
        assertThat(intArrayOf(1, 2) / 2).containsExactly(0.5, 1.0)
        assertThat(intArrayOf(3, -3) % 2).containsExactly(1, 1)
        assertThat(intArrayOf(1, 2) * 0.5).containsExactly(0.5, 1.0)
        assertThat(floatArrayOf(1f, 2f) * 2).containsExactly(2f, 4f)
        assertThatThrownBy { a + doubleArrayOf(1.0) }
            .isInstanceOf(ShapeMismatchException::class.java)
            .hasMessage("arrays must be equally long, got 3 and 1")
        assertThatThrownBy { intArrayOf(Int.MAX_VALUE) + 1 }.isInstanceOf(ArithmeticException::class.java)
    }

    @Test
    fun `masks and positions of arrays`() {
        assertThat(a[a gt 1]).containsExactly(3.0, 2.0)
        assertThat(a[(a ge 2) and !(a eq 3)]).containsExactly(2.0)
        assertThat(a[intArrayOf(-1, 0)]).containsExactly(2.0, 3.0)
        assertThat(a[0 until 2]).containsExactly(3.0, 1.0)
        assertThat((a lt 3).sum() to (a le 3).mean()).isEqualTo(2 to 1.0)
        assertThat(intArrayOf(5, 6)[intArrayOf(5, 6) ne 5]).containsExactly(6)
        val b = a.copy()
        b[b gt 2] = 0
        b[b gt 1] = doubleArrayOf(7.0)
        assertThat(b).containsExactly(0.0, 1.0, 7.0)
        assertThatThrownBy { a[booleanArrayOf(true)] }.hasMessageContaining("as long as its array, got 1 and 3")
        assertThatThrownBy { a[intArrayOf(3)] }.isInstanceOf(IndexOutOfBoundsException::class.java)
    }

    @Test
    fun `verbs of arrays`() {
        assertThat(a.mean() to a.median()).isEqualTo(2.0 to 2.0)
        assertThat(a.std()).isCloseTo(kotlin.math.sqrt(2 / 3.0), within(1e-15))
        assertThat(a.std(ddof = 1)).isEqualTo(1.0)
        assertThat(a.`var`()).isCloseTo(2 / 3.0, within(1e-15))
        assertThat(a.argsort()).containsExactly(1, 2, 0)
        assertThat(a.argmax() to a.argmin()).isEqualTo(0 to 1)
        assertThat(a.cumsum()).containsExactly(3.0, 4.0, 6.0)
        assertThat(doubleArrayOf(0.5, 1.5, 2.26).round()).containsExactly(0.0, 2.0, 2.0)
        assertThat(doubleArrayOf(2.26).round(1)).containsExactly(2.3)
        assertThat(a.clip(max = 2)).containsExactly(2.0, 1.0, 2.0)
        assertThat((-a).abs()).isEqualTo(a)
        assertThat(a.quantile(0.25)).isEqualTo(1.5)
        assertThat(a.astype("int").toInts()).containsExactly(3, 1, 2)
        assertThat(a.reshape(-1, 1).shape).isEqualTo(3 to 1)
        assertThat(a.shape[0]).isEqualTo(3)
        assertThat(
            a.A1
                .ravel()
                .flatten()
                .tolist(),
        ).containsExactly(3.0, 1.0, 2.0)
        assertThat(intArrayOf(4, 2).argsort()).containsExactly(1, 0)
        assertThatThrownBy { a.reshape(2, -1) }.hasMessage("an array of 3 cannot be 2 x -1; one of the two may be -1")
        assertThatThrownBy { doubleArrayOf(1e10).toInts() }.hasMessageContaining("do not hold 1.0E10")
    }

    @Test
    fun `arrays are made`() {
        assertThat(np.array(listOf(1, 2))).isEqualTo(intArrayOf(1, 2))
        assertThat(np.array(listOf(1.0, 2.0))).isEqualTo(doubleArrayOf(1.0, 2.0))
        assertThat(np.array(listOf(listOf(1, 2), listOf(3, 4))).dtype).isEqualTo(DType.INT64)
        assertThat(np.array(listOf(listOf(1.5, 2.0))).sum()).isEqualTo(3.5)
        assertThat(np.zeros(2 to 3).shape).isEqualTo(2 to 3)
        assertThat(np.ones(2)).containsExactly(1.0, 1.0)
        assertThat(np.full(1 to 2, 7).flatten()).containsExactly(7.0, 7.0)
        assertThat(np.eye(2).flatten()).containsExactly(1.0, 0.0, 0.0, 1.0)
        assertThat(np.arange(3)).containsExactly(0, 1, 2)
        assertThat(np.arange(5, 0, -2)).containsExactly(5, 3, 1)
        assertThat(np.arange(0.0, 1.0, 0.25)).containsExactly(0.0, 0.25, 0.5, 0.75)
        assertThat(np.linspace(0, 1, 5)).containsExactly(0.0, 0.25, 0.5, 0.75, 1.0)
        assertThat(np.concatenate(listOf(a, a)).size).isEqualTo(6)
        assertThat(np.append(a, 4)).containsExactly(3.0, 1.0, 2.0, 4.0)
        assertThat(np.vstack(listOf(a, a)).shape).isEqualTo(2 to 3)
        assertThat(np.columnStack(listOf(a, a)).shape).isEqualTo(3 to 2)
        assertThat(np.squeeze(np.eye(1))).containsExactly(1.0)
        assertThatThrownBy { np.squeeze(np.eye(2)) }.hasMessageContaining("got 2 x 2")
        assertThatThrownBy { np.arange(0, 1, 0) }.hasMessage("step must not be 0")
    }

    @Test
    fun `sets, choices and order`() {
        assertThat(np.unique(doubleArrayOf(2.0, 1.0, 2.0))).containsExactly(1.0, 2.0)
        val (values, counts) = np.unique(listOf("b", "a", "b"), returnCounts = true)
        assertThat(values).containsExactly("a", "b")
        assertThat(counts).containsExactly(1, 2)
        assertThat(np.unique(StringColumn.of("b", null, "a"))).containsExactly("a", "b")
        assertThat(np.unique(NumericColumn.of(2L, 1L))).containsExactly(1L, 2L)
        assertThat(np.where(a gt 1, 1, 0)).containsExactly(1.0, 0.0, 1.0)
        assertThat(np.where(a gt 1, "high", "low")).containsExactly("high", "low", "high")
        assertThat(np.where(a gt 1)[0]).containsExactly(0, 2)
        assertThat(np.flatnonzero(a gt 1)).containsExactly(0, 2)
        assertThat(np.nonzero(np.eye(2))[1]).containsExactly(0, 1)
        assertThat(np.isin(listOf("a", "b"), listOf("b"))).containsExactly(false, true)
        assertThat(np.intersect1d(listOf(3, 1), listOf(1, 2))).containsExactly(1)
        assertThat(np.union1d(listOf(3, 1), listOf(1, 2))).containsExactly(1, 2, 3)
        assertThat(np.setdiff1d(listOf(3, 1), listOf(1, 2))).containsExactly(3)
        assertThat(np.sort(a)).containsExactly(1.0, 2.0, 3.0)
        assertThat(np.isnan(doubleArrayOf(np.nan, 1.0))).containsExactly(true, false)
        assertThat(np.isfinite(doubleArrayOf(np.inf, 1.0))).containsExactly(false, true)
        assertThat(np.isfinite(doubleArrayOf(np.inf, 1.0).reshape(1, 2)).sum()).isEqualTo(1.0)
        assertThat(np.any(booleanArrayOf(false)) to np.all(booleanArrayOf())).isEqualTo(false to true)
        assertThat(np.logicalAnd(a gt 1, a lt 3)).containsExactly(false, false, true)
        assertThatThrownBy { np.unique(a, returnCounts = false) }.hasMessageContaining("leave it out")
        assertThatThrownBy { np.where(a gt 1, a, doubleArrayOf(1.0)) }.hasMessageContaining("got 3 and 1")
    }

    @Test
    fun `functions of whatever holds numbers`() {
        assertThat(np.log1p(0)).isZero
        assertThat(np.sqrt(intArrayOf(4, 9))).containsExactly(2.0, 3.0)
        assertThat(np.abs(listOf(-1, 2))).containsExactly(1.0, 2.0)
        assertThat(np.sqrt(floatArrayOf(4f))).containsExactly(2f)
        val column = np.log2(NumericColumn.of(1L, 8L)) as NumericColumn
        assertThat(column.toDoubles()).containsExactly(0.0, 3.0)
        assertThat(np.abs(NumericColumn.of(-1L)).dtypeName()).isEqualTo("int64")
        assertThat(np.log1p(NumericColumn.of(1f)).dtypeName()).isEqualTo("float32")
        assertThat(np.mean(a) to np.sum(listOf(1, 2))).isEqualTo(2.0 to 3.0)
        assertThat(np.mean(BooleanColumn.of(true, false))).isEqualTo(0.5)
        assertThat(np.median(intArrayOf(1, 2))).isEqualTo(1.5)
        assertThat(np.std(a, ddof = 1)).isEqualTo(1.0)
        assertThat(np.nanmean(doubleArrayOf(np.nan, 2.0))).isEqualTo(2.0)
        assertThat(np.nanmedian(doubleArrayOf(np.nan, 2.0).reshape(2, 1))).isEqualTo(2.0)
        assertThat(np.nanstd(doubleArrayOf(np.nan, 2.0, 4.0))).isEqualTo(1.0)
        assertThat(np.nanmax(doubleArrayOf(np.nan, 2.0))).isEqualTo(2.0)
        assertThat(np.mean(doubleArrayOf(np.nan, 2.0))).isNaN
        assertThat(np.percentile(a, 50)).isEqualTo(2.0)
        assertThat(np.percentile(a, listOf(0, 100))).containsExactly(1.0, 3.0)
        assertThat(np.maximum(a, 2)).containsExactly(3.0, 2.0, 2.0)
        assertThat(np.diff(a)).containsExactly(-2.0, 1.0)
        assertThat(np.corrcoef(a, a * 2)[0, 1]).isCloseTo(1.0, within(1e-12))
        val (n, edges) = np.histogram(doubleArrayOf(0.0, 0.5, 1.0, 1.0), bins = 2)
        assertThat(n).containsExactly(1, 3)
        assertThat(edges).containsExactly(0.0, 0.5, 1.0)
        assertThatThrownBy { np.log1p(StringColumn.of("a")) }.hasMessageContaining("needs numbers")
        assertThatThrownBy { np.histogram(doubleArrayOf(np.nan)) }.hasMessageContaining("finite values, got NaN")
        assertThatThrownBy { np.percentile(a, 101) }.hasMessageContaining("got 101")
    }

    @Test
    fun `random numbers repeat with their seed`() {
        fun draws(): List<Double> {
            np.random.seed(1)
            return np.random.normal(size = 5).toList() + np.random.rand(2).toList() + np.random.randn()
        }
        assertThat(draws()).isEqualTo(draws()).doesNotHaveDuplicates()
        assertThat(np.random.defaultRng(3).permutation(5)).isEqualTo(np.random.RandomState(3).permutation(5))
        assertThat(np.random.permutation(100).sorted()).isEqualTo(List(100) { it })
        assertThat(np.random.choice(listOf("a", "b"), size = 50).toSet()).containsExactlyInAnyOrder("a", "b")
        assertThat(np.random.choice(10, size = 10, replace = false).toSet()).hasSize(10)
        assertThat(np.random.choice(2, size = 5, p = listOf(0, 1))).containsOnly(1)
        assertThat(np.random.randint(3, size = 100)).contains(0, 1, 2).doesNotContain(3)
        assertThat(np.random.negativeBinomial(2, 0.5, size = 3 to 2).dtype).isEqualTo(DType.INT64)
        val shuffled = np.arange(20).also { np.random.shuffle(it) }
        assertThat(shuffled.sorted()).isEqualTo(List(20) { it })
        assertThat(np.random.poisson(4, size = 20_000).average()).isCloseTo(4.0, within(0.1))
    }

    /**
     * Elsewhere in the package `a + b` of arrays is meant as Kotlin means it, which this room's operator would
     * change.
     */
    @Test
    fun `nothing outside of this room adds arrays`() {
        val root = SharedData.projectRoot().resolve("dsl")
        val own = Files.list(root.resolve("src/main/kotlin/org/cellweave/dsl/arrays")).use { files ->
            files.map { it.fileName.toString() }.toList()
        }
        val users =
            Files.walk(root.resolve("target/classes/org/cellweave/dsl")).use { files ->
                files
                    .filter { it.toString().endsWith(".class") }
                    .filter { file ->
                        val text = String(Files.readAllBytes(file), Charsets.ISO_8859_1)
                        "ArraySumsKt" in text && own.none { it in text }
                    }.map { it.fileName.toString() }
                    .toList()
            }
        assertThat(users).`as`("join arrays by doubleArrayOf(*a, *b)").isEmpty()
    }
}
