package org.cellweave.neural.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void everythingComesBack() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("text", "a \"quoted\" \\ line\nand \u0001 and \uD83D\uDC1F");
    all.put("whole", Long.MIN_VALUE);
    all.put("number", -1.25e-300);
    all.put("list", Arrays.asList(true, false, null, List.of(), Map.of()));
    all.put("", Map.of("inner", 1L));
    assertThat(Json.read(Json.write(all))).isEqualTo(all);
  }

  @Test
  void spacesAndEscapesAreRead() {
    assertThat(Json.read(" { \"a\" :\n[ 1 , 2.5 , \"\\u00e9\\/\\t\" ] } "))
        .isEqualTo(Map.of("a", List.of(1L, 2.5, "\u00e9/\t")));
    assertThat(Json.read("123456789012345678901"))
        .isEqualTo(Double.parseDouble("123456789012345678901"));
  }

  @Test
  void whatIsNoJsonIsRefusedByPlace() {
    for (String text :
        new String[] {
          "",
          "{",
          "[1,",
          "[1 2]",
          "{\"a\" 1}",
          "{a:1}",
          "tru",
          "01",
          "1.",
          "\"a",
          "\"\\x\"",
          "\"\\u12g4\"",
          "\"\\u12\"",
          "\"\n\"",
          "[1]]",
          "-",
          "\"\\"
        }) {
      assertThatThrownBy(() -> Json.read(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("no JSON at character ");
    }
    assertThatThrownBy(() -> Json.read("[".repeat(100_000))).hasMessageContaining("64 levels");
    assertThatThrownBy(() -> Json.write(Double.NaN)).hasMessage("JSON has no NaN");
  }

  /** A record as parameters are. */
  record Inner(boolean on, double share) {}

  /** As {@link Inner}. */
  record Outer(int n, long seed, String name, Thread.State state, Inner inner) {}

  @Test
  void recordsComeBack() {
    var of = new Outer(3, Long.MAX_VALUE, "x", Thread.State.NEW, new Inner(true, 0.1));
    Object text = Json.read(Json.write(RecordText.write(of)));
    assertThat(RecordText.read(Outer.class, text)).isEqualTo(of);
    Map<String, Object> wrong = new LinkedHashMap<>();
    ((Map<?, ?>) text).forEach((key, value) -> wrong.put((String) key, value));
    wrong.put("state", "AWAY");
    assertThatThrownBy(() -> RecordText.read(Outer.class, wrong))
        .hasMessageContaining("'state' is AWAY");
    wrong.put("state", "NEW");
    wrong.put("n", 1e10);
    assertThatThrownBy(() -> RecordText.read(Outer.class, wrong))
        .hasMessage("'n' is 1.0E10, expected int");
  }

  @Test
  void aNameStandsOnce() {
    assertThatThrownBy(() -> Json.read("{\"a\":1,\"a\":2}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each name once, got 'a' twice");
  }
}
