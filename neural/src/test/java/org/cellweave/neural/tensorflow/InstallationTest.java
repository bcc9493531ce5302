package org.cellweave.neural.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.neural.tensorflow.Installation.Library;
import org.junit.jupiter.api.Test;

class InstallationTest {
  private static String refusal(Installation installation) {
    try {
      installation.requireGpu();
    } catch (UnsupportedOperationException e) {
      assertThat(e.getMessage()).doesNotContain("\n").endsWith("or use accelerator = \"cpu\"");
      return e.getMessage();
    }
    return "none";
  }

  @Test
  void saysWhatAGpuNeeds() {
    assertThat(refusal(new Installation(Library.NONE, false, null)))
        .contains("none is on the class path: start ./cellweave with --tensorflow gpu")
        .contains("org.tensorflow:tensorflow-core-native:1.1.0:linux-x86_64-gpu");
    assertThat(refusal(new Installation(Library.CPU, true, null)))
        .contains("only the one for CPUs is on the class path");
    assertThat(refusal(new Installation(Library.GPU, false, null)))
        .contains("needs the driver of an NVIDIA GPU, and this system shows none");
    assertThat(refusal(new Installation(Library.GPU, true, null)))
        .contains("TensorFlow sees no GPU: install the libraries of CUDA 12.5 and cuDNN 9.3")
        .contains("LD_LIBRARY_PATH");
    assertThat(refusal(new Installation(Library.GPU, true, "GPU 0 (NVIDIA H200)")))
        .isEqualTo("none");
  }

  @Test
  void saysWhatToDoWithoutALibrary() {
    assertThatThrownBy(() -> new Installation(Library.NONE, false, null).requireAny())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining(
            "is not on the class path: start ./cellweave with --tensorflow cpu, or add")
        .hasMessageContaining("engine = \"fused\"");
    assertThat(Installation.cannotLoad(new UnsatisfiedLinkError("no space left on device")))
        .startsWith("TensorFlow's native library cannot be loaded (no space left on device): ")
        .contains("~/.javacpp/cache");
  }

  @Test
  void looksOnTheClassPathWithoutLoading() {
    assertThat(Installation.library("plan9-mips")).isEqualTo(Library.NONE);
    Installation here = Installation.here();
    assertThat(here).isEqualTo(Installation.here());
    if (here.library() != Library.NONE) {
      assertThatCode(here::requireAny).doesNotThrowAnyException();
    }
  }

  @Test
  void saysWhichDeviceRuns() {
    assertThat(TensorFlowBackend.CPU.device()).startsWith("TensorFlow on the CPU, ");
    assertThat(TensorFlowBackend.GPU.device()).startsWith("TensorFlow on ");
    assertThat(TensorFlowBackend.CPU.name()).isEqualTo("tensorflow");
  }
}
