package org.cellweave.jupyter

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

// What the kernel makes of cells: a class for each run, whose constructor is the cell's statements.

@Suppress("unused", "MemberVisibilityCanBePrivate")
class FirstRun {
    val big: FloatArray = FloatArray(10)
    val kept: FloatArray = FloatArray(10)
    val count: Int = big.size
    val isOn: String = "yes"
    private val hidden: FloatArray = FloatArray(1)
}

@Suppress("unused")
class ReaderRun(private val first: FirstRun) {
    val size: Int = first.big.size

    fun later(): Int = first.kept.size
}

@Suppress("unused")
class LambdaRun(private val first: FirstRun) {
    val reader: () -> Int = { first.big.size }
}

@Suppress("unused")
class InnerRun(private val first: FirstRun) {
    inner class Reader {
        fun size(): Int = first.big.size
    }

    val reader: Reader = Reader()
}

@Suppress("unused")
class SecondRun {
    val big: FloatArray = FloatArray(20)
    val kept: FloatArray = FloatArray(20)
    val count: Int = 3
    val isOn: String = "no"
    private val hidden: FloatArray = FloatArray(2)
}

@Suppress("unused")
class HiddenRun {
    private val big: FloatArray = FloatArray(20)
}

class ReplacedValuesTest {
    private fun value(run: Any, name: String): Any? =
        run.javaClass
            .getDeclaredField(name)
            .also { it.isAccessible = true }
            .get(run)

    private fun after(vararg runs: Any) = ReplacedValues().also { values -> runs.forEach(values::defined) }

    @Test
    fun whatIsDefinedAnewIsLetGoOf() {
        val first = FirstRun()
        val second = SecondRun()
        after(first, second)
        for (name in listOf("big", "kept", "isOn")) assertThat(value(first, name)).describedAs(name).isNull()
        assertThat(value(first, "count")).isEqualTo(10)
        assertThat(value(first, "hidden")).describedAs("no later cell sees it").isNotNull
        for (name in listOf("big", "kept", "isOn", "hidden")) {
            assertThat(value(second, name))
                .describedAs(name)
                .isNotNull
        }
    }

    @Test
    fun whatFunctionsReadStays() {
        val first = FirstRun()
        val reader = ReaderRun(first)
        after(first, reader, SecondRun())
        assertThat(value(first, "big")).describedAs("only statements that have run read it").isNull()
        assertThat(reader.later()).isEqualTo(10)
    }

    @Test
    fun whatLambdasAndInnerClassesReadStays() {
        val first = FirstRun()
        val lambda = LambdaRun(first)
        after(first, lambda, SecondRun())
        assertThat(lambda.reader()).isEqualTo(10)
        val other = FirstRun()
        val inner = InnerRun(other)
        after(other, inner, SecondRun())
        assertThat(inner.reader.size()).isEqualTo(10)
    }

    @Test
    fun aNameThatOtherCellsDoNotSeeReplacesNothing() {
        val first = FirstRun()
        after(first, HiddenRun())
        assertThat(value(first, "big")).isNotNull
    }
}
