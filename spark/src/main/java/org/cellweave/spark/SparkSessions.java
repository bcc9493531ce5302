package org.cellweave.spark;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.cellweave.util.Reproducibility;

/** The Spark session of this process: there is at most one. */
public final class SparkSessions {
  /** Environment variable with the master, which the launcher's {@code --spark} sets. */
  public static final String MASTER_VARIABLE = "CELLWEAVE_SPARK";

  private static final String LOCAL = "spark.driver.host";
  private static final int PATIENCE = 5000;
  private static final Pattern MASTERS =
      Pattern.compile("local(\\[[^]]+])?|local-cluster\\[.*]|spark://.+|yarn|k8s://.+");

  /** Jars that no kernel needs: compilers, figures, notebooks. */
  private static final Pattern NOT_SENT =
      Pattern.compile(
          "(kotlin-(compiler|script|daemon|reflect|jupyter)|kotlinpoet|kotlinx|lets-plot|batik|fop"
              + "|xml|multik|dataframe|datamodel|deprecated-in|plot-|platf-|commons-jvm|ndarray"
              + "|tensorflow|cellweave-(neural|interop|script|jupyter)|slf4j|kryo|xgboost|pdfbox"
              + "|fontbox|protobuf).*");

  private static SparkRunner current;

  private SparkSessions() {}

  /**
   * The session that runs, or one on the master that the environment or spark-submit names.
   *
   * @throws IllegalStateException when there is none
   */
  public static synchronized SparkRunner current() {
    if (current != null && current.isRunning()) {
      return current;
    }
    if (named() == null) {
      throw new IllegalStateException(
          "there is no Spark session: begin with sc.spark.session(\"local[2]\"), or start the"
              + " script by cellweave --spark MASTER_URL or spark-submit");
    }
    return start(null, Map.of());
  }

  private static String named() {
    String submitted = System.getProperty("spark.master");
    return submitted != null ? submitted : System.getenv(MASTER_VARIABLE);
  }

  /**
   * Starts the session, or gives the one that runs.
   *
   * @param master null for the one that the environment or spark-submit names
   * @param conf Spark's settings, by name
   * @throws IllegalArgumentException for a master of no known kind, or one that does not answer
   * @throws IllegalStateException when a session runs on another master, and when this JVM was not
   *     started for Spark
   */
  public static synchronized SparkRunner start(String master, Map<String, String> conf) {
    if (current != null && current.isRunning()) {
      if (master != null && !master.equals(current.master())) {
        throw new IllegalStateException(
            "a Spark session runs on "
                + current.master()
                + " already; sc.spark.stop() ends it, and with it what was read there");
      }
      return current;
    }
    String wanted = master != null ? master : named();
    if (wanted == null || !MASTERS.matcher(wanted).matches()) {
      throw new IllegalArgumentException(
          "master must be local[N], spark://HOST:PORT, yarn or k8s://URL, got "
              + (wanted == null ? "none" : "'" + wanted + "'"));
    }
    requireOpenJvm();
    requireAnswer(wanted);
    SparkConf settings = settings(wanted, conf);
    current =
        new SparkRunner(JavaSparkContext.fromSparkContext(SparkContext.getOrCreate(settings)));
    return current;
  }

  public static synchronized void stop() {
    if (current != null) {
      current.spark().stop();
      current = null;
    }
  }

  private static void requireOpenJvm() {
    if (!ByteBuffer.class.getModule().isOpen("sun.nio.ch", SparkSessions.class.getModule())) {
      throw new IllegalStateException(
          "this JVM was not started for Spark, which needs --add-opens"
              + " java.base/sun.nio.ch=ALL-UNNAMED and more: start the script by cellweave --spark"
              + " MASTER_URL, or by spark-submit");
    }
  }

  /** Spark itself would try for a minute, and then say something else. */
  private static void requireAnswer(String master) {
    if (!master.startsWith("spark://")) {
      return;
    }
    String why = "";
    for (String one : master.substring("spark://".length()).split(",")) {
      int colon = one.lastIndexOf(':');
      try (var socket = new Socket()) {
        int port = Integer.parseInt(one.substring(colon + 1));
        socket.connect(new InetSocketAddress(one.substring(0, Math.max(0, colon)), port), PATIENCE);
        return;
      } catch (IOException | IllegalArgumentException e) {
        why = colon < 0 ? "it names no port, such as 7077" : String.valueOf(e.getMessage());
      }
    }
    throw new IllegalArgumentException("no Spark master answers at " + master + ": " + why);
  }

  private static SparkConf settings(String master, Map<String, String> conf) {
    quiet();
    var out = new SparkConf(true).setMaster(master);
    conf.forEach(out::set);
    out.setIfMissing("spark.app.name", "Cellweave");
    out.setIfMissing("spark.log.level", "ERROR");
    boolean here = master.startsWith("local");
    if (here || master.matches("spark://(127\\.|localhost).*")) {
      out.setIfMissing(LOCAL, "127.0.0.1");
      out.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    if (here) {
      out.setIfMissing("spark.ui.enabled", "false");
    }
    out.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (!master.matches("local(\\[.*)?")) {
      sendJars(out);
      out.setIfMissing(
          "spark.executorEnv." + Reproducibility.VARIABLE, Reproducibility.current().spelling());
    }
    return out;
  }

  /** Unless the user has chosen, Spark's log says errors alone. */
  private static void quiet() {
    String key = "log4j2.configurationFile";
    if (System.getProperty(key) == null && System.getenv("SPARK_CONF_DIR") == null) {
      System.setProperty(key, "classpath:org/cellweave/spark/log4j2.properties");
    }
  }

  /** Executors get from the driver what is on its class path and not Spark's own. */
  private static void sendJars(SparkConf out) {
    List<Path> entries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .toList();
    Path spark =
        entries.stream()
            .filter(entry -> String.valueOf(entry.getFileName()).startsWith("spark-core_"))
            .findFirst()
            .map(Path::getParent)
            .orElse(null);
    List<String> jars = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    for (Path entry : entries) {
      if (Files.isDirectory(entry)) {
        folders.add(entry.toString());
      } else if (Files.exists(entry)
          && !entry.getParent().equals(spark)
          && !NOT_SENT.matcher(entry.getFileName().toString()).matches()) {
        jars.add(entry.toString());
      }
    }
    if (!out.contains("spark.jars") && !jars.isEmpty()) {
      out.set("spark.jars", String.join(",", jars));
    }
    if (!folders.isEmpty()) {
      out.setIfMissing("spark.executor.extraClassPath", String.join(File.pathSeparator, folders));
    }
  }
}
