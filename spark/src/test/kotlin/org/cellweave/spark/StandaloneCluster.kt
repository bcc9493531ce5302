package org.cellweave.spark

import java.io.File
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** Master and workers of Spark as processes of their own on the loopback, with the class path of the tests. */
internal class StandaloneCluster(
    private val folder: Path,
) {
    private val home = folder.resolve("spark-home")
    private val classPath =
        (System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"))
            .split(File.pathSeparator)
            .map { Path.of(it).toAbsolutePath() }
    private val port = ServerSocket(0).use { it.localPort }
    private val processes = ArrayList<Process>()

    val master = "spark://127.0.0.1:$port"

    /** Executors get what is no jar from here, and the jars from the folder of Spark, where all are linked. */
    fun conf(): Array<Pair<String, Any>> {
        val folders = classPath.filter { Files.isDirectory(it) }.joinToString(File.pathSeparator)
        return arrayOf(
            "spark.jars" to "",
            "spark.executor.extraClassPath" to folders,
            "spark.executor.memory" to "800m",
            "spark.executor.cores" to 1,
            "spark.ui.enabled" to false,
        )
    }

    fun start(workers: Int) {
        val jars = Files.createDirectories(home.resolve("jars"))
        for (jar in classPath.filter { it.toString().endsWith(".jar") && Files.exists(it) }) {
            val link = jars.resolve(jar.fileName)
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, jar)
            }
        }
        val name = "org.apache.spark.deploy.master.Master"
        launch("master", name, "--host", "127.0.0.1", "--port", "$port", "--webui-port", "0")
        val address = InetSocketAddress("127.0.0.1", port)
        await("the master") { runCatching { Socket().use { it.connect(address, 500) } }.isSuccess }
        for (k in 0 until workers) {
            launch(
                "worker$k",
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0.1",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--webui-port",
                "0",
                "--work-dir",
                "${folder.resolve("work$k")}",
                master,
            )
        }
    }

    private fun launch(
        name: String,
        vararg command: String,
    ) {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val options = JvmOptions.SPARK
        val start = listOf(java, "-Xmx300m") + options + listOf("-cp", "${home.resolve("jars")}/*")
        val builder = ProcessBuilder(start + command)
        builder.environment() +=
            mapOf(
                "SPARK_HOME" to home.toString(),
                "SPARK_SCALA_VERSION" to "2.13",
                "SPARK_LOCAL_IP" to "127.0.0.1",
                "JAVA_HOME" to System.getProperty("java.home"),
            )
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("$name.log").toFile())
        processes += builder.start()
    }

    /** As if the machine had lost its power. */
    fun kill(worker: Int) {
        val process = processes[1 + worker]
        process.descendants().forEach { it.destroyForcibly() }
        process.destroyForcibly()
    }

    fun executors(runner: SparkRunner): Int = runner.executors()

    fun awaitExecutors(
        runner: SparkRunner,
        count: Int,
    ) = await("$count executors") { executors(runner) == count }

    fun stop() {
        processes.reversed().forEach { process ->
            process.descendants().forEach { it.destroyForcibly() }
            process.destroyForcibly()
            process.waitFor(10, TimeUnit.SECONDS)
        }
    }

    private fun await(
        what: String,
        isThere: () -> Boolean,
    ) {
        repeat(600) {
            if (isThere()) {
                return
            }
            Thread.sleep(200)
        }
        val logs = Files.list(folder).use { all -> all.filter { it.toString().endsWith(".log") }.toList() }
        val said = logs.joinToString("\n") {
            it
                .toFile()
                .readLines()
                .takeLast(8)
                .joinToString("\n")
        }
        error("$what did not come up: $said")
    }
}

/** What the JVM of a driver of Spark needs. */
internal object JvmOptions {
    val SPARK: List<String> =
        org.apache.spark.launcher.JavaModuleOptions
            .defaultModuleOptionArray()
            .toList()
}
