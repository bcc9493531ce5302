package org.cellweave.io.anndata;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreReader;

/** Named values of any kind, as in uns. */
final class DictKind implements ElementKind {
  static final String TYPE = "dict";
  static final String VERSION = "0.1.0";

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(TYPE, VERSION, DictKind::read);
    registry.reads("raw", VERSION, DictKind::read);
    registry.readsOldGroups((reader, element) -> true, DictKind::read);
    registry.writes(Map.class, DictKind::write);
  }

  private static Object read(ElementReader reader, Element e) {
    StoreReader source = reader.source();
    if (!e.node().isGroup()) {
      throw source.bad(e.key(), "is a dataset, expected a group");
    }
    Map<String, Object> out = new LinkedHashMap<>();
    source
        .children(reader.group(e), e.key())
        .forEach(
            (name, node) -> {
              Object value = reader.read(e.member(node, name, Element.Place.VALUE));
              reader.warnOfRefused(value);
              out.put(name, value);
            });
    return out;
  }

  private static void write(ElementWriter writer, ElementWriter.Target t, Map<?, ?> map) {
    StoreGroupWriter group = t.group();
    ElementWriter.encoding(group, TYPE, VERSION);
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((name, value) -> named.put(String.valueOf(name), value));
    ElementNames.checkAll(named.keySet(), t.key());
    named.forEach((name, value) -> writer.write(group, name, t.key(), value));
    group.close();
  }
}
