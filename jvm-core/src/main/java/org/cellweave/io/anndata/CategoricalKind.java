package org.cellweave.io.anndata;

import java.util.HashSet;
import java.util.Set;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.io.binary.Fillers;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreReader;
import org.cellweave.matrix.DType;

/** Columns of codes into a list of categories. */
final class CategoricalKind implements ElementKind {
  private static final String TYPE = "categorical";
  private static final String VERSION = "0.2.0";

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(TYPE, VERSION, CategoricalKind::read);
    registry.writes(CategoricalColumn.class, CategoricalKind::write);
  }

  private static Object read(ElementReader reader, Element e) {
    StoreReader source = reader.source();
    StoreGroup group = reader.group(e);
    long[] codes = reader.row(group, e, "codes").longs();
    Object labels =
        reader.read(
            e.member(reader.required(group, e, "categories"), "categories", Element.Place.COLUMN));
    if (!(labels instanceof Column categories)) {
      throw source.bad(e.key() + "/categories", "are not a column of labels");
    }
    return column(source, e.key(), codes, categories, source.flag(e.node(), "ordered", e.key()));
  }

  /** The column of these codes, which are checked. */
  static CategoricalColumn column(
      StoreReader source, String key, long[] codes, Column categories, boolean ordered) {
    requireUnique(source, key, categories);
    int[] narrow = new int[codes.length];
    for (int i = 0; i < narrow.length; i++) {
      if (codes[i] < -1 || codes[i] >= categories.size()) {
        throw source.bad(
            key,
            "has code "
                + codes[i]
                + " in row "
                + i
                + ", but only "
                + categories.size()
                + " categories; the file is damaged");
      }
      narrow[i] = (int) codes[i];
    }
    return new CategoricalColumn(narrow, categories, ordered);
  }

  private static void requireUnique(StoreReader source, String key, Column categories) {
    Set<String> seen = new HashSet<>();
    for (String label : categories.texts()) {
      if (!seen.add(label)) {
        throw source.bad(key, "has the category '" + label + "' twice; the file is damaged");
      }
    }
  }

  private static void write(ElementWriter writer, ElementWriter.Target t, CategoricalColumn c) {
    StoreGroupWriter group = t.group();
    ElementWriter.encoding(group, TYPE, VERSION);
    group.attribute("ordered", c.isOrdered());
    int n = c.nCategories();
    DType type = n < 128 ? DType.INT8 : n < 32768 ? DType.INT16 : DType.INT32;
    var codes = new ElementWriter.Target(group, "codes", t.key() + "/codes");
    long[] shape = {c.size()};
    ElementWriter.numbers(codes, type, shape, Fillers.ints(type, c.codes()), "array");
    writer.write(group, "categories", t.key(), c.categories());
    group.close();
  }
}
