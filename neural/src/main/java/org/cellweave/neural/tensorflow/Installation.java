package org.cellweave.neural.tensorflow;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.cellweave.linalg.Blas;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/**
 * What of TensorFlow is here. Its native library is a file of hundreds of megabytes that not
 * everyone wants; whether it is on the class path is asked without loading it.
 *
 * @param library which of its builds there is
 * @param driver whether the system shows the driver of a GPU
 * @param gpu what the first GPU is called; null when TensorFlow sees none
 */
public record Installation(Library library, boolean driver, String gpu) {
  /** Builds of the native library. */
  public enum Library {
    NONE,
    CPU,
    GPU
  }

  private static final String FOLDER = "/org/tensorflow/internal/c_api/";
  private static final String ARTIFACT = "org.tensorflow:tensorflow-core-native:1.1.0:";
  private static final Path DRIVER = Path.of("/proc/driver/nvidia");

  /** Of this process. A GPU is looked for where the library could use one, which loads it. */
  public static Installation here() {
    return Here.FOUND;
  }

  private static final class Here {
    private static final Installation FOUND = find();

    private static Installation find() {
      Blas.load();
      Library library = library(Loader.getPlatform());
      boolean driver = Files.exists(DRIVER) || Files.exists(Path.of("/dev/dxg"));
      return new Installation(
          library, driver, library == Library.GPU && driver && seesGpu() ? gpuName() : null);
    }
  }

  /** Which build is on the class path for a platform as JavaCPP calls it. */
  static Library library(String platform) {
    String file = "/" + System.mapLibraryName("jnitensorflow");
    if (Installation.class.getResource(FOLDER + platform + "-gpu" + file) != null) {
      return Library.GPU;
    }
    boolean cpu = Installation.class.getResource(FOLDER + platform + file) != null;
    return cpu ? Library.CPU : Library.NONE;
  }

  /** Whether an operation that must run on a GPU does. */
  private static boolean seesGpu() {
    ConfigProto config =
        ConfigProto.newBuilder()
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
            .build();
    try (Graph graph = new Graph();
        Session session = new Session(graph, config)) {
      Ops tf = Ops.create(graph);
      DeviceSpec first =
          DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(0).build();
      var sum = tf.withDevice(first).math.add(tf.constant(1f), tf.constant(1f));
      try (Result result = session.runner().fetch(sum).run()) {
        return result.size() == 1;
      }
    } catch (TensorFlowException | LinkageError e) {
      return false;
    }
  }

  private static String gpuName() {
    Path cards = DRIVER.resolve("gpus");
    if (Files.isDirectory(cards)) {
      try (DirectoryStream<Path> each = Files.newDirectoryStream(cards)) {
        for (Path card : each) {
          Optional<String> model =
              Files.readAllLines(card.resolve("information")).stream()
                  .filter(line -> line.startsWith("Model:"))
                  .map(line -> line.substring("Model:".length()).strip())
                  .findFirst();
          if (model.isPresent()) {
            return "GPU 0 (" + model.get() + ")";
          }
        }
      } catch (IOException e) {
        return "GPU 0";
      }
    }
    return "GPU 0";
  }

  /** Whether TensorFlow can train on a GPU here. */
  public boolean hasGpu() {
    return gpu != null;
  }

  String firstGpu() {
    return gpu == null ? "a GPU, of which there is none" : gpu;
  }

  /**
   * @throws UnsupportedOperationException when there is no GPU to use; the message says what to
   *     install
   */
  public void requireGpu() {
    if (hasGpu()) {
      return;
    }
    String instead = ", or use accelerator = \"cpu\"";
    if (library != Library.GPU) {
      throw new UnsupportedOperationException(
          "accelerator = \"gpu\" needs TensorFlow's library for GPUs, and "
              + (library == Library.NONE ? "none" : "only the one for CPUs")
              + " is on the class path: start ./cellweave with --tensorflow gpu, or add "
              + ARTIFACT
              + "linux-x86_64-gpu"
              + instead);
    }
    if (!driver) {
      throw new UnsupportedOperationException(
          "accelerator = \"gpu\" needs the driver of an NVIDIA GPU, and this system shows none"
              + " (nvidia-smi): install it"
              + instead);
    }
    throw new UnsupportedOperationException(
        "accelerator = \"gpu\", but TensorFlow sees no GPU: install the libraries of CUDA 12.5 and"
            + " cuDNN 9.3 (pip install tensorflow[and-cuda]==2.18.0), and name their folders,"
            + " site-packages/nvidia/*/lib, in LD_LIBRARY_PATH"
            + instead);
  }

  /**
   * @throws UnsupportedOperationException when there is no native library, or it cannot be loaded;
   *     the message says what to do
   */
  public void requireAny() {
    if (library == Library.NONE) {
      throw new UnsupportedOperationException(
          "TensorFlow's native library is not on the class path: start ./cellweave with --tensorflow cpu, or add "
              + ARTIFACT
              + Loader.getPlatform()
              + " (160 MB), or train without it: engine = \"fused\"");
    }
    try {
      TensorFlow.version();
    } catch (LinkageError e) {
      throw new UnsupportedOperationException(cannotLoad(e), e);
    }
  }

  static String cannotLoad(LinkageError e) {
    return "TensorFlow's native library cannot be loaded ("
        + e.getMessage()
        + "): it is unpacked to ~/.javacpp/cache and needs 0.7 GB there (another place:"
        + " -Dorg.bytedeco.javacpp.cachedir=...), or train without it: engine = \"fused\"";
  }
}
