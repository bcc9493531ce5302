package org.cellweave.io.hdf5;

import io.jhdf.ObjectHeader;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.object.message.FillValueMessage;
import io.jhdf.object.message.FillValueOldMessage;
import java.nio.ByteBuffer;

/** What an element holds that was never written. */
final class FillValue {
  /** Of the times at which the library fills. */
  private static final int NEVER = 1;

  private FillValue() {}

  /** The bytes of one element, or null for zero. */
  static byte[] of(H5Source source, DatasetBase dataset, String key) {
    ObjectHeader header = dataset.getHeader();
    ByteBuffer value = null;
    if (header.hasMessageOfType(FillValueMessage.class)) {
      FillValueMessage message = header.getMessageOfType(FillValueMessage.class);
      // A value that is never to be filled in stays out, in the HDF5 library too.
      boolean used = message.isFillValueDefined() && message.getFillValueWriteTime() != NEVER;
      value = used ? message.getFillValue() : null;
    } else if (header.hasMessageOfType(FillValueOldMessage.class)) {
      value = header.getMessageOfType(FillValueOldMessage.class).getFillValue();
    }
    if (value == null || !value.hasRemaining()) {
      return null;
    }
    byte[] bytes = new byte[value.remaining()];
    value.get(bytes);
    int size = dataset.getDataType().getSize();
    if (bytes.length != size) {
      throw source.bad(
          key,
          "has a fill value of "
              + bytes.length
              + " bytes for elements of "
              + size
              + "; the file is damaged");
    }
    for (byte b : bytes) {
      if (b != 0) {
        return bytes;
      }
    }
    return null;
  }

  /**
   * Fills the rest of {@code to}.
   *
   * @param offset bytes from the start of an element to the buffer's position, or a multiple more
   */
  static void put(byte[] fill, int offset, ByteBuffer to) {
    int at = fill == null ? 0 : offset % fill.length;
    while (to.hasRemaining()) {
      to.put(fill == null ? 0 : fill[at]);
      at = fill == null || at + 1 == fill.length ? 0 : at + 1;
    }
  }
}
