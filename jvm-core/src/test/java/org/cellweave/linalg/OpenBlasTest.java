package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.util.Elementary;
import org.cellweave.util.Reproducibility;
import org.junit.jupiter.api.Test;

/** Kernels by name, forced from outside as another processor would choose them. */
class OpenBlasTest {
  @Test
  void theKernelsAndTheVersionHaveNames() {
    assertThat(OpenBlas.kernels()).matches("[A-Za-z0-9_]+");
    assertThat(OpenBlas.version()).matches("\\d+\\.\\d+.*");
  }

  @Test
  void everywhereTheBitsAreTheSameWhateverKernelsAreAskedFor() throws Exception {
    assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    String haswell = run("everywhere", "Haswell");
    assertThat(haswell).startsWith("Haswell ");
    assertThat(run("everywhere", "Sandybridge")).isEqualTo(haswell);
    assertThat(run("everywhere", "SkylakeX")).isEqualTo(haswell);
    assertThat(run("everywhere", null)).isEqualTo(haswell);
    assertThat(run("machine", "Sandybridge"))
        .describedAs("or the comparison proves nothing")
        .startsWith("Sandybridge ")
        .isNotEqualTo(haswell.replace("Haswell", "Sandybridge"));
  }

  private static String run(String reproducible, String kernels)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var builder = new ProcessBuilder(java, "-cp", classes, Products.class.getName());
    builder.environment().put(Reproducibility.VARIABLE, reproducible);
    builder.environment().remove("OPENBLAS_CORETYPE");
    if (kernels != null) {
      builder.environment().put("OPENBLAS_CORETYPE", kernels);
    }
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(said).isZero();
    return said.strip();
  }

  /** Prints the kernels, and a digest of a product and of functions. */
  static final class Products {
    private static final int N = 150;

    private Products() {}

    public static void main(String[] args) {
      var random = new SplittableRandom(1);
      var digest = new CRC32();
      try (DoublePointer a = Blas.doubles((long) N * N);
          DoublePointer b = Blas.doubles((long) N * N);
          DoublePointer c = Blas.doubles((long) N * N)) {
        for (long i = 0; i < (long) N * N; i++) {
          a.put(i, random.nextDouble() - 0.5);
          b.put(i, random.nextDouble() - 0.5);
        }
        Blas.gemmNt(N, N, N, a, b, c);
        for (long i = 0; i < (long) N * N; i++) {
          digest.update(Double.toHexString(c.get(i)).getBytes(StandardCharsets.US_ASCII));
        }
      }
      for (int i = 0; i < N; i++) {
        double y = Elementary.log(1 + random.nextDouble()) + Elementary.pow(1.5, i * 0.1);
        digest.update(Double.toHexString(y).getBytes(StandardCharsets.US_ASCII));
      }
      System.out.printf(Locale.ROOT, "%s %08x%n", OpenBlas.kernels(), digest.getValue());
    }
  }
}
