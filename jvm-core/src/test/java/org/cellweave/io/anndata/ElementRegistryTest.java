package org.cellweave.io.anndata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ElementRegistryTest {
  /** A kind as somebody would add it. */
  private static ElementKind kind(String type, String version, Class<?> written) {
    return registry -> {
      registry.reads(type, version, (reader, element) -> type);
      registry.writes(written, (writer, target, value) -> {});
    };
  }

  @Test
  void aNewKindIsFoundByItsEncodingAndItsClass() {
    var registry = ElementRegistry.of(kind("martian", "1.0", Thread.class));
    var reading = registry.reader(new Encoding("martian", "1.0"));
    assertThat(reading.read(null, null)).isEqualTo("martian");
    assertThat(registry.reader(new Encoding("martian", "1.1"))).isNull();
    assertThat(registry.known("martian")).isEqualTo(new Encoding("martian", "1.0"));
    assertThat(registry.known("mart")).isNull();
    assertThat(registry.writer(new Thread())).isNotNull();
    assertThat(registry.writer("text")).isNull();
  }

  @Test
  void anEncodingOfAnotherKindIsRefused() {
    assertThatThrownBy(
            () -> ElementRegistry.of(new DictKind(), kind("dict", "0.1.0", Thread.class)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("encoding dict 0.1.0 is read by another kind already");
    ElementRegistry.of(new DictKind(), kind("dict", "0.2.0", Thread.class));
  }

  @Test
  void aClassOfAnotherKindIsRefused() {
    assertThatThrownBy(
            () -> ElementRegistry.of(new ScalarKind(), kind("martian", "1.0", String.class)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("java.lang.String is written by another kind already");
  }

  @Test
  void theFirstVersionThatIsKnownIsTheOneToExpect() {
    assertThat(ElementRegistry.STANDARD.known("dataframe"))
        .isEqualTo(new Encoding("dataframe", "0.1.0"));
  }
}
