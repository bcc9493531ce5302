package org.cellweave.jupyter

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class ArgumentsTest {
    @Test
    fun `words come apart as a script's do`() {
        val (ctrl, out) = arguments("ctrl", "out.h5ad")
        assertThat(listOf(ctrl, out)).containsExactly("ctrl", "out.h5ad")
    }

    @Test
    fun `blanks part the words of a line, quotes keep them`() {
        assertThat(wordsOf("  a 'b c'  \"d e\" '' f"))
            .containsExactly("a", "b c", "d e", "", "f")
        assertThat(wordsOf("")).isEmpty()
    }

    @Test
    fun `a word that is missing is named`() {
        assertThatThrownBy { arguments("a")[1] }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageStartingWith("argument 2 is missing; given: a. Put the words into arguments(\"...\")")
    }
}
