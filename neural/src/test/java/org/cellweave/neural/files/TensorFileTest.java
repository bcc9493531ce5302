package org.cellweave.neural.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFileTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("t.safetensors");
  }

  @Test
  void allTypesComeBackBitByBit() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    float[] large = new float[100_003];
    for (int k = 0; k < large.length; k++) {
      large[k] = k * 0.1f;
    }
    tensors.put("large", Tensor.row(large));
    tensors.put("f", new Tensor(new float[] {1, -0f, Float.NaN, 3, 4, 5}, 2, 3));
    tensors.put("d", Tensor.row(new double[] {Double.MIN_VALUE, Double.NEGATIVE_INFINITY}));
    tensors.put("i", Tensor.row(new int[] {Integer.MIN_VALUE, 7}));
    tensors.put("none", Tensor.row(new double[0]));
    new TensorFile(Map.of("name", "a \"text\""), tensors).write(file());
    TensorFile back = TensorFile.read(file());
    assertThat(back.metadata()).containsExactly(Map.entry("name", "a \"text\""));
    assertThat(back.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach(
        (name, tensor) -> {
          assertThat(back.tensors().get(name).values()).isEqualTo(tensor.values());
          assertThat(back.tensors().get(name).shape()).isEqualTo(tensor.shape());
        });
  }

  @Test
  void shapesMustFit() {
    assertThatThrownBy(() -> new Tensor(new float[5], 2, 3))
        .hasMessage("a tensor of shape [2, 3] has 6 values, got 5");
    assertThatThrownBy(() -> new Tensor(new long[1], 1)).hasMessageContaining("holds float[]");
  }

  private void refused(String header, int numbers, String message) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + numbers);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
    Files.write(file(), bytes.array());
    assertThatThrownBy(() -> TensorFile.read(file()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContaining(message);
  }

  @Test
  void hostileHeadersAreRefusedBeforeMemoryIsTaken() throws IOException {
    refused("[]", 0, "its header is no JSON object");
    refused("{x}", 0, "its header is not JSON");
    refused(tensor("F32", "[2]", 0, 8), 4, "has no room for 'a'");
    refused(tensor("F32", "[2]", 4, 12), 12, "has no room for 'a'");
    refused(tensor("F32", "[2]", 0, 4), 8, "has no room for 'a'");
    refused(tensor("F32", "[1000000,1000000,1000000]", 0, 8), 8, "has no room for 'a'");
    refused(tensor("F32", "[-2]", 0, 8), 8, "has no shape for 'a'");
    refused(tensor("F32", "[1.5]", 0, 8), 8, "has no shape for 'a'");
    refused(tensor("BF16", "[2]", 0, 4), 4, "holds 'a' as 'BF16'; only F32");
    refused(tensor("F32", "[2]", 0, 8), 9, "has 1 bytes too many");
    refused("{\"a\":3}", 0, "has no room for 'a'");
    Files.write(file(), new byte[] {1, 2, 3, 4, 5, 6, 7, 127, 0});
    assertThatThrownBy(() -> TensorFile.read(file())).hasMessageContaining("is not a safetensors");
  }

  private static String tensor(String type, String shape, int from, int to) {
    return "{\"a\":{\"dtype\":\""
        + type
        + "\",\"shape\":"
        + shape
        + ",\"data_offsets\":["
        + from
        + ","
        + to
        + "]}}";
  }

  @Test
  void changedNumbersAreNoticed() throws IOException {
    new TensorFile(Map.of(), Map.of("a", Tensor.row(new float[] {1, 2, 3}))).write(file());
    byte[] bytes = Files.readAllBytes(file());
    bytes[bytes.length - 2] ^= 1;
    Files.write(file(), bytes);
    assertThatThrownBy(() -> TensorFile.read(file())).hasMessageContaining("(checksum)");
  }
}
