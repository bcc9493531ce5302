package org.cellweave.integrate.mosaic;

import java.nio.IntBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What a regression needs of the features that predict, and not of what is predicted: several
 * references, kinds of dimensions and ways over a part ask for the same. The ones used last are
 * kept as far as they fit into memory set aside.
 */
final class Decompositions<T> {
  private static final long BYTES = 1L << 28;

  private record Key(int part, IntBuffer columns) {}

  private final ToLongFunction<T> size;
  private final long most;
  private final Map<Key, T> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  Decompositions(ToLongFunction<T> size) {
    this(size, BYTES);
  }

  Decompositions(ToLongFunction<T> size, long most) {
    this.size = size;
    this.most = most;
  }

  /**
   * @param columns of the part, not changed later
   * @param made makes it where it is not kept
   */
  T of(int part, int[] columns, Supplier<T> made) {
    var key = new Key(part, IntBuffer.wrap(columns));
    T known = kept.get(key);
    if (known != null) {
      return known;
    }
    T fresh = made.get();
    kept.put(key, fresh);
    bytes += size.applyAsLong(fresh);
    var eldest = kept.entrySet().iterator();
    while (bytes > most) {
      bytes -= size.applyAsLong(eldest.next().getValue());
      eldest.remove();
    }
    return fresh;
  }
}
