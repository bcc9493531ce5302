package org.cellweave.io.store;

/**
 * A group or an array that is being written and takes attributes. It is closed when it is complete;
 * what a failure leaves open is closed together with the store.
 */
public interface StoreObjectWriter {
  void attribute(String name, String value);

  void attribute(String name, String[] values);

  void attribute(String name, long[] values);

  void attribute(String name, long value);

  void attribute(String name, boolean value);

  /** An empty float64 array: how h5py stores an empty list of names. */
  void emptyAttribute(String name);

  void close();
}
