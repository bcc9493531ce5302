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

  private static boolean toFloats(DType type, ByteBuffer bytes, float[] out) {
    return Numbers.toFloats(type, bytes, out.length, out, 0);
  }

  @Test
  void floatsOnlyWhereTheyAreExact() {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    float[] out = new float[1];
    bytes.putLong(0, 1L << 40);
    assertThat(toFloats(DType.INT64, bytes, out)).isTrue();
    assertThat(out[0]).isEqualTo(0x1p40f);
    bytes.putLong(0, (1L << 40) + 1);
    assertThat(toFloats(DType.INT64, bytes, out)).isFalse();
    bytes.putLong(0, 1L << 60);
    assertThat(toFloats(DType.INT64, bytes, out)).as("not exact in float64").isFalse();
    bytes.putInt(0, Integer.MAX_VALUE);
    assertThat(toFloats(DType.INT32, bytes, out)).isFalse();
    assertThat(toFloats(DType.UINT32, bytes, out)).isFalse();
    bytes.putInt(0, -5);
    assertThat(toFloats(DType.INT32, bytes, out)).isTrue();
    assertThat(out[0]).isEqualTo(-5);
    bytes.putDouble(0, Double.NaN);
    assertThat(toFloats(DType.FLOAT64, bytes, out)).isTrue();
    assertThat(out[0]).isNaN();
    bytes.putDouble(0, 0.1);
    assertThat(toFloats(DType.FLOAT64, bytes, out)).isFalse();
    bytes.put(0, (byte) 200);
    assertThat(toFloats(DType.UINT8, bytes, out)).isTrue();
    assertThat(out[0]).isEqualTo(200);
  }

  @Test
  void whatDoesNotFitAnIntIsNegative() {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN);
    int[] out = new int[1];
    for (DType type : new DType[] {DType.INT64, DType.UINT64}) {
      for (long v : new long[] {1L << 31, -1, Long.MAX_VALUE, (1L << 32) + 5}) {
        Numbers.toInts(type, bytes.putLong(0, v), 1, out, 0);
        assertThat(out[0]).as("%s %d", type, v).isNegative();
      }
      Numbers.toInts(type, bytes.putLong(0, 70_000), 1, out, 0);
      assertThat(out[0]).isEqualTo(70_000);
    }
    Numbers.toInts(DType.UINT16, bytes.putShort(0, (short) -1), 1, out, 0);
    assertThat(out[0]).isEqualTo(65535);
    Numbers.toInts(DType.UINT32, bytes.putInt(0, -1), 1, out, 0);
    assertThat(out[0]).isEqualTo(-1);
  }
}
