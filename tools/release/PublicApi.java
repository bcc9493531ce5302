import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import kotlinx.validation.api.KotlinSignaturesLoadingKt;

/** Writes what of a jar others can call: java PublicApi.java JAR TEXT. See tools/release/api. */
public final class PublicApi {
  private PublicApi() {}

  public static void main(String[] args) throws IOException {
    try (var jar = new JarFile(args[0])) {
      List<String> internal =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.endsWith(".class") && name.contains("/internal/"))
              .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
              .distinct()
              .toList();
      var classes = KotlinSignaturesLoadingKt.loadApiFromJvmClasses(jar, name -> true);
      var open = KotlinSignaturesLoadingKt.filterOutNonPublic(classes, internal, List.of());
      Files.writeString(Path.of(args[1]), KotlinSignaturesLoadingKt.dump(open, new StringBuilder()));
    }
  }
}
