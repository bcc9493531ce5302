package org.cellweave.jupyter

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class HeapPressureTest {
    /** Whether a heap is found stuck whose collector works `share` of the time, once a second, for ten seconds. */
    private fun stuck(share: Double, isFull: Boolean, collectionsPerSecond: Double = 2.0): Boolean {
        val pressure = HeapPressure()
        return (0..40).any { tick ->
            val millis = tick * 250L
            val collections = (millis * collectionsPerSecond / 1000).toLong()
            pressure.isStuck(millis, (millis * share).toLong(), collections, isFull)
        }
    }

    @Test
    fun aHeapThatIsFullAndCollectedAllTheTimeIsStuck() {
        assertThat(stuck(0.95, isFull = true)).isTrue()
        assertThat(stuck(0.75, isFull = true)).isTrue()
    }

    @Test
    fun aBusyHeapIsNot() {
        assertThat(stuck(0.95, isFull = false)).describedAs("collections free a lot").isFalse()
        assertThat(stuck(0.6, isFull = true)).describedAs("the cell gets on").isFalse()
        assertThat(stuck(0.95, isFull = true, collectionsPerSecond = 0.3))
            .describedAs("few, long collections")
            .isFalse()
    }

    @Test
    fun aLongQuietTimeBeforeDoesNotHideIt() {
        val pressure = HeapPressure()
        var millis = 0L
        repeat(2000) {
            millis += 250
            assertThat(pressure.isStuck(millis, 100, 1, true)).isFalse()
        }
        val found = (1..40).any { pressure.isStuck(millis + it * 250, 100L + it * 240, 1L + it / 2, true) }
        assertThat(found).isTrue()
    }

    @Test
    fun aCollectionThatFreesMuchStartsTheWatchAnew() {
        val pressure = HeapPressure()
        for (second in 0..20) {
            val full = second % 3 != 2
            assertThat(pressure.isStuck(second * 1000L, second * 990L, second * 3L, full)).isFalse()
        }
    }
}
