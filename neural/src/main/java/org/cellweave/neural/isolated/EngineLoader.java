package org.cellweave.neural.isolated;

import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The class loader that KotlinDL lives in, one for the life of the JVM: its native library cannot
 * be loaded a second time. Its parent is the platform's loader, so that it shares nothing but the
 * JDK with what is here.
 */
final class EngineLoader {
  private static final String ENGINE = "org.cellweave.neural.kotlindl.Engine";

  private static List<Path> loaded;
  private static ClassLoader loader;

  private EngineLoader() {}

  /** One network on the other side of the border. */
  @FunctionalInterface
  interface Engine {
    Map<String, Object> run(String verb, Map<String, Object> arguments);
  }

  /** Makes an engine of a description of a network. */
  @FunctionalInterface
  interface Opening {
    Engine open(Map<String, Object> description);
  }

  /**
   * What opens engines from these jars.
   *
   * @throws IllegalStateException when this JVM has loaded KotlinDL from other jars
   * @throws UnsupportedOperationException when there is no engine in them, or it cannot run here
   */
  static Opening of(List<Path> jars) {
    ClassLoader of = loader(jars);
    return description ->
        inLoader(
            of,
            () -> {
              var engine = engine(of).apply(description);
              return (verb, arguments) -> inLoader(of, () -> engine.apply(verb, arguments));
            });
  }

  private static synchronized ClassLoader loader(List<Path> jars) {
    if (loader == null) {
      var made = new URLClassLoader(urls(jars), ClassLoader.getPlatformClassLoader());
      engineClass(made);
      loader = made;
      loaded = jars;
    } else if (!loaded.equals(jars)) {
      throw new IllegalStateException(
          "KotlinDL runs from "
              + loaded.get(0).getParent()
              + " in this JVM; start a new one to take "
              + jars.get(0).getParent());
    }
    return loader;
  }

  private static URL[] urls(List<Path> jars) {
    URL[] urls = new URL[jars.size()];
    for (int k = 0; k < urls.length; k++) {
      try {
        urls[k] = jars.get(k).toUri().toURL();
      } catch (MalformedURLException e) {
        throw new UncheckedIOException(e);
      }
    }
    return urls;
  }

  private static Class<?> engineClass(ClassLoader of) {
    try {
      return Class.forName(ENGINE, false, of);
    } catch (ClassNotFoundException e) {
      throw damaged(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Function<
          Map<String, Object>, BiFunction<String, Map<String, Object>, Map<String, Object>>>
      engine(ClassLoader of) {
    try {
      return (Function<
              Map<String, Object>, BiFunction<String, Map<String, Object>, Map<String, Object>>>)
          engineClass(of).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw damaged(e);
    }
  }

  private static UnsupportedOperationException damaged(ReflectiveOperationException e) {
    return new UnsupportedOperationException(
        "the jars of KotlinDL are damaged or of another version (" + e + "). " + Jars.remedy(null),
        e);
  }

  /** Libraries look for their services and natives through the thread's loader. */
  static <T> T inLoader(ClassLoader of, Supplier<T> body) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(of);
    try {
      return body.get();
    } catch (LinkageError e) {
      throw new UnsupportedOperationException(
          "KotlinDL cannot run here ("
              + e
              + "): its TensorFlow 1.15 is for x86-64 alone, on Linux, macOS and Windows; use engine ="
              + " \"fused\" or \"tensorflow\"",
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
