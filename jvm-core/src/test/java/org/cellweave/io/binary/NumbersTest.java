package org.cellweave.io.binary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.cellweave.matrix.DType;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void everyHalfIsReadAndWrittenBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Numbers.halfToFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(Numbers.floatToHalf(value)).as("bits %x", bits).isEqualTo((short) bits);
      }
    }
    assertThat(Numbers.halfToFloat((short) 0x3c00)).isEqualTo(1f);
    assertThat(Numbers.halfToFloat((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(Numbers.floatToHalf(65519f)).isEqualTo((short) 0x7bff);
    assertThat(Numbers.floatToHalf(65520f)).isEqualTo((short) 0x7c00);
    assertThat(Numbers.floatToHalf(1 + 0x1p-11f)).as("ties go to even").isEqualTo((short) 0x3c00);
  }

  @Test
  void unsignedTypesAndByteOrder() {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN).putLong(0, -1L);
    double[] out = new double[1];
    Numbers.toDoubles(DType.UINT64, bytes, 1, out, 0);
    assertThat(out[0]).isEqualTo(0x1p64);
    Numbers.toDoubles(DType.UINT16, bytes, 1, out, 0);
    assertThat(out[0]).isEqualTo(65535);
    bytes.putShort(0, (short) 258);
    Numbers.toDoubles(DType.INT16, bytes, 1, out, 0);
    assertThat(out[0]).isEqualTo(258);
    Numbers.toDoubles(DType.INT16, bytes.order(ByteOrder.LITTLE_ENDIAN), 1, out, 0);
    assertThat(out[0]).isEqualTo(513);
  }
}
