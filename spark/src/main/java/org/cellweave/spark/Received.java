package org.cellweave.spark;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.RowStore;
import org.cellweave.matrix.Rows;

/**
 * What an executor has received, once for all its tasks. Blocks of rows that one task has read stay
 * for the next within the {@link org.cellweave.util.MemoryBudget} of the process.
 */
final class Received {
  /** Matrices whose blocks may stay: those of an object change places in turn. */
  private static final int MATRICES = 3;

  private static final Map<String, CsrMatrix> RECENT = new LinkedHashMap<>(8, 0.75f, true);
  private static final Map<String, SoftReference<Object>> VALUES = new HashMap<>();

  private Received() {}

  static Object value(Sent sent) {
    synchronized (VALUES) {
      SoftReference<Object> known = VALUES.get(sent.id());
      Object value = known == null ? null : known.get();
      if (value == null) {
        VALUES.values().removeIf(reference -> reference.get() == null);
        value = Parcel.unpack(sent.bytes().value());
        if (value instanceof AutoCloseable) {
          // one index at a time: they hold memory that the collector does not see
          VALUES.values().removeIf(reference -> reference.get() instanceof AutoCloseable);
        }
        VALUES.put(sent.id(), new SoftReference<>(value));
      }
      return value;
    }
  }

  static Rows rows(Sent sent) {
    synchronized (RECENT) {
      CsrMatrix matrix = RECENT.get(sent.id());
      if (matrix == null) {
        matrix = CsrMatrix.of((RowStore) value(sent));
        RECENT.put(sent.id(), matrix);
        var oldest = RECENT.values().iterator();
        while (RECENT.size() > MATRICES) {
          oldest.next().forget();
          oldest.remove();
        }
      }
      return Rows.of(matrix);
    }
  }
}
