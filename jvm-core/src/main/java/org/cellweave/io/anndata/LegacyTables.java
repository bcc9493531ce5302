package org.cellweave.io.anndata;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.io.store.ArrayValues;
import org.cellweave.io.store.ElementType;
import org.cellweave.io.store.StoreArray;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.io.store.StoreRecords;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.DType;

/**
 * Tables of anndata before 0.7, which were single arrays of records, and their categories. What
 * other elements of old files are, their kinds say in {@link ElementRegistry}.
 */
final class LegacyTables {
  private static final String CATEGORIES = "_categories";

  private final StoreReader source;

  LegacyTables(StoreReader source) {
    this.source = source;
  }

  /** Codes whose categories lie in another dataset, named by an object reference. */
  Column referencedCategorical(StoreNode node, String key) {
    long[] codes = source.array(node, key).requireRow().longs();
    long[] reference = source.longs(node, "categories", key);
    if (reference == null || reference.length != 1) {
      throw source.bad(key, "has a reference to its categories that cannot be followed");
    }
    StoreNode target = source.referred(reference[0], key);
    Column categories = ArrayValues.column(source.array(target, key + " (categories)"));
    boolean ordered = source.flag(target, "ordered", key);
    return CategoricalKind.column(source, key, codes, categories, ordered);
  }

  // ---------------------------------------------------------------- compound tables (to 0.6)

  /** A table stored as one compound dataset; its first field is the index. */
  DataFrame table(StoreNode node, String key) {
    return source.guard(
        key,
        () -> {
          StoreRecords records = records(source.array(node, key));
          String name = records.fields().get(0).name();
          Column index = column(records.values(0));
          var table = new DataFrame(key, index, name.equals(DataFrame.UNNAMED_INDEX) ? null : name);
          for (int f = 1; f < records.fields().size(); f++) {
            StoreRecords.Field field = records.fields().get(f);
            if (!field.isArray()) {
              String at = key + "/" + field.name();
              ArrayValues.setColumn(source, table, at, field.name(), column(records.values(f)));
            }
          }
          return table;
        });
  }

  private StoreRecords records(StoreArray a) {
    if (a.type().kind() != ElementType.Kind.COMPOUND || a.rank() != 1) {
      throw source.bad(a.key(), "is an array of " + a.type().describe() + ", expected a table");
    }
    StoreRecords records = a.records();
    if (records.fields().isEmpty()) {
      throw source.bad(a.key(), "is a table without an index");
    }
    return records;
  }

  private static Column column(NdArray values) {
    if (values.isText()) {
      return StringColumn.of(values.texts());
    }
    DType dtype = values.dtype();
    if (dtype == DType.BOOL) {
      return new BooleanColumn((boolean[]) values.data(), null);
    }
    if (dtype.isFloating()) {
      return NumericColumn.reals(dtype, values.toDoubles());
    }
    long[] longs = new long[values.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] =
          dtype == DType.INT64 || dtype == DType.UINT64
              ? ((long[]) values.data())[i]
              : (long) values.number(i);
    }
    return NumericColumn.integers(dtype, longs, null);
  }

  /** obsm or varm stored as one compound dataset with an array field per entry. */
  Map<String, AxisArray> axisArrays(StoreNode node, String key) {
    return source.guard(
        key,
        () -> {
          StoreRecords records = records(source.array(node, key));
          Map<String, AxisArray> out = new LinkedHashMap<>();
          for (int f = 0; f < records.fields().size(); f++) {
            out.put(records.fields().get(f).name(), matrix(records.values(f)));
          }
          return out;
        });
  }

  private static AxisArray matrix(NdArray values) {
    return values.isText() || values.nDims() != 2 ? values : values.toMatrix();
  }

  // ------------------------------------------------------------------------ uns (to 0.6)

  /** Turns columns of codes into categoricals with the labels kept in uns, and drops those. */
  void attachCategories(DataFrame table, Map<String, Object> uns) {
    for (String name : List.copyOf(table.getKeys())) {
      Object labels = uns.get(name + CATEGORIES);
      Column categories =
          labels instanceof NdArray a && a.shape().length == 1
              ? column(a)
              : labels instanceof String s ? StringColumn.of(s) : null;
      if (categories == null
          || !(table.get(name) instanceof NumericColumn codes)
          || !codes.isInteger()) {
        continue;
      }
      long[] values = codes.longs();
      int[] narrow = new int[values.length];
      boolean fits = true;
      for (int i = 0; i < narrow.length; i++) {
        fits &= values[i] >= -1 && values[i] < categories.size();
        narrow[i] = (int) values[i];
      }
      if (fits) {
        table.set(name, new CategoricalColumn(narrow, categories, false));
      }
    }
  }

  /** Drops the labels that {@link #attachCategories} has used. */
  void dropCategories(List<DataFrame> tables, Map<String, Object> uns) {
    for (DataFrame table : tables) {
      for (String name : table.getKeys()) {
        if (table.get(name) instanceof CategoricalColumn) {
          uns.remove(name + CATEGORIES);
        }
      }
    }
  }

  boolean isLegacyTable(StoreNode node) {
    return !node.isGroup();
  }
}
