package org.cellweave.jupyter

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class FittingTest {
    @Test
    fun aPictureShrinksToItsPageAndKeepsItsShape() {
        val style = " style=\"max-width: 100%; height: auto\""
        assertThat(fitting("<svg width=\"800\" height=\"400\" viewBox=\"0 0 80 40\"><g/></svg>"))
            .isEqualTo("<svg width=\"800\" height=\"400\" viewBox=\"0 0 80 40\"$style><g/></svg>")
        assertThat(fitting("<svg width=\"1600\" height=\"400\" viewBox=\"0 0 800 200\"><g/></svg>"))
            .describedAs("wider than a page: no size of its own")
            .isEqualTo(
                "<svg width=\"100%\" viewBox=\"0 0 800 200\" style=\"max-width: 1600px; height: auto\"><g/></svg>",
            )
        val own = " viewBox=\"0 0 8 2\" style=\"max-width: 100%; height: auto;\""
        assertThat(fitting("<svg width=\"1600\" height=\"400\"$own><g/>"))
            .describedAs("our own figures say so already")
            .isEqualTo("<svg width=\"100%\" viewBox=\"0 0 8 2\" style=\"max-width: 1600px; height: auto\"><g/>")
        val inner = "<svg width=\"1\" height=\"1\"/></svg>"
        assertThat(fitting("<?xml?><svg class=\"a\" width=\"16.5\" height=\"4.0\">$inner"))
            .isEqualTo(
                "<?xml?><svg class=\"a\" width=\"16.5\" height=\"4.0\" viewBox=\"0 0 16.5 4.0\"$style>$inner",
            )
    }

    @Test
    fun whatHasNoSizeOrAStyleOfItsOwnStays() {
        for (svg in listOf("<svg viewBox=\"0 0 1 1\"/>", "<svg width=\"1\" height=\"1\" style=\"x\"></svg>", "none")) {
            assertThat(fitting(svg)).isEqualTo(svg)
        }
    }
}
