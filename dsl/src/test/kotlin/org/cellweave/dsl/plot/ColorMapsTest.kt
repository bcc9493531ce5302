package org.cellweave.dsl.plot

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.dsl.Peer
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import kotlin.math.abs

class ColorMapsTest {
    @Test
    fun coloursOfThePublishedDefinitions() {
        assertThat(ColorMap.named("jet").hex(0.0)).isEqualTo("#000080")
        assertThat(ColorMap.named("jet").hex(1.0)).isEqualTo("#800000")
        assertThat(ColorMap.named("hot").hex(0.0)).isEqualTo("#0b0000")
        assertThat(ColorMap.named("cividis").hex(1.0)).isEqualTo("#fee838")
        assertThat(ColorMap.named("Reds").hex(0.125)).isEqualTo("#fee0d2")
        assertThat(ColorMap.named("Reds_r").hex(0.875)).isEqualTo("#fee1d3")
    }

    @Test
    fun unknownMapNamesItsNeighbour() {
        assertThatThrownBy { ColorMap.named("virids") }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageStartingWith("cmap 'virids' is not known. Did you mean 'viridis'?")
    }

    @Test
    fun everyMapIsWithinTwoPartsOf255OfMatplotlib(
        @TempDir folder: Path,
    ) {
        val script =
            """
            import matplotlib
            with open('maps.txt', 'w') as out:
                for name, map in matplotlib.colormaps.items():
                    out.write(name + ' ' + ' '.join(matplotlib.colors.to_hex(map(i / 255)) for i in range(256)) + '\n')
            """
        Peer.run(folder, script)
        val peer = Files.readAllLines(folder.resolve("maps.txt")).map { it.split(' ') }
        assertThat(peer.size).isGreaterThan(150)
        val off = peer.filter { row ->
            val ours = ColorMap.named(row[0])
            (0..255).any { distance(ours.hex(it / 255.0), row[it + 1]) > 2 }
        }
        assertThat(off.map { it[0] }).isEmpty()
    }

    private fun distance(a: String, b: String): Int = listOf(1, 3, 5).maxOf { abs(channel(a, it) - channel(b, it)) }

    private fun channel(color: String, at: Int): Int = color.substring(at, at + 2).toInt(16)
}
