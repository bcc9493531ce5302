package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableTextTest {
  @Test
  void aShortColumnShowsEveryValueItsTypeAndItsCategories() {
    assertThat(CategoricalColumn.ofTexts("b", null, "a"))
        .hasToString(
            "0      b\n1    NaN\n2      a\ndtype: category\nCategories (2, object): ['a', 'b']");
  }

  @Test
  void aLongColumnShowsBothEndsAndItsLength() {
    assertThat(NumericColumn.of(IntStream.range(0, 3000).toArray()))
        .hasToString(
            """
            0          0
            1          1
            2          2
            3          3
            4          4
                     ...
            2995    2995
            2996    2996
            2997    2997
            2998    2998
            2999    2999
            Length: 3000, dtype: int32\
            """);
  }

  @Test
  void aSmallTableIsShownWhole() {
    var table = DataFrame.ofNames("a", "b");
    table.set("n", NumericColumn.of(7L, 10L));
    table.set("ok", BooleanColumn.of(true, false));
    assertThat(table).hasToString("    n  ok\na   7  True\nb  10  False\n\n2 rows x 2 columns");
  }

  @Test
  void aWideTableNamesTheColumnsItLeavesOut() {
    var table = DataFrame.ofNames("a");
    for (String key : new String[] {"p", "q", "r"}) {
      table.set(key.repeat(50), NumericColumn.of(1L));
    }
    String pad = " ".repeat(49);
    assertThat(table)
        .hasToString(
            ("   " + "p".repeat(50) + "  " + "q".repeat(50) + "  ...\n")
                + ("a  " + pad + "1  " + pad + "1  ...\n\n")
                + ("1 rows x 3 columns; not shown: " + "r".repeat(50)));
  }

  @Test
  void toTextLeavesNothingOut() {
    var table =
        DataFrame.ofNames(IntStream.range(0, 30).mapToObj(i -> "row" + i).toArray(String[]::new));
    for (String key : new String[] {"p", "q", "r"}) {
      String[] texts =
          IntStream.range(0, 30).mapToObj(i -> key.repeat(50) + i).toArray(String[]::new);
      table.set(key, StringColumn.of(texts));
    }
    assertThat(table.toString()).doesNotContain("row15", "p".repeat(50));
    assertThat(table.toText())
        .contains("row15", "p".repeat(50) + "15", "r".repeat(50) + "29", "30 rows x 3 columns")
        .doesNotContain("...", "not shown");
  }
}
