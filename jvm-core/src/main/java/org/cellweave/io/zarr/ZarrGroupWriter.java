package org.cellweave.io.zarr;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.cellweave.data.OpaqueElement;
import org.cellweave.data.RecordArray;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.store.GrowingArray;
import org.cellweave.io.store.RowsWriter;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreObjectWriter;
import org.cellweave.matrix.DType;

/** A group of a zarr store that is being written. */
final class ZarrGroupWriter extends ZarrObjectWriter implements StoreGroupWriter {
  /** About as many bytes as a text has. */
  private static final int TEXT_BYTES = 16;

  private final ZarrSink sink;
  private final String path;

  ZarrGroupWriter(ZarrSink sink, String path, JsonObject attributes) {
    super(attributes);
    this.sink = sink;
    this.path = path;
  }

  private String below(String name) {
    for (String part : name.split("/", -1)) {
      boolean reserved = part.startsWith("__") && part.endsWith("__zarr");
      if (part.equals("..") || part.startsWith(".z") || part.equals(ZarrTree.V3) || reserved) {
        throw new IllegalArgumentException(
            "'" + name + "' is a name that zarr keeps for itself; rename it");
      }
    }
    return path.isEmpty() ? name : path + "/" + name;
  }

  @Override
  public StoreGroupWriter group(String name, boolean manyAttributes) {
    String at = below(name);
    return new ZarrGroupWriter(sink, at, sink.node(at, null).attributes());
  }

  @Override
  public StoreObjectWriter nothing(String name) {
    var of = ArrayDocument.Elements.numbers(DType.BOOL);
    return new ZarrObjectWriter(array(below(name), of, grid(name, new long[0], of)));
  }

  private ChunkGrid grid(String name, long[] shape, ArrayDocument.Elements of) {
    int size = of.isText() ? TEXT_BYTES : of.size();
    return ChunkGrid.of(shape, size, sink.zarr(), path.isEmpty() && name.equals("X"));
  }

  private JsonObject array(String at, ArrayDocument.Elements of, ChunkGrid grid) {
    return sink.node(at, ArrayDocument.of(of, grid, sink.zarr())).attributes();
  }

  private ChunkWriter chunks(String at, ArrayDocument.Elements of, ChunkGrid grid) {
    long bytes = (long) grid.chunkElements() * (of.isText() ? TEXT_BYTES : of.size());
    if (bytes > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "'" + at + "' would have chunks of " + bytes + " bytes; choose smaller ones");
    }
    return new ChunkWriter(
        sink.output(), at, grid, sink.zarr().codec(of.size()), sink.isV3(), bytes);
  }

  // ------------------------------------------------------------------------------ numbers

  @Override
  public StoreObjectWriter numbers(
      String name, DType type, long[] shape, boolean growable, Filler values) {
    return elements(name, ArrayDocument.Elements.numbers(type), shape, values);
  }

  /** Elements of a fixed size. */
  private StoreObjectWriter elements(
      String name, ArrayDocument.Elements of, long[] shape, Filler values) {
    String at = below(name);
    ChunkGrid grid = grid(name, shape, of);
    var out = new ZarrObjectWriter(array(at, of, grid));
    ChunkWriter chunks = chunks(at, of, grid);
    if (grid.isByRows()) {
      long n = 1;
      for (long d : shape) {
        n *= d;
      }
      var rows = new RowStream(chunks, grid, of.size());
      rows.append(n, values);
      rows.close();
    } else {
      Blocks.forEach(grid, place -> chunks.add(place, p -> Blocks.bytes(grid, of, values, p)));
      chunks.finish();
    }
    return out;
  }

  @Override
  public GrowingArray growing(String name, DType type, long most) {
    String at = below(name);
    var of = ArrayDocument.Elements.numbers(type);
    ChunkGrid grid = grid(name, new long[] {most}, of);
    return new RowStream(chunks(at, of, grid), grid, type.bytes()) {
      @Override
      public void close() {
        super.close();
        var held = new ChunkGrid(new long[] {elements()}, grid.chunk(), grid.shard());
        array(at, of, held);
      }
    };
  }

  @Override
  public RowsWriter rows(String name, DType type, int nRows, int nCols) {
    String at = below(name);
    var of = ArrayDocument.Elements.numbers(type);
    long[] shape = {nRows, nCols};
    ChunkGrid chosen = grid(name, shape, of);
    ChunkGrid grid =
        chosen.isByRows() ? chosen : ChunkGrid.of(shape, of.size(), sink.zarr(), false);
    return new Rows(
        array(at, of, grid), new RowStream(chunks(at, of, grid), grid, of.size()), nCols);
  }

  private static final class Rows extends ZarrObjectWriter implements RowsWriter {
    private final RowStream rows;
    private final int nCols;

    Rows(JsonObject attributes, RowStream rows, int nCols) {
      super(attributes);
      this.rows = rows;
      this.nCols = nCols;
    }

    @Override
    public void write(int firstRow, int nRows, Filler values) {
      rows.append((long) nRows * nCols, values);
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  // --------------------------------------------------------------------------------- text

  @Override
  public StoreObjectWriter texts(String name, String[] values, long[] shape, String key) {
    String at = below(name);
    var of = ArrayDocument.Elements.texts();
    ChunkGrid grid = grid(name, shape, of);
    var out = new ZarrObjectWriter(array(at, of, grid));
    ChunkWriter chunks = chunks(at, of, grid);
    Blocks.forEach(grid, place -> chunks.add(place, p -> texts(grid, values, p)));
    chunks.finish();
    return out;
  }

  /** How many texts, then each one's length and bytes. */
  private static byte[] texts(ChunkGrid grid, String[] values, long[] place) {
    String[] own = new String[grid.chunkElements()];
    Blocks.forRuns(grid, place, (from, to, n) -> System.arraycopy(values, (int) from, own, to, n));
    var out = new ByteArrayOutputStream();
    ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    out.write(number.putInt(0, own.length).array(), 0, 4);
    for (String text : own) {
      byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
      out.write(number.putInt(0, bytes.length).array(), 0, 4);
      out.write(bytes, 0, bytes.length);
    }
    return out.toByteArray();
  }

  // ------------------------------------------------------------------------------- others

  @Override
  public StoreObjectWriter records(String name, RecordArray records, String key) {
    if (records.fields().isEmpty()) {
      throw new IllegalArgumentException("'" + key + "' is a record array without fields");
    }
    var bytes = new RecordBytes(records, key);
    return elements(name, bytes.elements(), new long[] {records.length()}, bytes.values());
  }

  @Override
  public void opaque(String name, OpaqueElement element, String key) {
    new KeptWriter(this).write(name, element, key);
  }
}
