package org.cellweave.neural.isolated;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.util.Parallel;

/**
 * The engine {@code kotlindl}: KotlinDL on TensorFlow 1.15, for variational autoencoders of counts
 * with one dispersion per gene. Its jars are no part of this library. They are taken from the
 * folder that the property {@code cellweave.kotlindl} or the variable {@code CELLWEAVE_KOTLINDL}
 * names, or from {@code neural-kotlindl/target/lib} of the checkout.
 *
 * <p>Losses are those of the other engines to rounding. TensorFlow takes as many threads as there
 * are when the engine is first opened in a JVM; the same seed gives the same bits with one of them,
 * and last digits may differ with more.
 *
 * @see <a href="https://github.com/Kotlin/kotlindl">KotlinDL</a>
 */
public final class KotlinDl implements TrainingBackend.Factory {
  /** The engine with the jars that are installed; they are looked for when it is opened. */
  public static final KotlinDl FACTORY = new KotlinDl(null);

  private final String jars;

  private KotlinDl(String jars) {
    this.jars = jars;
  }

  /**
   * The engine with the jars of a folder.
   *
   * @param folder of the jars, or a class path of jars and folders
   */
  public static KotlinDl at(String folder) {
    return new KotlinDl(folder);
  }

  @Override
  public String name() {
    return "kotlindl";
  }

  @Override
  public String device() {
    int n = Parallel.threads();
    return "KotlinDL on TensorFlow 1.15, CPU, " + n + (n == 1 ? " thread" : " threads");
  }

  @Override
  public TrainingBackend open(NeuralModule module, Optimizer optimizer) {
    Recording recording = Recording.of(module, name());
    if (optimizer.decoupled() && optimizer.weightDecay() > 0) {
      throw recording.cannot("with a decoupled weight decay (AdamW)");
    }
    List<Path> found = Jars.find(jars == null ? named() : jars, own());
    return new IsolatedBackend(module, recording, optimizer, EngineLoader.of(found));
  }

  private static String named() {
    String property = System.getProperty(Jars.PROPERTY, "");
    return property.isBlank() ? System.getenv(Jars.VARIABLE) : property;
  }

  private static Path own() {
    CodeSource source = KotlinDl.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }
}
