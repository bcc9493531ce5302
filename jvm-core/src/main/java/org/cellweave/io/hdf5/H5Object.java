package org.cellweave.io.hdf5;

import org.cellweave.io.store.StoreObjectWriter;

/** An open group or dataset of a file that is being written. */
class H5Object implements StoreObjectWriter {
  final H5Sink sink;
  final long id;

  H5Object(H5Sink sink, long id) {
    this.sink = sink;
    this.id = id;
  }

  @Override
  public void attribute(String name, String value) {
    sink.attribute(id, name, value);
  }

  @Override
  public void attribute(String name, String[] values) {
    sink.attribute(id, name, values);
  }

  @Override
  public void attribute(String name, long[] values) {
    sink.attribute(id, name, values);
  }

  @Override
  public void attribute(String name, long value) {
    sink.attribute(id, name, value);
  }

  @Override
  public void attribute(String name, boolean value) {
    sink.attribute(id, name, value);
  }

  @Override
  public void emptyAttribute(String name) {
    sink.emptyAttribute(id, name);
  }

  @Override
  public void close() {
    sink.closeDataset(id);
  }
}
