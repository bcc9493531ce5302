package org.cellweave.linalg;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.cellweave.internal.NativeSetup;
import org.cellweave.util.OwnFolders;
import org.cellweave.util.Reproducibility;

/**
 * The one library behind {@link Blas} and {@link Lapack}: how it is loaded, and which of its sets
 * of kernels serves. It takes the set that suits the processor best, and sets differ in the last
 * bits; under {@link Reproducibility#EVERYWHERE} it is the one of {@value #PINNED} on any
 * processor.
 */
public final class OpenBlas {
  /** The set that every x86-64 processor since 2015 (AMD) or 2013 (Intel) can run. */
  public static final String PINNED = "Haswell";

  private static final String VARIABLE = "OPENBLAS_CORETYPE";

  static {
    NativeSetup.prepare();
    boolean everywhere = Reproducibility.fixed() == Reproducibility.EVERYWHERE;
    if (everywhere) {
      pin();
    }
    openblas.blas_set_num_threads(1);
    if (everywhere) {
      refuseOther(kernels());
    }
  }

  private OpenBlas() {}

  /** Loads the library once. */
  static void load() {
    // by loading this class
  }

  /** The set of kernels in use, as {@code "Haswell"}. */
  public static String kernels() {
    return Names.LIBRARY.openblas_get_corename();
  }

  /** The library's version. */
  public static String version() {
    return openblas.OPENBLAS_VERSION.replace("OpenBLAS", "").strip();
  }

  /** The library reads the variable when it is loaded, so that it must be set before. */
  private static void pin() {
    if (PINNED.equals(System.getenv(VARIABLE))) {
      return;
    }
    if (Platform.isWindows()) {
      throw refused("that cannot be asked for in a running process of Windows");
    }
    foreign();
    Native.load("c", StandardLibrary.class).setenv(VARIABLE, PINNED, 1);
  }

  private static void refuseOther(String kernels) {
    if (!PINNED.equals(kernels)) {
      throw refused("it has taken those of " + kernels);
    }
  }

  private static IllegalStateException refused(String reason) {
    return new IllegalStateException(
        String.format(
            Locale.ROOT,
            "results that are the same everywhere need an x86-64 processor with AVX2, and OpenBLAS's"
                + " kernels of %s: %s (%s). Set %s=%s before the start, or do without:"
                + " reproducible = \"machine\"",
            PINNED,
            reason,
            System.getProperty("os.arch"),
            VARIABLE,
            PINNED));
  }

  /** JNA unpacks its own library where nobody else can write, as JavaCPP does. */
  private static void foreign() {
    if (System.getProperty("jna.tmpdir") == null) {
      Optional<Path> own = OwnFolders.cache("natives", System.getenv());
      own.ifPresent(folder -> System.setProperty("jna.tmpdir", folder.toString()));
    }
  }

  private interface StandardLibrary extends Library {
    int setenv(String name, String value, int overwrite);
  }

  private interface CoreName extends Library {
    @SuppressWarnings("checkstyle:MethodName") // the library's own
    String openblas_get_corename();
  }

  /** Looked up only when somebody asks. */
  private static final class Names {
    static final CoreName LIBRARY = find();

    private static CoreName find() {
      foreign();
      OpenBlas.load();
      for (Map.Entry<String, String> library : Loader.getLoadedLibraries().entrySet()) {
        if (library.getKey().startsWith("openblas")) {
          return Native.load(library.getValue(), CoreName.class);
        }
      }
      throw new IllegalStateException(
          "OpenBLAS is not among the native libraries: " + Loader.getLoadedLibraries().keySet());
    }
  }
}
