package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class Lz4Test {
  private static byte[] chunk(long total, int block, byte[]... parts) {
    ByteBuffer out = ByteBuffer.allocate(200);
    out.putLong(total).putInt(block);
    for (byte[] part : parts) {
      out.putInt(part.length).put(part);
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  /** Two literals, 6 bytes from 2 back, then one literal. */
  private static final byte[] BLOCK = {0x22, 'a', 'b', 2, 0, 0x10, 'c'};

  @Test
  void decodesBlocks() {
    byte[] plain = {'x', 'y', 'z'};
    byte[] bytes = chunk(12, 9, BLOCK, plain);
    assertThat(new String(Lz4.decode(bytes, 100), java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("ababababcxyz");
  }

  @Test
  void refusesWhatPointsOutside() {
    byte[] before = {0x12, 'a', 9, 0, 0x10, 'c'};
    assertThatThrownBy(() -> Lz4.decode(chunk(8, 8, before), 100))
        .hasMessageContaining("lz4 data are damaged");
    assertThatThrownBy(() -> Lz4.decode(chunk(1L << 40, 8, BLOCK), 100))
        .hasMessageContaining("claims 1099511627776 bytes");
    assertThatThrownBy(() -> Lz4.decode(chunk(9, 0, BLOCK), 100))
        .hasMessageContaining("blocks of 0 bytes");
  }

  @Test
  void sortsBitsBack() {
    // Eight bytes 0..7: bit 0 is set in the odd ones, bit 1 in 2, 3, 6, 7, bit 2 in 4 to 7.
    byte[] shuffled = {(byte) 0xaa, (byte) 0xcc, (byte) 0xf0, 0, 0, 0, 0, 0, 42};
    int[] settings = {0, 2, 1, 0, 0};
    assertThat(Lz4.unbitshuffle(shuffled, settings, 100))
        .isEqualTo(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 42});
  }
}
