package org.cellweave.jupyter.html

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class StyleTest {
    @Test
    fun `every rule is scoped`() {
        listOf(Style.sheet, Style.notices).forEach { sheet ->
            val rules = sheet
                .removePrefix("<style>")
                .removeSuffix("</style>")
                .split('}')
                .filter { it.isNotBlank() }
            assertThat(rules).hasSizeGreaterThan(8).allSatisfy { rule ->
                assertThat(rule.substringBefore('{').split(',')).allMatch { it.startsWith(".cw") }
            }
        }
    }

    @Test
    fun `colours come from the theme of the front end and have a fallback`() {
        listOf("--jp-content-font-color1", "--jp-border-color2", "--jp-layout-color1", "--vscode-editor-background")
            .forEach { assertThat(Style.sheet).contains("var($it,") }
        assertThat(Style.sheet).contains("var(--jp-rendermime-table-row-background,")
        assertThat(Style.sheet).doesNotContain("url(", "@import", "<script", "http")
        assertThat(Style.sheet.length).isLessThan(7000)
    }

    @Test
    fun `boxes escape their text`() {
        val page = Parsed(Style.box("warning", "a <b> & \"c\"\nsecond line"))
        assertThat(page.all("div", "cw-warning").single().textContent).isEqualTo("a <b> & \"c\"\nsecond line")
        assertThat(page.all("style")).hasSize(1)
        listOf("hint", "error").forEach { assertThat(Style.box(it, "x")).contains("class=\"cw-box cw-$it\">x</div>") }
        assertThatThrownBy { Style.box("note", "x") }
            .hasMessage("kind must be among [warning, hint, error], got 'note'")
    }

    @Test
    fun `a bar is filled by its part`() {
        val page = Parsed(Style.progressBar("harmony <1>", 0.25, "5/20, 3 s"))
        assertThat(page.all("span", "cw-fill").single().getAttribute("style")).isEqualTo("width:25.0%")
        assertThat(page.text).isEqualTo("harmony <1>5/20, 3 s")
        assertThat(Style.progressBar("x", 7.0, "")).contains("width:100.0%")
    }

    @Test
    fun `a bar without a known end has no width`() {
        listOf(null, Double.NaN).forEach {
            val page = Parsed(Style.progressBar("reading", it, ""))
            assertThat(page.all("span", "cw-open").single().hasAttribute("style")).isFalse()
        }
    }

    @Test
    fun `text that XML forbids is replaced`() {
        assertThat(Html.escape("a\u0000b\uD800c\uD83D\uDE00\uFFFF")).isEqualTo("a\uFFFDb\uFFFDc\uD83D\uDE00\uFFFD")
        assertThat(Html.escape("<script>&\"'")).isEqualTo("&lt;script&gt;&amp;&quot;&#39;")
        Parsed(Html.escape("\u0001\uDC00 end"))
    }

    @Test
    fun `long text is cut and whole in the tooltip`() {
        val long = "x".repeat(70) + "<"
        assertThat(Html().cut(long).toString())
            .isEqualTo("<span title=\"${"x".repeat(70)}&lt;\">${"x".repeat(59)}\u2026</span>")
        assertThat(Html().cut("short & sweet").toString()).isEqualTo("short &amp; sweet")
        assertThat(Html.shorten("ab\uD83D\uDE00cd", 4)).isEqualTo("ab\u2026")
    }
}
