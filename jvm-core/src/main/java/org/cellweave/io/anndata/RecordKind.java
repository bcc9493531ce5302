package org.cellweave.io.anndata;

import org.cellweave.data.RecordArray;
import org.cellweave.io.store.ElementType;
import org.cellweave.io.store.StoreArray;
import org.cellweave.io.store.StoreObjectWriter;
import org.cellweave.io.store.StoreRecords;

/** Arrays of records of named fields. */
final class RecordKind implements ElementKind {
  private static final String TYPE = "rec-array";
  private static final String VERSION = "0.2.0";

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(TYPE, VERSION, (r, e) -> read(r, r.source().array(e.node(), e.key()), e));
    registry.readsOldArrays(
        (array, e) -> array.type().kind() == ElementType.Kind.COMPOUND, RecordKind::read);
    registry.writes(RecordArray.class, (w, t, records) -> write(t, records));
  }

  /** A record array; fields of kinds unknown here keep the whole opaque. */
  private static Object read(ElementReader reader, StoreArray a, Element e) {
    if (a.type().kind() != ElementType.Kind.COMPOUND || a.rank() > 1) {
      return reader.unknown(e, TYPE, "");
    }
    if (a.type().isComplex()) {
      return reader.unknown(e, "array of " + a.type().describe(), "");
    }
    StoreRecords records = a.records();
    if (!records.isSimple()) {
      return reader.unknown(e, TYPE, VERSION);
    }
    var out = new RecordArray(records.length());
    for (int f = 0; f < records.fields().size(); f++) {
      out.with(records.fields().get(f).name(), records.values(f));
    }
    return out;
  }

  private static void write(ElementWriter.Target t, RecordArray records) {
    StoreObjectWriter array = t.parent().records(t.name(), records, t.key());
    ElementWriter.encoding(array, TYPE, VERSION);
    array.close();
  }
}
