package org.cellweave.io.anndata;

import org.cellweave.data.AnnData;
import org.cellweave.io.store.StoreGroupWriter;

/** An object inside another's uns. */
final class AnnDataKind implements ElementKind {
  static final String TYPE = "anndata";
  static final String VERSION = "0.1.0";

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(
        TYPE, VERSION, (reader, e) -> AnnDataReader.nested(reader, reader.group(e), e.key()));
    registry.writes(AnnData.class, AnnDataKind::write);
  }

  private static void write(ElementWriter writer, ElementWriter.Target t, AnnData adata) {
    StoreGroupWriter group = t.group();
    AnnDataWriter.nested(writer, group, t.key(), adata);
    group.close();
  }
}
