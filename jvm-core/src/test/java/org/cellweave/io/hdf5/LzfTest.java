package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LzfTest {
  private static byte[] decoded(byte[] in, int length) {
    byte[] out = new byte[length];
    return Lzf.decode(in, out, length) ? out : null;
  }

  @Test
  void decodesRunsAndRepetitions() {
    // Three bytes as they are; then 4 bytes that start 3 back: a b c | a b c a.
    byte[] in = {2, 'a', 'b', 'c', 2 << 5, 2};
    assertThat(decoded(in, 7)).isEqualTo(new byte[] {'a', 'b', 'c', 'a', 'b', 'c', 'a'});
    // Length 7 + 3 + 2 = 12 of the byte before.
    assertThat(decoded(new byte[] {0, 9, (byte) (7 << 5), 3, 0}, 13)).containsOnly(9).hasSize(13);
  }

  @Test
  void whatIsNotWholeIsNull() {
    assertThat(decoded(new byte[] {5, 1, 2}, 6)).isNull();
    assertThat(decoded(new byte[] {0, 1, 1 << 5, 40}, 4)).isNull();
    assertThat(decoded(new byte[] {0, 1}, 3)).isNull();
    assertThat(decoded(new byte[] {1, 1, 2}, 1)).isNull();
    assertThat(decoded(new byte[] {0, 1, (byte) (7 << 5)}, 9)).isNull();
  }

  @Test
  void whatWasEncodedIsDecoded() {
    for (int seed = 0; seed < 40; seed++) {
      var random = new Random(seed);
      byte[] bytes = new byte[1 + random.nextInt(20_000)];
      int kinds = 1 + random.nextInt(6);
      for (int i = 0; i < bytes.length; i++) {
        boolean repeat = i > 300 && random.nextInt(4) > 0;
        bytes[i] = repeat ? bytes[i - 1 - random.nextInt(2)] : (byte) random.nextInt(kinds);
      }
      byte[] encoded = Lzf.encode(bytes);
      if (encoded != null) {
        assertThat(encoded.length).isLessThan(bytes.length);
        assertThat(decoded(encoded, bytes.length)).isEqualTo(bytes);
      }
    }
    assertThat(Lzf.encode(new byte[1000])).hasSizeLessThan(30);
  }

  @Test
  void noiseIsLeftAlone() {
    byte[] noise = new byte[500];
    new Random(1).nextBytes(noise);
    assertThat(Lzf.encode(noise)).isNull();
    assertThat(Lzf.encode(new byte[0])).isNull();
  }
}
