package org.cellweave.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BareCodeTest {
  private static String kotlin(String text) {
    return BareCode.of(text, true).replaceAll("\\s+", " ").strip();
  }

  @Test
  void commentsAndTextsAreNoCode() {
    assertThat(kotlin("a /* x /* y */ z */ b // c")).isEqualTo("a b");
    assertThat(kotlin("a(\"x // y\", \"\"\"p \"q\" \\\"\"\", 1)")).isEqualTo("a(\"\", \"\", 1)");
    assertThat(kotlin("a = \"x \\\" y\" + b")).isEqualTo("a = \"\" + b");
    assertThat(BareCode.of("a /* x /* y */ b", false)).isEqualTo("a   b");
    assertThat(BareCode.of("a(\"${x.y}\")", false)).isEqualTo("a(\"\")");
  }

  @Test
  void aQuoteAsACharacterBeginsNoText() {
    assertThat(kotlin("f('\"', x.y, '\"')")).isEqualTo("f(' ', x.y, ' ')");
    assertThat(kotlin("f('\\'', x.y, '\\\\', \"z\")")).isEqualTo("f(' ', x.y, ' ', \"\")");
  }

  @Test
  void templatesAreCode() {
    assertThat(kotlin("\"a ${x.y(\"b ${z.w}\") { it }} c\"")).contains("x.y(\" z.w \") { it }");
    assertThat(kotlin("\"\"\"a ${x.y} \"\"\"\" + u")).isEqualTo("\" x.y \" + u");
    assertThat(kotlin("\"a \\${x.y}\"")).isEqualTo("\"\"");
  }

  @Test
  void backticksAreNoPartOfAName() {
    assertThat(kotlin("import a.`dsl`.b")).isEqualTo("import a.dsl.b");
  }
}
