package org.cellweave.io.hdf5;

import org.cellweave.data.OpaqueElement;
import org.cellweave.data.RecordArray;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.GrowingArray;
import org.cellweave.io.store.RowsWriter;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreObjectWriter;
import org.cellweave.io.store.StoreWriter;
import org.cellweave.matrix.DType;

/** An HDF5 file as a store to be written. */
final class H5Writer implements StoreWriter {
  private final H5Sink sink;
  private final ArrayOptions options;
  private final ArrayWriter arrays;

  H5Writer(H5Sink sink, ArrayOptions options) {
    this.sink = sink;
    this.options = options;
    this.arrays = new ArrayWriter(sink, options);
  }

  @Override
  public StoreGroupWriter root() {
    return group(sink.file());
  }

  /** A group that is open already. */
  StoreGroupWriter group(long id) {
    return new OfGroup(id);
  }

  @Override
  public ArrayOptions options() {
    return options;
  }

  private final class OfGroup extends H5Object implements StoreGroupWriter {
    OfGroup(long id) {
      super(H5Writer.this.sink, id);
    }

    private StoreObjectWriter object(long dataset) {
      return new H5Object(sink, dataset);
    }

    @Override
    public StoreGroupWriter group(String name, boolean manyAttributes) {
      return new OfGroup(sink.group(id, name, manyAttributes));
    }

    @Override
    public StoreObjectWriter nothing(String name) {
      return object(sink.dataset(id, name, sink.type(DType.FLOAT32), null, null, null, 0, false));
    }

    @Override
    public StoreObjectWriter numbers(
        String name, DType type, long[] shape, boolean growable, Filler values) {
      return object(arrays.write(id, name, type, shape, growable, values));
    }

    @Override
    public StoreObjectWriter texts(String name, String[] values, long[] shape, String key) {
      long dataset = sink.dataset(id, name, sink.textType(), shape, null, null, 0, false);
      if (values.length > 0) {
        sink.writeTexts(dataset, values, key);
      }
      return object(dataset);
    }

    @Override
    public StoreObjectWriter records(String name, RecordArray records, String key) {
      return object(new RecordWriter(sink).write(id, name, records, key));
    }

    @Override
    public void opaque(String name, OpaqueElement element, String key) {
      new StoredWriter(sink).write(id, name, element, key);
    }

    @Override
    public GrowingArray growing(String name, DType type, long most) {
      return new H5Growing(sink, options, id, name, type, most);
    }

    @Override
    public RowsWriter rows(String name, DType type, int nRows, int nCols) {
      return H5Rows.create(sink, options, id, name, type, nRows, nCols);
    }

    @Override
    public void close() {
      sink.closeGroup(id);
    }
  }
}
