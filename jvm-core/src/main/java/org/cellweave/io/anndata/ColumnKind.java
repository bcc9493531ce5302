package org.cellweave.io.anndata;

import org.cellweave.data.BooleanColumn;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.io.binary.Fillers;
import org.cellweave.io.store.StoreArray;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.matrix.DType;

/**
 * Columns of numbers, booleans and text: plain arrays, or groups of values and a mask where entries
 * may be missing.
 */
final class ColumnKind implements ElementKind {
  private static final String INTEGERS = "nullable-integer";
  private static final String BOOLEANS = "nullable-boolean";
  private static final String TEXTS = "nullable-string-array";
  private static final String VERSION = "0.1.0";

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(INTEGERS, VERSION, ColumnKind::integers);
    registry.reads(BOOLEANS, VERSION, ColumnKind::booleans);
    registry.reads(TEXTS, VERSION, ColumnKind::texts);
    registry.writes(NumericColumn.class, ColumnKind::write);
    registry.writes(BooleanColumn.class, ColumnKind::write);
    registry.writes(StringColumn.class, ColumnKind::write);
  }

  // ------------------------------------------------------------------------------ reading

  private static Object integers(ElementReader reader, Element e) {
    StoreGroup group = reader.group(e);
    StoreArray values = reader.row(group, e, "values");
    boolean[] mask = mask(reader, group, e, values);
    return values.type().isNumeric() && values.type().dtype().isFloating()
        ? NumericColumn.of(withNaN(values.doubles(), mask))
        : NumericColumn.integers(values.type().dtype(), values.longs(), mask);
  }

  private static double[] withNaN(double[] values, boolean[] mask) {
    for (int i = 0; i < values.length; i++) {
      values[i] = mask[i] ? Double.NaN : values[i];
    }
    return values;
  }

  private static Object booleans(ElementReader reader, Element e) {
    StoreGroup group = reader.group(e);
    StoreArray values = reader.row(group, e, "values");
    return new BooleanColumn(values.booleans(), mask(reader, group, e, values));
  }

  private static Object texts(ElementReader reader, Element e) {
    StoreGroup group = reader.group(e);
    StoreArray values = reader.row(group, e, "values");
    boolean[] mask = mask(reader, group, e, values);
    String[] texts = values.texts();
    for (int i = 0; i < texts.length; i++) {
      texts[i] = mask[i] ? null : texts[i];
    }
    return new StringColumn(texts, true);
  }

  private static boolean[] mask(
      ElementReader reader, StoreGroup group, Element e, StoreArray values) {
    StoreArray mask = reader.row(group, e, "mask");
    if (mask.size() != values.size()) {
      throw reader
          .source()
          .bad(
              e.key(),
              "has " + values.size() + " values, but a mask of " + mask.size() + " entries");
    }
    if (!mask.type().isNumeric() || mask.type().storedSize() != 1) {
      throw reader
          .source()
          .bad(e.key() + "/mask", "holds " + mask.type().describe() + ", expected booleans");
    }
    return mask.booleans();
  }

  // ------------------------------------------------------------------------------ writing

  private static void write(ElementWriter writer, ElementWriter.Target t, NumericColumn c) {
    if (c.isNullable()) {
      var values = c.longs().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = c.isMissing(i) ? 0 : values[i];
      }
      nullable(writer, t, INTEGERS, NumericColumn.integers(c.dtype(), values, null), c.mask());
      return;
    }
    var values =
        c.isInteger()
            ? Fillers.longs(c.dtype(), c.longs())
            : Fillers.doubles(c.dtype(), c.toDoubles(), t.key());
    ElementWriter.numbers(t, c.dtype(), new long[] {c.size()}, values, "array");
  }

  private static void write(ElementWriter writer, ElementWriter.Target t, BooleanColumn c) {
    if (c.isNullable()) {
      nullable(writer, t, BOOLEANS, new BooleanColumn(c.values(), null), c.mask());
    } else {
      long[] shape = {c.size()};
      ElementWriter.numbers(t, DType.BOOL, shape, Fillers.booleans(c.values()), "array");
    }
  }

  private static void write(ElementWriter writer, ElementWriter.Target t, StringColumn c) {
    boolean[] missing = new boolean[c.size()];
    boolean any = false;
    for (int i = 0; i < missing.length; i++) {
      missing[i] = c.isMissing(i);
      any |= missing[i];
    }
    if (c.isNullable() || any) {
      String[] values = c.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = missing[i] ? "" : values[i];
      }
      nullable(writer, t, TEXTS, StringColumn.of(values), missing);
    } else {
      ElementWriter.texts(t, c.values(), new long[] {c.size()}, "string-array");
    }
  }

  private static void nullable(
      ElementWriter writer,
      ElementWriter.Target t,
      String encoding,
      Object values,
      boolean[] mask) {
    StoreGroupWriter group = t.group();
    ElementWriter.encoding(group, encoding, VERSION);
    writer.write(group, "values", t.key(), values);
    writer.write(group, "mask", t.key(), new BooleanColumn(mask, null));
    group.close();
  }
}
