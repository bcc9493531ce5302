package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisSlots;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.OpaqueElement;
import org.cellweave.data.RecordArray;
import org.cellweave.io.anndata.Elements;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;

/** Asserts that two objects hold the same, element by element, types and bits included. */
public final class SameContent {
  private SameContent() {}

  public static void check(AnnData a, AnnData b) {
    value("X", a.getX(), b.getX());
    table("obs", Elements.withCategories(a.getObs()), b.getObs());
    table("var", Elements.withCategories(a.getVar()), b.getVar());
    slots("obsm", a.getObsm(), b.getObsm());
    slots("varm", a.getVarm(), b.getVarm());
    slots("obsp", a.getObsp(), b.getObsp());
    slots("varp", a.getVarp(), b.getVarp());
    slots("layers", a.getLayers(), b.getLayers());
    value("uns", a.getUns(), b.getUns());
    assertThat(b.getRaw() == null).as("raw").isEqualTo(a.getRaw() == null);
    if (a.getRaw() != null) {
      value("raw.X", a.getRaw().getX(), b.getRaw().getX());
      table("raw.var", Elements.withCategories(a.getRaw().getVar()), b.getRaw().getVar());
      slots("raw.varm", a.getRaw().getVarm(), b.getRaw().getVarm());
    }
  }

  private static <T extends AxisArray> void slots(String key, AxisSlots<T> a, AxisSlots<T> b) {
    assertThat(b.getKeys()).as(key).isEqualTo(a.getKeys());
    a.getKeys().forEach(k -> value(key + "/" + k, a.get(k), b.get(k)));
  }

  public static void table(String key, DataFrame a, DataFrame b) {
    assertThat(b.getKeys()).as(key).containsExactlyElementsOf(a.getKeys());
    assertThat(b.getIndexName()).as(key).isEqualTo(a.getIndexName());
    column(key + " index", a.getIndex(), b.getIndex());
    a.getKeys().forEach(k -> column(key + "/" + k, a.get(k), b.get(k)));
  }

  private static void column(String key, Column a, Column b) {
    assertThat(b.dtypeName()).as(key).isEqualTo(a.dtypeName());
    assertThat(Column.sameValues(a, b)).as(key).isTrue();
    if (a instanceof CategoricalColumn c) {
      assertThat(((CategoricalColumn) b).isOrdered()).as(key).isEqualTo(c.isOrdered());
      column(key + " categories", c.categories(), ((CategoricalColumn) b).categories());
    }
  }

  public static void value(String key, Object a, Object b) {
    if (a == null || b == null) {
      assertThat(b).as(key).isEqualTo(a);
      return;
    }
    assertThat(b.getClass()).as(key).isEqualTo(a.getClass());
    if (a instanceof Map<?, ?> m) {
      assertThat(((Map<?, ?>) b).keySet()).as(key).isEqualTo(m.keySet());
      m.forEach((k, v) -> value(key + "/" + k, v, ((Map<?, ?>) b).get(k)));
    } else if (a instanceof Matrix m) {
      matrix(key, m, (Matrix) b);
    } else if (a instanceof DataFrame t) {
      table(key, t, (DataFrame) b);
    } else if (a instanceof Column c) {
      column(key, c, (Column) b);
    } else if (a instanceof NdArray n) {
      array(key, n, (NdArray) b);
    } else if (a instanceof RecordArray r) {
      assertThat(((RecordArray) b).fields().keySet()).as(key).isEqualTo(r.fields().keySet());
      r.fields().forEach((k, v) -> array(key + "/" + k, v, ((RecordArray) b).get(k)));
    } else if (a instanceof OpaqueElement o) {
      assertThat(((OpaqueElement) b).encodingType()).as(key).isEqualTo(o.encodingType());
    } else {
      assertThat(b).as(key).isEqualTo(a);
    }
  }

  private static void array(String key, NdArray a, NdArray b) {
    assertThat(b.dtype()).as(key).isEqualTo(a.dtype());
    assertThat(b.shape()).as(key).isEqualTo(a.shape());
    assertThat(b.data()).as(key).isEqualTo(a.data());
  }

  public static void matrix(String key, Matrix a, Matrix b) {
    assertThat(b.getClass()).as(key).isEqualTo(a.getClass());
    assertThat(b.shape()).as(key).isEqualTo(a.shape());
    assertThat(b.dtype()).as(key).isEqualTo(a.dtype());
    if (a instanceof CscMatrix c) {
      matrix(key, c.columns(), ((CscMatrix) b).columns());
    } else if (a instanceof CsrMatrix c) {
      CsrMatrix d = (CsrMatrix) b;
      assertThat(d.rowPtr()).as(key).isEqualTo(c.rowPtr());
      assertThat(d.isFloat32Stored()).as(key).isEqualTo(c.isFloat32Stored());
      for (int i = 0; i < c.blockCount(); i++) {
        assertThat(d.block(i).indices()).as(key).isEqualTo(c.block(i).indices());
        assertThat(d.block(i).values()).as(key).isEqualTo(c.block(i).values());
        assertThat(d.block(i).wideValues()).as(key).isEqualTo(c.block(i).wideValues());
      }
    } else if (a instanceof DenseMatrix m) {
      assertThat(((DenseMatrix) b).doubleData()).as(key).isEqualTo(m.doubleData());
    }
  }
}
