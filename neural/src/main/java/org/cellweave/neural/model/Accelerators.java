package org.cellweave.neural.model;

import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.isolated.KotlinDl;
import org.cellweave.neural.tensorflow.Installation;
import org.cellweave.neural.tensorflow.TensorFlowBackend;
import org.cellweave.neural.train.TrainingBackend;

/**
 * Chooses the engine that trains a model. On a CPU that is the fused one, which is faster there and
 * gives the same bits for any number of threads; on a GPU it is TensorFlow.
 */
public final class Accelerators {
  /** Takes a GPU where there is one. */
  public static final String AUTO = "auto";

  public static final String CPU = "cpu";
  public static final String GPU = "gpu";

  /** The engine by hand. */
  public static final String FUSED = "fused";

  /** TensorFlow, on a CPU too. */
  public static final String TENSORFLOW = "tensorflow";

  /** KotlinDL, on a CPU. */
  public static final String KOTLINDL = "kotlindl";

  private Accelerators() {}

  /**
   * The fastest engine on what is asked for.
   *
   * @param accelerator {@link #AUTO}, {@link #CPU} or {@link #GPU}
   * @throws IllegalArgumentException when it is none of these
   * @throws UnsupportedOperationException when a GPU is asked for and none can be used; the message
   *     says what to install
   */
  public static TrainingBackend.Factory choose(String accelerator) {
    return choose(accelerator, AUTO);
  }

  /**
   * As {@link #choose(String)}.
   *
   * @param engine {@link #AUTO}, {@link #FUSED}, {@link #TENSORFLOW} or {@link #KOTLINDL}
   * @throws IllegalArgumentException also when an engine for CPUs is asked for on a GPU
   */
  public static TrainingBackend.Factory choose(String accelerator, String engine) {
    return choose(accelerator, engine, Installation::here);
  }

  /** Asked only where the answer matters: it may load a library. */
  interface Probe {
    Installation look();
  }

  static TrainingBackend.Factory choose(String accelerator, String engine, Probe probe) {
    switch (engine) {
      case AUTO, TENSORFLOW -> {
        boolean gpu = onGpu(accelerator, probe);
        if (gpu) {
          return TensorFlowBackend.GPU;
        }
        if (engine.equals(AUTO)) {
          return FusedBackend.FACTORY;
        }
        probe.look().requireAny();
        return TensorFlowBackend.CPU;
      }
      case FUSED -> {
        return onCpu(accelerator, FusedBackend.FACTORY);
      }
      case KOTLINDL -> {
        return onCpu(accelerator, KotlinDl.FACTORY);
      }
      default ->
          throw new IllegalArgumentException(
              "engine must be \"auto\", \"fused\", \"tensorflow\" or \"kotlindl\", got '"
                  + engine
                  + "'");
    }
  }

  private static TrainingBackend.Factory onCpu(String accelerator, TrainingBackend.Factory engine) {
    if (checked(accelerator).equals(GPU)) {
      throw new IllegalArgumentException(
          "engine = \""
              + engine.name()
              + "\" runs on CPUs: use accelerator = \"cpu\", or engine = \"tensorflow\" for a GPU");
    }
    return engine;
  }

  private static boolean onGpu(String accelerator, Probe probe) {
    return switch (checked(accelerator)) {
      case CPU -> false;
      case GPU -> {
        probe.look().requireGpu();
        yield true;
      }
      default -> probe.look().hasGpu();
    };
  }

  private static String checked(String accelerator) {
    return switch (accelerator) {
      case AUTO, CPU, GPU -> accelerator;
      default ->
          throw new IllegalArgumentException(
              "accelerator must be \"auto\", \"cpu\" or \"gpu\", got '" + accelerator + "'");
    };
  }
}
