package org.cellweave.neural.isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarsTest {
  private static final String ENGINE = "cellweave-neural-kotlindl-1.jar";

  @TempDir private Path folder;

  private static Path file(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.writeString(path, "");
  }

  private Path checkout() throws IOException {
    file(folder.resolve("neural-kotlindl/pom.xml"));
    return folder.resolve("kernels/target/dist/lib/cellweave-neural.jar");
  }

  @Test
  void ofAFolderOrAClassPath() throws IOException {
    Path engine = file(folder.resolve("a").resolve(ENGINE));
    Path other = file(folder.resolve("a/tensorflow.jar"));
    Path alone = file(folder.resolve("b/alone.jar"));
    file(folder.resolve("a/notes.txt"));
    assertThat(Jars.find(folder.resolve("a").toString(), null)).containsExactly(engine, other);
    assertThat(Jars.find(alone + File.pathSeparator + folder.resolve("a"), null))
        .containsExactly(alone, engine, other);
    assertThat(Jars.find(engine.toString(), checkout())).containsExactly(engine);
  }

  @Test
  void ofTheCheckout() throws IOException {
    Path own = checkout();
    Path engine = file(folder.resolve("neural-kotlindl/target/lib").resolve(ENGINE));
    assertThat(Jars.find(null, own)).containsExactly(engine);
    assertThat(Jars.find(" ", own)).containsExactly(engine);
  }

  @Test
  void saysHowToGetThem() throws IOException {
    String command = "Run 'mvn -B -ntp -q -Pquick -Dmaven.test.skip=true -pl neural-kotlindl -am";
    assertThatThrownBy(() -> Jars.find(null, Path.of("/nowhere/x.jar")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("KotlinDL is not installed. " + command + " package' in a checkout")
        .hasMessageContaining("let CELLWEAVE_KOTLINDL name its folder neural-kotlindl/target/lib");
    Path own = checkout();
    assertThatThrownBy(() -> Jars.find(null, own))
        .hasMessageStartingWith("KotlinDL is not installed: no jar cellweave-neural-kotlindl in ")
        .hasMessageContaining(command + " package' in " + folder);
    String gone = folder.resolve("gone").toString();
    assertThatThrownBy(() -> Jars.find(gone, null))
        .hasMessageContaining("no jar cellweave-neural-kotlindl in '" + gone + "'. Run");
  }

  @Test
  void saysWhatIsDamaged() throws IOException {
    Path empty = file(folder.resolve(ENGINE));
    assertThatThrownBy(() -> EngineLoader.of(List.of(empty)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("the jars of KotlinDL are damaged or of another version (")
        .hasMessageContaining("Run 'mvn");
  }

  @Test
  void saysWhereTensorFlowDoesNotRun() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    assertThatThrownBy(
            () ->
                EngineLoader.inLoader(
                    ClassLoader.getPlatformClassLoader(),
                    () -> {
                      throw new UnsatisfiedLinkError("no library for linux-aarch64");
                    }))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("no library for linux-aarch64")
        .hasMessageEndingWith("use engine = \"fused\" or \"tensorflow\"");
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }
}
